"""Resolves phrases that count: so long ago, later than a date in the text, the last weeks of a month."""

from dataclasses import replace

from kg.extract.time_bounds import PRECISIONS, SECOND, Bounds, add, length_of, longest, moment_of, part_of, start_of, unit_at
from kg.extract.time_calendar import month_named
from kg.extract.time_phrases import Phrase, Surroundings, count_of, iso_date, number_of, part_or_day, reference_of, unit_name, word_of


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
    precision, cut = PRECISIONS[unit] if low == high else "fuzzy", unit
    if low % 1 and unit == "hour":
        cut = "minute"
    if "half" in phrase.words:  # between the whole counts below and above
        high, precision, cut = high + 1, "fuzzy", "day" if longest(unit) > longest("day") else "minute"
    near, far = (low, high) if side > 0 else (high, low)
    first, last = add(anchor.earliest, side * near, unit), add(anchor.latest, side * far, unit)
    if longest(unit) > longest("year"):  # "a decade ago" is some years about the tenth year back, not a decade of the calendar
        return Bounds(start_of(add(first, -0.5, unit), "year"), unit_at(add(last, 0.5, unit), "year", -1).latest, precision, name)
    return Bounds(start_of(first, cut), unit_at(last, cut).latest, precision, name)


def event_offset(phrase: Phrase, around: Surroundings) -> Bounds | None:
    """Return so long before or after an event that the text has dated."""
    plural = "count" not in phrase.words and phrase.words["unit"].endswith("s")
    anchor = next((one.bounds for one in reversed(around.earlier) if phrase.words["event"] in one.clause), None)
    if plural or anchor is None:
        return None
    return counted(phrase, anchor, phrase.rule.shift or 1, iso_date(anchor))


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
    return next((one.bounds for one in reversed(around.earlier) if (length := length_of(one.bounds)) is not None and length < most), None)


def unit_part(phrase: Phrase, around: Surroundings) -> Bounds | None:
    """Return "the end of the year": of this year, or where the verb looks back of the year told of, or of the last that has ended."""
    reference = reference_of(around)
    word, unit = word_of(phrase, "fraction"), unit_name(phrase)
    told = _anchor_within(around, unit) if around.direction < 0 else None
    if told and told.earliest:
        part = part_of(unit_at(told.earliest, unit), word.low or 0, word.high or 1)
        return replace(part, anchor=iso_date(told))
    if reference is None:
        return None
    part = part_of(unit_at(reference, unit), word.low or 0, word.high or 1)
    if around.direction < 0 and part.earliest and part.earliest > reference:
        part = part_of(unit_at(reference, unit, -1), word.low or 0, word.high or 1)
    return replace(part, anchor=around.anchor)


def nth_week(phrase: Phrase, around: Surroundings) -> Bounds | None:
    """Return the first to fourth seven days of a month, or its last seven."""
    month, number = month_named(phrase, around), int(word_of(phrase, "nth").low or 1)
    if month is None or month.earliest is None or month.latest is None:
        return None
    start = add(month.earliest, number - 1, "week") if number > 0 else add(month.latest + SECOND, -1, "week")
    return replace(month, earliest=start, latest=add(start, 1, "week") - SECOND)


def edge(phrase: Phrase, around: Surroundings) -> Bounds | None:
    """Return the first or last so many units of a month or year."""
    year = moment_of(number_of(phrase, "year2")) if "year2" in phrase.words else None
    period = unit_at(year, "year") if year else month_named(replace(phrase, rule=replace(phrase.rule, shift=None)), around)
    if period is None or period.earliest is None or period.latest is None:
        return None
    unit, (low, high) = unit_name(phrase), count_of(phrase)
    precision = PRECISIONS[unit] if low == high else "fuzzy"
    if (phrase.rule.shift or 1) > 0:
        return replace(period, latest=add(period.earliest, high, unit) - SECOND, precision=precision)
    return replace(period, earliest=add(period.latest + SECOND, -high, unit), precision=precision)
