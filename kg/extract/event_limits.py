"""The numbers that bound and weigh events, by name, from data/lexicon/event_limits.csv."""

from dataclasses import dataclass
from functools import cache

from kg.lexicon import read_table


@dataclass(frozen=True, slots=True)
class EventLimit:
    """A threshold or weight and what it is for."""

    id: str
    value: float
    note: str


@cache
def event_limit(name: str) -> float:
    """Return a threshold or weight; KeyError names those there are."""
    limits: dict[str, float] = {row.id: row.value for row in read_table("event_limits", EventLimit)}
    if name not in limits:
        raise KeyError(f"event_limits.csv has no row {name!r}; it has {', '.join(limits)}")
    return limits[name]
