"""A client's connection: uvicorn's, with bounds on what uvicorn leaves open (the time and size of a request's head, and stalls)."""

import asyncio
import json
import logging
from typing import TYPE_CHECKING, cast

from uvicorn import Config, Server
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from server.bodies import Broken, with_joiner

if TYPE_CHECKING:
    from a2wsgi.asgi_typing import ASGIApp, HTTPScope

_MOST_CONNECTIONS = 2_000
_KEPT_ALIVE = 30  # seconds after an answer
_MOST_HEAD = 262_144  # bytes of the request line and headers, which may hold a query
_ARRIVES_WITHIN = 40.0  # seconds, for a whole request, from its first byte; for the first byte, from the connection
_STALLS_AT_MOST = 60.0  # seconds in which the client takes nothing of what is to be sent
_HALF_CLOSED = 2.0  # seconds in which a client that sends no more may still get its answer
_LISTENS_ON = 2.0  # seconds in which what a refused client still sends is passed over: closed at once, it might not read why
_LOOKED_AT_EVERY = 10.0  # seconds


def server_of(endpoint: "ASGIApp", host: str, port: int) -> Server:
    """Return a server that is to be run; it handles signals where it runs in the main thread."""
    logger = logging.getLogger("uvicorn.error")
    logger.setLevel(logging.ERROR)
    logger.addFilter(lambda record: not (record.exc_info and record.exc_info[0] is Broken))  # broken off on purpose
    config = Config(
        endpoint,
        host=host,
        port=port,
        http=Connection,
        loop="uvloop",
        ws="none",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        headers=[("server", "news-kg")],
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_keep_alive=_KEPT_ALIVE,
        timeout_graceful_shutdown=5,
    )
    return Server(config)


class Connection(HttpToolsProtocol):
    """A connection that ends when its client keeps it waiting."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        joined = _Joined(transport)
        self._join = joined.join
        super().connection_made(cast(asyncio.Transport, joined))
        self._head: int | None = 0  # bytes of a head that is not whole
        self._waits_since: float | None = self.loop.time()
        self._resumed, self._is_refused = 0, False
        self._stalls_since, self._unsent = 0.0, (0, 0)
        self._look_again()

    def connection_lost(self, exc: Exception | None) -> None:
        self._looking.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > _MOST_HEAD and not self._is_refused:
                self._refuse(431, f"the address and headers are larger than {_MOST_HEAD:,} bytes")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        with_joiner(cast("HTTPScope", self.scope), self._join)
        self._head, self._waits_since = 0, self.loop.time()

    def on_headers_complete(self) -> None:
        self._head = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._waits_since = None
        super().on_message_complete()

    def eof_received(self) -> bool:  # type: ignore[override]  # as asyncio has it
        """Answer a client that sends no more, if that does not take long: it may have gone, which looks the same."""
        if self.cycle is None or self.cycle.response_complete:
            return False
        self.loop.call_later(_HALF_CLOSED, self.transport.close)
        return True

    def resume_writing(self) -> None:
        self._resumed += 1
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        self._refuse(400, "this is no HTTP request")

    def _refuse(self, status: int, detail: str) -> None:
        title = STATUS_LINE[status].decode("ascii")[13:].strip()
        body = json.dumps({"status": status, "title": title, "detail": detail}).encode() + b"\n"
        head = b"content-type: application/problem+json\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(body)
        self.transport.write(STATUS_LINE[status] + head + body)
        self.transport.write_eof()
        self._is_refused = True
        self.loop.call_later(_LISTENS_ON, self.transport.abort)

    def _look_again(self) -> None:
        self._looking = self.loop.call_later(_LOOKED_AT_EVERY, self._look)

    def _look(self) -> None:
        now = self.loop.time()
        size = self.transport.get_write_buffer_size()
        if not size or self._unsent != (self._resumed, size):
            self._stalls_since, self._unsent = now, (self._resumed, size)
        is_late = self._waits_since is not None and now - self._waits_since > _ARRIVES_WITHIN
        if is_late or now - self._stalls_since > _STALLS_AT_MOST:
            self.transport.abort()
        else:
            self._look_again()


class _Joined:
    """A transport that can send the head of an answer together with its body: uvicorn writes them one by one."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport, self._write = transport, transport.write
        self._joins, self._held = False, b""

    def join(self) -> None:
        """Hold what is written next until something is written after it."""
        self._joins = True

    def write(self, data: bytes) -> None:
        if self._joins:
            self._joins, self._held = False, data
        else:
            self._write(self._held + data if self._held else data)
            self._held = b""

    def close(self) -> None:
        if self._held:
            self.write(b"")
        self._transport.close()

    def __getattr__(self, name: str) -> object:
        return getattr(self._transport, name)
