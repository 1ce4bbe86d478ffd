"""Tells the kind of a named thing: by the words of its name ("Ministry of …") and by the words around it ("in …").

Both give votes, a kind with a weight; kg/extract/merging.py counts them over all mentions of a name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from kg.extract.gazetteer import folded
from kg.lexicon import read_table
from kg.vocab import KG


@dataclass(frozen=True, slots=True)
class NameWordRow:
    """Words that tell the kind of what is named by them: its head ("… Brigade") or its first words ("Lake …")."""

    id: str
    words: str
    position: Literal["head", "first"]
    kind: str
    weight: int
    example: str
    counterexample: str


@dataclass(frozen=True, slots=True)
class NameContextRow:
    """Words before or after a name that tell its kind, or before all names of a list; # stands for a number.

    The examples mark the name by brackets.
    """

    id: str
    position: Literal["before", "before-all", "after"]
    words: str
    kind: str
    weight: int
    example: str
    counterexample: str


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A sign for a kind and its weight: a label of the recogniser (one without a row names no entity), or another."""

    id: str
    kind: str
    weight: int
    note: str


@dataclass(frozen=True, slots=True)
class Vote:
    """One piece of evidence for a kind; `rule` is the row it comes from."""

    kind: str
    weight: int
    rule: str


@dataclass(frozen=True, slots=True)
class ConnectorRow:
    """A word that ends the head of a name: "Bank" in "Bank of Harbour"."""

    id: str


FAMILIES = ("Person", "Organisation", "Group", "Place")
"""Kinds that exclude each other; every kind of a named thing belongs to one."""

NAMED_BY_KIND = ("Province", "District", "City")
"""Kinds that a name may say or leave out: "Clay Province" is the province Clay."""


@cache
def kind_evidence() -> dict[str, EvidenceRow]:
    """Return the signs for kinds by their ids."""
    return {row.id: row for row in read_table("kind_evidence", EvidenceRow)}


@cache
def family(kind: str) -> str:
    """Return which of the families a kind belongs to."""
    return next(name for name in FAMILIES if name in KG.ancestors(kind))


@lru_cache(maxsize=65536)
def vote_of_words(name: str) -> Vote | None:
    """Return the vote of a name's own words, as written; None where they tell nothing.

    >>> vote_of_words("Ministry of Fisheries").kind
    'GovernmentBody'
    """
    words = name.split()
    first, last = _longest(_word_rows("first"), words, from_end=False), _longest(_word_rows("head"), words, from_end=True)
    if first and (last is None or first.weight >= last.weight or family(first.kind) == family(last.kind)):
        return Vote(first.kind, first.weight, first.id)
    for end in _head_ends(words):
        row = _longest(_word_rows("head"), words[:end], from_end=True)
        # Only an organisation's head stands inside its name ("Bank of Harbour"); "State of Alarm" is no state.
        if row and (end == len(words) or family(row.kind) == "Organisation"):
            return Vote(row.kind, row.weight, row.id)
    return None


def is_kind_word(text: str, of_family: str | None = None) -> bool:
    """Tell whether words are nothing but a word for a kind ("National Park"), of one family or any."""
    row = _word_rows("head").get(folded(text))
    return row is not None and (of_family is None or family(row.kind) == of_family)


@lru_cache(maxsize=65536)
def beside_kind(word: str) -> str | None:
    """Return the family of a single lower-case word for a kind ("party", "river"); None for other words."""
    row = _word_rows("head").get(folded(word)) if word.islower() else None
    return None if row is None or row.words.isupper() else family(row.kind)


@lru_cache(maxsize=65536)
def without_kind_words(name: str, kind: str) -> str:
    """Return a name without the words that tell this kind, where they stand at its border.

    >>> without_kind_words("Clay Province", "Province")
    'Clay'
    """
    words = name.split()
    if (row := _longest(_word_rows("first"), words, from_end=False)) and row.kind == kind:
        return " ".join(words[len(row.words.split()) :])
    if (row := _longest(_word_rows("head"), words, from_end=True)) and row.kind == kind and row.words != name:
        return " ".join(words[: -len(row.words.split())])
    return name


def initials(name: str) -> Iterator[str]:
    """Yield the acronyms a name can have, in lower case: of its words with capitals, and of all words."""
    words = name.replace("-", " ").split()
    yield "".join(word[0] for word in words if word[0].isupper()).casefold()
    yield "".join(word[0] for word in words).casefold()


def votes_of_context(before: Sequence[str], after: Sequence[str]) -> Iterator[Vote]:
    """Yield the votes of the lower-case words around a name; `before` ends and `after` begins beside it."""
    yield from votes_of_list(before)
    for size in (1, 2, 3):
        if len(before) >= size and (row := _context_rows("before").get(tuple(map(_shape, before[-size:])))):
            yield Vote(row.kind, row.weight, row.id)
        if len(after) >= size and (row := _context_rows("after").get(tuple(map(_shape, after[:size])))):
            yield Vote(row.kind, row.weight, row.id)


def votes_of_list(before: Sequence[str]) -> Iterator[Vote]:
    """Yield the votes of the lower-case words before a list of names, for each of them: "the cities of Clay, Reed and Sand"."""
    row = _context_rows("before-all").get(tuple(before[-2:]))
    if row:
        yield Vote(row.kind, row.weight, row.id)


def _shape(word: str) -> str:
    return "#" if word.isdigit() else word


def _head_ends(words: list[str]) -> Iterator[int]:
    """Yield where the head of a name may end: before its first connector ("Bank of New York City"), else at its end."""
    yield from (position for position, word in enumerate(words) if position and is_connector(word))
    yield len(words)


def _longest(rows: dict[tuple[str, ...], NameWordRow], words: list[str], *, from_end: bool) -> NameWordRow | None:
    for size in range(min(len(words), 4), 0, -1):
        part = words[-size:] if from_end else words[:size]
        row = rows.get(folded(" ".join(part)))
        # An acronym is one only in capitals: "WHO", not "Who". "Lake" alone names no lake.
        if row and (not row.words.isupper() or row.words == " ".join(part)) and (from_end or len(words) > size):
            return row
    return None


def is_connector(word: str) -> bool:
    """Tell whether a word ends the head of a name ("of")."""
    return word in _connectors()


@cache
def _connectors() -> frozenset[str]:
    return frozenset(row.id for row in read_table("name_connectors", ConnectorRow))


@cache
def _word_rows(position: str) -> dict[tuple[str, ...], NameWordRow]:
    rows = (*read_table("organisation_words", NameWordRow), *read_table("place_words", NameWordRow))
    return {folded(row.words): row for row in rows if row.position == position}


@cache
def _context_rows(position: str) -> dict[tuple[str, ...], NameContextRow]:
    return {tuple(row.words.split()): row for row in read_table("name_contexts", NameContextRow) if row.position == position}
