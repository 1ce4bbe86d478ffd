"""Tells single quotation marks from apostrophes and pairs them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from kg.lexicon import read_table
from kg.limits import limit
from kg.records import TextSpan

_MARK = re.compile(r"['‘’‚‛`]")
_BEFORE_OPENER = re.compile(r"[\s(\[{<—–/:“”„‟\"＂«»]")
_AFTER_OPENER = re.compile(r"[\w“”„\"«(\[…$£€¥¿¡#@]")
_DECADE = re.compile(r"\d\ds?\b")  # '98, the '90s
_WORD = re.compile(r"[^\W\d_]+")
_POSSESSIVE = re.compile(r"(?:[szxSZX]|in|\d)$")  # the soldiers' base, goin' home, 6' tall
_NEXT_WORD = re.compile(r"\s+(?=\w)")
_LOOK_BACK = 2


@dataclass(frozen=True, slots=True)
class ClippedWord:
    """A row of data/lexicon/clipped_words.csv: letters that follow an apostrophe at the start of a word."""

    id: str
    place: str
    example: str
    note: str


def pair_single_marks(
    text: str, span: TextSpan, inside: Sequence[TextSpan], *, skip: Iterable[int], goes_on: bool
) -> Iterator[tuple[TextSpan, TextSpan]]:
    """Yield the opening and closing marks of single quotations in a paragraph.

    Both marks of a pair stand in the same innermost span of `inside` (nested or disjoint, sorted, outer ones first), or
    both in none. Where `goes_on`, a mark that opens the paragraph and is never closed is paired with the empty end of
    the paragraph. `skip` holds offsets that belong to other marks.
    """
    skipped = frozenset(skip)
    marks = [found.start() for found in _MARK.finditer(text, span.start, span.end) if found.start() not in skipped]
    by_region: dict[TextSpan, list[int]] = {}
    for at, region in _innermost(marks, span, inside):
        by_region.setdefault(region, []).append(at)
    for region, positions in by_region.items():
        pairs = list(_pairs(text, region, positions))
        yield from ((TextSpan(start, start + 1), TextSpan(end, end + 1)) for start, end in pairs)
        is_unclosed = region == span and positions[0] == span.start and not any(start == span.start for start, _ in pairs)
        if goes_on and is_unclosed and _opens(text, span, span.start):
            yield TextSpan(span.start, span.start + 1), TextSpan(span.end, span.end)


def begins_with_opener(text: str, span: TextSpan | None) -> bool:
    """Tell whether a paragraph begins with an opening single mark."""
    return span is not None and bool(_MARK.match(text, span.start, span.end)) and _opens(text, span, span.start)


def _innermost(marks: Iterable[int], span: TextSpan, inside: Sequence[TextSpan]) -> Iterator[tuple[int, TextSpan]]:
    """Yield each mark with the innermost span around it."""
    around, coming = [span], list(reversed(inside))
    for at in marks:
        while coming and coming[-1].start <= at:
            around.append(coming.pop())
            # Spans that ended before this one began are no longer around it.
            around = [region for region in around if region.end >= around[-1].end]
        while around[-1].end <= at:
            around.pop()
        yield at, around[-1]


def _pairs(text: str, region: TextSpan, marks: Sequence[int]) -> Iterator[tuple[int, int]]:
    position = 0
    while position < len(marks):
        start = marks[position]
        position += 1
        if not _opens(text, region, start):
            continue
        closing = _closing(text, region, marks, position)
        if closing is not None:
            yield start, marks[closing]
            position = closing + 1


def _closing(text: str, region: TextSpan, marks: Sequence[int], first: int) -> int | None:
    """Return the position of the mark that closes what was opened before `first`, or None if another one opens first.

    A mark after a final s may be a possessive: it closes only if no better one follows, and not from far away.
    """
    possible = None
    for position in range(first, len(marks)):
        at = marks[position]
        if _opens(text, region, at):
            break
        if not _closes(text, region, at):
            continue
        if not _may_be_possessive(text, at):
            return position
        if possible is None and at - marks[first - 1] <= limit("possessive-quotation-most"):
            possible = position
    return possible


def _opens(text: str, region: TextSpan, at: int) -> bool:
    before_opens = at == region.start or bool(_BEFORE_OPENER.match(text, at - 1))
    if not before_opens or at + 1 >= region.end or not _AFTER_OPENER.match(text, at + 1) or _DECADE.match(text, at + 1):
        return False
    word = _WORD.match(text, at + 1)
    return not word or word[0].lower() not in _clipped_words()


def _closes(text: str, region: TextSpan, at: int) -> bool:
    if at == region.start or text[at - 1].isspace():
        return False
    after = _NEXT_WORD.match(text, at + 1)
    word = _WORD.match(text, after.end()) if after else None
    is_apostrophe = word is not None and _clipped_words().get(word[0].lower()) == "clitic"
    return not is_apostrophe and (at + 1 >= region.end or not text[at + 1].isalnum())


def _may_be_possessive(text: str, at: int) -> bool:
    return bool(_POSSESSIVE.search(text, max(0, at - _LOOK_BACK), at) and _NEXT_WORD.match(text, at + 1))


@cache
def _clipped_words() -> dict[str, str]:
    return {row.id: row.place for row in read_table("clipped_words", ClippedWord)}
