"""Finds quantities: numbers in digits or words, their bounds, and what they count."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span, Token

from kg.extract.counted import SHARED, counted_noun, is_counting, is_elliptic, is_one, points_back
from kg.extract.figures import Figure, bound_behind, figure_at
from kg.extract.numbers import number_words
from kg.extract.parse import PARAGRAPHS
from kg.extract.slots import clause_verb
from kg.records import Quantity


@dataclass(frozen=True, slots=True)
class _Found:
    """A quantity, its number's words, and the token it hangs on; `shares` where its unit is a neighbour's."""

    quantity: Quantity
    tokens: Span
    argument: Token
    shares: bool


def find_quantities(doc: Doc) -> tuple[Quantity, ...]:
    """Return the quantities in text order; a span holds the number and the words that bound it, not what it counts.

    Years, dates, durations, ages, ordinals and numbers in names are none, nor is "no": it negates. `unit` is the lower-case
    head noun of what is counted, a neighbour's where the noun is shared, None where only an argument of a verb is counted
    ("40 were hurt"). A share of a whole ("half of the crew", "one in five") is in percent.

    "At least 385 miners left and 12 stayed." -> AtLeast 385 "miners", Exact 12 "miners".
    """
    return tuple(quantity for paragraph in doc.spans[PARAGRAPHS] for sent in paragraph.sents for quantity in _shared(list(_found_in(sent))))


def _found_in(sent: Span) -> Iterator[_Found]:
    text, at = sent.text, 0
    for token in sent:
        start = token.idx - sent.start_char
        if start < at or not (token.text[0].isdigit() or token.lower_ in number_words()):
            continue
        figure = figure_at(text, start)
        if figure is None:
            continue
        at = figure.core_end
        tokens = sent.char_span(figure.core_start, figure.core_end, alignment_mode="expand")
        if tokens is None or not is_counting(tokens, figure):
            continue
        unit = figure.unit
        if unit is None:
            counted = counted_noun(tokens, figure)
            if counted is None:
                continue
            unit, end = counted.unit, max(figure.end, counted.end - sent.start_char)
            noun_end = counted.noun.idx + len(counted.noun) - sent.start_char if counted.noun is not None else end
            behind = bound_behind(text, noun_end) if figure.approximation == "Exact" else None
            figure = replace(figure, end=end, approximation=behind or figure.approximation)
        at = figure.end
        yield _Found(_quantity(figure, sent.start_char, unit), tokens, _argument(tokens), unit == SHARED)


def _quantity(figure: Figure, offset: int, unit: str | None) -> Quantity:
    at_least, at_most = figure.approximation == "AtLeast", figure.approximation == "AtMost"
    return Quantity(
        figure.start + offset,
        figure.end + offset,
        lower=None if at_most else figure.low,
        upper=None if at_least else figure.high,
        approximation=figure.approximation,
        unit=unit,
    )


def _shared(found: list[_Found]) -> Iterator[Quantity]:
    """Yield the quantities, those without a noun of their own with that of the nearest one before, else behind, in a like place.

    "One" alone counts only beside another number of its kind: "killing one and wounding four".
    """
    for position, one in enumerate(found):
        if not one.shares:
            yield one.quantity
            continue
        if is_one(one.tokens) and not any(_is_parallel(one, other) for other in found if other is not one):
            continue
        near = [*reversed(found[:position]), *found[position + 1 :]]
        yield replace(one.quantity, unit=next((other.quantity.unit for other in near if not other.shares and _lends(other, one)), None))


def _argument(tokens: Span) -> Token:
    """Return the counted noun or, without one, the number."""
    root = tokens.root
    return root.head if root.dep_ in ("nummod", "compound", "quantmod") else root


def _is_parallel(one: _Found, other: _Found) -> bool:
    """Tell whether two numbers count in joined clauses: "one fled and two died"."""
    if any(child.lower_ == "of" for child in one.argument.rights):
        return False
    return is_elliptic(one.tokens) or (_first_verb(one.argument) == _first_verb(other.argument) and _alike(one, other))


def _first_verb(token: Token) -> Token:
    verb = clause_verb(token)
    while verb.dep_ == "conj":
        verb = verb.head
    return verb


def _lends(other: _Found, one: _Found) -> bool:
    """Tell whether a number takes its noun from another, from one behind it only in a joined clause ("12 died and 9 miners left")."""
    if other.quantity.start > one.quantity.start:
        return not points_back(one.tokens) and _alike(one, other) and _first_verb(one.argument) == _first_verb(other.argument)
    return points_back(one.tokens) or _alike(one, other)


def _alike(one: _Found, other: _Found) -> bool:
    """Tell whether two numbers stand in like places: an object does not take its noun from a subject.

    A number before a bare participle or adjective has lost its verb ("and 210 wounded"): any place but one behind a preposition is like it.
    """
    first, second = _place(one.argument), _place(other.argument)
    if is_elliptic(one.tokens):
        return second != "prepositional"
    return None in (first, second) or first == second or ("subject" in (first, second) and {first, second} <= _SUBJECTS)


def _place(token: Token) -> str | None:
    while token.dep_ == "conj":
        token = token.head
    if token.dep_ == "nsubj" and any(child.dep_ == "dobj" for child in token.head.children):
        return "agent"
    if token.dep_ == "pobj" and token.head.lower_ == "of" and token.head.head.pos_ in ("VERB", "AUX"):
        return None  # "of the 23 sailors, 12 drowned"
    return _PLACES.get(token.dep_)


_PLACES = {"nsubj": "subject", "nsubjpass": "patient", "dobj": "object", "pobj": "prepositional"}
_SUBJECTS = {"agent", "subject", "patient"}
