"""Finds the entities of an article: its names (kg/extract/names.py), joined to things with a kind (kg/extract/merging.py)."""

from spacy.tokens import Doc

from kg.extract.merging import merge_names
from kg.extract.names import find_names
from kg.records import Entity


def find_entities(doc: Doc) -> tuple[Entity, ...]:
    """Return what the article names, each thing once, in the order of first mention.

    Example: "Ana Lima left Oslo. Lima …" -> e1 Person "Ana Lima" with two mentions, e2 City "Oslo".
    """
    return merge_names(doc, find_names(doc))
