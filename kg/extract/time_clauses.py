"""Reads which event a time belongs to, and which event another time is counted from ("two days after the attack")."""

from collections.abc import Iterator

from spacy.tokens import Span, Token

from kg.extract.time_directions import verb_time
from kg.limits import count_limit

_ROLES = frozenset({"nsubj", "nsubjpass", "dobj"})
_DATES = frozenset({"DATE", "TIME"})


def clause_words(span: Span) -> frozenset[str]:
    """Return the lemmas by which a later phrase may name what happened at a time: its verb with subject and object, its nouns."""
    return frozenset(token.lemma_.lower() for token in _clause(span))


def event_behind(span: Span) -> Token | None:
    """Return the noun that "two days after" counts from, None where no noun of an event follows."""
    return next(
        (child for child in span[-1].children if child.dep_ == "pobj" and child.pos_ == "NOUN" and child.ent_type_ not in _DATES), None
    )


def looks_forward(span: Span) -> bool:
    """Tell whether a phrase hangs on a verb that looks forward."""
    return span.root.head.pos_ == "VERB" and verb_time(span, count_limit("verb-distance", "time_limits")).direction > 0


def _clause(span: Span) -> Iterator[Token]:
    token = span.root
    for _ in range(count_limit("verb-distance", "time_limits")):
        if token not in span and token.pos_ in ("NOUN", "VERB"):
            yield token
        if token.pos_ == "VERB":
            yield from (child for child in token.children if child.dep_ in _ROLES)
            return
        if token.head == token:
            return
        token = token.head
