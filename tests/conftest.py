"""Shared fixtures: the spaCy model, loaded once, and Docs as the pipeline builds them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from kg.articles import read_articles
from kg.building import build
from kg.extract.parse import load_model, parse_paragraphs
from kg.iris import DEFAULT_BASE
from kg.pipeline import Settings
from kg.records import TextSpan
from kg.store import Store

DEMO_ARTICLES = Path(__file__).parent.parent / "data" / "articles"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden chain in tests/cases anew")


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def nlp() -> Language:
    return load_model()


@pytest.fixture(scope="session")
def parse(nlp: Language) -> Callable[[str], Doc]:
    """Parse a short text as one article; each line is a paragraph."""

    def parse_text(text: str) -> Doc:
        spans, at = [], 0
        for line in text.splitlines(keepends=True):
            spans.append(TextSpan(at, at + len(line.rstrip("\n"))))
            at += len(line)
        return parse_paragraphs(nlp, text, spans)

    return parse_text


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the demo corpus, built and published once; read it, do not write it."""
    path = tmp_path_factory.mktemp("demo") / "store"
    store = Store(path, base=DEFAULT_BASE, text="evidence")
    summary = build(read_articles([DEMO_ARTICLES]), store, Settings(), progress=lambda _: None)
    store.close()
    assert summary.failures == []
    return path
