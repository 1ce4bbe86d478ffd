"""Finds quantities: numbers in digits or words, their bounds, and what they count."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from kg.extract.counted import SHARED, counted_noun, is_counting
from kg.extract.figures import Figure, figure_at
from kg.extract.numbers import number_words
from kg.extract.parse import PARAGRAPHS
from kg.records import Quantity


@dataclass(frozen=True, slots=True)
class _Found:
    """A quantity, the token it hangs on, and whether its unit is a neighbour's."""

    quantity: Quantity
    argument: Token
    shares: bool


def find_quantities(doc: Doc) -> tuple[Quantity, ...]:
    """Return the quantities in text order; a span holds the number and the words that bound it, not what it counts.

    Years, dates, durations, ages, ordinals and numbers in names are none. `unit` is the lower-case head noun of what is
    counted, a neighbour's where the noun is shared, None where only an argument of a verb is counted ("40 were hurt").

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
        at = figure.end
        tokens = sent.char_span(figure.core_start, figure.core_end, alignment_mode="expand")
        if tokens is None or not is_counting(tokens, figure):
            continue
        unit, end = figure.unit, figure.end
        if unit is None:
            noun = counted_noun(tokens)
            if noun is None:
                continue
            unit = noun.unit
            end = max(end, noun.end - sent.start_char)
            at = end
        yield _Found(_quantity(figure, sent.start_char, end, unit), _argument(tokens), unit == SHARED)


def _quantity(figure: Figure, offset: int, end: int, unit: str) -> Quantity:
    at_least, at_most = figure.approximation == "AtLeast", figure.approximation == "AtMost"
    return Quantity(
        figure.start + offset,
        end + offset,
        lower=None if at_most else figure.low,
        upper=None if at_least else figure.high,
        approximation=figure.approximation,
        unit=unit,
    )


def _shared(found: list[_Found]) -> Iterator[Quantity]:
    """Yield the quantities, those without a noun of their own with that of the nearest one before, else behind, in a like place."""
    for position, one in enumerate(found):
        if not one.shares:
            yield one.quantity
            continue
        near = [*reversed(found[:position]), *found[position + 1 :]]
        unit = next((other.quantity.unit for other in near if not other.shares and _alike(one.argument, other.argument)), None)
        quantity = one.quantity
        yield Quantity(quantity.start, quantity.end, quantity.lower, quantity.upper, quantity.approximation, unit)


def _argument(tokens: Span) -> Token:
    """Return the counted noun or, without one, the number."""
    root = tokens.root
    return root.head if root.dep_ in ("nummod", "compound", "quantmod") else root


def _alike(one: Token, other: Token) -> bool:
    """Tell whether two words stand in like places: an object does not take its noun from a subject.

    A number before a bare participle or adjective has lost its verb ("and 210 wounded"); its place tells nothing.
    """
    if one.i + 1 < len(one.doc) and one.nbor().tag_ in ("VBN", "JJ"):
        return True
    kinds = {_PLACES.get(one.dep_), _PLACES.get(other.dep_)}
    return None in kinds or len(kinds) == 1


_PLACES = {"nsubj": "subject", "nsubjpass": "subject", "dobj": "object"}
