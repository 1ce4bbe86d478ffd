"""The update half of the SPARQL 1.1 Protocol, and who may write."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from flask import Response, request
from pyoxigraph import NamedNode
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, NotFound, ServiceUnavailable, Unauthorized

from kg.store import BadStore
from server.outside import AsksOutside, kept_inside
from server.protocol import Operation
from server.query_log import QueryLog
from server.tokens import with_dataset
from server.writer import ChangeEnded, ChangeRefused, Writer, WriterBusy

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_RETRY_AFTER = 10  # seconds
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Writing:
    """How a server may be written to: not at all (no writer), by who knows a token, or, on loopback alone, by anyone.

    `outside` are beginnings of IRIs that SERVICE and LOAD may ask, in updates.
    """

    writer: Writer | None = None
    token: str | None = None
    outside: tuple[str, ...] = ()


def allowed(writing: Writing) -> Writer:
    """Return the writer if the current request may use it; Forbidden or Unauthorized otherwise."""
    if writing.writer is None:
        raise Forbidden("this endpoint is read-only")
    if writing.token is None:
        _refuse_other_pages()
        return writing.writer
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        challenge = WWWAuthenticate("bearer", {"realm": "news-kg"})
        raise Unauthorized("writing takes a token: send Authorization: Bearer TOKEN", www_authenticate=challenge)
    if not hmac.compare_digest(token.strip().encode("utf-8", "surrogateescape"), writing.token.encode("utf-8", "surrogateescape")):
        raise Forbidden("this token may not write here")
    return writing.writer


def _refuse_other_pages() -> None:
    """Refuse what a page of another site sends through the browser of who runs this server; browsers name the site in Origin."""
    origin = request.headers.get("Origin")
    if origin is not None:
        address = _address(origin)
        if address is None or address.hostname not in _LOOPBACK or address.netloc != request.host:
            raise Forbidden("a page of another site may not write here")


def _address(origin: str) -> SplitResult | None:
    try:
        return urlsplit(origin)
    except ValueError:
        return None


def update_answer(writing: Writing, operation: Operation, log: QueryLog) -> Response:
    """Carry out the update of a request: 204 once it is published."""
    told = log.begin(operation.update or "")
    try:
        _update(writing, operation)
    except HTTPException as error:
        told.end(form="update", status=error.code or 500)
        raise
    told.end(form="update", status=204)
    return Response(status=204)


def _update(writing: Writing, operation: Operation) -> None:
    writer = allowed(writing)
    given = operation.parameters
    using, using_named = (_graphs(given.get(name, [])) for name in ("using-graph-uri", "using-named-graph-uri"))
    try:
        text = kept_inside(with_dataset(operation.update or "", using, using_named), writing.outside)
    except AsksOutside as error:
        raise Forbidden(str(error)) from error
    except ValueError as error:
        raise BadRequest(str(error)) from error
    carried_out(lambda: writer.update(text, request.base_url), what="the update")


def _graphs(given: list[str]) -> list[str]:
    return [graph_iri(iri) for iri in given]


def graph_iri(iri: str) -> str:
    """Return an IRI that names a graph; BadRequest where it is none, or relative."""
    try:
        return NamedNode(iri).value
    except ValueError as error:
        raise BadRequest(f"{iri[:200]!r} is no absolute IRI: {error}") from error


def carried_out(change: Callable[[], Answer], *, what: str) -> Answer:
    """Return what a change returns; the HTTP error that fits where it was not carried out. `what` names its text in messages."""
    try:
        return change()
    except ChangeRefused as error:
        raise _REFUSALS[error.reason](what, str(error)) from error
    except (ChangeEnded, WriterBusy) as error:
        raise ServiceUnavailable(str(error), retry_after=_RETRY_AFTER) from error
    except BadStore as error:  # its message names the folder
        raise ServiceUnavailable("the store cannot be written to at present", retry_after=_RETRY_AFTER) from error


_REFUSALS: dict[str, Callable[[str, str], HTTPException]] = {
    "syntax": lambda what, detail: BadRequest(f"{what} does not parse: {detail}"),
    "impossible": lambda what, detail: BadRequest(f"{what} cannot be carried out: {detail}"),
    "missing": lambda _, detail: NotFound(detail),
    "store": lambda _, detail: ServiceUnavailable(detail, retry_after=_RETRY_AFTER),
}
