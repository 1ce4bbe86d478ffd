"""Resolves phrases that name a place in the calendar: dates, months, weekdays, last week, tonight."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from kg.extract.time_bounds import SECOND, Bounds, add, hours_of_day, moment_of, read_moment, start_of, unit_at, weekday_from
from kg.extract.time_patterns import time_word
from kg.extract.time_phrases import Phrase, Surroundings, month_number, number_of, part_or_day, reference_of, unit_name, word_of

_SUNDAY = 7


def date_named(phrase: Phrase, around: Surroundings) -> Bounds | None:
    month = month_number(phrase)
    return _month_days(phrase, around, month, number_of(phrase, "day"))


def holiday(phrase: Phrase, around: Surroundings) -> Bounds | None:
    word = word_of(phrase, "holiday")
    return _month_days(phrase, around, int(word.low or 1), int(word.high or 1))


def _month_days(phrase: Phrase, around: Surroundings, month: int, day: int) -> Bounds | None:
    first = _dated(phrase, around, month, day)
    if first is None:
        return None
    bounds = unit_at(first, "day")
    if "day2" in phrase.words:
        last = moment_of(first.year, month, number_of(phrase, "day2"))
        if last is None:
            return None
        bounds = replace(bounds, latest=unit_at(last, "day").latest)
    return bounds if "year" in phrase.words else replace(bounds, anchor=around.anchor)


def _dated(phrase: Phrase, around: Surroundings, month: int, day: int) -> datetime | None:
    """Return the day; without a year the nearest one, on the weekday if one is named and on the verb's side of the reference."""
    if "year" in phrase.words:
        return moment_of(number_of(phrase, "year"), month, day)
    reference = reference_of(around)
    if reference is None:
        return None
    this_day = start_of(reference, "day")
    moments = [moment for year in range(this_day.year - 6, this_day.year + 7) if (moment := moment_of(year, month, day))]
    if "weekday" in phrase.words:
        weekday = int(word_of(phrase, "weekday").low or 0)
        moments = [moment for moment in moments if moment.isoweekday() == weekday] or moments
    on_side = [moment for moment in moments if (moment - this_day).days * around.direction >= 0]
    return min(on_side or moments, key=lambda moment: abs(moment - this_day), default=None)


def iso_moment(phrase: Phrase, around: Surroundings) -> Bounds | None:
    try:
        return replace(read_moment(phrase.words["iso"]), anchor=None)
    except ValueError:  # digits in the form of a date that no calendar has
        return None


def numeric_date(phrase: Phrase, around: Surroundings) -> Bounds | None:
    """Return the day of a date in digits; where two orders are possible, from the one to the other."""
    text = phrase.words["numericdate"]
    first, second, year = (int(part) for part in re.split(r"[./-]", text))
    orders = [(second, first)] if "." in text else [(second, first), (first, second)]
    days = sorted(found for month, day in orders if (found := moment_of(year, month, day)))
    if not days:
        return None
    bounds = replace(unit_at(days[0], "day"), latest=unit_at(days[-1], "day").latest)
    return bounds if days[0] == days[-1] else replace(bounds, precision="fuzzy")


def nth_weekday(phrase: Phrase, around: Surroundings) -> Bounds | None:
    """Return the first to fourth or the last day of that name in a month."""
    month = month_named(phrase, around)
    if month is None or month.earliest is None or month.latest is None:
        return None
    weekday, number = int(word_of(phrase, "weekday").low or 1), int(word_of(phrase, "nth").low or 1)
    if number < 0:
        day = weekday_from(month.latest, weekday, forward=False, strictly=False)
    else:
        day = add(weekday_from(month.earliest, weekday, forward=True, strictly=False), number - 1, "week")
    return replace(unit_at(day, "day"), anchor=month.anchor)


def month_named(phrase: Phrase, around: Surroundings) -> Bounds | None:
    month = month_number(phrase)
    return _months(phrase, around, month, month)


def season_named(phrase: Phrase, around: Surroundings) -> Bounds | None:
    word = word_of(phrase, "season")
    return _months(phrase, around, int(word.low or 1), int(word.high or 1))


def _months(phrase: Phrase, around: Surroundings, first: int, last: int) -> Bounds | None:
    """Return the months `first` to `last` (13 is the next January) of the year named, else of the year that shift or verb choose."""
    if "year" in phrase.words:
        return _month_run(number_of(phrase, "year"), first, last)
    reference = reference_of(around)
    if reference is None:
        return None
    runs = [_month_run(reference.year + years, first, last) for years in (-2, -1, 0, 1, 2)]
    begun = [run for run in runs if run.earliest and run.earliest <= reference]
    coming = [run for run in runs if run.latest and run.latest >= reference]
    if phrase.rule.shift == -1:
        begun = [run for run in begun if run not in coming]
    if phrase.rule.shift == 1:
        coming = [run for run in coming if run not in begun]
    forward = around.direction > 0 if phrase.rule.shift is None else phrase.rule.shift == 1
    chosen = coming[0] if forward else begun[-1]
    if phrase.rule.shift == 0:  # "this May" is the one that lasts, else the one of this year
        chosen = next((run for run in begun if run in coming), runs[2])
    return replace(chosen, anchor=around.anchor)


def _month_run(year: int, first: int, last: int) -> Bounds:
    start = add(datetime.min.replace(year=year, tzinfo=UTC), first - 1, "month")
    return Bounds(start, add(start, last - first + 1, "month") - SECOND, "month")


def year_named(phrase: Phrase, around: Surroundings) -> Bounds | None:
    first = number_of(phrase, "year")
    last = first
    if "year2" in phrase.words:
        last = number_of(phrase, "year2")
    elif "shortyear" in phrase.words:
        last = first - first % 100 + number_of(phrase, "shortyear")
    start, end = moment_of(first), moment_of(last)
    return Bounds(start, unit_at(end, "year").latest, "year") if start and end else None


def decade_named(phrase: Phrase, around: Surroundings) -> Bounds | None:
    year = number_of(phrase, "decade")
    if year < 100:  # two digits: the last such decade that has begun
        reference = reference_of(around)
        year += 1900
        if reference and year + 100 <= reference.year:
            year += 100
    start = moment_of(year)
    return unit_at(start, "decade") if start else None


def century_named(phrase: Phrase, around: Surroundings) -> Bounds | None:
    number = number_of(phrase, "ordinal")
    start = moment_of(max((number - 1) * 100, 1))
    return unit_at(start, "century") if start else None


def weekday_named(phrase: Phrase, around: Surroundings) -> Bounds | None:
    shift = phrase.rule.shift or 0
    forward = shift > 0 or (shift == 0 and around.direction > 0)
    reference = reference_of(around)
    if reference is None:
        return None
    weekday = int(word_of(phrase, "weekday").low or 1)
    return part_or_day(phrase, weekday_from(reference, weekday, forward=forward, strictly=shift != 0), around)


def night_between(phrase: Phrase, around: Surroundings) -> Bounds | None:
    return weekday_named(replace(phrase, words={**phrase.words, "part": "night"}), around)


def weekday_of_week(phrase: Phrase, around: Surroundings) -> Bounds | None:
    reference = reference_of(around)
    if reference is None:
        return None
    monday = add(start_of(reference, "week"), phrase.rule.shift or 0, "week")
    return part_or_day(phrase, add(monday, (word_of(phrase, "weekday").low or 1) - 1, "day"), around)


def day_relative(phrase: Phrase, around: Surroundings) -> Bounds | None:
    reference = reference_of(around)
    return None if reference is None else part_or_day(phrase, add(reference, phrase.rule.shift or 0, "day"), around)


def night_relative(phrase: Phrase, around: Surroundings) -> Bounds | None:
    reference = reference_of(around)
    if reference is None:
        return None
    night = time_word("part", "night")
    return replace(hours_of_day(add(reference, phrase.rule.shift or 0, "day"), night.low or 0, night.high or 0), anchor=around.anchor)


def overnight(phrase: Phrase, around: Surroundings) -> Bounds | None:
    """Return the night before publication, unless the paragraph names a day: then it may be either side of that day."""
    reference = reference_of(around)
    if reference is None or around.day:
        return None
    night = time_word("part", "night")
    return replace(hours_of_day(add(reference, -1, "day"), night.low or 0, night.high or 0), anchor=around.anchor)


def unit_relative(phrase: Phrase, around: Surroundings) -> Bounds | None:
    reference = reference_of(around)
    if reference is None:
        return None
    unit, shift = unit_name(phrase), phrase.rule.shift or 0
    if unit == "weekend" and shift == 0:
        return weekend_relative(phrase, around)
    found = unit_at(reference, unit, shift)
    if unit == "week" and found.latest is not None and reference.isoweekday() == _SUNDAY:
        # On a Sunday the week may be the one that ends or the one that begins: both are within the bounds.
        found = replace(found, latest=add(found.latest, 6, "day"))
    return replace(found, anchor=around.anchor)


def weekend_relative(phrase: Phrase, around: Surroundings) -> Bounds | None:
    """Return the last weekend that has begun, or the coming one."""
    reference = reference_of(around)
    if reference is None:
        return None
    this = unit_at(reference, "weekend")
    begun = this.earliest is not None and this.earliest <= reference
    return replace(this if begun or around.direction > 0 else unit_at(reference, "weekend", -1), anchor=around.anchor)
