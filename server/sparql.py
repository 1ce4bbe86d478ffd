"""/sparql: the query half of the SPARQL 1.1 Protocol over the union of all current graphs."""

import io
import re

from flask import Blueprint, Response, request
from pyoxigraph import QueryTriples, serialize
from werkzeug.exceptions import BadRequest, Forbidden, NotAcceptable, UnsupportedMediaType

from kg.dump import PREFIXES
from server.negotiate import GRAPHS, SOLUTIONS, Format, Offer, choose
from server.readers import Reader

# Words inside IRIs, strings and comments are no keywords. An escaped keyword is a syntax error in SPARQL, so this cannot be got round.
_PASSED_OVER = re.compile(
    r"""<[^<>"{}|^`\\\x00-\x20]*>                        # IRIs
    | '''(?:[^\\]|\\.)*?''' | \"""(?:[^\\]|\\.)*?\"""  # long strings
    | '(?:[^'\\\n\r]|\\.)*' | "(?:[^"\\\n\r]|\\.)*"   # strings
    | \#[^\n\r]*                                      # comments
    | [?$]\w+ | [\w-]*:[\w.-]*                         # variables, prefixed names
    """,
    re.VERBOSE | re.DOTALL,
)
_SERVICE = re.compile(r"\bSERVICE\b", re.IGNORECASE)


def sparql_blueprint(reader: Reader) -> Blueprint:
    """Return the route, answering from the reader's current generation."""
    blueprint = Blueprint("sparql", __name__)

    @blueprint.route("/sparql", methods=["GET", "POST"])
    def sparql() -> Response:
        return _answer(reader, _query_text())

    return blueprint


def _query_text() -> str:
    """Return the query of a request by GET, by form or as the body; BadRequest or UnsupportedMediaType otherwise."""
    if request.method == "GET":
        given = request.args.getlist("query")
    elif request.mimetype == "application/x-www-form-urlencoded":
        given = request.form.getlist("query")
        if "update" in request.form:
            raise Forbidden("this endpoint is read-only; send queries")
    elif request.mimetype == "application/sparql-query":
        try:
            return request.get_data().decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadRequest(f"the query is not UTF-8: {error}") from error
    elif request.mimetype == "application/sparql-update":
        raise Forbidden("this endpoint is read-only; send queries")
    else:
        raise UnsupportedMediaType("send a query as application/sparql-query or application/x-www-form-urlencoded")
    if len(given) != 1:
        raise BadRequest(f"{len(given)} parameters named query were sent; send one")
    return given[0]


def _answer(reader: Reader, text: str) -> Response:
    if _SERVICE.search(_PASSED_OVER.sub(" ", text)):
        raise Forbidden("SERVICE is switched off here: this endpoint makes no requests of its own")
    try:
        answer = reader.current().query(text)
    except SyntaxError as error:
        raise BadRequest(f"the query does not parse: {error}") from error
    except ValueError as error:
        raise BadRequest(f"the query cannot be answered: {error}") from error
    # Written in the thread that made it: a result that is touched by another thread ends the process.
    if isinstance(answer, QueryTriples):
        graph = _chosen(GRAPHS)
        body = serialize(answer, format=graph.format, prefixes=PREFIXES if graph.short_name == "ttl" else None) or b""
        return _response(body, graph.media_type)
    table = _chosen(SOLUTIONS)
    buffer = io.BytesIO()
    answer.serialize(buffer, format=table.format)
    return _response(buffer.getvalue(), table.media_type)


def _chosen(offers: tuple[Offer[Format], ...]) -> Offer[Format]:
    offer = choose(offers, request.accept_mimetypes, request.values.get("format") or request.values.get("output"))
    if offer is None:
        raise NotAcceptable("this answer can be had as " + ", ".join(offer.media_type for offer in offers))
    return offer


def _response(body: bytes, media_type: str) -> Response:
    response = Response(body, content_type=media_type)
    response.headers["Vary"] = "Accept"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
