"""Tells of what class a noun is (person, place, weapon …), for the conditions of trigger rows and for places.

Classes come from data/lexicon/event_nouns.csv by lemma, and from data/lexicon/entity_classes.csv by the recogniser's label of a name.
"""

from dataclasses import dataclass
from functools import cache

from spacy.tokens import Token

from kg.lexicon import read_table

_MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class NounRow:
    """A noun or pronoun and its classes."""

    id: str
    lemma: str
    classes: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A label of the entity recogniser and the classes of what it labels."""

    id: str
    classes: tuple[str, ...]
    note: str


def is_of_class(token: Token, noun_class: str) -> bool:
    """Tell whether a noun, by its lemma or by its label as a name, is of a class; a measure is of what it measures.

    "dozens of villages" is of the classes of "villages", too.
    """
    by_lemma = _classes_by_lemma().get(token.lemma_.lower())
    if by_lemma is None and token.pos_ == "NUM" and (counted := [noun for noun in measured(token) if noun.pos_ != "PRON"]):
        return any(is_of_class(noun, noun_class) for noun in counted)  # "15 of the 34 provinces"
    if by_lemma is None:
        return noun_class in _classes_by_label().get(token.ent_type_, ())
    if noun_class in by_lemma:
        return True
    return _MEASURE in by_lemma and any(is_of_class(noun, noun_class) for noun in measured(token))


def is_known_noun(lemma: str) -> bool:
    """Tell whether the table of nouns has a lemma, in lower case."""
    return lemma in _classes_by_lemma()


def measured(token: Token) -> tuple[Token, ...]:
    """Return the nouns after "of" of a measure word: "villages" for "dozens" in "dozens of villages"."""
    return tuple(noun for child in token.children if child.lower_ == "of" for noun in child.children if noun.dep_ == "pobj")


@cache
def _classes_by_lemma() -> dict[str, frozenset[str]]:
    return {row.lemma: frozenset(row.classes) for row in read_table("event_nouns", NounRow)}


@cache
def _classes_by_label() -> dict[str, frozenset[str]]:
    return {row.id: frozenset(row.classes) for row in read_table("entity_classes", LabelRow)}
