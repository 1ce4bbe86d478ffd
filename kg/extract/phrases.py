"""Cuts the noun phrase around a head: its words without trailing clauses, and the entity that they name."""

from spacy.tokens import Token

from kg.extract.named import NamedWords
from kg.extract.nouns import is_of_class
from kg.limits import limit

_KEPT_ON_THE_RIGHT = {"compound", "nummod", "case", "amod", "flat", "nmod", "poss", "quantmod", "advmod"}
_KEPT_PREPOSITIONS = {"of"}
_DROPPED_IN_FRONT = {"punct", "cc", "preconj", "mark", "aux"}
_CLAUSES = {"relcl", "acl", "advcl", "ccomp", "parataxis"}


def phrase_span(head: Token) -> tuple[int, int]:
    """Return the offsets of the noun phrase of a head: what stands before it, "of …" after it and a name in apposition."""
    doc = head.doc
    longest = limit("longest-phrase", "event_limits")
    first, last = _first(head), _last(head)
    if doc[last].idx + len(doc[last]) - doc[first].idx > longest:
        last = head.i
    if doc[last].idx + len(doc[last]) - doc[first].idx > longest:
        first = head.i
    return doc[first].idx, doc[last].idx + len(doc[last])


def entity_of(head: Token, named: NamedWords) -> str | None:
    """Return the key of the entity that a noun phrase names.

    The head counts, a name in apposition, and the name after "of" where the head only says what it is or how many:
    "the city of Tromsø", "most of Norway".
    """
    candidates = [head, *(child for child in head.children if child.dep_ == "appos")]
    if is_of_class(head, "generic"):
        candidates += (grand for child in head.children if child.lower_ == "of" for grand in child.children if grand.dep_ == "pobj")
    return next((key for token in candidates if (key := named.at(token))), None)


def _first(head: Token) -> int:
    first = head.left_edge.i
    while first < head.i and (head.doc[first].dep_ in _DROPPED_IN_FRONT or head.doc[first].is_space):
        first += 1
    for child in head.lefts:
        if child.dep_ in _CLAUSES:
            return max(first, child.right_edge.i + 1)
    return first


def _last(head: Token) -> int:
    last = head.i
    for child in head.rights:
        if child.dep_ in _KEPT_ON_THE_RIGHT and child.i == last + 1:
            last = child.right_edge.i
        elif child.dep_ == "prep" and child.lower_ in _KEPT_PREPOSITIONS:
            inner = next((grand for grand in child.children if grand.dep_ == "pobj"), None)
            last = _last(inner) if inner is not None else last
        elif child.dep_ == "appos" and child.ent_type_ and child.i - last <= limit("apposition-reach", "event_limits"):
            last = child.i
        elif child.dep_ in _CLAUSES or child.dep_ in ("cc", "conj", "prep"):
            break
    return last
