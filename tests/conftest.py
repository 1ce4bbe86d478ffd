"""Shared fixtures: the spaCy model, loaded once, Docs as the pipeline builds them, and a live service that is none."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from spacy.tokens import Doc
from wikidata_fake import FakeWikidata, serving

from kg.articles import read_articles
from kg.building import build
from kg.extract.parse import Parser, load_parser
from kg.iris import DEFAULT_BASE
from kg.pipeline import Settings
from kg.records import TextSpan
from kg.store import Store

pytest.register_assert_rewrite("comparison", "hostile_checks", "served")  # which tells the values of what fails
DEMO_ARTICLES = Path(__file__).parent.parent / "data" / "articles"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden chain in tests/cases anew")


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def parser() -> Parser:
    return load_parser()


@pytest.fixture(scope="session")
def parse(parser: Parser) -> Callable[[str], Doc]:
    """Parse a short text as one article; each line is a paragraph."""

    def parse_text(text: str) -> Doc:
        spans, at = [], 0
        for line in text.splitlines(keepends=True):
            spans.append(TextSpan(at, at + len(line.rstrip("\n"))))
            at += len(line)
        return parser.parse(text, spans)

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


@pytest.fixture
def fake(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeWikidata]:
    """A fake of the live Wikidata on loopback, which holds the items that the test's module calls ITEMS."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving(FakeWikidata(request.module.ITEMS)) as served:
        yield served
