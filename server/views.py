"""Everything but queries: the Flask application, called in threads.

A thread is taken once the whole request is there, and is given back when its client has gone: neither a slow body nor a
client that left holds one.
"""

import asyncio
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, cast

from a2wsgi import WSGIMiddleware
from flask import Flask
from werkzeug.exceptions import HTTPException

from server.bodies import ClientGone, send_response, told_again, whole_body
from server.errors import http_problem
from server.headers import ALWAYS

if TYPE_CHECKING:
    from a2wsgi.asgi_typing import HTTPScope, Receive, Send
    from a2wsgi.wsgi_typing import Environ, StartResponse, WSGIApp

_THREADS = 16
_GONE = "news-kg.gone"


class Views:
    """The Flask application as an ASGI application; `most_body` is how many bytes a request may have."""

    def __init__(self, app: Flask, most_body: int) -> None:
        self._most_body = most_body
        self._in_threads = WSGIMiddleware(_while_wanted(cast("WSGIApp", app.wsgi_app)), workers=_THREADS)

    async def __call__(self, scope: "HTTPScope", receive: "Receive", send: "Send") -> None:
        """Answer a request."""
        try:
            body = await whole_body(scope, receive, self._most_body)
        except HTTPException as error:
            response = http_problem(error)
            response.headers.extend(ALWAYS)
            await send_response(response, send)
            return
        except ClientGone:
            return
        headers = [(name, value) for name, value in scope["headers"] if name not in (b"content-length", b"transfer-encoding")]
        gone = Event()
        with_length = [*headers, (b"content-length", str(len(body)).encode())]
        told = cast("HTTPScope", {**scope, "headers": with_length, _GONE: gone})
        watching = asyncio.create_task(_note_when_gone(receive, gone))
        try:
            with suppress(ClientGone):
                await self._in_threads(told, told_again(body, receive), send)
        finally:
            watching.cancel()


async def _note_when_gone(receive: "Receive", gone: Event) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    gone.set()


def _while_wanted(app: "WSGIApp") -> "WSGIApp":
    """Return an application whose answers end when their client has gone."""

    def wanted(environ: "Environ", start_response: "StartResponse") -> Iterable[bytes]:
        environ["wsgi.errors"] = sys.stderr  # standard output is the log of queries
        scope = cast("dict[str, HTTPScope]", environ)["asgi.scope"]
        if raw_path := scope.get("raw_path"):  # as it came: a decoded path cannot tell %2F from /
            environ["REQUEST_URI"] = raw_path.decode("latin-1")
        return _Wanted(app(environ, start_response), cast("dict[str, Event]", scope)[_GONE])

    return wanted


class _Wanted:
    def __init__(self, parts: Iterable[bytes], gone: Event) -> None:
        self._parts, self._gone = parts, gone

    def __iter__(self) -> Iterator[bytes]:
        for part in self._parts:
            if self._gone.is_set():
                raise ClientGone("the client went away before the answer was whole")
            yield part

    def close(self) -> None:
        getattr(self._parts, "close", lambda: None)()
