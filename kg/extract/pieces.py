"""Cuts the words of a statement out of the text: content and cue as pieces without the punctuation around them."""

from collections.abc import Iterable, Iterator, Sequence

from spacy.tokens import Doc, Token

from kg.extract.complements import Words
from kg.extract.drafts import Draft
from kg.extract.quoted_tokens import QuotedTokens
from kg.records import TextSpan

_EDGES = " \t\r\n\u00a0,;:.–—-…"
_QUOTES = "“”„\"'‘’`«»"
_OPENING, _CLOSING = "([{", ")]}"
_CUE_PARTS = frozenset({"aux", "auxpass", "neg", "prt"})


def content_pieces(doc: Doc, text: str, words: Words, quoted: Sequence[QuotedTokens], cue: Words) -> tuple[TextSpan, ...]:
    """Return the runs of content tokens, without the cue's own words, each trimmed; a quotation in it keeps its marks."""
    whole = [quotation for quotation in quoted if _holds(words, quotation)]
    pieces = []
    for first, last in _runs(doc, words, frozenset(cue)):
        start, end = doc[first].idx, doc[last].idx + len(doc[last])
        fixed = [
            (quotation.quotation.start, quotation.quotation.end) for quotation in whole if quotation.start <= last and quotation.end > first
        ]
        start, end = _trimmed(text, start, end, fixed)
        if start < end:
            pieces.append(TextSpan(start, end))
    return tuple(pieces)


def cue_words(draft: Draft) -> Words:
    """Return the tokens of a cue: a phrase, or a verb group with particle, adverbs between and the preposition that follows."""
    head, preposition = draft.head, draft.preposition
    if draft.cue.pos == "ADP":
        return tuple(range(head.i, head.i + len(draft.cue.lemma.split())))
    words = {head.i, *(child.i for child in head.children if child.dep_ in _CUE_PARTS)}
    if head.pos_ == "ADJ" and head.dep_ == "acomp":
        words.add(head.head.i)
    if preposition is not None and preposition.head.i == head.i:
        words.add(preposition.i)
    first = min(words)
    subject = {i.i for child in head.children if child.dep_ in ("nsubj", "nsubjpass", "dobj", "ccomp") for i in child.subtree}
    words |= {i for i in range(first, head.i) if i not in subject and head.doc[i].dep_ in ("advmod", "aux", "auxpass", "neg")}
    return tuple(sorted(words))


def cue_pieces(doc: Doc, words: Words) -> tuple[TextSpan, ...]:
    """Return the cue's words as runs of neighbouring tokens."""
    return tuple(TextSpan(doc[first].idx, doc[last].idx + len(doc[last])) for first, last in _runs(doc, words, frozenset()))


def _runs(doc: Doc, words: Iterable[int], left_out: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last token of each run; punctuation alone does not part a run."""
    first = last = -1
    for i in words:
        if i in left_out:
            continue
        if first >= 0 and (i == last + 1 or all(gap not in left_out and _joins(doc[gap]) for gap in range(last + 1, i))):
            last = i
            continue
        if first >= 0:
            yield first, last
        first = last = i
    if first >= 0:
        yield first, last


def _joins(token: Token) -> bool:
    """Tell whether a token parts no run: punctuation, or white space that is not a gap between paragraphs (a root by itself)."""
    return token.is_punct or (token.is_space and token.dep_ != "ROOT")


def _holds(words: Words, quotation: QuotedTokens) -> bool:
    inside = sum(quotation.start <= i < quotation.end for i in words)
    return inside >= quotation.end - quotation.start


def _trimmed(text: str, start: int, end: int, fixed: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Trim punctuation at both ends, but nothing of the quotations in `fixed`."""
    fixed_starts, fixed_ends = {a for a, _ in fixed}, {b for _, b in fixed}
    while start < end and start not in fixed_starts and _is_edge(text, start, start, end):
        start += 1
    while start < end and end not in fixed_ends and _is_edge(text, end - 1, start, end):
        end -= 1
    return start, end


def _is_edge(text: str, at: int, start: int, end: int) -> bool:
    character = text[at]
    if character in _EDGES or character.isspace():
        return True
    if character in _QUOTES:
        return True
    if character in _OPENING:
        return _CLOSING[_OPENING.index(character)] not in text[at:end]
    if character in _CLOSING:
        return _OPENING[_CLOSING.index(character)] not in text[start:at]
    return False
