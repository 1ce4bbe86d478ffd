"""/sparql: queries run in reader processes, and their answers are sent as they come.

This is WSGI in front of the Flask application, which answers all else: a short query costs less than what Flask does
around a view (docs/performance.md).
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from flask import Flask, Response
from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    HTTPException,
    MethodNotAllowed,
    NotAcceptable,
    RequestEntityTooLarge,
    ServiceUnavailable,
    TooManyRequests,
)
from werkzeug.wrappers import Request

from kg.dump import PREFIXES
from server.answers import Answer, BadQuery, Ended, NoFormat, Reason
from server.errors import http_problem
from server.headers import ALWAYS, OPTIONS
from server.negotiate import GRAPHS, SOLUTIONS, choose, choose_encoding, is_known
from server.outside import AsksOutside, kept_inside
from server.pool import Pool
from server.protocol import Operation, read_operation
from server.query_log import QueryLog, Told
from server.reading import Asked

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATH = "/sparql"
_METHODS = ["GET", "HEAD", "OPTIONS", "POST", "QUERY"]
# Seconds after which to come back, where that can help.
_ERRORS: dict[Reason, Callable[[str], HTTPException]] = {
    "deadline": lambda detail: ServiceUnavailable(detail, retry_after=60),
    "memory": lambda detail: ServiceUnavailable(detail, retry_after=60),
    "busy": lambda detail: TooManyRequests(detail, retry_after=5),
    "rows": BadRequest,
    "bytes": BadRequest,
}
Headers = list[tuple[str, str]]


class SparqlEndpoint:
    """Answers requests to /sparql, and hands all others to the application.

    `describe` answers where nothing is asked, `update` carries out updates; both run in a Flask request context. SERVICE
    is refused but towards IRIs that begin with one of `allowed`.
    """

    def __init__(
        self,
        app: Flask,
        pool: Pool,
        log: QueryLog,
        *,
        describe: Callable[[], Response],
        update: Callable[[Operation], Response],
        allowed: tuple[str, ...] = (),
    ) -> None:
        self._app, self._others, self._pool, self._log = app, app.wsgi_app, pool, log
        self._describe, self._update, self._allowed = describe, update, allowed

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a WSGI request."""
        if environ["PATH_INFO"] != PATH:
            return self._others(environ, start_response)
        request = Request(environ)
        try:
            operation = self._operation(request)
            if operation is not None and operation.query is not None:
                return self._answered(request, operation, start_response)
        except HTTPException as error:
            response = http_problem(error)
        else:
            with self._app.request_context(environ):
                response = self._app.make_response(self._in_context(request, operation))
        response.headers.extend(ALWAYS)
        return response(environ, start_response)

    def _operation(self, request: Request) -> Operation | None:
        if request.method not in _METHODS:
            raise MethodNotAllowed(_METHODS)
        if (request.content_length or 0) > (most := self._pool.limits.most_body):
            raise RequestEntityTooLarge(f"the request is larger than {most:,} bytes")
        return None if request.method == "OPTIONS" else read_operation(request)

    def _in_context(self, request: Request, operation: Operation | None) -> Response:
        if request.method == "OPTIONS":
            return Response(status=204, headers=OPTIONS)
        try:
            return self._update(operation) if operation else self._describe()
        except HTTPException as error:
            return http_problem(error)

    def _answered(self, request: Request, operation: Operation, start_response: "StartResponse") -> Iterable[bytes]:
        told = self._log.begin(operation.query or "")
        try:
            status, headers, body = self._evaluated(request, operation, told)
        except BaseException as error:
            told.end(status=getattr(error, "code", None) or 500)
            raise
        start_response(status, headers + ALWAYS)
        return body

    def _evaluated(self, request: Request, operation: Operation, told: Told) -> tuple[str, Headers, Iterable[bytes]]:
        asked = self._asked(request, operation)
        tag = told.tag(self._pool.current_mark(), asked)
        headers = [("Vary", "Accept, Accept-Encoding"), ("Cache-Control", "no-cache" if tag else "no-store")]
        if tag:
            headers.append(("ETag", f'W/"{tag}"'))
            if request.method != "POST" and "HTTP_IF_NONE_MATCH" in request.environ and request.if_none_match.contains_weak(tag):
                told.end(status=304)
                return "304 NOT MODIFIED", headers, []
        try:
            answer = self._pool.ask(asked)
        except BadQuery as error:
            raise BadRequest(str(error)) from error
        except NoFormat as error:
            offers = SOLUTIONS if str(error) == "solutions" else GRAPHS
            raise NotAcceptable("this answer can be had as " + ", ".join(offers)) from error
        except Ended as ended:
            raise _as_http(ended, told) from ended
        return self._sent(request, answer, told, headers)

    def _asked(self, request: Request, operation: Operation) -> Asked:
        accept = request.environ.get("HTTP_ACCEPT", "")
        short_name = operation.one("format") or operation.one("output")
        if short_name and not is_known(short_name):
            known = ", ".join(sorted({*SOLUTIONS.values(), *GRAPHS.values()}))
            raise NotAcceptable(f"format {short_name!r} is not known; there are {known}")
        default_graphs, named_graphs = operation.parameters.get("default-graph-uri"), operation.parameters.get("named-graph-uri")
        if default_graphs or named_graphs:  # the protocol's dataset has no other graphs than those named
            default_graphs, named_graphs = default_graphs or [], named_graphs or []
        limits = self._pool.limits
        return Asked(
            text=self._kept_inside(operation.query or ""),
            base=request.base_url,
            solutions=choose("solutions", accept, short_name),
            graph=choose("graph", accept, short_name),
            default_graphs=default_graphs,
            named_graphs=named_graphs,
            encoding=choose_encoding(request.environ.get("HTTP_ACCEPT_ENCODING", "")),
            seconds=_seconds(operation.one("timeout"), limits.deadline_seconds),
            most_rows=limits.most_rows,
            most_bytes=limits.most_bytes,
            prefixes=PREFIXES,
        )

    def _kept_inside(self, text: str) -> str:
        try:
            return kept_inside(text, self._allowed)
        except AsksOutside as error:
            raise Forbidden(str(error)) from error
        except ValueError as error:
            raise BadRequest(str(error)) from error

    def _sent(self, request: Request, answer: Answer, told: Told, headers: Headers) -> tuple[str, Headers, Iterable[bytes]]:
        media_type = answer.media_type
        headers.append(("Content-Type", f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type))
        if answer.encoding:
            headers.append(("Content-Encoding", answer.encoding))
        body: Iterable[bytes]
        if answer.whole:
            told.end(status=200, answer=answer)
            answer.close()
            headers.append(("Content-Length", str(len(answer.first))))
            body = [] if request.method == "HEAD" else [answer.first]
        elif request.method == "HEAD":
            told.end(status=200, answer=answer)
            answer.close()
            body = []
        elif request.environ["SERVER_PROTOCOL"] == "HTTP/1.0":
            body, size = _spooled(answer, told)
            headers.append(("Content-Length", str(size)))
        else:
            body = _Stream(answer, told)
        return "200 OK", headers, body


def _seconds(given: str, most: float) -> float:
    if not given:
        return most
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise BadRequest(f"timeout {given!r} is no number of seconds above 0; send one, at most {most:g}")
    return min(seconds, most)


def _as_http(ended: Ended, told: Told) -> HTTPException:
    error = _ERRORS[ended.reason](str(ended))
    told.end(status=error.code or 500, ended=ended.reason)
    return error


class _Stream:
    """The body of a long answer; if the answer ends early, the transfer breaks, so that nobody takes it for whole."""

    def __init__(self, answer: Answer, told: Told) -> None:
        self._answer, self._told = answer, told

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield self._answer.first
            yield from self._answer.rest()
        except Ended as ended:
            self._told.end(status=200, answer=self._answer, ended=ended.reason)
            raise
        except BadQuery:
            self._told.end(status=200, answer=self._answer, ended="query")
            raise

    def close(self) -> None:
        self._told.end(status=200, answer=self._answer, ended=None if self._answer.whole else "client")
        self._answer.close()


def _spooled(answer: Answer, told: Told) -> tuple[Iterable[bytes], int]:
    """Return a long answer for HTTP/1.0, which knows no broken transfers without a length: it is sent when it is whole."""
    file = tempfile.SpooledTemporaryFile(max_size=1_000_000)  # noqa: SIM115 - closed when it is sent
    stream = _Stream(answer, told)
    try:
        file.writelines(stream)
    except Ended as ended:
        file.close()
        raise _as_http(ended, told) from ended
    except BadQuery as error:
        file.close()
        raise BadRequest(str(error)) from error
    finally:
        stream.close()
    size = file.tell()
    file.seek(0)
    return iter(lambda: file.read(65_536), b""), size
