"""Arithmetic of periods: calendar units, their shifts and parts, all in UTC and to the second."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from kg.records import Precision

SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
_LONGEST_IN_DAYS = 60
"""Periods longer than this are cut at months, shorter ones at days or hours."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """From `earliest` to `latest`, both included; either may be open. `anchor` is as in `kg.records.Time`."""

    earliest: datetime | None
    latest: datetime | None
    precision: Precision | None = None
    anchor: str | None = None


PRECISIONS: dict[str, Precision] = {
    "second": "time",
    "minute": "time",
    "hour": "hour",
    "day": "day",
    "weekend": "day",
    "week": "week",
    "fortnight": "week",
    "month": "month",
    "year": "year",
    "decade": "decade",
    "century": "fuzzy",
}
"""The precision of a time that is counted in a unit."""

_FIXED = {
    "second": SECOND,
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": _DAY,
    "week": 7 * _DAY,
    "weekend": 7 * _DAY,
    "fortnight": 14 * _DAY,
}
_MONTHS = {"month": 1, "year": 12, "decade": 120, "century": 1200}


def read_moment(text: str) -> Bounds:
    """Return the moment of an xsd:dateTime, or the whole day of a bare date; ValueError for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is neither an xsd:dateTime nor a date; write it like 2021-08-07T09:30:00Z or 2021-08-07") from error
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    moment = moment.replace(microsecond=0)
    if "T" in text or " " in text.strip():
        return Bounds(moment, moment, "time")
    return unit_at(moment, "day")


def write_moment(moment: datetime | None) -> str | None:
    """Return an xsd:dateTime in UTC ("2021-08-07T00:00:00Z")."""
    return None if moment is None else f"{moment.replace(tzinfo=None).isoformat()}Z"


def moment_of(year: int, month: int = 1, day: int = 1) -> datetime | None:
    """Return the first moment of a day, None for a day that the calendar does not have."""
    if not (1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return datetime(year, month, day, tzinfo=UTC)


def start_of(moment: datetime, unit: str) -> datetime:
    """Return the first moment of the calendar unit that holds `moment`; weeks begin on Monday, a weekend on Saturday."""
    return _STARTS[unit](moment)


def add(moment: datetime, count: float, unit: str) -> datetime:
    """Return the moment `count` units later (earlier when negative); days that a month lacks become its last day."""
    if unit in _FIXED:
        return moment + count * _FIXED[unit]
    months = moment.year * 12 + moment.month - 1 + round(count * _MONTHS[unit])
    year, month = divmod(months, 12)
    year = min(max(year, date.min.year), date.max.year)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def unit_at(moment: datetime, unit: str, shift: int = 0) -> Bounds:
    """Return the calendar unit that holds `moment`, or the one `shift` units after it."""
    start = add(start_of(moment, unit), shift, unit)
    end = start + 2 * _DAY if unit == "weekend" else add(start, 1, unit)
    return Bounds(start, end - SECOND, PRECISIONS[unit])


def part_of(bounds: Bounds, low: float, high: float) -> Bounds:
    """Return a share of a closed period ("early": 0 to a third), cut at whole hours, days or months by its length."""
    if bounds.earliest is None or bounds.latest is None:
        return bounds
    start, length = bounds.earliest, bounds.latest + SECOND - bounds.earliest
    unit = "hour" if length <= 2 * _DAY else "day" if length <= _LONGEST_IN_DAYS * _DAY else "month"
    first, last = _nearest(start + low * length, unit), _nearest(start + high * length, unit)
    if first >= last:
        return bounds
    return replace(bounds, earliest=first, latest=last - SECOND, precision="part-of-day" if unit == "hour" else "fuzzy")


def hours_of_day(day: datetime, low: float, high: float) -> Bounds:
    """Return the hours `low` to `high` of the day that holds `day`; hours past 24 run into the next day."""
    start = start_of(day, "day")
    return Bounds(start + low * _FIXED["hour"], start + high * _FIXED["hour"] - SECOND, "part-of-day")


def length_of(bounds: Bounds) -> timedelta | None:
    """Return how long a period is, None for an open one."""
    if bounds.earliest is None or bounds.latest is None:
        return None
    return bounds.latest - bounds.earliest


def is_day(bounds: Bounds) -> bool:
    """Tell whether the bounds are one day or lie within one."""
    length = length_of(bounds)
    return length is not None and length < _DAY


def longest(unit: str) -> timedelta:
    """Return the length of the longest calendar unit of this name."""
    return _FIXED.get(unit) or 31 * _MONTHS[unit] * _DAY


def weekday_from(moment: datetime, weekday: int, *, forward: bool, strictly: bool) -> datetime:
    """Return the nearest day of that name (1 is Monday) on one side of `moment`, its own day too unless `strictly`."""
    day = start_of(moment, "day")
    distance = (weekday - day.isoweekday()) % 7 if forward else (day.isoweekday() - weekday) % 7
    if strictly and distance == 0:
        distance = 7
    return day + (distance if forward else -distance) * _DAY


def _nearest(moment: datetime, unit: str) -> datetime:
    floor = start_of(moment, unit)
    ceiling = add(floor, 1, unit)
    return floor if moment - floor <= ceiling - moment else ceiling


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0)


def _monday(moment: datetime) -> datetime:
    return _midnight(moment) - (moment.isoweekday() - 1) * _DAY


def _saturday(moment: datetime) -> datetime:
    return _monday(moment) + 5 * _DAY


def _year(moment: datetime, years: int = 1) -> datetime:
    return _midnight(moment).replace(year=max(moment.year - moment.year % years, 1), month=1, day=1)


_STARTS: dict[str, Callable[[datetime], datetime]] = {
    "second": lambda moment: moment,
    "minute": lambda moment: moment.replace(second=0),
    "hour": lambda moment: moment.replace(minute=0, second=0),
    "day": _midnight,
    "week": _monday,
    "weekend": _saturday,
    "fortnight": _monday,
    "month": lambda moment: _midnight(moment).replace(day=1),
    "year": _year,
    "decade": lambda moment: _year(moment, 10),
    "century": lambda moment: _year(moment, 100),
}
