"""Reads the words of posts and honorifics (data/lexicon/titles.csv), and how many words before a written name are one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from kg.folding import fold
from kg.lexicon import read_table


@dataclass(frozen=True, slots=True)
class TitleRow:
    """A word or words of titles: a post, one with a field of its own ("minister of fisheries"), an honorific, or a modifier ("former")."""

    id: str
    words: str
    sort: Literal["post", "portfolio", "honorific", "modifier"]


def leading_title(words: Sequence[str]) -> int:
    """Return how many words at the start of a name are one title, at most all but one.

    >>> leading_title(["Deputy", "Governor", "Ana", "Ilić"])
    2
    """
    titles, longest = _titles()
    sizes = range(min(len(words) - 1, longest), 0, -1)
    return next((size for size in sizes if tuple(fold(" ".join(words[:size])).split()) in titles), 0)


@cache
def _titles() -> tuple[frozenset[tuple[str, ...]], int]:
    titles = frozenset(tuple(fold(row.words).split()) for row in read_table("titles", TitleRow))
    return titles, max(map(len, titles))
