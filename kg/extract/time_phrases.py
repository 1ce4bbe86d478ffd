"""Time phrases as they were matched, and what they are resolved against."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from kg.extract.time_bounds import Bounds, hours_of_day, unit_at
from kg.extract.time_patterns import TimeRule, TimeWord, count_bounds, time_word

PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that a rule matched: the words of its slots by name, and the phrases it is made of."""

    rule: TimeRule
    start: int
    end: int
    words: Mapping[str, str]
    parts: tuple["Phrase", ...] = ()


@dataclass(frozen=True, slots=True)
class Earlier:
    """A time found before: its paragraph's number, its bounds, and the words of its clause (see `kg.extract.time_clauses`)."""

    paragraph: int
    bounds: Bounds
    clause: frozenset[str]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a phrase is resolved against.

    `reference` is the time of publication, `anchor` its name; `direction` is 1 where the verb looks forward, -1 where it
    looks back, 0 where nothing tells; `perfect` says that the verb is a present perfect; `earlier` are the times found
    before in this and the nearest paragraphs, `day` the last day named in this paragraph.
    """

    reference: Bounds | None
    anchor: str = PUBLISHED
    direction: int = 0
    perfect: bool = False
    earlier: tuple[Earlier, ...] = ()
    day: Bounds | None = None


def has_year(phrase: Phrase) -> bool:
    """Tell whether a phrase names its year, so that it needs no reference."""
    return bool({"year", "year2", "iso"} & phrase.words.keys()) or any(has_year(part) for part in phrase.parts)


def reference_of(around: Surroundings) -> datetime | None:
    return around.reference.latest if around.reference else None


def iso_date(bounds: Bounds) -> str | None:
    return bounds.earliest.date().isoformat() if bounds.earliest else None


def part_or_day(phrase: Phrase, moment: datetime, around: Surroundings) -> Bounds:
    if "part" not in phrase.words:
        return replace(unit_at(moment, "day"), anchor=around.anchor)
    word = word_of(phrase, "part")
    return replace(hours_of_day(moment, word.low or 0, word.high or 0), anchor=around.anchor)


def word_of(phrase: Phrase, slot: str) -> TimeWord:
    return time_word(slot, phrase.words[slot])


def number_of(phrase: Phrase, slot: str) -> int:
    return int("".join(character for character in phrase.words[slot] if character.isdigit()))


def month_number(phrase: Phrase) -> int:
    return int(word_of(phrase, "month").low or 0)


def unit_name(phrase: Phrase) -> str:
    slot = next(slot for slot in ("unit", "units", "period") if slot in phrase.words)
    return word_of(phrase, slot).value or ""


def count_of(phrase: Phrase) -> tuple[float, float]:
    """Return least and most; bare units ("weeks") mean two and as many as "recent" reaches back, a single unit one."""
    if "count" in phrase.words:
        return count_bounds(phrase.words["count"])
    if "units" in phrase.words:
        return 2, word_of(phrase, "units").low or 2
    return 1, 1
