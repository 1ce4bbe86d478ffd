"""Matches the words of an article against the trigger lexicon: which word names an event, of which kind, by which row.

A row of data/lexicon/event_triggers.csv holds a lemma, a part of speech, a kind and conditions, all of which must hold.
The rows of one lemma are tried in file order; the first that holds wins, so narrow senses stand before wide ones.

A condition is `slot:class` (a noun in the slot is of the class), `slot=lemma|lemma` (the slot holds one of the words) or
`slot` (the slot is filled); `!` before it negates it, `+` makes the noun a part of the trigger ("cases of cholera"). Slots
are those of `kg.extract.slots`, and `passive`, `determiner` (a, the, no …) and `form` (the word as written). A row without
a kind fires nothing: it keeps a figure of speech from the rows after it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token

from kg.extract.nouns import is_of_class, measured
from kg.extract.slots import is_passive, slot
from kg.lexicon import read_table
from kg.limits import limit

_PARTS = {"VERB": "VERB", "AUX": "VERB", "NOUN": "NOUN", "PROPN": "NOUN", "ADJ": "ADJ", "ADV": "ADJ"}
_TRIGGER_SLOTS = {"object", "particle", "complement"}  # words that are part of the trigger when a row names them
_BEARERS = ("person", "actor", "place", "building", "vehicle", "weapon", "bearer")  # what an event told by a participle happens to
_LABELS_OF_EVENTS = {"", "EVENT"}
_LABELS_OF_NAMES = {"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "PRODUCT", "WORK_OF_ART", "LAW"}


@dataclass(frozen=True, slots=True)
class TriggerRow:
    """A row of event_triggers.csv; `kind` is empty in a row that fires nothing."""

    id: str
    lemma: str
    pos: str
    kind: str
    conditions: tuple[str, ...]
    roles: tuple[str, ...]
    example: str
    counterexample: str
    note: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One compiled condition of a row."""

    slot: str
    negated: bool
    joins: bool
    noun_class: str | None
    lemmas: frozenset[str]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word that names an event, the other words of its phrase ("opened … fire"), and the row that says so."""

    token: Token
    words: tuple[Token, ...]
    row: TriggerRow

    @property
    def span(self) -> tuple[int, int]:
        """Offsets of the phrase, or of the word alone where the phrase is too long for a trigger."""
        tokens = (self.token, *self.words)
        start, end = min(t.idx for t in tokens), max(t.idx + len(t) for t in tokens)
        return (
            (start, end) if end - start <= limit("longest-trigger", "event_limits") else (self.token.idx, self.token.idx + len(self.token))
        )


def find_triggers(doc: Doc) -> tuple[Trigger, ...]:
    """Return the triggers of an article in text order, one a word at most."""
    rows = _rows_by_lemma()
    found: list[Trigger] = []
    taken: set[int] = set()
    for token in doc:
        part = _PARTS.get(token.pos_)
        if part is None or (candidates := rows.get((token.lemma_.lower(), part))) is None:
            continue
        if (_is_named(token) or _only_modifies(token) or _names_a_kind(token)) if part == "NOUN" else _only_describes(token):
            continue
        if trigger := _first_match(token, candidates):
            found.append(trigger)
            taken.update(word.i for word in trigger.words)
    return tuple(trigger for trigger in found if trigger.token.i not in taken)


def is_noun_of_an_event(lemma: str) -> bool:
    """Tell whether a noun, by its lemma in lower case, can be a trigger."""
    return (lemma, "NOUN") in _rows_by_lemma()


def _is_named(token: Token) -> bool:
    """Tell whether a noun is part of the name of something that is no event ("March", "Strike Force One")."""
    if token.pos_ == "PROPN":
        return token.ent_type_ not in _LABELS_OF_EVENTS
    return token.ent_type_ in _LABELS_OF_NAMES


def _only_modifies(token: Token) -> bool:
    """Tell whether a noun names no event of its own: "fire crews", "election year", but not "murder suspect"."""
    return token.dep_ == "compound" and token.head.pos_ == "NOUN" and not is_of_class(token.head, "bearer")


def _names_a_kind(token: Token) -> bool:
    """Tell whether a noun names a kind and no occurrence: "threats, extortion and violence", "to renounce violence", "anti-piracy"."""
    if any(is_of_class(child, "prefix") for child in token.children):
        return True
    if any(child.dep_ not in ("conj", "cc", "punct") for child in token.children):
        return False
    governor = token.head.head if token.head.pos_ == "ADP" else token.head
    return token.dep_ == "conj" or (token.tag_ == "NN" and token.dep_ in ("dobj", "pobj") and is_of_class(governor, "shunning"))


def _only_describes(token: Token) -> bool:
    """Tell whether a participle before a noun is a mere attribute: "banned substances", "the accused man", but not "injured men"."""
    if token.dep_ != "amod" or token.tag_ != "VBN":
        return False
    return is_of_class(token, "labelling") or not any(is_of_class(token.head, bearer) for bearer in _BEARERS)


def _first_match(token: Token, candidates: tuple[tuple[TriggerRow, tuple[Condition, ...]], ...]) -> Trigger | None:
    for row, conditions in candidates:
        words: list[Token] = []
        if all(_holds(token, condition, words) for condition in conditions):
            return Trigger(token, tuple(words), row) if row.kind else None
    return None


def _holds(token: Token, condition: Condition, words: list[Token]) -> bool:
    """Tell whether a condition holds; the words of the trigger's phrase that it names are added to `words`."""
    if condition.slot == "passive":
        return is_passive(token) != condition.negated
    if condition.slot == "determiner":
        matched = tuple(child for child in token.children if child.dep_ in ("det", "neg", "poss") and child.lower_ in condition.lemmas)
        return bool(matched) != condition.negated
    if condition.slot == "form":
        return (token.lower_ in condition.lemmas) != condition.negated
    fillers = slot(token, condition.slot)
    if not fillers and not condition.negated and condition.slot not in _TRIGGER_SLOTS:
        # "took control of the town", "cleared the town of rebels": the preposition hangs on a noun of the phrase.
        nouns = words or (slot(token, "object") if token.pos_ == "VERB" else ())
        fillers = tuple(filler for noun in nouns for filler in slot(noun, condition.slot))
    if condition.noun_class:
        matched = tuple(filler for filler in fillers if is_of_class(filler, condition.noun_class))
    elif condition.lemmas:
        matched = tuple(noun for filler in fillers for noun in (filler, *measured(filler)) if noun.lemma_.lower() in condition.lemmas)
    else:
        matched = fillers
    if matched and (condition.joins or (condition.lemmas and not condition.negated and condition.slot in _TRIGGER_SLOTS)):
        words.append(matched[0])
    return bool(matched) != condition.negated


@cache
def _rows_by_lemma() -> dict[tuple[str, str], tuple[tuple[TriggerRow, tuple[Condition, ...]], ...]]:
    grouped: dict[tuple[str, str], list[tuple[TriggerRow, tuple[Condition, ...]]]] = {}
    for row in read_table("event_triggers", TriggerRow):
        compiled = tuple(_compile(text) for text in row.conditions)
        grouped.setdefault((row.lemma, row.pos), []).append((row, compiled))
    return {key: tuple(rows) for key, rows in grouped.items()}


def _compile(text: str) -> Condition:
    name, _, lemmas = text.lstrip("!+").partition("=")
    name, _, noun_class = name.partition(":")
    return Condition(
        name, text.startswith("!"), text.startswith("+"), noun_class or None, frozenset(lemmas.split("|")) if lemmas else frozenset()
    )


def read_trigger_rows() -> Iterator[TriggerRow]:
    """Yield the rows of the trigger lexicon in file order."""
    yield from read_table("event_triggers", TriggerRow)
