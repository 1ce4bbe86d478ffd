"""Reads a figure out of a text: a number or range with the words that bound it and the sign of its unit."""

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from kg.extract.numbers import last_scale, number_bounds, number_expression, share_expression, share_percent
from kg.lexicon import read_table
from kg.records import Approximation

_LONGEST_BEFORE = 40
"""Characters before a number in which words that bound it are looked for."""
_DASHES = "-–—"


@dataclass(frozen=True, slots=True)
class BoundWord:
    """A row of bounds.csv: words before or after a number, or `words` and `joint` of two numbers.

    Two numbers are a range, a change (which is no range), a ratio ("one in five") or a part of a whole ("15 out of 34").
    """

    id: str
    place: Literal["before", "after", "range", "change", "ratio", "part"]
    words: str | None
    joint: str | None
    approximation: Approximation
    example: str
    counterexample: str


@dataclass(frozen=True, slots=True)
class UnitWord:
    """A row of quantity_units.csv: words (|-separated) of one use and, for signs before or after a number, their unit.

    Nouns at place `shared` ("others") take the unit of the quantity beside them; a number behind a `label` counts nothing; a
    `measure` belongs to the unit behind it ("square"); `whole` begins what a share is a part of; `state` says what became of
    those counted ("dead"); a `tally` has its number behind a `tally-joint` ("the toll rose to 41"), or its old one behind a
    `tally-change`; a number before a state is that of the patients of an event of the kinds at `patients` ("12 wounded"), and nouns at
    `each` are events of one patient each ("12 deaths").
    """

    id: str
    place: Literal[
        "before", "after", "shared", "label", "measure", "whole", "state", "tally", "tally-joint", "tally-change", "patients", "each"
    ]
    words: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its bounds; from `core_start` to `core_end` only its digits or words. `unit` where a sign tells it.

    A `share` is a part of a whole, in percent.
    """

    start: int
    end: int
    core_start: int
    core_end: int
    low: float
    high: float
    approximation: Approximation
    unit: str | None = None
    share: bool = False


def figure_at(text: str, start: int) -> Figure | None:
    """Return the figure whose first digit or word stands at `start`, None where the characters are part of something else.

    >>> figure_at("up to $20 million", 7).unit, figure_at("two thirds of them", 0).low
    ('dollars', 66.67)
    """
    match, share = _number().match(text, start), _share().match(text, start)
    if share and (match is None or match.end() < share.end()):
        percent = None if _is_glued(text, start, share.end()) or _HALF_A.match(text, share.end()) else share_percent(share[0])
        return None if percent is None else _bounded(text, _percent(start, share.end(), percent))
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
    if ranged := _range_end(text, end, text[max(0, begin - _LONGEST_BEFORE) : begin]):
        second, end, opener = ranged
        if not match[0][-1].isalpha():
            low *= last_scale(text[match.end() : end]) or 1 if low < second else 1
        if low >= second:
            return None
        high, approximation, begin = second, "About", begin - len(opener)
    elif ratio := _ratio_end(text, end, low):
        percent, end = ratio
        if percent:
            return _bounded(text, _percent(start, end, percent))
    if after := _after_units().match(text, end):
        unit, end = _unit_of_sign("after", after[1]), after.end()
    figure = Figure(begin, end, start, end, low, high, approximation, unit)
    return figure if ranged and ranged[2] else _bounded(text, figure)


def bound_behind(text: str, at: int) -> Approximation | None:
    """Return the closeness that words give which stand at `at`, behind a number or what it counts ("40 miners or so")."""
    after = _after_bounds().match(text, at)
    return _bound_of("after", after[1]) if after else None


def _percent(start: int, end: int, percent: float) -> Figure:
    return Figure(start, end, start, end, percent, percent, "Exact", "percent", share=True)


def _bounded(text: str, figure: Figure) -> Figure:
    """Return the figure with the words before and behind it that bound it."""
    start, end, approximation = figure.start, figure.end, figure.approximation
    if bound := _before_bounds().search(text, max(0, start - _LONGEST_BEFORE), start):
        start, approximation = bound.start(), _bound_of("before", bound[1])
    if after := _after_bounds().match(text, end):
        end, approximation = after.end(), _bound_of("after", after[1])
    return replace(figure, start=start, end=end, approximation=approximation)


def _is_glued(text: str, start: int, end: int) -> bool:
    """Tell whether digits run on as a date, a clock, a version, a phone number or a compound ("20-member")."""
    before = text[max(0, start - 2) : start]
    if text[start].isalpha() and re.search(r"\d\s?$", before):  # "billion" behind digits that could not be read
        return True
    if before and (before[-1].isalnum() or (before[-1] in "./:-–#" and len(before) > 1 and before[-2].isalnum())):
        return True
    return _runs_on(text, end) or bool(_BROKEN.search(text, max(0, start - _LONGEST_BEFORE), start))


def _runs_on(text: str, end: int) -> bool:
    return _RUNS_ON.match(text, end) is not None and _after_units().match(text, end) is None


_NO_NUMBER = re.compile(r"0\d|00")
"""Codes ("007")."""
_RUNS_ON = re.compile(r"\w|[.:/,]\d|\.\s\d|[-–][^\W\d]|/")
_BROKEN = re.compile(r"(?<![\w.,])(?:[+0]\d*(?:[\s-]\d+)*|\d+\.|[A-Z]{1,3}\s-)\s$")
"""What a number is part of though a blank parts them: a phone number, a decimal fraction ("52. 3"), a type ("AK - 47")."""
_HALF_A = re.compile(r"\s+an?\b")
_LARGEST_RATIO = 1000


def _range_end(text: str, end: int, before: str) -> tuple[float, int, str] | None:
    """Return value, end and opening words of a range's second number."""
    for row in read_table("bounds", BoundWord):
        if row.place not in ("range", "change"):
            continue
        opener = _opener(row.words).search(before) if row.words else None
        if row.words and not opener:
            continue
        match = _second_number(row.joint or "").match(text, end)
        if match is None:
            continue
        if (row.place == "change" and opener and opener.start()) or _runs_on(text, match.end()):
            return None
        bounds = number_bounds(match[1])
        if bounds is not None:
            return bounds[1], match.end(), opener[0] if opener else ""
    return None


def _ratio_end(text: str, end: int, first: float) -> tuple[float | None, int] | None:
    """Return the percentage that "one in five" is and where it ends; "15 out of 34" is a count and has none."""
    for row in read_table("bounds", BoundWord):
        match = _second_number(row.joint or "").match(text, end) if row.place in ("ratio", "part") else None
        if match is None or _runs_on(text, match.end()):
            continue
        second = (number_bounds(match[1]) or (0.0, 0.0))[0]
        is_round = f"{second:.0f}".strip("0") == "1"
        is_share = first < second and (is_round or (first == 1 and second <= _LARGEST_RATIO))
        if is_share:
            return round(100 * first / second, 2), match.end()
        if row.place == "part" and first < second:
            return None, match.end()
    return None


@cache
def _opener(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?i:(?<!\w)(?:{words})\s+$)")


@cache
def _second_number(joint: str) -> re.Pattern[str]:
    between = rf"\s?[{_DASHES}]\s?" if joint == "-" else rf"\s+{joint}\s+"
    return re.compile(rf"(?i:(?:\s?(?:{_signs('after')}))?{between})(?:{_signs('before')})?({number_expression()})")


@cache
def _share() -> re.Pattern[str]:
    return re.compile(share_expression())


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
