"""The occasion of a statement: to whom, through what, when and where it was said."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from spacy.tokens import Span, Token

from kg.extract.complements import Words
from kg.extract.cues import read_wordings
from kg.extract.drafts import Draft
from kg.extract.named import NamedWords
from kg.extract.speakers import conjoined
from kg.records import Reference, TextSpan, Time

_PLACES = frozenset({"GPE", "LOC", "FAC"})
_NAME_PARTS = frozenset({"compound", "amod", "nmod", "poss", "nummod"})


def addressees_of(draft: Draft, named: NamedWords) -> tuple[str, ...]:
    """Return the entities that are told, asked, urged or warned, or to whom something is said."""
    heads = [word for child in _addressed(draft) for word in conjoined(child)]
    return tuple(dict.fromkeys(key for head in heads if (key := named.at(head)) is not None))


def _addressed(draft: Draft) -> Iterator[Token]:
    content_head = draft.root.i if draft.root is not None else -1
    exhorting = draft.cue.frame in ("object-infinitive", "on") and draft.cue.act in ("Demand", "Ask", "Warn")
    for child in draft.head.children:
        if child.i == content_head and not exhorting:
            continue
        told = child.dep_ in ("dobj", "dative", "iobj") and child.pos_ != "ADP" and draft.cue.frame not in ("object", "predicate")
        was_told = child.dep_ == "nsubjpass" and draft.cue.frame in ("clause", "object-infinitive")
        if told or was_told:
            yield child
        elif child.dep_ in ("prep", "dative") and (child.lower_ in read_wordings()["addressing"] or (exhorting and child.lower_ == "on")):
            if draft.preposition is not None and child.i == draft.preposition.i and not exhorting:
                continue
            yield from (word for word in child.children if word.dep_ == "pobj")


def medium_of(draft: Draft, content: Words) -> TextSpan | None:
    """Return the words for what carried the statement: "on Twitter", "in a written statement", "a letter saying"."""
    media, carrying = read_wordings()["medium"], read_wordings()["carrying"]
    inside = frozenset(content)
    for phrase in draft.head.children:
        if phrase.dep_ != "prep" or phrase.lower_ not in carrying or phrase.i in inside:
            continue
        for word in phrase.children:
            if word.dep_ == "pobj" and word.lemma_.lower() in media and word.i not in inside:
                return _noun_words(word)
    carrier = draft.head.head
    if draft.head.dep_ == "acl" and carrier.lemma_.lower() in media:
        return _noun_words(carrier)
    return None


def _noun_words(noun: Token) -> TextSpan:
    first = noun
    for child in noun.lefts:
        if child.dep_ in _NAME_PARTS:
            first = child.left_edge
            break
    return TextSpan(first.idx, noun.idx + len(noun))


def time_of(draft: Draft, content: Sequence[TextSpan], times: Sequence[Time]) -> Time | None:
    """Return the time expression that belongs to the saying: in the reporting clause and outside the content."""
    clause = [child for child in draft.head.children if child.dep_ in ("npadvmod", "prep", "advmod", "dobj", "nmod")]
    sentence = draft.head.sent
    for time in times[bisect_left(times, sentence.start_char, key=lambda time: time.start) :]:
        if time.start >= sentence.end_char:
            break
        if any(piece.start < time.end and time.start < piece.end for piece in content):
            continue
        if any(child.left_edge.idx < time.end and time.start < child.right_edge.idx + len(child.right_edge) for child in clause):
            return time
    return None


def place_of(draft: Draft, content: Words, named: NamedWords) -> Reference | None:
    """Return the place name of a plain "in X" or "at X" on the reporting word."""
    inside = frozenset(content)
    for phrase in draft.head.children:
        if phrase.dep_ != "prep" or phrase.lower_ not in read_wordings()["placing"] or phrase.i in inside or phrase is draft.preposition:
            continue
        for word in phrase.children:
            if word.dep_ == "pobj" and word.ent_type_ in _PLACES and word.i not in inside:
                span: Span = word.doc[word.left_edge.i : word.i + 1]
                return Reference(span.start_char, span.end_char, named.at(word))
    return None
