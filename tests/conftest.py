"""Shared fixtures: the spaCy model, loaded once, and Docs as the pipeline builds them."""

from collections.abc import Callable

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.parse import load_model, parse_paragraphs
from kg.records import TextSpan


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
