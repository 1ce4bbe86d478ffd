"""Reads numbers in digits and in words, by the table number_words."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from kg.lexicon import read_table

_SPACES = "\u00a0\u2009\u202f"
"""Blanks that never part two words; a plain one is read as a separator of thousands before "000" only."""
_DIGITS = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,2}}(?:,\d{{2}})+,\d{{3}}|\d{{1,3}}(?:[{_SPACES}]\d{{3}}|,?\s000)+(?!\d)|\d+)(?:\.\d+)?"
_OF = "of"
_DECIMALS = 6
"""What is left of the error of a product of floats (76.74 lakh) is cut off."""
_OPEN = ("few", "several", "many")
_HUNDRED = 100
"""The one scale that stands inside a group of thousands ("two hundred thousand")."""


@dataclass(frozen=True, slots=True)
class NumberWord:
    """A row of number_words.csv: a word and the least and most it may mean.

    `unit` and `ten` add up, `scale` multiplies, `letter` is a scale glued to digits ("1.5m"), `plural` is an open
    count ("dozens"), `half` and `share` are parts of one whole (only `half` may part a scale: "half a million"), `few`,
    `several` and `many` open counts before a scale ("several hundred"; `several` also alone, `few` also behind an
    article: "a few"), `article` and `joint` stand inside ("a dozen", "two hundred and ten").
    """

    id: str
    word: str
    type: Literal["unit", "ten", "scale", "letter", "plural", "half", "share", "few", "several", "many", "article", "joint"]
    low: float
    high: float


@cache
def number_words() -> dict[str, NumberWord]:
    """Return the rows of number_words.csv by word."""
    return {row.word: row for row in read_table("number_words", NumberWord)}


@cache
def small_number_expression() -> str:
    """Return a regular expression for a number below a hundred in words ("three", "twenty-four")."""
    return rf"(?i:(?:{_words('ten')})(?:[-\s](?:{_words('unit')}))?|{_words('unit')})\b"


@cache
def share_expression() -> str:
    """Return a regular expression for a part of a whole ("half", "a third", "two-thirds")."""
    parts = rf"(?:{_words('share')}|{_words('half')})\b"
    return rf"(?i:(?:(?:{_words('article')})\s+|{small_number_expression()}[-\s]){parts}|(?:{_words('half')})\b)"


@cache
def number_expression() -> str:
    """Return a regular expression for a number in digits or words ("1.5 million", "two hundred and ten", "tens of thousands")."""
    small, scales, plurals = small_number_expression(), _words("scale"), _words("plural")
    article, shares = _words("article"), _words("half", "share")
    one = rf"(?:(?:(?:(?:{article})\s+|{small}[-\s])?(?:{shares})\s+of|{_words('half')})\s+)?(?:{article})\b(?=\s+(?:{scales})\b)"
    half = rf"{small}\s+(?:{_words('joint')})\s+(?:{article})\s+(?:{_words('half')})\s+(?:{scales})\b"
    words = rf"(?:{small}|{one})(?:\s+(?:{scales})\b(?:\s+(?:(?:{_words('joint')})\s+)?{small})?)*"
    few = rf"(?:(?:{_words('article')})\s+)?(?:{_words(*_OPEN)})\s+(?:of\s+)?(?:{scales})\b"
    some = rf"(?:{_words('article')})\s+(?:{_words('few')})\b|(?:{_words('several')})\b"
    many = rf"(?:{plurals})\b(?:\s+of\s+(?:{plurals})\b)?"
    return rf"(?i:{_DIGITS}(?:\s?(?:{_words('letter')})\b|\s?-?(?:{scales})\b)*|{few}|{half}|{words}|{many}|(?:{scales})\b|{some})"


def share_percent(words: str) -> float | None:
    """Return a part of a whole in percent, None for one that is the whole or more ("two halves").

    >>> share_percent("half"), share_percent("two-thirds"), share_percent("a quarter")
    (50.0, 66.67, 25.0)
    """
    *numerator, part = re.findall(r"[^\W\d_]+", words.lower())
    share = (number_value(" ".join(numerator)) or 1) * number_words()[part].low
    return round(100 * share, 2) if share < 1 else None


def number_bounds(words: str) -> tuple[float, float] | None:
    """Return the least and most a number in digits or words may mean, None for anything else.

    >>> number_bounds("two hundred and ten"), number_bounds("1.5 million"), number_bounds("miners")
    ((210.0, 210.0), (1500000.0, 1500000.0), None)
    >>> number_bounds("tens of thousands")
    (20000.0, 99999.0)
    """
    rows = [row for part in words.lower().split() if (row := number_words().get(part))]
    few = next((row for row in rows if row.type in _OPEN), None)
    if few and rows[-1].type == "scale":
        return few.low * rows[-1].low, (few.high + 1) * rows[-1].low - 1
    if few and rows[-1] is few:
        return few.low, few.high
    many = [row for row in rows if row.type == "plural"]
    if not many:
        value = number_value(words)
        return None if value is None else (value, value)
    low, high = many[0].low, many[0].high
    for row in many[1:]:
        scale = row.low / 2  # the plural of a scale begins at two of it
        low, high = low * scale, (high + 1) * scale - 1
    return low, high


def number_value(words: str) -> float | None:
    """Return the value of one number in digits or words, None for anything else.

    >>> number_value("2,014"), number_value("a dozen"), number_value("half a million"), number_value("two and a half million")
    (2014.0, 12.0, 500000.0, 2500000.0)
    """
    total, current, seen, joined = 0.0, 0.0, False, False
    for part in re.findall(r"\d[\d,.]*|[^\W\d_]+", re.sub(r"(?<=[\d,])\s(?=\d)", "", words.lower())):
        if part[0].isdigit():
            if not re.fullmatch(_DIGITS, part):
                return None
            current += float(part.replace(",", ""))
            seen = True
            continue
        row = number_words().get(part)
        if row is None and part == _OF:
            continue
        if row is None or row.type in ("plural", *_OPEN):
            return None
        if row.type in ("unit", "ten"):
            current += row.low
            seen = True
        elif row.type in ("half", "share"):
            current = current + row.low if joined else (current or 1) * row.low
        elif row.type in ("scale", "letter") and row.low == _HUNDRED:
            current = (current or 1) * row.low
            seen = True
        elif row.type in ("scale", "letter"):
            total, current, seen = total + (current or 1) * row.low, 0.0, True
        joined = joined or row.type == "joint"
    return round(total + current, _DECIMALS) if seen else None


def last_scale(words: str) -> float | None:
    """Return the last scale of a number ("3 million": 1,000,000), None for one without."""
    last = re.findall(r"[^\W\d_]+", words.lower())[-1:]
    row = number_words().get(last[0]) if last else None
    return row.low if row and row.type in ("scale", "letter") else None


def _words(*kinds: str) -> str:
    return "|".join(sorted((row.word for row in number_words().values() if row.type in kinds), key=len, reverse=True))
