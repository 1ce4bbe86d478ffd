"""Quotations as tokens of a Doc, and what their form tells about how they are given."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from kg.extract.cues import read_cues
from kg.extract.parse import PARAGRAPHS
from kg.extract.quotations import Quoted
from kg.limits import count_limit

_QUOTE_MARKS = "”\"'’»"
_DASHES = "–—―"
_DASH_ENDS = frozenset({",", "?", "!", "."})
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_SPEECH_END = frozenset(".!?…,—–-")


@dataclass(frozen=True, slots=True)
class QuotedTokens:
    """A quotation as tokens `start` to `end` (exclusive), its marks included."""

    quotation: Quoted
    start: int
    end: int
    paragraph: int


def outer_quotations(doc: Doc, quotations: Iterable[Quoted]) -> tuple[QuotedTokens, ...]:
    """Return the quotations that stand in no other one, as tokens, in text order."""
    found: list[QuotedTokens] = []
    paragraphs = [(span.start_char, span.end_char) for span in doc.spans.get(PARAGRAPHS, ())]
    at = 0
    for quotation in sorted((*quotations, *_after_dashes(doc)), key=lambda quotation: (quotation.start, -quotation.end)):
        if found and quotation.start < found[-1].quotation.end:
            continue
        span = doc.char_span(quotation.start, quotation.end, alignment_mode="expand")
        if span is None:
            continue
        while at < len(paragraphs) - 1 and paragraphs[at][1] <= quotation.start:
            at += 1
        found.append(QuotedTokens(quotation, span.start, span.end, at))
    return tuple(found)


def _after_dashes(doc: Doc) -> Iterator[Quoted]:
    """Yield what a dash at a paragraph's start opens and a reporting verb closes: – We have won, says the captain."""
    index = read_cues()
    for paragraph in doc.spans.get(PARAGRAPHS, ()):
        if len(paragraph) < count_limit("dash-tokens-least", "reporting_limits") or paragraph.text[0] not in _DASHES:
            continue
        for mark in reversed(paragraph[2:-1]):
            verb = mark.nbor(1)
            found = index.frames_of(verb) if mark.text in _DASH_ENDS and verb.tag_ in _FINITE else None
            if found is not None and not {("VERB", "clause"), ("VERB", "quote")}.isdisjoint(found[1]):
                end = mark.idx + (mark.text != ",")
                yield Quoted(paragraph[1].idx, end, paragraph[1].idx, end, closed=True)
                break


def fills_paragraph(doc: Doc, quotation: QuotedTokens) -> bool:
    """Tell whether nothing stands in the paragraph but the quotation."""
    paragraph = doc.spans[PARAGRAPHS][quotation.paragraph]
    return bool(paragraph.start == quotation.start and paragraph.end <= quotation.end)


def opens_sentence(doc: Doc, quotation: QuotedTokens) -> bool:
    """Tell whether nothing of the quotation's sentence stands before it but punctuation."""
    before = doc[quotation.start - 1] if quotation.start else None
    return before is None or before.is_punct or before.tag_ == "_SP" or doc[quotation.start].is_sent_start is True


def is_speech(text: str, quotation: QuotedTokens) -> bool:
    """Tell whether a quotation is sentences of its own, not a name or a phrase in quotation marks."""
    inside = _inside(text, quotation)
    return not quotation.quotation.closed or (len(inside.split()) > 1 and inside[-1] in _SPEECH_END)


def is_title(text: str, quotation: QuotedTokens) -> bool:
    """Tell whether a quotation may be the name of a work: its words begin with capitals or figures."""
    words = _inside(text, quotation).split()
    least = count_limit("title-word-least", "reporting_limits")
    return all(not word[:1].islower() for word in words[:1] + [word for word in words if len(word) > least])


def breaks_off(text: str, quotation: QuotedTokens) -> bool:
    """Tell whether the words after the quotation can be about its speaker: it ends in a comma or in a sentence's end, or one follows."""
    inside = _inside(text, quotation)
    return (bool(inside) and inside[-1] in _SPEECH_END) or text[quotation.quotation.end : quotation.quotation.end + 1] == ","


def _inside(text: str, quotation: QuotedTokens) -> str:
    return text[quotation.quotation.content_start : quotation.quotation.content_end].rstrip(_QUOTE_MARKS + " ")
