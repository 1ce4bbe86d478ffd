"""The numbers that bound reading, by name, from data/lexicon/limits.csv."""

from dataclasses import dataclass
from functools import cache

from kg.lexicon import read_table


@dataclass(frozen=True, slots=True)
class Limit:
    """One row: what is bounded, the bound, and where it comes from."""

    id: str
    value: float
    note: str


def limit(name: str) -> float:
    """Return a bound; KeyError names the limits there are."""
    limits = _limits()
    if name not in limits:
        raise KeyError(f"limits.csv has no limit {name!r}; it has {', '.join(limits)}")
    return limits[name]


@cache
def _limits() -> dict[str, float]:
    return {row.id: row.value for row in read_table("limits", Limit)}
