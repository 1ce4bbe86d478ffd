"""Rows of gold sets, and which half of its set an article is of: the even one may be learned from, the odd one judges."""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

HALVES = ("even", "odd")


def read_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a gzipped file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def read_even_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of the half of a set that may be learned from."""
    return (row for row in read_rows(path) if half_of(row["id"]) == "even")


def half_of(article: str) -> str:
    """Return "even" or "odd", by the CRC-32 of an article's id."""
    return HALVES[zlib.crc32(article.encode()) % 2]
