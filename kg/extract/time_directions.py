"""Reads from the verb above a time phrase whether it looks back or forward."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from spacy.tokens import Span, Token

from kg.lexicon import read_table


@dataclass(frozen=True, slots=True)
class DirectionWord:
    """A row of time_directions.csv: a lemma that, at its place near the verb, turns it to the future (1) or the past (-1).

    At the place `present` a verb in the present tense tells of what is to come ("the talks resume on Thursday"); a
    `preposition` stands between a participle or a verb with an object and the time ("planned for October").
    A `scheduled` noun has its day before it comes; what stands above it tells, such as a `before-scheduled` word.
    """

    id: str
    word: str
    place: Literal[
        "auxiliary", "infinitive", "participle", "noun", "present", "preposition", "scheduled", "scheduled-auxiliary", "before-scheduled"
    ]
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
    token = phrase.root
    for _ in range(most_heads):
        if token.pos_ in ("VERB", "AUX") and token not in phrase:
            return _of_verb(token, phrase)
        if token.pos_ in ("NOUN", "PROPN") and token not in phrase:
            return VerbTime(_direction("noun", token.lemma_) or _of_scheduled(token))
        if token.head == token:
            break
        token = token.head
    return UNKNOWN


def _of_verb(verb: Token, phrase: Span) -> VerbTime:
    if direction := _of_preposition(verb, phrase):
        return VerbTime(direction)
    auxiliaries = [child for child in verb.children if child.dep_ in ("aux", "auxpass")]
    if verb.dep_ == "conj" and not auxiliaries and verb.head.pos_ == "VERB":  # "will land and meet": the first verb carries it
        auxiliaries = [child for child in verb.head.children if child.dep_ in ("aux", "auxpass")]
    lemmas = {child.lemma_.lower() for child in auxiliaries}
    has = any(child.lemma_ == "have" and child.tag_ in ("VBP", "VBZ") for child in auxiliaries)
    forward = max((_direction("auxiliary", lemma) for lemma in lemmas), default=0)
    if has and not forward:
        return VerbTime(-1, perfect=True)
    if "have" in lemmas:  # had left, may have left, would have left
        return VerbTime(-1)
    if forward:
        return VerbTime(forward)
    if "to" in lemmas:
        return VerbTime(_direction("infinitive", verb.head.lemma_))
    if verb.tag_ == "VBN" and (direction := _direction("participle", verb.lemma_)):
        return VerbTime(direction)
    if any(child.tag_ in ("VBP", "VBZ") for child in auxiliaries):  # "is poised": neither
        return UNKNOWN
    if verb.tag_ in ("VBD", "VBN"):
        return VerbTime(-1)
    if verb.tag_ in ("VBP", "VBZ") and not auxiliaries:
        return VerbTime(_direction("present", verb.lemma_))
    return UNKNOWN


def _of_scheduled(noun: Token) -> int:
    """Return what stands above an event that has its day before it comes ("ahead of Sunday's vote", "will speak at the July summit")."""
    if not _direction("scheduled", noun.lemma_):
        return 0
    token = noun.head
    if token.dep_ in ("prep", "pcomp", "advmod") and (direction := _direction("before-scheduled", token.text)):
        return direction
    if token.dep_ == "prep" and token.head.pos_ == "ADV" and (direction := _direction("before-scheduled", token.head.text)):
        return direction
    while token.pos_ not in ("VERB", "AUX"):
        if token.head == token or token.pos_ in ("NOUN", "PROPN"):
            return 0
        token = token.head
    modals = [child.lemma_ for child in token.children if child.tag_ == "MD"]
    if modals:  # "Monday's debate might change little" may be over
        return _direction("scheduled-auxiliary", modals[0])
    return max(_of_verb(token, noun.doc[noun.i : noun.i + 1]).direction, 0)


def _of_preposition(verb: Token, phrase: Span) -> int:
    """Return what the preposition between verb and phrase tells; one below a plain past verb tells nothing ("left for the weekend")."""
    preposition = phrase.root.head
    if preposition.dep_ != "prep" or preposition.head != verb:
        return 0
    arranged = verb.tag_ == "VBN" or any(child.dep_ == "dobj" for child in verb.children)
    return _direction("preposition", preposition.text) if arranged else 0


def _direction(place: str, word: str) -> int:
    return _directions(place).get(word.lower(), 0)


@cache
def _directions(place: str) -> dict[str, int]:
    return {row.word: row.direction for row in read_table("time_directions", DirectionWord) if row.place == place}
