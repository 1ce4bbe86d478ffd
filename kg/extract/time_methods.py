"""Resolves a time phrase: one function for each method named in time_rules.csv."""

from collections.abc import Callable
from dataclasses import replace

from kg.extract.time_bounds import SECOND, Bounds, is_day, part_of, start_of, unit_at
from kg.extract.time_calendar import (
    century_named,
    date_named,
    day_relative,
    decade_named,
    holiday,
    iso_moment,
    month_named,
    night_between,
    night_relative,
    nth_weekday,
    numeric_date,
    overnight,
    season_named,
    unit_relative,
    weekday_named,
    weekday_of_week,
    weekend_relative,
    year_named,
)
from kg.extract.time_clocks import clock_of_day
from kg.extract.time_distances import (
    ago,
    ago_open,
    ahead,
    anchored_day,
    anchored_part,
    anchored_unit,
    counted,
    edge,
    event_offset,
    lasting,
    later,
    nth_week,
    recent,
    rolling,
    unit_part,
    within,
)
from kg.extract.time_patterns import TimeRule, TimeWord, is_word
from kg.extract.time_phrases import PUBLISHED, Phrase, Surroundings, has_year, iso_date, part_or_day, word_of


def resolve(phrase: Phrase, around: Surroundings) -> Bounds | None:
    """Return the bounds of a phrase, None where the words and their surroundings do not tell."""
    bounds = METHODS[phrase.rule.method](phrase, around)
    if bounds is None or (bounds.earliest is None and bounds.latest is None):
        return None
    if bounds.earliest and bounds.latest and bounds.earliest > bounds.latest:
        return None
    return replace(bounds, precision=phrase.rule.precision) if phrase.rule.precision else bounds


def _offset(phrase: Phrase, around: Surroundings) -> Bounds | None:
    anchor = resolve(phrase.parts[0], around)
    if anchor is None:
        return None
    return counted(phrase, anchor, phrase.rule.shift or 1, iso_date(anchor))


def _clock(phrase: Phrase, around: Surroundings) -> Bounds | None:
    return None if around.day is None else clock_of_day(phrase, around.day)


def _clock_on(phrase: Phrase, around: Surroundings) -> Bounds | None:
    clock, day = phrase.parts if phrase.parts[0].rule.method == "clock" else phrase.parts[::-1]
    bounds = resolve(day, around)
    if bounds is None or not is_day(bounds):
        return None
    found = clock_of_day(clock, bounds)
    return replace(found, anchor=bounds.anchor) if found else None


def _part(phrase: Phrase, around: Surroundings) -> Bounds | None:
    if around.day is None or around.day.earliest is None:
        return None
    return replace(part_or_day(phrase, around.day.earliest, around), anchor=iso_date(around.day))


def _part_of(phrase: Phrase, around: Surroundings) -> Bounds | None:
    day = resolve(phrase.parts[0], around)
    if day is None or day.earliest is None or not is_day(day):
        return None
    return replace(part_or_day(phrase, day.earliest, around), anchor=day.anchor)


def _date_in_year(phrase: Phrase, around: Surroundings) -> Bounds | None:
    date, year = phrase.parts
    bounds = resolve(year, around)
    if bounds is None or bounds.earliest is None:
        return None
    found = resolve(replace(date, words={**date.words, "year": str(bounds.earliest.year)}), around)
    return replace(found, anchor=bounds.anchor) if found else None


def _fraction(phrase: Phrase, around: Surroundings) -> Bounds | None:
    inner, word = phrase.parts[0], word_of(phrase, "fraction")
    if "part" in inner.words and (finer := _finer_part(word, inner)):
        return resolve(replace(inner, words={**inner.words, "part": finer}), around)
    whole = resolve(inner, around)
    return None if whole is None else part_of(whole, word.low or 0, word.high or 1)


def _finer_part(fraction: TimeWord, inner: Phrase) -> str | None:
    """Return a part of the day that has hours of its own: "late" and "Monday night" are a "late night"."""
    finer = f"{fraction.words.split('|')[0]} {inner.words['part'].lower()}"
    return finer if is_word("part", finer) else None


def _cut(phrase: Phrase, around: Surroundings) -> Bounds | None:
    return _cut_at_reference(phrase, around, resolve(phrase.parts[0], around))


def _unit_cut(phrase: Phrase, around: Surroundings) -> Bounds | None:
    return _cut_at_reference(phrase, around, unit_relative(replace(phrase, rule=replace(phrase.rule, shift=0)), around))


def _cut_at_reference(phrase: Phrase, around: Surroundings, whole: Bounds | None) -> Bounds | None:
    """Return the part of a period after or before the reference, the whole when the reference is outside."""
    reference = around.reference
    if whole is None or reference is None or not (whole.earliest and whole.latest and reference.earliest and reference.latest):
        return whole
    if not whole.earliest <= reference.earliest <= whole.latest:
        return whole
    return (
        replace(whole, earliest=reference.earliest)
        if phrase.rule.shift == 1
        else replace(whole, latest=min(reference.latest, whole.latest))
    )


def _range(phrase: Phrase, around: Surroundings) -> Bounds | None:
    """Return start to end; a start without a year of its own is the last one before the end."""
    first, last = phrase.parts
    end = resolve(last, around)
    if end is None:
        return None
    if first.rule.method in _NAMED_WITHOUT_YEAR and not has_year(first):
        around = replace(around, reference=end, anchor=end.anchor or iso_date(end) or PUBLISHED, direction=-1)
    if first.rule.method in _WITHOUT_DAY and is_day(end):
        around = replace(around, day=end)
    start = resolve(first, around)
    return None if start is None else replace(start, latest=end.latest)


def _since(phrase: Phrase, around: Surroundings) -> Bounds | None:
    bounds = resolve(phrase.parts[0], replace(around, direction=-1))
    return None if bounds is None else replace(bounds, latest=around.reference.latest if around.reference else None)


def _until(phrase: Phrase, around: Surroundings) -> Bounds | None:
    bounds = resolve(phrase.parts[0], around)
    return None if bounds is None else replace(bounds, earliest=None)


def _by(phrase: Phrase, around: Surroundings) -> Bounds | None:
    return _until(phrase, around if around.direction else replace(around, direction=1))


def _before(phrase: Phrase, around: Surroundings) -> Bounds | None:
    bounds = resolve(phrase.parts[0], around)
    if bounds is None or bounds.earliest is None:
        return None
    return replace(
        bounds, earliest=start_of(bounds.earliest, "day") if _shorter_than_day(bounds) else None, latest=bounds.earliest - SECOND
    )


def _after(phrase: Phrase, around: Surroundings) -> Bounds | None:
    bounds = resolve(phrase.parts[0], around)
    if bounds is None or bounds.latest is None:
        return None
    end = unit_at(bounds.latest, "day").latest if _shorter_than_day(bounds) else None
    return replace(bounds, earliest=bounds.latest + SECOND, latest=end)


def _after_start(phrase: Phrase, around: Surroundings) -> Bounds | None:
    bounds = resolve(phrase.parts[0], around)
    return None if bounds is None else replace(bounds, latest=None)


def _none(phrase: Phrase, around: Surroundings) -> Bounds | None:
    return None


def _shorter_than_day(bounds: Bounds) -> bool:
    """Tell whether a time is finer than a day: "after midnight" ends with its day, "after Monday" does not."""
    return is_day(bounds) and bounds.precision != "day"


COUNTED_FROM_EVENT = "event-offset"
"""The method of phrases that count from an event that a noun behind them names."""
_NAMED_WITHOUT_YEAR = frozenset({"date", "holiday", "month", "season", "weekday"})

METHODS: dict[str, Callable[[Phrase, Surroundings], Bounds | None]] = {
    "none": _none,
    "repeated": _none,
    "date": date_named,
    "holiday": holiday,
    "iso": iso_moment,
    "numeric": numeric_date,
    "nth-weekday": nth_weekday,
    "date-in-year": _date_in_year,
    "month": month_named,
    "season": season_named,
    "year": year_named,
    "decade": decade_named,
    "century": century_named,
    "weekday": weekday_named,
    "weekday-of-week": weekday_of_week,
    "day": day_relative,
    "night": night_relative,
    "night-between": night_between,
    "overnight": overnight,
    "unit": unit_relative,
    "unit-part": unit_part,
    "unit-cut": _unit_cut,
    "weekend": weekend_relative,
    "rolling": rolling,
    "recent": recent,
    "lasting": lasting,
    "within": within,
    "ago": ago,
    "ahead": ahead,
    "ago-open": ago_open,
    "later": later,
    "anchored-day": anchored_day,
    "anchored-part": anchored_part,
    "anchored-unit": anchored_unit,
    "edge": edge,
    "nth-week": nth_week,
    "clock": _clock,
    "clock-on": _clock_on,
    "part": _part,
    "part-of": _part_of,
    "fraction": _fraction,
    "cut": _cut,
    "range": _range,
    "offset": _offset,
    COUNTED_FROM_EVENT: event_offset,
    "since": _since,
    "until": _until,
    "by": _by,
    "before": _before,
    "after": _after,
    "after-start": _after_start,
    "from-start": _after_start,
}
"""The functions by their name in time_rules.csv."""

DATING = frozenset(METHODS) - {
    "none",
    "rolling",
    "recent",
    "lasting",
    "within",
    "ago-open",
    "since",
    "until",
    "by",
    "before",
    "after",
    "after-start",
    "from-start",
    "repeated",
}
"""Methods whose result is a time that later words may count from."""

_WITHOUT_DAY = frozenset({"clock", "part"})
_CLOCK, _NAMED_DAY = (
    frozenset({"clock"}),
    frozenset({"date", "holiday", "iso", "numeric", "nth-weekday", "weekday", "weekday-of-week", "day", "anchored-day", "later", "ago"}),
)
_WITHOUT_YEAR, _TOLD_YEAR = frozenset({"date", "holiday", "month", "season"}), frozenset({"unit", "anchored-unit"})
_PARTS = {"date-in-year": (_WITHOUT_YEAR, _TOLD_YEAR), "clock-on": (_CLOCK | _NAMED_DAY, _CLOCK | _NAMED_DAY), "part-of": (_NAMED_DAY,)}


def fits(rule: TimeRule, parts: tuple[Phrase, ...]) -> bool:
    """Tell whether a rule can be made of these phrases: a clock goes with a named day, a part of the day with a day."""
    wanted = _PARTS.get(rule.method)
    if wanted is None:
        return True
    if rule.method == "clock-on" and len({part.rule.method in _CLOCK for part in parts}) != len(parts):
        return False
    if rule.method == "date-in-year" and (parts[1].words.get("period") != "year" or has_year(parts[0])):
        return False
    return all(part.rule.method in methods for part, methods in zip(parts, wanted, strict=True))
