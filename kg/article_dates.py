"""Reads the publication date of an article: the common spellings to xsd:dateTime in UTC, or a bare date.

Nothing is guessed: a spelling that two readers could take for two days (07/08/2021) is refused.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache

from kg.lexicon import read_table

_DATE = r"""
    (?P<y1>\d{4}) (?P<sep>[-/.]) (?P<m1>\d{1,2}) (?P=sep) (?P<d1>\d{1,2})           # 2021-08-07
  | (?P<y2>\d{4}) (?P<m2>\d\d) (?P<d2>\d\d)                                         # 20210807
  | (?P<a>\d{1,2}) (?P<slash>[-/.]) (?P<b>\d{1,2}) (?P=slash) (?P<y3>\d{4})         # 25/08/2021
  | (?P<d4>\d{1,2}) (?:st|nd|rd|th)? [ ,-]+ (?P<n4>[a-z]{3,9})\.? [ ,-]+ (?P<y4>\d{4})  # 7 August 2021
  | (?P<n5>[a-z]{3,9})\.? \ + (?P<d5>\d{1,2}) (?:st|nd|rd|th)? [ ,]+ (?P<y5>\d{4})  # August 7, 2021
"""
_TIME = r"""
    (?P<hour>\d{1,2}) :? (?P<minute>\d\d) (?: :? (?P<second>\d\d) (?:[.,]\d+)? )? (?: \ ?(?P<half>[ap])\.?m\.? )?
"""
_ZONE = r"""
    (?: (?:utc|gmt)? (?P<sign>[-+]) (?P<offset_hours>\d{1,2}) (?: :? (?P<offset_minutes>\d\d) )? (?:\ ?\([a-z ]*\))?
      | (?P<name>[a-z]{1,4}) )
"""
_WEEKDAY = r"(?P<weekday>[a-z]{3,9})\.? ,? \ "
_BETWEEN = r"(?: t | ,?\ + (?:at\ )? )"
_PUBLISHED = re.compile(rf"(?:{_WEEKDAY})? (?:{_DATE}) (?: {_BETWEEN} {_TIME} (?: \ ?{_ZONE} )? )?", re.VERBOSE | re.IGNORECASE)
ACCEPTED = "2021-08-07, 2021-08-07T09:30:00Z, 2021-08-07 09:30 +02:00, Sat, 07 Aug 2021 09:30:00 +0200, 7 August 2021, August 7, 2021"
"""The forms an error message offers."""


@dataclass(frozen=True, slots=True)
class DateWord:
    """A row of data/lexicon/date_words.csv: a lower-case word, what part of a date it is, and the number it stands for."""

    id: str
    part: str
    value: int
    note: str


def normal_date(value: str) -> str:
    """Return "2021-08-07T09:30:00Z" for a value with a time (no offset: UTC), "2021-08-07" for one without.

    ValueError names the value and the accepted forms. Fractions of a second are dropped.

    >>> normal_date("Sat, 07 Aug 2021 09:30:00 +0430")
    '2021-08-07T05:00:00Z'
    >>> normal_date("7 August 2021")
    '2021-08-07'
    """
    found = _PUBLISHED.fullmatch(" ".join(value.split()))
    if not found:
        raise ValueError(f"the date {value!r} is not one of the accepted forms; write it like {ACCEPTED}")
    try:
        return _written(found)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"the date {value!r} cannot be read ({error}); write it like {ACCEPTED}") from None


def _written(found: re.Match[str]) -> str:
    if found["weekday"]:
        _number(found["weekday"], "weekday")
    day = _day(found)
    if found["hour"] is None:
        return day.isoformat()
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(f"no hour {hour} {found['half']}m")
        hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
    local = datetime(day.year, day.month, day.day, hour, int(found["minute"]), int(found["second"] or 0), tzinfo=_zone(found))
    return local.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _day(found: re.Match[str]) -> date:
    for year, month, day in (("y1", "m1", "d1"), ("y2", "m2", "d2")):
        if found[year]:
            return date(int(found[year]), int(found[month]), int(found[day]))
    for year, name, day in (("y4", "n4", "d4"), ("y5", "n5", "d5")):
        if found[year]:
            return date(int(found[year]), _number(found[name], "month"), int(found[day]))
    first, second = int(found["a"]), int(found["b"])
    if first <= 12 and second <= 12 and first != second:
        raise ValueError("day and month could be either way round")
    return date(int(found["y3"]), min(first, second), max(first, second))


def _zone(found: re.Match[str]) -> timezone:
    if found["sign"]:
        offset = timedelta(hours=int(found["offset_hours"]), minutes=int(found["offset_minutes"] or 0))
        return timezone(-offset if found["sign"] == "-" else offset)
    return timezone(timedelta(minutes=_number(found["name"], "zone"))) if found["name"] else UTC


def _number(word: str, part: str) -> int:
    number = _date_words().get((part, word.lower()))
    if number is None:
        raise ValueError(f"{word!r} is not a {part}")
    return number


@cache
def _date_words() -> dict[tuple[str, str], int]:
    return {(row.part, row.id): row.value for row in read_table("date_words", DateWord)}
