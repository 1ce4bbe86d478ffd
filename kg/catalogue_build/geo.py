"""Middles of areas and names, as the sources of the catalogue need them."""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise

from kg.folding import fold


def middle(rings: Iterable[Sequence[Sequence[float]]]) -> tuple[float, float] | None:
    """Return latitude and longitude of the middle of areas, given their outer rings as [longitude, latitude]; None of no area."""
    area = north = east = 0.0
    for ring in rings:
        (first_east, first_north), width = ring[0][:2], math.cos(math.radians(ring[0][1]))
        moved = [(point[0] - first_east, point[1] - first_north) for point in ring]
        crossed = [(x * next_y - next_x * y, x + next_x, y + next_y) for (x, y), (next_x, next_y) in pairwise(moved)]
        if twice := sum(cross for cross, _, _ in crossed):
            # Rings run either way round; far in the north a degree of longitude is short.
            size = abs(twice) * width
            area += size
            east += size * (first_east + sum(cross * x for cross, x, _ in crossed) / (3 * twice))
            north += size * (first_north + sum(cross * y for cross, _, y in crossed) / (3 * twice))
    return (north / area, east / area) if area else None


def is_latin(name: str) -> bool:
    """Return whether all letters of a name are Latin."""
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in name if letter.isalpha())


def distinct(name: str, others: Iterable[str | None], *, least: int) -> tuple[str, ...]:
    """Return the other names that are new once folded, sorted: in Latin script, starting with a capital, short ones in capitals only.

    A romanisation letter by letter ("ka bu er") starts small and is dropped.
    """
    kept: dict[str, str] = {}
    for other in others:
        if other is None or not (other := re.sub(r"[|\t\n]", " ", other).strip()) or not is_latin(other):
            continue
        letters = sum(letter.isalpha() for letter in other)
        if not other[0].isupper() or letters < 2 or (letters < least and not other.isupper() and "." not in other):
            continue
        kept.setdefault(fold(other), other)
    kept.pop(fold(name), None)
    return tuple(kept[key] for key in sorted(kept))
