"""Pairs the quotation marks of an article.

Double marks (curly, straight, ``typed'', turned the wrong way) are paired by alternation inside a paragraph: the first
opens, the second closes, whatever their shape. Only where their number is odd does the white space around them decide
which mark is stray, or that the last one opens a quotation which the paragraph's end cuts off. Guillemets and single
marks are paired by themselves, inside or around the double ones and never across them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.extract.single_marks import begins_with_opener, pair_single_marks
from kg.limits import limit
from kg.records import TextSpan

# '' followed by a third ' which closes: the first is the closing single mark, the others the double one.
_DOUBLE = re.compile(r"[“”„‟\"＂〝〞]|``|‘‘|’’|''(?!'(?!\w))")
_GUILLEMETS = re.compile(r"«[^«»]*»|»[^«»]*«|‹[^‹›]*›")
_FEET_AND_INCHES = re.compile(r"(?<=\d)['’′]\s?\d{1,2}(?:[\"”″]|'')")
_OPENING = frozenset(("“", "„", "``", "‘‘"))
_SPEECH_END = re.compile(r"[.,!?…]\s?$")
_INCH = frozenset(('"', "”", "''"))
_ANY_MARK = re.compile(r"[“”„‟\"＂〝〞«»‹›'‘’‚‛`]")
_OPENS_AFTER = re.compile(r"[\s(\[{<—–\-/:‘'`]")
_CLOSES_BEFORE = re.compile(r"[\s.,;:!?)\]}>…—–\-/’']")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation with its marks, and its content without marks and surrounding white space.

    `closed` is False where the paragraph ends before a closing mark; then `end` is the paragraph's end. A quotation
    that goes on from the paragraph before without a mark of its own starts where the paragraph starts.
    """

    start: int
    end: int
    content_start: int
    content_end: int
    closed: bool


def find_quotations(text: str, paragraphs: Iterable[TextSpan]) -> tuple[Quoted, ...]:
    """Return the quotations in text order, an outer one before those in it; two are nested or disjoint.

    >>> text = "“They have gone, “ he said."
    >>> [text[q.content_start : q.content_end] for q in find_quotations(text, [TextSpan(0, len(text))])]
    ['They have gone,']
    """
    found: list[Quoted] = []
    spans = list(paragraphs)
    gaps: list[TextSpan] | None = None  # the paragraphs without marks since a quotation was cut off; None: none was
    for span, following in zip(spans, [*spans[1:], None], strict=False):
        if not _ANY_MARK.search(text, span.start, span.end):
            gaps = [*gaps, span] if gaps is not None and len(gaps) < limit("quotation-gap-most") else None
            continue
        marks = list(_double_marks(text, span))
        goes_on = _begins_with_double(text, following)
        continued = gaps is not None and bool(marks) and _closes_first(text, span, marks, goes_on=goes_on)
        if continued and gaps:
            found += [Quoted(gap.start, gap.end, gap.start, gap.end, closed=False) for gap in gaps]
        doubles = list(_doubles(text, span, marks, continued=continued, goes_on=goes_on))
        outer = [*doubles, *_guillemets(text, span, doubles)]
        found += [*outer, *_singles(text, span, outer, following)]
        gaps = [] if doubles and not doubles[-1].closed else None
    return tuple(sorted(set(found), key=lambda quoted: (quoted.start, -quoted.end, quoted.content_start)))


def _double_marks(text: str, span: TextSpan) -> Iterator[TextSpan]:
    """Yield the double marks of a paragraph, without the signs for feet and inches."""
    measures = {found.end() for found in _FEET_AND_INCHES.finditer(text, span.start, span.end)}
    is_open = False
    for found in _DOUBLE.finditer(text, span.start, span.end):
        # An opening mark never follows a digit directly: where none is open, this is an inch sign.
        is_inch = not is_open and _may_be_inch(text, span, found.start(), found.end())
        if found.end() not in measures and not is_inch:
            is_open = not is_open
            yield TextSpan(found.start(), found.end())


def _may_be_inch(text: str, span: TextSpan, start: int, end: int) -> bool:
    return text[start:end] in _INCH and start > span.start and text[start - 1].isdigit()


def _doubles(text: str, span: TextSpan, marks: list[TextSpan], *, continued: bool, goes_on: bool) -> Iterator[Quoted]:
    """Yield the quotations between double marks; `goes_on` tells that the next paragraph opens with a mark."""
    if continued:
        yield from _quoted(text, TextSpan(span.start, span.start), marks[0])
        marks = marks[1:]
    if len(marks) % 2:
        stray = _stray(text, span, marks, goes_on=goes_on)
        if stray is None:
            yield from _quoted(text, marks[-1], TextSpan(span.end, span.end), closed=False)
            marks = marks[:-1]
        else:
            marks = marks[:stray] + marks[stray + 1 :]
    for opening, closing in zip(marks[::2], marks[1::2], strict=True):
        yield from _quoted(text, opening, closing)


def _stray(text: str, span: TextSpan, marks: Sequence[TextSpan], *, goes_on: bool) -> int | None:
    """Return which of an odd number of marks to leave out, or None if the last one opens what the paragraph cuts off.

    Each choice gives every mark a side. The best choice agrees with the most white space; then it leaves out what may
    be an inch sign; then it puts the fewest characters between marks, so that a stray mark swallows little.
    """
    leans = [_lean(text, span, mark) for mark in marks]
    sides = [1 if position % 2 == 0 else -1 for position in range(len(marks))]
    agreement = _by_left_out([lean * side for lean, side in zip(leans, sides, strict=True)])
    quoted = _by_left_out([-mark.start * side for mark, side in zip(marks, sides, strict=True)])
    inches = [_may_be_inch(text, span, mark.start, mark.end) for mark in marks]
    best = max((agreement[at], inches[at], -quoted[at], at) for at in range(len(marks)))
    last = len(marks) - 1
    cut_off = (agreement[last] + leans[last] + goes_on, False, -(quoted[last] + span.end - marks[last].start), last)
    return None if cut_off > best else best[3]


def _by_left_out(values: Sequence[int]) -> list[int]:
    """Return for each position the sum of the values before it minus the sum of those after it."""
    total, before, sums = sum(values), 0, []
    for value in values:
        sums.append(before - (total - before - value))
        before += value
    return sums


def _lean(text: str, span: TextSpan, mark: TextSpan) -> int:
    """Return 1 for a mark whose surroundings look like an opening one's, -1 for a closing one's, 0 for neither."""
    opens = mark.start == span.start or bool(_OPENS_AFTER.match(text, mark.start - 1))
    closes = mark.end == span.end or bool(_CLOSES_BEFORE.match(text, mark.end))
    return int(opens) - int(closes)


def _closes_first(text: str, span: TextSpan, marks: Sequence[TextSpan], *, goes_on: bool) -> bool:
    """Tell whether the first mark closes what the paragraph before left open.

    It does when white space says so, and also where white space got lost (the end, "she said): the number is odd, the
    mark has no shape of an opening one, and speech ends before it.
    """
    first = marks[0]
    is_odd_one = len(marks) % 2 == 1 and not goes_on and text[first.start : first.end] not in _OPENING
    return _lean(text, span, first) < 0 or (is_odd_one and bool(_SPEECH_END.search(text, span.start, first.start)))


def _begins_with_double(text: str, span: TextSpan | None) -> bool:
    return span is not None and bool(_DOUBLE.match(text, span.start, span.end))


def _guillemets(text: str, span: TextSpan, doubles: Sequence[Quoted]) -> Iterator[Quoted]:
    for found in _GUILLEMETS.finditer(text, span.start, span.end):
        start, end = found.span()
        crossing = any((quoted.start < start < quoted.end) != (quoted.start < end <= quoted.end) for quoted in doubles)
        if not crossing:
            yield from _quoted(text, TextSpan(start, start + 1), TextSpan(end - 1, end))


def _singles(text: str, span: TextSpan, outer: Sequence[Quoted], following: TextSpan | None) -> Iterator[Quoted]:
    """Yield the quotations between single marks, which stand all inside or all outside of each other quotation."""
    doubled = {at for found in _DOUBLE.finditer(text, span.start, span.end) for at in range(*found.span())}
    inside = sorted(outer, key=lambda quoted: (quoted.start, -quoted.end))
    goes_on = begins_with_opener(text, following)
    for opening, closing in pair_single_marks(text, span, [TextSpan(q.start, q.end) for q in inside], skip=doubled, goes_on=goes_on):
        yield from _quoted(text, opening, closing, closed=closing.start < closing.end)


def _quoted(text: str, opening: TextSpan, closing: TextSpan, *, closed: bool = True) -> Iterator[Quoted]:
    """Yield the quotation between two marks, if there is anything in it."""
    content = text[opening.end : closing.start]
    if stripped := content.strip():
        start = opening.end + len(content) - len(content.lstrip())
        yield Quoted(opening.start, closing.end, start, start + len(stripped), closed)
