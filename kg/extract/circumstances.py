"""Attaches times and quantities, found by their own finders, to the events they belong to."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Span, Token

from kg.extract.counted import is_elliptic, tally_noun, whole_of, words_at
from kg.extract.nouns import is_of_class, measured
from kg.extract.roles import Filler
from kg.extract.slots import clause_verb
from kg.extract.time_sharing import happens_with_verb, occasions, shares_time_above
from kg.extract.triggers import Trigger
from kg.records import Quantity, RoleName, Time

_NUMBER_ROOMS = {"nummod", "quantmod", "compound", "amod", "npadvmod", "advmod", "nmod", "det", "predet"}
_JOINING_PARTS = {"ADP", "ADV", "SCONJ", "DET"}
_SHARE_UNIT = "percent"
_TELLING_HOW_RARE = {"since"}
"""Rules of times that, on a noun, tell how long there was none ("the first deaths since May")."""
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
        if found := self._by_word.get(token.i):
            own = [time for time in found if not (token.pos_ == "NOUN" and time.rule in _TELLING_HOW_RARE)]
            if own:
                return _nearest(own, trigger)
        for place in (*trigger.words, *([carrier] if carrier else [])):
            if found := self._by_word.get(place.i):
                return _nearest(found, trigger)
        verb = clause_verb(token)
        below_verb = self._by_word.get(verb.i, [])
        if carrier is None and token.pos_ == "NOUN" and not happens_with_verb(token):
            behind = [time for time in below_verb if time.start == token.idx + len(token) + 1]  # "elections next year"
            return _nearest(behind, trigger) if behind else None
        if below_verb:
            return _nearest(below_verb, trigger)
        clause_above = verb.dep_ in _CLAUSES_WITHOUT_OWN_TIME and verb.head.pos_ == "VERB" and shares_time_above(verb)
        if clause_above and (token == verb or carrier is not None) and (found := self._by_word.get(verb.head.i)):
            return _nearest(found, trigger)
        below = [time for noun in occasions(verb) for time in self._by_word.get(noun.i, ())] if token == verb else []
        return _nearest(below, trigger) if below else None


class QuantitiesByNoun:
    """The quantities of an article, searchable by the word they count, the state they stand before, and their tally."""

    def __init__(self, doc: Doc, quantities: Sequence[Quantity]) -> None:
        self._by_word: dict[int, list[Quantity]] = {}
        self._by_state: dict[int, list[Quantity]] = {}
        self._by_tally: dict[int, list[Quantity]] = {}
        for quantity in quantities:
            span = doc.char_span(quantity.start, quantity.end, alignment_mode="expand")
            if span is None or not len(span):
                continue
            for word in (*_counted_words(span), *_counted_whole(span, quantity)):
                self._by_word.setdefault(word, []).append(quantity)
            if is_elliptic(span):
                self._by_state.setdefault(span.end, []).append(quantity)
            if (tally := tally_noun(span)) and tally[1]:
                for noun in (tally[0], *measured(tally[0])):
                    self._by_tally.setdefault(noun.i, []).append(quantity)

    def of(self, fillers: Sequence[Filler], trigger: Trigger | None = None) -> tuple[Quantity, ...]:
        """Return the quantities that count the heads of roles, with the role, in text order, each once.

        With the trigger also those of its own: "210 wounded", "12 deaths", "the death toll rose to 41" count patients, "three
        attacks" the event itself and has no role.
        """
        found: dict[int, Quantity] = {}
        for filler in fillers:
            if trigger is None or not _is_of_other_participle(filler, trigger):
                for quantity in (*self._by_word.get(filler.token.i, ()), *self._by_tally.get(filler.token.i, ())):
                    found.setdefault(quantity.start, replace(quantity, role=filler.role))
        if trigger is not None:
            for quantity, role in self._of_trigger(trigger):
                found.setdefault(quantity.start, replace(quantity, role=role))
        return tuple(found[start] for start in sorted(found))

    def _of_trigger(self, trigger: Trigger) -> Iterator[tuple[Quantity, RoleName | None]]:
        token = trigger.token
        is_each = token.lemma_.lower() in words_at("each")
        if token.pos_ == "NOUN" and not is_of_class(token, "person"):
            yield from ((quantity, "patient" if is_each else None) for quantity in self._by_word.get(token.i, ()))
        elif trigger.row.kind in words_at("patients") and not any(child.dep_ == "dobj" for child in token.children):
            yield from ((quantity, "patient") for quantity in self._by_state.get(token.i, ()))
        if is_each or token.lower_ in words_at("state"):
            yield from ((quantity, "patient") for quantity in self._by_tally.get(token.i, ()))


def _is_of_other_participle(filler: Filler, trigger: Trigger) -> bool:
    """Tell whether the parser took a joined verb for an adjective: "killed hundreds and [displaced thousands]"."""
    participles = (child for child in filler.token.lefts if child.tag_ == "VBN" and child != trigger.token)
    return any(child.i and child.nbor(-1).dep_ == "cc" for child in participles)


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
    token = span.root if span.root.pos_ != "ADP" else span[-1]
    words = [token.i]
    while token.dep_ in _NUMBER_ROOMS and token.head.pos_ in ("NOUN", "PROPN", "NUM", "ADJ"):
        token = token.head
        words.append(token.i)
    return tuple(words)


def _counted_whole(span: Span, quantity: Quantity) -> tuple[int, ...]:
    """Return the noun of which the number is a part ("15 of the 34 provinces"); a percentage counts no things."""
    whole = whole_of(span)
    return () if whole is None or quantity.unit == _SHARE_UNIT else (whole.i,)


def _nearest(times: list[Time], trigger: Trigger) -> Time:
    """Return the nearest time, one that is resolved before one that is not."""

    def rank(time: Time) -> tuple[bool, int, int]:
        return time.precision is None, abs(time.start - trigger.token.idx), time.start

    return min(times, key=rank)
