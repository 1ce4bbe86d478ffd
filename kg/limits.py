"""The numbers that bound and weigh, by name, from the tables data/lexicon/*limits.csv."""

from dataclasses import dataclass
from functools import cache

from kg.lexicon import read_table


@dataclass(frozen=True, slots=True)
class Limit:
    """One row: what is bounded, the bound, and what it is for."""

    id: str
    value: float
    note: str


def limit(name: str, table: str = "limits") -> float:
    """Return a bound or weight of a table; KeyError names those there are."""
    limits = _limits(table)
    if name not in limits:
        raise KeyError(f"{table}.csv has no row {name!r}; it has {', '.join(limits)}")
    return limits[name]


def count_limit(name: str, table: str = "limits") -> int:
    """Return a bound that is a whole number of things."""
    return int(limit(name, table))


@cache
def _limits(table: str) -> dict[str, float]:
    return {row.id: row.value for row in read_table(table, Limit)}
