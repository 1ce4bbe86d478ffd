"""Joins quotations to the statements that give them: a quotation is content as a whole, wherever the parser cut it.

A quotation goes, in this order, to the word that introduces it, to the statement whose content it overlaps, to the
reporting word or signature after it, to the speaker of the quotation before it, or to the verb it hangs on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from spacy.tokens import Doc

from kg.extract.drafts import Draft
from kg.extract.labels import label_cue, label_of
from kg.extract.parse import PARAGRAPHS
from kg.extract.quoted_tokens import QuotedTokens, fills_paragraph, is_speech, opens_sentence
from kg.extract.quoting_words import draft_above, draft_after, draft_before, is_own
from kg.limits import count_limit

_SENTENCE_END = frozenset(".!?…:")
_QUOTE_MARKS = frozenset("”\"'’»")


def join_quotations(doc: Doc, text: str, drafts: Sequence[Draft], quoted: Sequence[QuotedTokens]) -> tuple[Draft, ...]:
    """Return the drafts with the quotations they give as content, and new drafts for quotations with a cue beside them."""
    by_head: dict[int, Draft] = {draft.head.i: draft for draft in drafts}
    given_by: dict[int, int] = {}
    spoken: int | None = None
    waiting: list[int] = []  # quotations that are cut off at a paragraph's end and go on in the next one, where their cue may be
    for position, quotation in enumerate(quoted):
        draft = _given(doc, text, quotation, by_head)
        if draft is None and spoken is not None:
            going_on = _continued(doc, text, quotation, quoted[spoken], given_by[spoken])
            draft = by_head[going_on] if going_on is not None else None
        if draft is None and is_speech(text, quotation):
            draft = _sentence_before(doc, quotation, by_head)
        if draft is None:
            draft = draft_above(doc, text, quotation, by_head)
        if (narrowed := _introduced_twice(by_head, quotation)) is not None:
            by_head[narrowed.head.i] = narrowed
        if draft is None:
            waiting = [*_still_waiting(waiting, quoted, quotation), position]
            continue
        head, spoken = draft.head.i, position
        given = [*_still_waiting(waiting, quoted, quotation), position]
        given_by.update(dict.fromkeys(given, head))
        waiting = []
        by_head[head] = replace(draft, words=tuple(sorted({*draft.words, *(i for at in given for i in _spoken(draft, quoted[at]))})))
    return tuple(_without_narration(by_head[head], quoted, given_by) for head in sorted(by_head))


def _still_waiting(waiting: Sequence[int], quoted: Sequence[QuotedTokens], quotation: QuotedTokens) -> Sequence[int]:
    """Return the quotations that go on up to this one: none where the last was closed or has a paragraph of other words after it."""
    last = quoted[waiting[-1]] if waiting else None
    return waiting if last is not None and not last.quotation.closed and last.paragraph + 1 == quotation.paragraph else ()


def _spoken(draft: Draft, quotation: QuotedTokens) -> range:
    """Return the words of a quotation, without a label that stands in it."""
    labelled = draft.cue.pos == "PUNCT" and quotation.start <= draft.head.i < quotation.end - 1
    return range(draft.head.i + 1 if labelled else quotation.start, quotation.end)


def _without_narration(draft: Draft, quoted: Sequence[QuotedTokens], given_by: Mapping[int, int]) -> Draft:
    """Return a draft that a quotation opens without the article's own words behind the cue: "…," X said and left the room."""
    given = [quoted[position] for position, head in given_by.items() if head == draft.head.i]
    if not given or draft.words[0] < given[0].start or given[0].end > draft.head.i:
        return draft
    kept = {i for quotation in given for i in range(quotation.start, quotation.end)}
    return replace(draft, words=tuple(i for i in draft.words if i in kept or i < draft.head.i))


def _given(doc: Doc, text: str, quotation: QuotedTokens, by_head: Mapping[int, Draft]) -> Draft | None:
    """Return the draft of the word that gives a quotation: one right before it, around it, or after it."""
    if (turn := _labelled_turn(doc, quotation)) is not None:
        return turn
    around = _overlapping(by_head.values(), quotation)
    before = draft_before(doc, text, quotation, by_head)
    if around is not None:
        return before if before is not None and _is_nearer(before, by_head[around], quotation) else by_head[around]
    if before is not None and is_own(before):
        return before
    after = draft_after(doc, text, quotation, by_head)
    return after if before is None or (after is not None and is_own(after)) else before


def _labelled_turn(doc: Doc, quotation: QuotedTokens) -> Draft | None:
    """Return the draft of a line of a script that stands in quotation marks: "MAYOR: We will rebuild the bridge."."""
    cue = label_cue()
    found = label_of(doc[quotation.start + 1 : quotation.end]) if opens_sentence(doc, quotation) else None
    if cue is None or found is None:
        return None
    colon, head = found
    return Draft(cue, colon, tuple(range(colon.i + 1, quotation.end)), None, head)


def _is_nearer(draft: Draft, other: Draft, quotation: QuotedTokens) -> bool:
    """Tell whether a draft's word stands between the word of another one and the quotation: sang it "before asking her, “…”"."""
    if not other.head.i < draft.head.i < quotation.start or draft.head.i in other.words:
        return False
    return is_own(draft) or draft.head.doc[quotation.start - 1].text == ":"


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


def _continued(doc: Doc, text: str, quotation: QuotedTokens, before: QuotedTokens, head: int) -> int | None:
    """Return the statement that goes on: "A," X said. "B." in one paragraph, or a paragraph after an unclosed quotation."""
    if quotation.paragraph == before.paragraph:
        between = text[before.quotation.end : quotation.quotation.start].strip()
        if not between or between[-1] in _SENTENCE_END or between[-1] in _QUOTE_MARKS:
            return head if is_speech(text, quotation) else None
        return head if between[-1] == "," and before.end <= head < quotation.start else None
    if quotation.paragraph == before.paragraph + 1 and (not before.quotation.closed or fills_paragraph(doc, quotation)):
        return head
    return None


def _sentence_before(doc: Doc, quotation: QuotedTokens, by_head: Mapping[int, Draft]) -> Draft | None:
    """Return the statement of the sentence before a quotation that stands by itself: X said it was late. "We will go." """
    paragraph = doc.spans[PARAGRAPHS][quotation.paragraph]
    if quotation.start <= paragraph.start or doc[quotation.start - 1].text not in (".", "!", "?"):
        return None
    before = doc[quotation.start - 1].sent
    drafts = [by_head[i] for i in range(max(before.start, paragraph.start), before.end) if i in by_head]
    return max(drafts, key=lambda draft: len(draft.words), default=None)
