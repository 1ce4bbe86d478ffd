"""Reads a figure out of a text: a number or range with the words that bound it and the sign of its unit."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from kg.extract.numbers import last_scale, number_bounds, number_expression
from kg.lexicon import read_table
from kg.records import Approximation

_LONGEST_BEFORE = 40
"""Characters before a number in which words that bound it are looked for."""
_DASHES = "-–—"


@dataclass(frozen=True, slots=True)
class BoundWord:
    """A row of bounds.csv: words before or after a number, or `words` and `joint` of a range or of a change (which is no range)."""

    id: str
    place: Literal["before", "after", "range", "change"]
    words: str | None
    joint: str | None
    approximation: Approximation
    example: str
    counterexample: str


@dataclass(frozen=True, slots=True)
class UnitWord:
    """A row of quantity_units.csv: signs or words (|-separated) before or after a number and the unit they stand for.

    Nouns at place `shared` ("others") take the unit of the quantity beside them; a number behind a `label` counts nothing.
    """

    id: str
    place: Literal["before", "after", "shared", "label"]
    words: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its bounds; from `core_start` to `core_end` only its digits or words. `unit` where a sign tells it."""

    start: int
    end: int
    core_start: int
    core_end: int
    low: float
    high: float
    approximation: Approximation
    unit: str | None = None


def figure_at(text: str, start: int) -> Figure | None:
    """Return the figure whose first digit or word stands at `start`, None where the characters are part of something else.

    >>> figure_at("up to $20 million", 7).unit
    'dollars'
    """
    match = _number().match(text, start)
    if match is None or _is_glued(text, start, match.end()):
        return None
    bounds = number_bounds(match[0])
    if bounds is None or _NO_NUMBER.match(match[0]):
        return None
    (low, high), end = bounds, match.end()
    approximation: Approximation = "Exact" if low == high else "About"
    before = text[max(0, start - _LONGEST_BEFORE) : start]
    sign = _before_units().search(before)
    unit = _unit_of_sign("before", sign[1]) if sign else None
    begin = start - len(sign[0]) if sign else start
    before = before[: len(before) - len(sign[0])] if sign else before
    opener = None
    if ranged := _range_end(text, end, before):
        second, end, opener = ranged
        if not match[0][-1].isalpha():
            low *= last_scale(text[match.end() : end]) or 1 if low < second else 1
        if low >= second:
            return None
        high, approximation = second, "About"
    if opener:
        begin -= len(opener)
    elif bound := _before_bounds().search(before):
        begin -= len(bound[0])
        approximation = _bound_of("before", bound[1])
    if after := _after_units().match(text, end):
        unit, end = _unit_of_sign("after", after[1]), after.end()
    core_end = end
    if after := _after_bounds().match(text, end):
        approximation, end = _bound_of("after", after[1]), after.end()
    return Figure(begin, end, start, core_end, low, high, approximation, unit)


def _is_glued(text: str, start: int, end: int) -> bool:
    """Tell whether digits run on as a date, a clock, a version, a phone number or a compound ("20-member")."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if text[start].isalpha() and re.search(r"\d\s?$", before):  # "billion" behind digits that could not be read
        return True
    if before and (before[-1].isalnum() or (before[-1] in "./:-–#" and len(before) > 1 and before[-2].isalnum())):
        return True
    return bool(_RUNS_ON.match(after))


_NO_NUMBER = re.compile(r"0\d|0+(?:\.0+)?$|(?i:zero)$")
"""Codes ("007") and nothing at all."""
_RUNS_ON = re.compile(r"\w|[.:/,]\d|[-–][^\W\d]|/")


def _range_end(text: str, end: int, before: str) -> tuple[float, int, str | None] | None:
    """Return value, end and opening words of a range's second number."""
    for row in read_table("bounds", BoundWord):
        if row.place not in ("range", "change"):
            continue
        opener = re.search(rf"\b{row.words}\s+$", before, re.IGNORECASE) if row.words else None
        if row.words and not opener:
            continue
        joint = rf"\s?[{_DASHES}]\s?" if row.joint == "-" else rf"\s+{row.joint}\s+"
        match = re.compile(rf"(?i:(?:\s?(?:{_signs('after')}))?{joint})(?:{_signs('before')})?({_number().pattern})").match(text, end)
        if match is None:
            continue
        if row.place == "change" or _RUNS_ON.match(text, match.end()):
            return None
        bounds = number_bounds(match[1])
        if bounds is not None:
            return bounds[1], match.end(), opener[0] if opener else None
    return None


@cache
def _number() -> re.Pattern[str]:
    return re.compile(number_expression())


@cache
def _before_bounds() -> re.Pattern[str]:
    return re.compile(rf"(?i:(?<!\w)({_bound_words('before')})\s*$)")


@cache
def _after_bounds() -> re.Pattern[str]:
    return re.compile(rf"(?i:\s*({_bound_words('after')})(?!\w))")


@cache
def _before_units() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)({_signs('before')})\s?$")


@cache
def _after_units() -> re.Pattern[str]:
    return re.compile(rf"\s?({_signs('after')})(?!\w)")


def _bound_words(place: str) -> str:
    words = [word for row in read_table("bounds", BoundWord) if row.place == place for word in (row.words or "").split("|")]
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _signs(place: str) -> str:
    words = [word for row in read_table("quantity_units", UnitWord) if row.place == place for word in row.words.split("|")]
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _bound_of(place: str, words: str) -> Approximation:
    return next(
        row.approximation for row in read_table("bounds", BoundWord) if row.place == place and words.lower() in (row.words or "").split("|")
    )


@cache
def _unit_of_sign(place: str, words: str) -> str | None:
    rows = (row for row in read_table("quantity_units", UnitWord) if row.place == place)
    units: dict[str, str | None] = {word: row.unit for row in rows for word in row.words.split("|")}
    return units[words]
