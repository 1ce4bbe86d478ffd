"""Linked data: every IRI of the graph answers at its path below /id/, as a page for people or as RDF, by negotiation."""

from urllib.parse import quote

from flask import Blueprint, Response, request
from pyoxigraph import DefaultGraph, NamedNode
from werkzeug.exceptions import HTTPException, NotFound

from kg import __version__
from kg.generations import Generation
from kg.limits import count_limit
from server.addresses import PATH, address, asked_nodes, raw_path
from server.caching import compressed, etag, not_modified, unchanged
from server.listing import address_with, page_number
from server.newest import Newest
from server.node_facts import Facts
from server.node_pages import render_node
from server.node_quads import read_quads, written
from server.page_errors import answer_error
from server.page_formats import HTML, QUADS, TRIPLES, RdfAnswer, chosen

_TABLE = "page_limits"
OFFERS = (HTML, *TRIPLES, *QUADS)
_VARY = "Accept, Accept-Encoding"
_URI = "%/:?#[]@!$&'()*+,;=~"


def pages_blueprint(newest: Newest, base: str | None = None) -> Blueprint:
    """Return the routes; `base` begins the graph's IRIs, by default what the published data set says."""
    blueprint = Blueprint("pages", __name__)

    @blueprint.get(f"{PATH}<path:path>")
    def page(path: str) -> Response:
        generation = newest.current()
        return _answer(generation, base or generation.base, path)

    blueprint.register_error_handler(HTTPException, answer_error)
    return blueprint


def find_node(generation: Generation, base: str, rest: str) -> NamedNode | None:
    """Return the node that a request's path means, or None where the graph knows none; `rest` is the decoded path after /id/."""
    graphs = generation.graphs
    for node in asked_nodes(raw_path(request.environ), rest, base):
        is_known = (
            any(True for _ in graphs.quads_for_pattern(node, None, None, DefaultGraph()))
            or any(True for _ in graphs.quads_for_pattern(node, None, None, None))
            or any(True for _ in graphs.quads_for_pattern(None, None, node, None))
            or graphs.contains_named_graph(node)
        )
        if is_known:
            return node
    return None


def _answer(generation: Generation, base: str, rest: str) -> Response:
    form = chosen(OFFERS)
    node = find_node(generation, base, rest)
    if node is None:
        raise NotFound(f"the graph says nothing of {base}{rest[:200]}; it may have been in an article that was removed")
    tag = etag(generation, __version__, node.value, form.media_type, request.host_url, request.query_string.decode("latin-1"))
    if not_modified(tag):
        return unchanged(tag, vary=_VARY)
    facts = Facts(generation, base)
    own = address(node.value, base) or ""
    forms = [(offer, address_with(request.args, format=offer.names[0])) for offer in OFFERS[1:]]
    if isinstance(form, RdfAnswer):
        response = _rdf(facts, node, form)
    else:
        response = Response(render_node(facts, node.value, request.args, forms), mimetype="text/html")
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = _VARY
    response.headers.add("Link", f'<{quote(node.value, safe=_URI)}>; rel="canonical"')
    for offer in OFFERS:
        response.headers.add("Link", f'<{own}?format={offer.names[0]}>; rel="alternate"; type="{offer.media_type}"')
    return compressed(response)


def _rdf(facts: Facts, node: NamedNode, form: RdfAnswer) -> Response:
    page = page_number("page", request.args)
    most = count_limit("objects-linked", _TABLE)
    if page > count_limit("list-read", _TABLE) // most:
        raise NotFound(f"page={page}: ask at /sparql for triples that far down")
    answer = read_quads(facts, node, page=page, with_graphs=form.has_graphs)
    notices = []
    if answer.more:
        held = f"{(page - 1) * most + 1} to {page * most}"
        notices.append(f"Of the triples that point to it, this answer holds numbers {held}; page={page + 1} has the next.")
    if answer.cut:
        notices.append("The graph is larger than this answer; it is whole at the Graph Store (/data?graph=) and in the dumps.")
    body = written(answer, form, address=request.url, notice=" ".join(notices))
    response = Response(body, content_type=form.content_type)
    if answer.more:
        response.headers.add("Link", f'<{address_with(request.args, page=str(page + 1))}>; rel="next"')
    return response
