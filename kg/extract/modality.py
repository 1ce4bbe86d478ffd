"""Tells of an event whether it happened, is planned, possible or imagined, and whether the words negate it.

The words that decide stand in data/lexicon/event_modality.csv with the place where they stand: an `auxiliary` of the
trigger, a `marker` of its clause ("if"), a `modifier` of it ("possible", "not"), a `governor` it depends on ("plan"), or
one that governs it as an `infinitive` only ("due to"); `purpose` is the "to" of an infinitive of purpose.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import cast

from spacy.tokens import Token

from kg.extract.nouns import is_of_class
from kg.lexicon import read_table
from kg.records import Modality, Polarity

_STEPS = 4
_MODIFIERS = {"amod", "advmod", "det", "neg", "compound", "preconj", "nmod"}
_UPWARD = {"xcomp", "ccomp", "dobj", "pobj", "pcomp", "acl", "attr", "nsubjpass", "prep", "oprd", "acomp", "agent", "dep"}
_INFINITIVES = {"xcomp", "ccomp"}
_INFINITIVE_ROOMS = {"acl", "advcl", "relcl"}


@dataclass(frozen=True, slots=True)
class ModalityRow:
    """A word, where it stands to the trigger, and what it makes of the event; an empty cell leaves that alone."""

    id: str
    lemma: str
    place: str
    modality: str
    polarity: str
    example: str
    counterexample: str


def modality_of(token: Token) -> tuple[Modality, Polarity]:
    """Return the modality and polarity of the event that a trigger names; the strongest word on the way up wins."""
    modality: Modality | None = None
    negated = False
    for row in deciding_rows(token):
        modality = modality or _modality(row)
        negated ^= row.polarity == "Negative"
    return modality or "Actual", "Negative" if negated else "Positive"


def _modality(row: ModalityRow) -> Modality | None:
    return cast(Modality, row.modality) if row.modality else None


def deciding_rows(token: Token) -> Iterator[ModalityRow]:
    """Yield the rows of words around the trigger, nearest first, up through the words it depends on."""
    table = _rows()
    for step in range(_STEPS):
        yield from _rows_at(token, table, step == 0)
        if token.dep_ == "pcomp" and (row := table.get((token.head.lower_, "marker"))):
            yield row  # "left without attacking"
        head = token.head
        if head == token:
            return
        if token.dep_ == "conj" and head.pos_ == token.pos_:
            if _shares_auxiliary(token):
                yield from _rows_at(head, table, False)
            token = head
            continue
        if token.dep_ == "advcl" and any(child.dep_ == "mark" for child in head.children):
            token = head
            continue
        if token.dep_ not in _UPWARD:
            return
        row = table.get((head.lemma_.lower(), "governor"))
        if row is None and token.dep_ in _INFINITIVES:
            row = table.get((head.lemma_.lower(), "infinitive"))
        if row:
            yield row
        elif not _passes_on(token):
            return
        token = head


def _passes_on(token: Token) -> bool:
    """Tell whether what governs the head of a token governs the token, too: prepositions and verbs with an object or infinitive."""
    if token.head.pos_ == "ADP":
        return not is_of_class(token.head, "adjunct")  # "called for" governs, "called after the fall" does not
    return token.head.pos_ in ("VERB", "AUX") and token.dep_ not in ("ccomp", "nsubjpass", "pobj")


def _rows_at(token: Token, table: dict[tuple[str, str], ModalityRow], is_trigger: bool) -> Iterator[ModalityRow]:
    auxiliaries = [child.lower_ for child in token.children if child.dep_ in ("aux", "auxpass")]
    if "have" in auxiliaries[1:]:
        auxiliaries = [f"{auxiliaries[0]} have", *auxiliaries]
    places = [(word, "auxiliary") for word in auxiliaries]
    if is_trigger and auxiliaries[:1] == ["to"] and token.dep_ in _INFINITIVE_ROOMS:
        places.append(("to", "purpose"))
    for child in token.children:
        if child.dep_ == "mark" or (child.dep_ == "prep" and child.lower_ == "without"):
            places.append((child.lower_, "marker"))
        elif child.dep_ in _MODIFIERS:
            places.append((child.lemma_.lower(), "modifier"))
    for place in places:
        if row := table.get(place):
            yield row


def _shares_auxiliary(token: Token) -> bool:
    return token.tag_ in ("VB", "NN", "NNS") or not any(child.dep_ in ("aux", "auxpass", "nsubj", "nsubjpass") for child in token.children)


@cache
def _rows() -> dict[tuple[str, str], ModalityRow]:
    return {(row.lemma, row.place): row for row in read_table("event_modality", ModalityRow)}
