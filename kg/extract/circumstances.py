"""Attaches times and quantities, found by their own finders, to the events they belong to."""

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Span, Token

from kg.extract.roles import Filler
from kg.extract.slots import clause_verb
from kg.extract.triggers import Trigger
from kg.records import Quantity, Time

_NUMBER_ROOMS = {"nummod", "quantmod", "compound", "amod", "npadvmod", "advmod", "nmod", "det", "predet"}
_JOINING_PARTS = {"ADP", "ADV", "SCONJ", "DET"}
_CLAUSES_WITHOUT_OWN_TIME = {"xcomp", "advcl", "conj", "acl"}


class TimesByClause:
    """The time expressions of an article, searchable by the word they depend on."""

    def __init__(self, doc: Doc, times: Sequence[Time]) -> None:
        self._by_word: dict[int, list[Time]] = {}
        for time in times:
            span = doc.char_span(time.start, time.end, alignment_mode="expand")
            if span is not None and len(span):
                self._by_word.setdefault(_holder(span).i, []).append(time)

    def of(self, trigger: Trigger, carrier: Token | None) -> Time | None:
        """Return the time on the trigger or on its clause; a participle or infinitive may take that of the verb above it."""
        token = trigger.token
        for place in (token, *trigger.words, *([carrier] if carrier else [])):
            if found := self._by_word.get(place.i):
                return _nearest(found, trigger)
        verb = clause_verb(token)
        if found := self._by_word.get(verb.i):
            return _nearest(found, trigger)
        if verb.dep_ in _CLAUSES_WITHOUT_OWN_TIME and verb.head.pos_ == "VERB" and (found := self._by_word.get(verb.head.i)):
            return _nearest(found, trigger)
        return None


class QuantitiesByNoun:
    """The quantities of an article, searchable by the noun they count."""

    def __init__(self, doc: Doc, quantities: Sequence[Quantity]) -> None:
        self._by_word: dict[int, list[Quantity]] = {}
        for quantity in quantities:
            span = doc.char_span(quantity.start, quantity.end, alignment_mode="expand")
            if span is not None and len(span):
                for word in _counted_words(span):
                    self._by_word.setdefault(word, []).append(quantity)

    def of(self, fillers: Sequence[Filler]) -> tuple[Quantity, ...]:
        """Return the quantities that count the heads of roles, with the role, in text order, each once."""
        found: dict[int, Quantity] = {}
        for filler in fillers:
            for quantity in self._by_word.get(filler.token.i, ()):
                found.setdefault(quantity.start, replace(quantity, role=filler.role))
        return tuple(found[start] for start in sorted(found))


def _holder(span: Span) -> Token:
    """Return the verb or noun that a time expression depends on: "on Monday" hangs on its verb, "Monday's attack" on its noun."""
    token = span.root
    while token.head != token:
        token = token.head
        outside = not span.start <= token.i < span.end
        if outside and token.pos_ not in _JOINING_PARTS:
            return token
    return token


def _counted_words(span: Span) -> tuple[int, ...]:
    """Return the number's own head, the noun it counts, and the noun after "of" ("dozens of people": dozens)."""
    token = span.root
    words = [token.i]
    while token.dep_ in _NUMBER_ROOMS and token.head.pos_ in ("NOUN", "PROPN", "NUM", "ADJ"):
        token = token.head
        words.append(token.i)
    return tuple(words)


def _nearest(times: list[Time], trigger: Trigger) -> Time:
    return min(times, key=lambda time: (abs(time.start - trigger.token.idx), time.start))
