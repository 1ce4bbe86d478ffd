"""Joins the mentions of one occurrence inside an article, and picks the occurrence that the article is mostly about."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from spacy.tokens import Doc, Span, Token

from kg.extract.nouns import is_of_class
from kg.lexicon import read_table
from kg.limits import count_limit, limit
from kg.records import EventMention, Role
from kg.vocab import KG

_EXCLUSIVE_ROLES = ("patient", "place", "agent")


@dataclass(frozen=True, slots=True)
class WeightRow:
    """How much an event of a kind counts when the main event is chosen; a kind without a row takes its superclass's."""

    id: str
    kind: str
    weight: float
    note: str


@dataclass(frozen=True, slots=True)
class _Text:
    """The article, where its sentences start, and the trigger's word of each mention by key."""

    doc: Doc
    sentence_starts: tuple[int, ...]
    words: Mapping[str, Token]


def joined_occurrences(doc: Doc, mentions: Sequence[EventMention]) -> tuple[EventMention, ...]:
    """Return the mentions with `same` set to the first mention of the same occurrence, else to their own key.

    Two mentions are one occurrence when one's kind is the other's or a superclass of it, or both are the same word, and
    nothing speaks against it:
    polarity and modality, times, and named places, patients or agents agree. A later mention must also point back: a noun
    with "the", "this" or a possessive, or roles in common with the first; news tells the event of its lead again in the next
    sentences, so there a mention that is no "another attack" or "new clashes" points back, too.
    """
    reach = count_limit("same-occurrence-reach", "event_limits")
    words = {mention.key: _trigger_word(doc, mention) for mention in mentions}
    text = _Text(doc, tuple(sentence.start_char for sentence in doc.sents), words)
    joined: list[EventMention] = []
    clusters: dict[str, list[EventMention]] = {}
    for mention in mentions:
        near = islice(reversed(clusters.items()), reach)
        first = next((key for key, cluster in near if _same_occurrence(text, cluster, mention)), mention.key)
        mention = replace(mention, same=first)
        clusters.setdefault(first, []).append(mention)
        joined.append(mention)
    return tuple(joined)


def main_event(doc: Doc, events: Sequence[EventMention]) -> str | None:
    """Return the key of the event that the text is mostly about, None without events.

    Early mention, mentions of the same occurrence, events of the same kind and the weight of the kind speak for an event;
    being negated or not actual speaks against it.
    """
    if not events:
        return None
    length = max(1, doc[-1].idx) if len(doc) else 1
    scores: dict[str, float] = {}
    of_kind = Counter(event.kind for event in events)
    for event in events:
        lead = 1.0 - event.trigger.start / length
        actual = event.modality == "Actual" and event.polarity == "Positive"
        score = (
            _kind_weight(event.kind) * (1.0 if actual else limit("not-actual", "event_limits")) * (limit("base", "event_limits") + lead**2)
        )
        score += limit("topic", "event_limits") * min(of_kind[event.kind], limit("topic-limit", "event_limits"))
        scores[event.same] = max(scores.get(event.same, 0.0), score) + (
            limit("repetition", "event_limits") if event.same in scores else 0.0
        )
    best = max(scores.values())
    return next(event.same for event in events if scores[event.same] == best)


@cache
def _kind_weight(kind: str) -> float:
    """Return the weight of the nearest class that has a row; every event class has one above it."""
    ancestors = KG.ancestors(kind)
    rows = [row for row in read_table("event_weights", WeightRow) if row.kind in ancestors]
    nearest: WeightRow = max(rows, key=lambda row: (len(KG.ancestors(row.kind)), row.id))
    return nearest.weight


def _same_occurrence(text: _Text, cluster: Sequence[EventMention], mention: EventMention) -> bool:
    return all(_compatible(text, other, mention) for other in cluster) and (
        _points_back(text, mention)
        or any(_shared_role(text.doc, other, mention) for other in cluster)
        or _tells_again(text, cluster[-1], mention)
    )


def _compatible(text: _Text, first: EventMention, second: EventMention) -> bool:
    if first.polarity != second.polarity or first.modality != second.modality or not _of_one_kind(text, first, second):
        return False
    if _times_differ(first, second) or _quantities_differ(first, second):
        return False
    return not any(_entities_differ(first, second, name) for name in _EXCLUSIVE_ROLES) and not _patients_differ(text.doc, first, second)


def _of_one_kind(text: _Text, first: EventMention, second: EventMention) -> bool:
    """Tell whether one kind is the other's superclass; one word is of one kind, even where less of its sense is told again."""
    if first.kind in KG.ancestors(second.kind) or second.kind in KG.ancestors(first.kind):
        return True
    return text.words[first.key].lemma_ == text.words[second.key].lemma_


def _times_differ(first: EventMention, second: EventMention) -> bool:
    one, other = first.time, second.time
    if one is None or other is None or not (one.earliest and one.latest and other.earliest and other.latest):
        return False
    return one.latest < other.earliest or other.latest < one.earliest


def _quantities_differ(first: EventMention, second: EventMention) -> bool:
    ones = {(q.lower, q.upper) for q in first.quantities if q.role == "patient"}
    others = {(q.lower, q.upper) for q in second.quantities if q.role == "patient"}
    return bool(ones and others and not ones & others)


def _patients_differ(doc: Doc, first: EventMention, second: EventMention) -> bool:
    """Tell whether two events happen to different things by their nouns: "a general" died, "two farmers" were killed."""
    ones, others = _patient_nouns(doc, first), _patient_nouns(doc, second)
    return bool(ones and others and not ones & others)


def _patient_nouns(doc: Doc, mention: EventMention) -> set[str]:
    spans = (_words(doc, role) for role in mention.roles if role.name == "patient")
    return {span.root.lemma_ for span in spans if span is not None and span.root.pos_ in ("NOUN", "PROPN")}


def _entities(mention: EventMention, name: str) -> set[str]:
    return {role.entity for role in mention.roles if role.name == name and role.entity and not role.inherited}


def _entities_differ(first: EventMention, second: EventMention, name: str) -> bool:
    ones, others = _entities(first, name), _entities(second, name)
    return bool(ones and others and not ones & others)


def _points_back(text: _Text, mention: EventMention) -> bool:
    token = text.words[mention.key]
    if token.pos_ != "NOUN" or is_of_class(token, "idiom"):
        return False  # "in the hands of": its article points nowhere
    return any(child.dep_ in ("det", "poss") and is_of_class(child, "definite") for child in token.children)


def _tells_again(text: _Text, last: EventMention, mention: EventMention) -> bool:
    """Tell whether a mention stands in one of the sentences after the last one and does not say that it is another event."""
    one, other = (bisect_right(text.sentence_starts, event.trigger.start) for event in (last, mention))
    if not 0 < other - one <= count_limit("tells-again-reach", "event_limits"):
        return False
    return not any(is_of_class(child, "another") for child in text.words[mention.key].children)


def _trigger_word(doc: Doc, mention: EventMention) -> Token:
    span = doc.char_span(mention.trigger.start, mention.trigger.end, alignment_mode="expand")
    return span.root if span is not None else doc[0]


def _shared_role(doc: Doc, first: EventMention, second: EventMention) -> bool:
    return any(
        _same_filler(doc, one, other) for one in first.roles for other in second.roles if one.name == other.name and not other.inherited
    )


def _same_filler(doc: Doc, one: Role, other: Role) -> bool:
    """Tell whether two roles name one entity or, where nothing is named, say the same words; a pronoun says nothing."""
    if one.entity or other.entity:
        return one.entity == other.entity
    first, second = _words(doc, one), _words(doc, other)
    if first is None or second is None or first.root.pos_ == "PRON":
        return False
    return first.text.lower() == second.text.lower()


def _words(doc: Doc, role: Role) -> Span | None:
    if role.start is None or role.end is None:
        return None
    return doc.char_span(role.start, role.end, alignment_mode="expand")
