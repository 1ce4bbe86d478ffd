"""Tells whether what a noun names happens when its verb does: "the attack began on Monday", not "he condemned the attack on Monday"."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from spacy.tokens import Token

from kg.lexicon import read_table

Place = Literal["preposition", "part", "telling", "aftermath", "sequence"]
_SAME_PLACE = frozenset({"compound", "conj", "appos", "nmod", "amod"})


@dataclass(frozen=True, slots=True)
class SharingWord:
    """A row of time_sharing.csv.

    What stands below a `preposition` happens with its verb, what stands with "of" below a `part` with that; the object of
    a `telling` verb and the subject of a verb of `aftermath` have times of their own, as has a clause behind a word of `sequence`.
    """

    id: str
    word: str
    place: Place
    note: str | None


def happens_with_verb(noun: Token) -> bool:
    """Tell whether a noun of an event may take the time of the verb above it."""
    head = noun.head
    if noun.dep_ in _SAME_PLACE:
        return happens_with_verb(head) if head.pos_ in ("NOUN", "PROPN") else True
    if noun.dep_ == "dobj":
        return head.lemma_.lower() not in _words("telling")
    if noun.dep_ == "nsubj":
        return head.lemma_.lower() not in _words("aftermath")
    if noun.dep_ != "pobj":
        return True
    if head.lower_ == "of" and head.head.pos_ == "NOUN":
        return head.head.lemma_.lower() in _words("part") and happens_with_verb(head.head)
    return head.lower_ in _words("preposition") and (head.head.pos_ != "NOUN" or happens_with_verb(head.head))


def shares_time_above(verb: Token) -> bool:
    """Tell whether a clause below a verb happens when that does: "killed on Monday as troops fled", not "after troops fled"."""
    return not any(child.dep_ in ("mark", "advmod") and child.lower_ in _words("sequence") for child in verb.children)


def occasions(verb: Token) -> tuple[Token, ...]:
    """Return the nouns of what a verb happens in: attack of "killed in an attack on Monday"."""
    prepositions = (child for child in verb.children if child.dep_ in ("prep", "agent") and child.lower_ in _words("preposition"))
    return tuple(noun for preposition in prepositions for noun in preposition.children if noun.dep_ == "pobj")


@cache
def _words(place: Place) -> frozenset[str]:
    return frozenset(row.word for row in read_table("time_sharing", SharingWord) if row.place == place)
