"""Resolves phrases that count: so long ago, later than a date in the text, the last weeks of a month."""

from dataclasses import replace

from kg.extract.time_bounds import PRECISIONS, SECOND, Bounds, add, length_of, longest, moment_of, start_of, unit_at
from kg.extract.time_calendar import month_named
from kg.extract.time_phrases import Phrase, Surroundings, count_of, iso_date, number_of, part_or_day, reference_of, unit_name


def rolling(phrase: Phrase, around: Surroundings) -> Bounds | None:
    return _reach(phrase, around, phrase.rule.shift or -1)


def recent(phrase: Phrase, around: Surroundings) -> Bounds | None:
    return _reach(phrase, around, -1)


def lasting(phrase: Phrase, around: Surroundings) -> Bounds | None:
    return _reach(phrase, around, -1) if around.perfect else None


def within(phrase: Phrase, around: Surroundings) -> Bounds | None:
    return _reach(phrase, around, 1) if around.direction > 0 else None


def _reach(phrase: Phrase, around: Surroundings, side: int) -> Bounds | None:
    """Return so many units up to the reference (side -1) or from it on (side 1)."""
    reference = around.reference
    if reference is None or reference.earliest is None or reference.latest is None:
        return None
    unit, (low, high) = unit_name(phrase), count_of(phrase)
    precision = PRECISIONS[unit] if low == high else "fuzzy"
    whole_days = longest(unit) >= longest("day")
    if side < 0:
        start = add(reference.earliest, -high, unit)
        return Bounds(start_of(start, "day") if whole_days else start, reference.latest, precision, around.anchor)
    end = add(reference.latest, high, unit)
    return Bounds(reference.earliest, unit_at(end, "day").latest if whole_days else end, precision, around.anchor)


def ago(phrase: Phrase, around: Surroundings) -> Bounds | None:
    return None if around.reference is None else counted(phrase, around.reference, -1, around.anchor)


def ahead(phrase: Phrase, around: Surroundings) -> Bounds | None:
    if around.perfect:  # "in 28 years nobody has asked": up to now
        return _reach(phrase, around, -1)
    return None if around.reference is None or around.direction <= 0 else counted(phrase, around.reference, 1, around.anchor)


def ago_open(phrase: Phrase, around: Surroundings) -> Bounds | None:
    reference, unit = reference_of(around), unit_name(phrase)
    return None if reference is None else Bounds(None, unit_at(add(reference, -2, unit), unit).latest, "fuzzy", around.anchor)


def later(phrase: Phrase, around: Surroundings) -> Bounds | None:
    anchor = _anchor_within(around, unit_name(phrase))
    return None if anchor is None else counted(phrase, anchor, phrase.rule.shift or 1, iso_date(anchor))


def counted(phrase: Phrase, anchor: Bounds, side: int, name: str | None) -> Bounds | None:
    """Return the calendar units that lie so many units before or after the anchor."""
    if anchor.earliest is None or anchor.latest is None:
        return None
    unit, (low, high) = unit_name(phrase), count_of(phrase)
    near, far = (low, high) if side > 0 else (high, low)
    first = start_of(add(anchor.earliest, side * near, unit), unit)
    last = unit_at(add(anchor.latest, side * far, unit), unit).latest
    return Bounds(first, last, PRECISIONS[unit] if low == high else "fuzzy", name)


def anchored_day(phrase: Phrase, around: Surroundings) -> Bounds | None:
    return _anchored(around, "day", phrase.rule.shift or 0)


def anchored_unit(phrase: Phrase, around: Surroundings) -> Bounds | None:
    return _anchored(around, unit_name(phrase), phrase.rule.shift or 0)


def anchored_part(phrase: Phrase, around: Surroundings) -> Bounds | None:
    day = _anchored(around, "day", 0)
    return None if day is None or day.earliest is None else replace(part_or_day(phrase, day.earliest, around), anchor=day.anchor)


def _anchored(around: Surroundings, unit: str, shift: int) -> Bounds | None:
    anchor = _anchor_within(around, unit)
    if anchor is None or anchor.earliest is None:
        return None
    return replace(unit_at(anchor.earliest, unit, shift), anchor=iso_date(anchor))


def _anchor_within(around: Surroundings, unit: str) -> Bounds | None:
    """Return the last time found before that is no longer than the unit (a day for shorter units)."""
    most = max(longest(unit), longest("day"))
    return next((bounds for bounds in reversed(around.earlier) if (length := length_of(bounds)) is not None and length < most), None)


def edge(phrase: Phrase, around: Surroundings) -> Bounds | None:
    """Return the first or last so many units of a month or year."""
    year = moment_of(number_of(phrase, "year2")) if "year2" in phrase.words else None
    period = unit_at(year, "year") if year else month_named(phrase, around)
    if period is None or period.earliest is None or period.latest is None:
        return None
    unit, (low, high) = unit_name(phrase), count_of(phrase)
    precision = PRECISIONS[unit] if low == high else "fuzzy"
    if (phrase.rule.shift or 1) > 0:
        return replace(period, latest=add(period.earliest, high, unit) - SECOND, precision=precision)
    return replace(period, earliest=add(period.latest + SECOND, -high, unit), precision=precision)
