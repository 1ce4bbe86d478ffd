"""From an Accept header to a result format, by RFC 9110."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from pyoxigraph import QueryResultsFormat, RdfFormat
from werkzeug.datastructures import MIMEAccept

Format = TypeVar("Format", QueryResultsFormat, RdfFormat)


@dataclass(frozen=True)
class Offer(Generic[Format]):
    """A media type that can be asked for, its short name for `?format=`, and what Oxigraph writes for it."""

    media_type: str
    short_name: str
    format: Format


SOLUTIONS = (
    Offer("application/sparql-results+json", "json", QueryResultsFormat.JSON),
    Offer("application/json", "json", QueryResultsFormat.JSON),
    Offer("application/sparql-results+xml", "xml", QueryResultsFormat.XML),
    Offer("application/xml", "xml", QueryResultsFormat.XML),
    Offer("text/csv", "csv", QueryResultsFormat.CSV),
    Offer("text/tab-separated-values", "tsv", QueryResultsFormat.TSV),
)
GRAPHS = (
    Offer("text/turtle", "ttl", RdfFormat.TURTLE),
    Offer("application/n-triples", "nt", RdfFormat.N_TRIPLES),
)


def choose(offers: tuple[Offer[Format], ...], accept: MIMEAccept, short_name: str | None) -> Offer[Format] | None:
    """Return what the client likes best, or None if it takes nothing of what there is (406).

    No Accept header means the first offer; a short name, which people type into a URL, goes before the header.
    """
    if short_name:
        return next((offer for offer in offers if short_name in (offer.short_name, offer.media_type)), None)
    if not accept:
        return offers[0]
    best = accept.best_match([offer.media_type for offer in offers])
    return next((offer for offer in offers if offer.media_type == best), None)
