"""Answers a request for the endpoint's description: RDF by negotiation, people are sent on to the query page."""

from functools import lru_cache
from pathlib import Path
from threading import Lock

from flask import Response, request
from pyoxigraph import RdfFormat, serialize
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import BadRequest, NotAcceptable
from werkzeug.http import parse_accept_header

from kg import __version__
from kg.generations import Generation, generation_path
from kg.statistics import Statistics, read_statistics, small_statistics
from server.caching import compressed, etag, not_modified, unchanged
from server.cookbook import recipes
from server.description import PREFIXES_OF_DESCRIPTION, Service, description
from server.negotiate import GRAPHS, choose
from server.reading import with_sorted_prefixes

_FOR_PEOPLE = ("text/html", "application/xhtml+xml")
_QUERY_PAGE = "/query"
_VARY = "Accept, Accept-Encoding"
_KEPT = 16  # descriptions in memory: by format, and by the name that a client calls this server


class CurrentStatistics:
    """The counts of the newest generation, read from its folder; a small one without is counted when it is first asked for."""

    def __init__(self, store_path: Path) -> None:
        self._path, self._lock = store_path, Lock()
        self._mark, self._counted = "", False
        self._statistics: Statistics | None = None

    def of(self, generation: Generation) -> Statistics | None:
        """Return the counts of a generation; None where it is too large to be counted while a request waits."""
        with self._lock:
            self._look(generation)
            if self._statistics is None and not self._counted:
                self._statistics, self._counted = small_statistics(generation.graphs), True
            return self._statistics

    def known(self, generation: Generation) -> Statistics | None:
        """Return the counts of a generation if they are there; nothing is counted."""
        with self._lock:
            self._look(generation)
            return self._statistics

    def published(self, generation: Generation) -> float | None:
        """Return when a generation was published, as Unix time in seconds; None where its folder is gone."""
        folder = generation_path(self._path, generation.number)
        return folder.stat().st_mtime if folder.exists() else None

    def _look(self, generation: Generation) -> None:
        if generation.mark != self._mark:
            self._mark, self._counted = generation.mark, False
            self._statistics = read_statistics(generation_path(self._path, generation.number))


def description_response(generation: Generation, counted: Statistics | None, service: Service) -> Response:
    """Return the description as this request wants it: 304, 303 to the query page for people, or 406 where no format fits."""
    accept, short_name = request.headers.get("Accept", ""), request.args.get("format") or request.args.get("output") or ""
    if not short_name and parse_accept_header(accept, MIMEAccept).best_match((*GRAPHS, *_FOR_PEOPLE)) in _FOR_PEOPLE:
        return Response(status=303, headers={"Location": request.script_root + _QUERY_PAGE, "Vary": _VARY})
    media_type = choose("graph", accept, short_name)
    if media_type is None:
        raise NotAcceptable("the description can be had as " + ", ".join((*GRAPHS, *_FOR_PEOPLE)))
    if not request.host:  # so Werkzeug says that it is malformed
        raise BadRequest("the Host header is no host name; the description names the address that a request was sent to")
    endpoint = request.base_url
    tag = etag(generation, "description", endpoint, media_type, repr(service), __version__, "" if counted else "not counted")
    if not_modified(tag):
        return unchanged(tag, vary=_VARY)
    response = Response(_body(endpoint, media_type, service, counted, generation.base), content_type=media_type)
    response.headers["ETag"] = tag
    response.headers["Vary"] = _VARY
    response.headers["Cache-Control"] = "no-cache"  # asked for again by its tag, so that a new generation is seen at once
    return compressed(response)


@lru_cache(_KEPT)
def _body(endpoint: str, media_type: str, service: Service, counted: Statistics | None, base: str) -> bytes:
    triples = description(endpoint, service, counted, base=base, examples=recipes())
    form = RdfFormat.from_media_type(media_type)
    base_iri = endpoint if form == RdfFormat.TURTLE else None
    return with_sorted_prefixes(serialize(triples, format=form, prefixes=PREFIXES_OF_DESCRIPTION, base_iri=base_iri) or b"")
