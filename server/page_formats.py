"""The forms that pages come in, HTML and RDF, and which one a request asks for (RFC 9110)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from flask import request
from pyoxigraph import Quad, RdfFormat, Triple, serialize
from werkzeug.exceptions import NotAcceptable

from server.negotiate import content_type
from server.reading import with_sorted_prefixes


@dataclass(frozen=True, slots=True)
class RdfAnswer:
    """A form of RDF; only some tell the graphs of quads."""

    media_type: str
    names: tuple[str, ...]
    format: RdfFormat
    title: str

    @property
    def has_graphs(self) -> bool:
        """Whether the form tells which graph says something."""
        return bool(self.format.supports_datasets) and self.format != RdfFormat.JSON_LD

    @property
    def content_type(self) -> str:
        """The media type as a header says it."""
        return content_type(self.media_type)

    def serialized(self, quads: Iterable[Quad | Triple], prefixes: dict[str, str]) -> bytes:
        """Return quads or triples in this form; NotAcceptable where it cannot say them (JSON-LD has no triple terms)."""
        kept = quads if self.has_graphs else (quad.triple if isinstance(quad, Quad) else quad for quad in quads)
        try:
            return with_sorted_prefixes(serialize(cast(Iterable[Quad], kept), format=self.format, prefixes=prefixes) or b"")
        except (OSError, ValueError) as error:
            raise NotAcceptable(f"{self.title} cannot hold this answer ({error}); ask for another form, such as ?format=ttl") from error


@dataclass(frozen=True, slots=True)
class HtmlAnswer:
    """The page for people."""

    media_type: str = "text/html"
    names: tuple[str, ...] = ("html",)
    title: str = "HTML"


HTML = HtmlAnswer()
TRIPLES = (
    RdfAnswer("text/turtle", ("ttl", "turtle"), RdfFormat.TURTLE, "Turtle"),
    RdfAnswer("application/n-triples", ("nt", "ntriples"), RdfFormat.N_TRIPLES, "N-Triples"),
    RdfAnswer("application/ld+json", ("jsonld", "json"), RdfFormat.JSON_LD, "JSON-LD"),
    RdfAnswer("application/rdf+xml", ("rdf", "xml", "rdfxml"), RdfFormat.RDF_XML, "RDF/XML"),
)
QUADS = (
    RdfAnswer("application/trig", ("trig",), RdfFormat.TRIG, "TriG, with the graphs"),
    RdfAnswer("application/n-quads", ("nq", "nquads"), RdfFormat.N_QUADS, "N-Quads, with the graphs"),
)
# Clients that know one of these mean the form beside it.
_ALIASES = {
    "application/xhtml+xml": "text/html",
    "application/x-turtle": "text/turtle",
    "application/json": "application/ld+json",
    "text/plain": "application/n-triples",
}
Answer = HtmlAnswer | RdfAnswer


def chosen(offers: tuple[Answer, ...]) -> Answer:
    """Return the form that the request asks for: `?format=` before Accept, the first where nothing is said.

    NotAcceptable lists what there is.
    """
    listed = ", ".join(f"{offer.media_type} (?format={offer.names[0]})" for offer in offers)
    if asked := request.args.get("format", ""):
        named = next((offer for offer in offers if asked.lower() in (*offer.names, offer.media_type)), None)
        if named is None:
            raise NotAcceptable(f"format {asked[:40]!r} is not known; this can be had as {listed}")
        return named
    if "Accept" not in request.headers or not request.headers["Accept"].strip():
        return offers[0]
    types = [offer.media_type for offer in offers]
    aliases = [alias for alias, meant in _ALIASES.items() if meant in types]
    best = request.accept_mimetypes.best_match([*types, *aliases])
    found = next((offer for offer in offers if offer.media_type == _ALIASES.get(best or "", best)), None)
    if found is None:
        raise NotAcceptable(f"nothing here fits the Accept header; this can be had as {listed}")
    return found


def prefers_page() -> bool:
    """Return whether an error should be a page for people: the client names HTML and likes no form of data better."""
    accept = request.accept_mimetypes
    named = any(value.split(";")[0].strip().lower() in ("text/html", "application/xhtml+xml") for value, _ in accept)
    data = ("application/problem+json", "application/json", *(offer.media_type for offer in (*TRIPLES, *QUADS)))
    best = accept.best_match(["text/html", *data])
    return named and best == "text/html"
