"""/sparql: queries run in reader processes, and their answers are sent as they come.

This is ASGI, on the event loop, in front of the Flask application, which answers all else: handing a short query from
thread to thread costs more than answering it (docs/performance.md).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, NotAcceptable, ServiceUnavailable, TooManyRequests
from werkzeug.http import parse_etags
from werkzeug.sansio.utils import host_is_trusted

from kg.dump import PREFIXES
from server.answers import Answer, BadQuery, Ended, NoFormat, Reason
from server.bodies import Broken, ClientGone, Spool, joiner, send_response, told_again, whole_body
from server.errors import http_problem
from server.headers import ALWAYS
from server.negotiate import GRAPHS, SOLUTIONS, choose, choose_encoding, is_known
from server.outside import AsksOutside, kept_inside
from server.pool import Pool
from server.protocol import Operation, read_operation
from server.query_log import QueryLog, Told
from server.reading import Asked

if TYPE_CHECKING:
    from a2wsgi.asgi_typing import HTTPScope, Receive, Send

PATH = "/sparql"
METHODS = ["GET", "HEAD", "OPTIONS", "POST", "QUERY"]
# Seconds after which to come back, where that can help.
_ERRORS: dict[Reason, Callable[[str], HTTPException]] = {
    "deadline": lambda detail: ServiceUnavailable(detail, retry_after=60),
    "memory": lambda detail: ServiceUnavailable(detail, retry_after=60),
    "busy": lambda detail: TooManyRequests(detail, retry_after=5),
    "rows": BadRequest,
    "bytes": BadRequest,
}
Application = Callable[["HTTPScope", "Receive", "Send"], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
_ALWAYS: Headers = [(name.lower().encode(), value.encode()) for name, value in ALWAYS]
_VARY = (b"vary", b"Accept, Accept-Encoding")
_TYPES = {
    media_type: (b"content-type", (f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type).encode())
    for media_type in (*SOLUTIONS, *GRAPHS)
}


class SparqlEndpoint:
    """Answers queries sent to /sparql, and hands all other requests to `others`.

    SERVICE is refused but towards IRIs that begin with one of `allowed`.
    """

    def __init__(
        self,
        others: Callable[["HTTPScope", "Receive", "Send"], Awaitable[None]],
        pool: Pool,
        log: QueryLog,
        *,
        allowed: tuple[str, ...] = (),
        public_url: str | None = None,
    ) -> None:
        self._others, self._pool, self._log, self._allowed = others, pool, log, allowed
        self._public_base = public_url and public_url.rstrip("/") + PATH

    async def __call__(self, scope: "HTTPScope", receive: "Receive", send: "Send") -> None:
        """Answer a request."""
        if scope["http_version"] in ("0.9", "1.0"):
            send = Spool(send)
        if scope["path"] != PATH or scope["method"] not in METHODS or scope["method"] == "OPTIONS":
            await self._others(scope, receive, send)
            return
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            headers[name] = headers[name] + b", " + value if name in headers else value
        try:
            body = b""
            if scope["method"] not in ("GET", "HEAD"):
                body = await whole_body(scope, receive, self._pool.limits.most_body)
                receive = told_again(body, receive)
            content_type = headers.get(b"content-type", b"").decode("latin-1")
            operation = read_operation(scope["method"], scope["query_string"], content_type, body)
            if operation is None or operation.query is None:
                await self._others(scope, receive, send)
            else:
                await self._while_wanted(_Query(self, scope, headers, operation, send), receive)
        except HTTPException as error:
            response = http_problem(error)
            response.headers.extend(ALWAYS)
            await send_response(response, send)
        except ClientGone:
            return

    async def _while_wanted(self, query: "_Query", receive: "Receive") -> None:
        """Answer a query; one that takes long is ended when its client goes."""
        clock, watch = self._pool.clock, _Watch(receive, time.monotonic() + self._pool.limits.slow_after)
        clock.watch(watch)
        try:
            await query.answer()
        except asyncio.CancelledError:
            query.told.end(status=499, ended="client")
            if watch.is_gone:
                raise ClientGone("the client went away before the answer was whole") from None
            raise
        finally:
            clock.forget(watch)
            watch.stop()

    def own_address(self, scope: "HTTPScope", headers: dict[bytes, bytes]) -> str:
        """Return the address that clients know this endpoint by, which relative IRIs of a query are resolved against."""
        if self._public_base:
            return self._public_base
        host = headers.get(b"host", b"").decode("latin-1")
        return f"{scope['scheme']}://{host}{PATH}" if host_is_trusted(host) else f"http://localhost{PATH}"

    def asked(self, operation: Operation, headers: dict[bytes, bytes], base: str) -> Asked:
        """Return what a reader is asked; HTTPException where the request cannot be answered."""
        accept = headers.get(b"accept", b"").decode("latin-1")
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
            base=base,
            solutions=choose("solutions", accept, short_name),
            graph=choose("graph", accept, short_name),
            default_graphs=default_graphs,
            named_graphs=named_graphs,
            encoding=choose_encoding(headers.get(b"accept-encoding", b"").decode("latin-1")),
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

    @property
    def pool(self) -> Pool:
        """Where queries run."""
        return self._pool

    def begin(self, text: str) -> Told:
        """Return what the log's entry of a query is written with."""
        return self._log.begin(text)


class _Watch:
    """Cancels the task that it is made in, once it has gone on for a while and its client is gone."""

    def __init__(self, receive: "Receive", begins: float) -> None:
        self.is_gone = False
        self._receive, self._begins = receive, begins
        self._working = asyncio.current_task()
        self._watching: asyncio.Task[None] | None = None

    def look(self, now: float) -> None:
        """Begin to listen when it is time: called by the clock."""
        if self._watching is None and now >= self._begins:
            self._watching = asyncio.create_task(self._watch())

    def stop(self) -> None:
        """Listen no more."""
        if self._watching:
            self._watching.cancel()

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        if self._working:
            self.is_gone = True
            self._working.cancel()


class _Query:
    """A query on its way to its answer."""

    def __init__(
        self, endpoint: SparqlEndpoint, scope: "HTTPScope", headers: dict[bytes, bytes], operation: Operation, send: "Send"
    ) -> None:
        self.told = endpoint.begin(operation.query or "")
        self._endpoint, self._method, self._headers, self._operation, self._send = endpoint, scope["method"], headers, operation, send
        self._base = endpoint.own_address(scope, headers)
        self._join = None if isinstance(send, Spool) else joiner(scope)

    async def answer(self) -> None:
        """Send the answer; HTTPException where there is none, Broken where it ends early."""
        try:
            await self._answer()
        except HTTPException as error:
            self.told.end(status=error.code or 500)
            raise

    async def _answer(self) -> None:
        asked = self._endpoint.asked(self._operation, self._headers, self._base)
        tag = self.told.tag(await self._endpoint.pool.current_mark(), asked)
        headers = [_VARY, (b"cache-control", b"no-cache" if tag else b"no-store")]
        if tag:
            headers.append((b"etag", f'W/"{tag}"'.encode()))
            wanted = self._headers.get(b"if-none-match") if self._method != "POST" else None
            if wanted is not None and parse_etags(wanted.decode("latin-1")).contains_weak(tag):
                self.told.end(status=304)
                await self._sent(304, headers, b"")
                return
        try:
            answer = await self._endpoint.pool.ask(asked)
        except Ended as ended:
            raise self._as_http(ended) from ended
        except (BadQuery, NoFormat) as error:
            raise _refused(error) from error
        try:
            await self._send_answer(answer, headers)
        finally:
            answer.close()

    async def _send_answer(self, answer: Answer, headers: Headers) -> None:
        headers.append(_TYPES[answer.media_type or ""])
        if answer.encoding:
            headers.append((b"content-encoding", answer.encoding.encode()))
        if answer.whole:
            answer.close()
            self.told.end(status=200, answer=answer)
            headers.append((b"content-length", b"%d" % len(answer.first)))
            await self._sent(200, headers, answer.first)
        elif self._method == "HEAD":
            answer.close()
            self.told.end(status=200, answer=answer)
            await self._sent(200, headers, b"")
        else:
            await self._stream(answer, headers)

    async def _stream(self, answer: Answer, headers: Headers) -> None:
        await self._send({"type": "http.response.start", "status": 200, "headers": headers + _ALWAYS})
        try:
            await self._send({"type": "http.response.body", "body": answer.first, "more_body": True})
            async for part in answer.rest():
                await self._send({"type": "http.response.body", "body": part, "more_body": True})
        except (Ended, BadQuery) as error:
            if isinstance(self._send, Spool):  # nothing was sent yet
                self._send.forget()
                raise (self._as_http(error) if isinstance(error, Ended) else _refused(error)) from error
            self.told.end(status=200, answer=answer, ended=error.reason if isinstance(error, Ended) else "query")
            raise Broken(str(error)) from error
        except asyncio.CancelledError:
            self.told.end(status=200, answer=answer, ended="client")
            raise
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        self.told.end(status=200, answer=answer)

    async def _sent(self, status: int, headers: Headers, body: bytes) -> None:
        if self._join and self._method != "HEAD":  # whose body is not written
            self._join()
        await self._send({"type": "http.response.start", "status": status, "headers": headers + _ALWAYS})
        await self._send({"type": "http.response.body", "body": b"" if self._method == "HEAD" else body, "more_body": False})

    def _as_http(self, ended: Ended) -> HTTPException:
        error = _ERRORS[ended.reason](str(ended))
        self.told.end(status=error.code or 500, ended=ended.reason)
        return error


def _refused(error: BadQuery | NoFormat) -> HTTPException:
    if isinstance(error, BadQuery):
        return BadRequest(str(error))
    offers = SOLUTIONS if str(error) == "solutions" else GRAPHS
    return NotAcceptable("this answer can be had as " + ", ".join(offers))


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
