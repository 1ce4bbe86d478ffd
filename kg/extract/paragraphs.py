"""Finds the lines and paragraphs of an article, also where lines are broken at a fixed width.

A line break ends a paragraph, unless the article is hard-wrapped. It is, when of the breaks between adjacent lines
  - enough fall in the middle of a sentence (no sentence end before, a lower-case letter after),
  - no line so broken is longer than a plain-text column, and
  - most of these lines are full: the next word would not have fitted into the longest of them.
Lists of short lower-case items and headings fail the third test, modern web text the second. Limits: limits.csv.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from kg.lexicon import read_table
from kg.limits import limit
from kg.records import Furniture, TextSpan

# Not U+0085 and not U+001C–1E, which str.splitlines breaks at: in text decoded as Latin-1, 0x85 is an ellipsis.
_LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\u2028\u2029]")
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]*]*$")
_TAIL = 8  # characters that can hold the last stop of a line and the marks after it
_FIRST_WORD = re.compile(r"[^\s-]+-?")  # a hyphenated word may be broken after its hyphen
_CUT = re.compile(r"(?<=[.!?…\"'”’»)])\s+")


@dataclass(frozen=True, slots=True)
class Dateline:
    """A row of datelines.csv: the pattern's group `dateline` is what stands before the first sentence."""

    id: str
    pattern: str
    example: str
    counterexample: str
    note: str


def find_lines(text: str) -> Iterator[TextSpan]:
    """Yield the lines of a text in order, without surrounding whitespace; blank lines as empty spans."""
    start = 0
    for found in _LINE_BREAK.finditer(text):
        yield _stripped(text, start, found.start())
        start = found.end()
    yield _stripped(text, start, len(text))


def split_paragraphs(text: str, furniture: Iterable[Furniture]) -> tuple[TextSpan, ...]:
    """Return the paragraphs of a text in order, without furniture and surrounding whitespace.

    The span of a hard-wrapped paragraph holds its line breaks. A paragraph of more than `paragraph-most` characters is
    cut at a sentence end.
    """
    blocks = list(_blocks(text, sorted(furniture, key=lambda piece: (piece.start, piece.end))))
    column = _wrap_column(text, blocks)
    spans: list[TextSpan] = []
    for block in blocks:
        for line, before in zip(block, [None, *block], strict=False):
            if before and column and _continues(text, before, line, column):
                spans[-1] = TextSpan(spans[-1].start, line.end)
            else:
                spans.append(line)
    return tuple(piece for span in spans for part in _after_dateline(text, span) for piece in _bounded(text, part))


def _after_dateline(text: str, span: TextSpan) -> Iterator[TextSpan]:
    """Yield a paragraph, its dateline apart: that says where a report was written and is no part of its first sentence."""
    for pattern in _dateline_patterns():
        if found := pattern.match(text, span.start, span.end):
            yield _stripped(text, *found.span("dateline"))
            span = TextSpan(found.end("dateline"), span.end)
            break
    yield span


@cache
def _dateline_patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(row.pattern) for row in read_table("datelines", Dateline))


def is_mid_sentence(text: str, line: TextSpan, following: TextSpan) -> bool:
    """Tell whether the break between two lines falls in the middle of a sentence."""
    return text[following.start].islower() and not _SENTENCE_END.search(text, max(line.start, line.end - _TAIL), line.end)


def _blocks(text: str, furniture: list[Furniture]) -> Iterator[list[TextSpan]]:
    """Yield runs of adjacent lines: a blank line or furniture ends a run."""
    ends = [piece.end for piece in furniture]
    block: list[TextSpan] = []
    for line in find_lines(text):
        first = bisect_left(ends, line.start + 1)
        if first < len(furniture) and furniture[first].start < line.end:
            pieces = list(_without(text, line, furniture[first:]))
            yield from ([], [*block, *pieces[:1]], *([piece] for piece in pieces[1:]))
            block = []
        elif line.start == line.end:
            yield block
            block = []
        else:
            block.append(line)
    yield block


def _without(text: str, line: TextSpan, furniture: list[Furniture]) -> Iterator[TextSpan]:
    """Yield what a line holds beside furniture."""
    start = line.start
    for piece in furniture:
        if piece.start >= line.end:
            break
        if (before := _stripped(text, start, piece.start)).end > before.start:
            yield before
        start = max(start, piece.end)
    if start < line.end and (after := _stripped(text, start, line.end)).end > after.start:
        yield after


def _wrap_column(text: str, blocks: list[list[TextSpan]]) -> int:
    """Return the width at which the article's lines are broken, or 0 if a line break ends a paragraph."""
    pairs = [(line, following) for block in blocks for line, following in pairwise(block)]
    broken = [(line, following) for line, following in pairs if is_mid_sentence(text, line, following)]
    if len(broken) < max(limit("wrap-breaks-least"), limit("wrap-breaks-share") * len(pairs)):
        return 0
    column = max(line.end - line.start for line, _ in broken)
    full = sum(_is_full(text, line, following, column) for line, following in broken)
    if column > limit("wrap-column-most") or full < limit("wrap-full-share") * len(broken):
        return 0
    return column


def _continues(text: str, before: TextSpan, line: TextSpan, column: int) -> bool:
    """Tell whether a line of a hard-wrapped article continues the paragraph of the line before it."""
    if before.end - before.start > column or (_is_indented(text, line) and not _is_indented(text, before)):
        return False
    return is_mid_sentence(text, before, line) or _is_full(text, before, line, column)


def _is_indented(text: str, line: TextSpan) -> bool:
    return text[line.start - 1 : line.start] in (" ", "\t", "\u3000")


def _is_full(text: str, line: TextSpan, following: TextSpan, column: int) -> bool:
    word = _FIRST_WORD.match(text, following.start, following.end)
    return line.end - line.start + 1 + (len(word[0]) if word else 1) > column


def _bounded(text: str, span: TextSpan) -> Iterator[TextSpan]:
    most = int(limit("paragraph-most"))
    start = span.start
    while span.end - start > most:
        cuts = [found.span() for found in _CUT.finditer(text, start + most // 2, start + most)]
        end, next_start = cuts[-1] if cuts else (start + most, start + most)
        yield _stripped(text, start, end)
        start = next_start
    if (rest := _stripped(text, start, span.end)).end > rest.start:
        yield rest


def _stripped(text: str, start: int, end: int) -> TextSpan:
    line = text[start:end]
    length = len(line.strip())
    start += len(line) - len(line.lstrip()) if length else 0
    return TextSpan(start, start + length)
