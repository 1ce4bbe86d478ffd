"""How values are written in the graph."""

from decimal import Decimal

from pyoxigraph import Literal

from kg.vocab import FOREIGN

XSD = FOREIGN["xsd"]


def one_line(words: str) -> Literal:
    """Return words with single blanks only."""
    return Literal(" ".join(words.split()))


def decimal(value: float) -> Literal:
    """Return a number without exponent and trailing zeros."""
    return Literal(format(Decimal(repr(value)).normalize(), "f"), datatype=XSD.decimal)


def date_time(value: str) -> Literal:
    """Return a time in the form of xsd:dateTime."""
    return Literal(value, datatype=XSD.dateTime)
