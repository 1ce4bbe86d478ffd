"""/data: the SPARQL 1.1 Graph Store HTTP Protocol. Anyone may read; who may write is said by server.updates.

A graph is named by ?graph=IRI, by ?default, or by its own address below /data. ?default is the live store's own default
graph, not the union that queries see: what is put there can be read back.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Literal, cast
from urllib.parse import parse_qsl, urljoin, urlsplit

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode, RdfFormat, parse, serialize
from werkzeug.exceptions import BadRequest, NotAcceptable, NotFound, UnsupportedMediaType
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from kg.dump import PREFIXES
from kg.generations import Generation
from server.caching import compressed, etag, not_modified, unchanged
from server.changes import GraphChange, Part
from server.negotiate import GRAPHS, choose, content_type
from server.newest import Newest
from server.updates import Writing, allowed, carried_out, graph_iri

PATH = "/data"
_MOST_PARTS = 100
_IN_MEMORY = 4_000_000  # bytes of an answer; a longer one is sent from a file
_BODIES = tuple(media_type for media_type in GRAPHS if media_type not in ("application/trig", "application/n-quads"))


@dataclass(frozen=True, slots=True)
class Target:
    """The graph that a request names; `graph` None is the default graph, `is_new` a graph that is to be made and named."""

    graph: str | None
    is_new: bool = False


def graph_store_blueprint(newest: Newest, writing: Writing) -> Blueprint:
    """Return the routes of the graph store."""
    blueprint = Blueprint("graph_store", __name__)

    @blueprint.route(PATH, defaults={"path": ""}, methods=["GET", "PUT", "POST", "DELETE"], strict_slashes=False)
    @blueprint.route(f"{PATH}/<path:path>", methods=["GET", "PUT", "POST", "DELETE"], merge_slashes=False)
    def graph_store(path: str) -> Response:
        if request.method in ("GET", "HEAD"):
            return _read(newest, _target(path))
        return _written(writing, path, cast(Literal["PUT", "POST", "DELETE"], request.method))

    return blueprint


def _target(path: str) -> Target:
    parameters = _parameters()
    graphs, is_default = parameters.get("graph", []), "default" in parameters
    if path and (graphs or is_default):
        raise BadRequest("the address names a graph and the query another; send one of them")
    if path:
        return Target(graph_iri(_own_address()))
    if not graphs and not is_default and request.method == "POST":
        return Target(graph_iri(f"{_own_address().rstrip('/')}/"), is_new=True)
    if len(graphs) + is_default != 1:
        raise BadRequest("name one graph: ?graph=IRI, ?default, or the graph's own address below this one")
    return Target(None if is_default else graph_iri(_whole(graphs[0])))


def _whole(iri: str) -> str:
    """Return an IRI resolved against the address of the request, as it is where it is absolute or no IRI."""
    try:
        return urljoin(_own_address(), iri) if iri and not urlsplit(iri).scheme else iri
    except ValueError:
        return iri


def _parameters() -> dict[str, list[str]]:
    """Return the parameters of the address, percent-decoded once."""
    try:
        pairs = parse_qsl(request.query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARTS)
    except UnicodeDecodeError as error:
        raise BadRequest("the parameters are not percent-encoded UTF-8") from error
    except ValueError as error:
        raise BadRequest(f"more than {_MOST_PARTS} parameters were sent") from error
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _own_address() -> str:
    """Return the address of the request without its query, as it was sent: what is percent-encoded stays so."""
    path = request.environ.get("REQUEST_URI", "").partition("?")[0]
    return request.host_url.rstrip("/") + path if path else request.base_url


def _read(newest: Newest, target: Target) -> Response:
    media_type = choose("graph", request.headers.get("Accept", ""), next(iter(_parameters().get("format", [])), ""))
    if media_type is None:
        raise NotAcceptable("a graph can be had as " + ", ".join(GRAPHS))
    generation = newest.current()
    if target.graph and not generation.graphs.contains_named_graph(NamedNode(target.graph)):
        raise NotFound(f"there is no graph {target.graph}")
    tag = etag(generation, PATH, target.graph or "", media_type)
    if not_modified(tag):
        return unchanged(tag, vary="Accept, Accept-Encoding")
    response = Response() if request.method == "HEAD" else _body(newest, generation, target, media_type)
    response.headers["Content-Type"] = content_type(media_type)
    response.headers["ETag"] = tag
    response.headers["Vary"] = "Accept, Accept-Encoding"
    return response


def _body(newest: Newest, generation: Generation, target: Target, media_type: str) -> Response:
    file = cast(IO[bytes], tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - closed when it is sent
    try:
        _write(generation, target, file, media_type)
    except FileNotFoundError:  # two generations were published since: the newest is there
        file.seek(0)
        file.truncate()
        _write(newest.current(), target, file, media_type)
    except (OSError, ValueError) as error:
        raise NotAcceptable(f"this graph cannot be written as {media_type}; ask for text/turtle") from error
    size = file.tell()
    file.seek(0)
    if size <= _IN_MEMORY:
        return compressed(Response(file.read()))
    response = Response(iter(lambda: file.read(65_536), b""))
    response.headers["Content-Length"] = str(size)
    response.call_on_close(file.close)
    return response


def _write(generation: Generation, target: Target, file: IO[bytes], media_type: str) -> None:
    form = RdfFormat.from_media_type(media_type)
    if target.graph:
        generation.graphs.dump(file, form, from_graph=NamedNode(target.graph), prefixes=PREFIXES)
    else:
        own = (quad.triple for quad in parse(generation.default_graph(), RdfFormat.N_TRIPLES))
        serialize(own, file, form, prefixes=PREFIXES)


def _written(writing: Writing, path: str, method: Literal["PUT", "POST", "DELETE"]) -> Response:
    """Carry out a change; 201 with the graph's address where it was not there before, 204 otherwise."""
    writer = allowed(writing)
    target = _target(path)
    parts = () if method == "DELETE" else _parts()
    base = target.graph if target.graph and not target.is_new else _own_address()
    change = GraphChange(method, target.graph, parts, base, is_minted=target.is_new)
    done = carried_out(lambda: writer.change_graph(change), what="what was sent")
    if not done.created:
        return Response(status=204)
    response = Response(status=201)
    response.headers["Location"] = (done.graph or "") if target.is_new else request.url
    return response


def _parts() -> tuple[Part, ...]:
    if request.mimetype != "multipart/form-data":
        return (Part(request.get_data(cache=False), _media_type(request.headers.get("Content-Type", ""), "")),)
    boundary = request.mimetype_params.get("boundary", "")
    try:
        return tuple(_form_parts(boundary.encode("latin-1"), request.get_data(cache=False)))
    except ValueError as error:
        raise BadRequest(f"the form does not parse: {error}") from error


def _form_parts(boundary: bytes, body: bytes) -> Iterator[Part]:
    """Yield the documents of a multipart form, each with the media type its own header says."""
    if not boundary:
        raise ValueError("it names no boundary")
    decoder = MultipartDecoder(boundary, max_parts=_MOST_PARTS)
    decoder.receive_data(body)
    decoder.receive_data(None)
    media_type, data = "", b""
    while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
        if isinstance(event, Field | File):
            media_type = _media_type(event.headers.get("Content-Type", ""), event.filename if isinstance(event, File) else event.name)
        elif isinstance(event, Data):
            data += event.data
            if not event.more_data:
                yield Part(data, media_type)
                data = b""


def _media_type(content_type: str, file_name: str | None) -> str:
    """Return the media type of a document; without one, what the ending of its file's name says."""
    media_type, options = parse_options_header(content_type)
    if not media_type and file_name:
        form = RdfFormat.from_extension(PurePosixPath(file_name).suffix.lstrip("."))
        media_type = form.media_type if form else ""
    if media_type not in _BODIES:
        raise UnsupportedMediaType(f"send a graph as {', '.join(_BODIES)}, not {media_type or 'a body without Content-Type'!r}")
    if options.get("charset", "utf-8").lower() not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedMediaType(f"the graph is said to be {options['charset']!r}; send it as UTF-8")
    return media_type
