"""Reads from the verb above a time phrase whether it looks back or forward."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from spacy.tokens import Span, Token

from kg.lexicon import read_table


@dataclass(frozen=True, slots=True)
class DirectionWord:
    """A row of time_directions.csv: a lemma that, at its place near the verb, turns it to the future (1) or the past (-1)."""

    id: str
    word: str
    place: Literal["auxiliary", "infinitive", "participle", "noun"]
    direction: int


@dataclass(frozen=True, slots=True)
class VerbTime:
    """What a verb tells: `direction` 1 forward, -1 back, 0 unknown; `perfect` for a present perfect."""

    direction: int = 0
    perfect: bool = False


UNKNOWN = VerbTime()


def verb_time(phrase: Span, most_heads: int) -> VerbTime:
    """Return what the verb above a phrase says of its time.

    A phrase that describes a noun ("an August 31 deadline", "Monday's vote") hears the noun only.
    """
    token, nouns = phrase.root, _directions("noun")
    for _ in range(most_heads):
        if token.pos_ in ("VERB", "AUX") and token not in phrase:
            return _of_verb(token)
        if token.pos_ in ("NOUN", "PROPN") and token not in phrase:
            return VerbTime(nouns.get(token.lemma_.lower(), 0))
        if token.head is token:
            break
        token = token.head
    return UNKNOWN


def _of_verb(verb: Token) -> VerbTime:
    auxiliaries = [child for child in verb.children if child.dep_ in ("aux", "auxpass")]
    if verb.dep_ == "conj" and not auxiliaries and verb.head.pos_ == "VERB":  # "will land and meet": the first verb carries it
        auxiliaries = [child for child in verb.head.children if child.dep_ in ("aux", "auxpass")]
    lemmas = {child.lemma_.lower() for child in auxiliaries}
    has = any(child.lemma_ == "have" and child.tag_ in ("VBP", "VBZ") for child in auxiliaries)
    forward = [direction for lemma in sorted(lemmas) if (direction := _directions("auxiliary").get(lemma))]
    if has and not forward:
        return VerbTime(-1, perfect=True)
    if "have" in lemmas:  # had left, may have left, would have left
        return VerbTime(-1)
    if forward:
        return VerbTime(forward[0])
    if "to" in lemmas:
        return VerbTime(_directions("infinitive").get(verb.head.lemma_.lower(), 0))
    if verb.tag_ == "VBN" and (direction := _directions("participle").get(verb.lemma_.lower())):
        return VerbTime(direction)
    if verb.tag_ in ("VBD", "VBN"):
        return VerbTime(-1)
    return UNKNOWN


@cache
def _directions(place: str) -> dict[str, int]:
    return {row.word: row.direction for row in read_table("time_directions", DirectionWord) if row.place == place}
