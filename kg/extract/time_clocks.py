"""Resolves clocks on a day."""

from dataclasses import replace
from datetime import timedelta

from kg.extract.time_bounds import Bounds, start_of, unit_at
from kg.extract.time_patterns import TimeWord
from kg.extract.time_phrases import Phrase, iso_date, word_of


def clock_of_day(phrase: Phrase, day: Bounds) -> Bounds | None:
    if day.earliest is None:
        return None
    if "oclock" in phrase.words and "part" not in phrase.words:
        return None
    text = next(phrase.words[slot] for slot in ("clock", "clock24", "clock4", "oclock") if slot in phrase.words)
    digits = "".join(character for character in text if character.isdigit())
    hour, minute = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    if "clock" in phrase.words:
        hour = hour % 12 + (12 if "p" in text.lower() else 0)
    if "oclock" in phrase.words:
        hour = _hour_in_part(hour % 12, word_of(phrase, "part"))
    zone = word_of(phrase, "zone") if "zone" in phrase.words else None
    least = (zone.low or 0) if zone else 0
    most = zone.high if zone and zone.high is not None else least
    unit = "minute" if len(digits) > 2 else "hour"
    moment = start_of(day.earliest, "day") + timedelta(hours=hour, minutes=minute)
    bounds = unit_at(moment - timedelta(hours=most), unit)
    if most > least:  # a zone that is named alike in summer and winter
        bounds = replace(bounds, latest=unit_at(moment - timedelta(hours=least), unit).latest, precision="hour")
    return replace(bounds, anchor=day.anchor or iso_date(day))


def _hour_in_part(hour: int, part: TimeWord) -> int:
    """Return the hour of the day, 0 to 35, that lies in a part of the day: 10 in the evening is 22, 2 at night is the next day's."""
    return next((later for later in (hour, hour + 12, hour + 24) if (part.low or 0) <= later < (part.high or 24)), hour)
