"""Joins quotations to the statements that give them: a quotation is content as a whole, wherever the parser cut it.

A quotation goes, in this order, to the statement whose content it overlaps, to the reporting word beside it, to the
speaker of the quotation before it in the paragraph, or to the one that an unclosed quotation before it leaves speaking.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from kg.extract.cues import Cue, read_cues
from kg.extract.drafts import Draft, is_negated
from kg.extract.parse import PARAGRAPHS
from kg.extract.quotations import Quoted
from kg.extract.speakers import speaker_of
from kg.limits import count_limit

_ANY_VERB = "*"
_DASH = "—"
_SENTENCE_END = frozenset(".!?…:")
_QUOTE_MARKS = frozenset("”\"'’»")


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
    for quotation in sorted(quotations, key=lambda quotation: (quotation.start, -quotation.end)):
        if found and quotation.start < found[-1].quotation.end:
            continue
        span = doc.char_span(quotation.start, quotation.end, alignment_mode="expand")
        if span is None:
            continue
        while at < len(paragraphs) - 1 and paragraphs[at][1] <= quotation.start:
            at += 1
        found.append(QuotedTokens(quotation, span.start, span.end, at))
    return tuple(found)


def join_quotations(doc: Doc, text: str, drafts: Sequence[Draft], quoted: Sequence[QuotedTokens]) -> tuple[Draft, ...]:
    """Return the drafts with the quotations they give as content, and new drafts for quotations with a cue beside them."""
    by_head: dict[int, Draft] = {draft.head.i: draft for draft in drafts}
    given_by: dict[int, int] = {}
    spoken: int | None = None
    for position, quotation in enumerate(quoted):
        head = _overlapping(by_head.values(), quotation)
        if head is None:
            draft = _beside(doc, text, quotation, by_head)
            head = draft.head.i if draft is not None else None
            if draft is not None:
                by_head[draft.head.i] = draft
        if head is None and spoken is not None:
            head = _continued(doc, text, quotation, quoted[spoken], given_by[spoken])
        if (narrowed := _introduced_twice(by_head, quotation)) is not None:
            by_head[narrowed.head.i] = narrowed
        if head is not None:
            given_by[position], spoken = head, position
            draft = by_head[head]
            by_head[head] = replace(draft, words=tuple(sorted({*draft.words, *range(quotation.start, quotation.end)})))
    return tuple(by_head[head] for head in sorted(by_head))


def _overlapping(drafts: Iterable[Draft], quotation: QuotedTokens) -> int | None:
    """Return the draft outside the quotation that has most of it as content, the innermost of those that have as much."""
    best: tuple[int, int, int] | None = None
    for draft in drafts:
        if quotation.start <= draft.head.i < quotation.end or not draft.words:
            continue
        if draft.words[-1] < quotation.start or draft.words[0] >= quotation.end:
            continue
        shared = sum(quotation.start <= i < quotation.end for i in draft.words)
        if shared and (best is None or (shared, -len(draft.words)) > best[:2]):
            best = (shared, -len(draft.words), draft.head.i)
    return best[2] if best is not None else None


def _introduced_twice(by_head: Mapping[int, Draft], quotation: QuotedTokens) -> Draft | None:
    """Return the draft right after a quotation that another cue introduces, narrowed to it: "X confirmed that “…”, he stressed"."""
    after = next(
        (
            by_head[i]
            for i in range(quotation.end, quotation.end + count_limit("insertion-tokens-most", "reporting_limits"))
            if i in by_head
        ),
        None,
    )
    if after is None or not after.words or after.words[0] >= quotation.start:
        return None
    for other in by_head.values():
        introduces = other.head.i < quotation.start and other.words and quotation.start <= other.words[-1] < after.head.i
        if introduces and other.head.i in after.words:
            return replace(after, words=tuple(range(quotation.start, quotation.end)))
    return None


def _beside(doc: Doc, text: str, quotation: QuotedTokens, drafts: Mapping[int, Draft]) -> Draft | None:
    """Return a draft for the reporting word right after the quotation, or before it and its colon or comma."""
    opens = _opens_sentence(doc, quotation)
    verb = _verb_after(doc, text, quotation) or _verb_before(doc, quotation)
    if verb is None:
        return _signed(doc, quotation)
    known = drafts.get(verb.i)
    if known is not None and (verb.i < quotation.start or known.words[-1] > verb.i):
        return known if verb.i < quotation.start or opens else None
    inverted = verb.i >= quotation.end
    cue = _quoting_cue(verb, inverted=inverted and opens)
    speaker = speaker_of(verb) or _inverted_subject(verb)
    if cue is None or speaker is None or quotation.start <= speaker.i < quotation.end:
        return None
    first = quotation.start if opens or not inverted else doc[quotation.start].sent.start
    return Draft(cue, verb, tuple(range(first, quotation.end)), None, speaker, None, is_negated(verb))


def _signed(doc: Doc, quotation: QuotedTokens) -> Draft | None:
    """Return the draft of a quotation that a dash and a name follow, to the paragraph's end: "…" — Anna Lund."""
    cue = read_cues().words.get(_DASH, {}).get(("PUNCT", "signature"))
    paragraphs = list(doc.spans[PARAGRAPHS])
    dash = quotation.end
    if _fills_paragraph(doc, quotation) and quotation.paragraph + 1 < len(paragraphs):
        dash = paragraphs[quotation.paragraph + 1].start
    end = next((paragraph.end for paragraph in paragraphs[quotation.paragraph : quotation.paragraph + 2] if dash < paragraph.end), 0)
    if cue is None or not 1 < end - dash <= count_limit("signature-tokens-most", "reporting_limits") or doc[dash].text.strip("–—―-"):
        return None
    speaker = doc[dash + 1 : end].root
    if speaker.pos_ != "PROPN":
        return None
    return Draft(cue, doc[dash], tuple(range(quotation.start, quotation.end)), None, speaker)


def _opens_sentence(doc: Doc, quotation: QuotedTokens) -> bool:
    """Tell whether nothing of the quotation's sentence stands before it but punctuation."""
    before = doc[quotation.start - 1] if quotation.start else None
    return before is None or before.is_punct or before.tag_ == "_SP" or doc[quotation.start].is_sent_start is True


def _verb_after(doc: Doc, text: str, quotation: QuotedTokens) -> Token | None:
    first, end = quotation.end, doc.spans[PARAGRAPHS][quotation.paragraph].end
    while first < end and _parts(doc[first]):
        first += 1
    if first >= end or not _breaks_off(text, quotation):
        return None
    for token in doc[first : doc[first].sent.end]:
        if (
            token.pos_ in ("VERB", "AUX")
            and not _is_auxiliary(token)
            and _quoting_cue(token, inverted=token.i - first < count_limit("inversion-tokens-most", "reporting_limits")) is not None
        ):
            subject = next((child for child in token.children if child.dep_ == "nsubj"), None)
            near = token.i - first < count_limit("inversion-tokens-most", "reporting_limits") or (
                subject is not None and subject.left_edge.i <= first + 1
            )
            return token if near else None
    return None


def _parts(token: Token) -> bool:
    """Tell whether a token between a quotation and its verb only parts them: a comma, a dash, a line break."""
    return token.is_space or (token.is_punct and not token.is_quote and token.text not in (".", "!", "?"))


def _breaks_off(text: str, quotation: QuotedTokens) -> bool:
    """Tell whether the words after the quotation can be about its speaker: it ends in a comma or in a sentence's end, or one follows."""
    inside = text[quotation.quotation.content_start : quotation.quotation.content_end].rstrip()
    after = text[quotation.quotation.end : quotation.quotation.end + 1]
    inside = inside.rstrip("".join(_QUOTE_MARKS))
    return (bool(inside) and inside[-1] in ",.!?—–-…") or after == ","


def _verb_before(doc: Doc, quotation: QuotedTokens) -> Token | None:
    last, start = quotation.start - 1, doc.spans[PARAGRAPHS][quotation.paragraph].start
    while last >= 0 and doc[last].is_space:
        last -= 1
    if last < 0 or (last < start and doc[last].text != ":"):  # "He wrote:" may have the quotation as the next paragraph
        return None
    joined = doc[last].text in (",", ":")
    if not joined and _quoting_cue(doc[last], inverted=False) is None:
        return None
    for i in range(last - joined, doc[last].sent.start - 1, -1):
        token = doc[i]
        if token.is_quote or (token.text in (",", ";") and doc[last].text != ":"):
            return None
        if token.pos_ in ("VERB", "AUX") and _quoting_cue(token, inverted=False) is not None:
            return token
    return None


def _continued(doc: Doc, text: str, quotation: QuotedTokens, before: QuotedTokens, head: int) -> int | None:
    """Return the statement that goes on: "A," X said. "B." in one paragraph, or a paragraph after an unclosed quotation."""
    if quotation.paragraph == before.paragraph:
        between = text[before.quotation.end : quotation.quotation.start].strip()
        if not between or between[-1] in _SENTENCE_END or between[-1] in _QUOTE_MARKS:
            return head if _is_sentence(text, quotation) else None
        return head if between[-1] == "," and before.end <= head < quotation.start else None
    if quotation.paragraph == before.paragraph + 1 and (not before.quotation.closed or _fills_paragraph(doc, quotation)):
        return head
    return None


def _fills_paragraph(doc: Doc, quotation: QuotedTokens) -> bool:
    paragraph = doc.spans[PARAGRAPHS][quotation.paragraph]
    return bool(paragraph.start == quotation.start and paragraph.end <= quotation.end)


def _is_sentence(text: str, quotation: QuotedTokens) -> bool:
    """Tell whether a quotation is sentences of its own, not a name or a phrase in quotation marks."""
    inside = text[quotation.quotation.content_start : quotation.quotation.content_end].rstrip("".join(_QUOTE_MARKS) + " ")
    return not quotation.quotation.closed or (len(inside.split()) > 1 and inside[-1] in ".!?…,—–-")


def _quoting_cue(token: Token, *, inverted: bool) -> Cue | None:
    """Return the rule by which a verb gives a quotation: its own, that of its clauses, or the one for any verb in inversion."""
    index = read_cues()
    found = index.frames_of(token)
    if found is not None:
        for frame in ("quote", "clause"):
            if (cue := found[1].get(("VERB", frame))) is not None:
                return cue
    if inverted and token.pos_ == "VERB" and token.tag_ in ("VBD", "VBZ", "VBP"):
        return index.words.get(_ANY_VERB, {}).get(("VERB", "quote"))
    return None


def _is_auxiliary(token: Token) -> bool:
    return token.dep_ in ("aux", "auxpass")


def _inverted_subject(verb: Token) -> Token | None:
    """Return the subject after an inverted verb where the parser took it for an object."""
    return next((child for child in verb.children if child.dep_ in ("dobj", "appos", "npadvmod") and child.i > verb.i), None)
