"""/ontology and /shapes: what the graph can say and what it must keep to, as pages for people or as RDF, by negotiation."""

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import HTTPException

from kg.vocab import KG_NAMESPACE
from server.addresses import ONTOLOGY, SHAPES
from server.caching import compressed, content_etag, not_modified, unchanged
from server.listing import address_with
from server.page_errors import answer_error
from server.page_formats import HTML, TRIPLES, RdfAnswer, chosen
from server.terms import ontology_about, ontology_sections, schema_prefixes, schema_triples, schema_turtle, shape_sections

_OFFERS = (HTML, *TRIPLES)
_VARY = "Accept, Accept-Encoding"


def schema_blueprint() -> Blueprint:
    """Return the routes; the files do not change while a server runs."""
    blueprint = Blueprint("schema", __name__)

    @blueprint.get(ONTOLOGY)
    def ontology() -> Response:
        return _answer("ontology", KG_NAMESPACE.removesuffix("#"))

    @blueprint.get(SHAPES)
    def shapes() -> Response:
        return _answer("shapes", KG_NAMESPACE.replace("ontology#", "shapes"))

    blueprint.register_error_handler(HTTPException, answer_error)
    return blueprint


def _answer(folder: str, iri: str) -> Response:
    form = chosen(_OFFERS)
    body, content_type = _body(folder, form) if isinstance(form, RdfAnswer) else (_page(folder, iri).encode(), "text/html; charset=utf-8")
    tag = content_etag(body)
    if not_modified(tag):
        return unchanged(tag, vary=_VARY)
    response = Response(body, content_type=content_type)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = _VARY
    response.headers.add("Link", f'<{iri}>; rel="canonical"')
    for offer in _OFFERS:
        response.headers.add("Link", f'<{request.path}?format={offer.names[0]}>; rel="alternate"; type="{offer.media_type}"')
    return compressed(response)


def _body(folder: str, form: RdfAnswer) -> tuple[bytes, str]:
    if form.names[0] == "ttl":
        return schema_turtle(folder), form.content_type
    return form.serialized(schema_triples(folder), schema_prefixes()), form.content_type


def _page(folder: str, iri: str) -> str:
    forms = [(offer, address_with(request.args, format=offer.names[0])) for offer in _OFFERS[1:]]
    about: dict[str, object] = {"iri": iri, "forms": forms}
    if folder == "ontology":
        about |= {"about": ontology_about(), "sections": ontology_sections(), "parts": "Kinds of terms", "prefix": "kg"}
    else:
        about |= {"sections": shape_sections(), "parts": "Files", "prefix": "shape"}
    return render_template(f"{folder}.html", **about)
