"""The bodies of requests and answers, as ASGI messages: read whole and bounded, sent whole, told again to another application."""

import asyncio
import tempfile
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from flask import Response
from werkzeug.exceptions import NotImplemented as NotImplementedCoding
from werkzeug.exceptions import RequestEntityTooLarge, RequestTimeout

if TYPE_CHECKING:
    from a2wsgi.asgi_typing import HTTPResponseStartEvent, HTTPScope, Receive, ReceiveEvent, Send, SendEvent

_JOIN = "news-kg.join"  # an ASGI extension
_ARRIVES_WITHIN = 30.0  # seconds, for the whole body of a request


class ClientGone(ConnectionError):
    """The client has closed the connection."""


class Broken(ConnectionError):
    """The answer cannot be sent to its end: the transfer is broken off, so that nobody takes it for whole."""


def with_joiner(scope: "HTTPScope", join: Callable[[], None]) -> None:
    """Say in a scope that `join` has the server send the next head of an answer together with its body."""
    scope["extensions"] = {_JOIN: {"call": join}}


def joiner(scope: "HTTPScope") -> Callable[[], None] | None:
    """Return what the server said with `with_joiner`, None where it did not."""
    extension = (scope.get("extensions") or {}).get(_JOIN)
    return cast(Callable[[], None], extension["call"]) if extension else None


async def whole_body(scope: "HTTPScope", receive: "Receive", most: int) -> bytes:
    """Return the body of a request; RequestEntityTooLarge above `most` bytes, RequestTimeout where it does not come, ClientGone.

    NotImplemented where it is coded for the transfer in another way than in chunks.
    """
    codings = [value.lower() for name, value in scope["headers"] if name == b"transfer-encoding"]
    if codings and codings != [b"chunked"]:
        raise NotImplementedCoding("the only transfer coding that is understood is chunked")
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if len(declared) > 18 or int(declared) > most:
        raise RequestEntityTooLarge(f"the request is larger than {most:,} bytes")
    body = bytearray()
    try:
        async with asyncio.timeout(_ARRIVES_WITHIN):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise ClientGone("the client went away before its request was whole")
                body += message["body"]
                if len(body) > most:
                    raise RequestEntityTooLarge(f"the request is larger than {most:,} bytes")
                if not message["more_body"]:
                    return bytes(body)
    except TimeoutError as error:
        raise RequestTimeout(f"the request did not arrive within {_ARRIVES_WITHIN:g} seconds") from error


def told_again(body: bytes, receive: "Receive") -> "Receive":
    """Return what gives a body that was read already, and then what comes after it."""
    is_told = False

    async def received() -> "ReceiveEvent":
        nonlocal is_told
        if is_told:
            return await receive()
        is_told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return received


async def send_response(response: Response, send: "Send") -> None:
    """Send a small answer that Flask made."""
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": response.get_data(), "more_body": False})


class Spool:
    """Sends an answer when it is whole, with its length: HTTP/1.0 knows no broken transfers without one."""

    def __init__(self, send: "Send") -> None:
        self._send = send
        self.forget()

    def forget(self) -> None:
        """Begin anew: another answer goes in place of the one that broke off."""
        self._start: HTTPResponseStartEvent | None = None
        self._file = tempfile.SpooledTemporaryFile(max_size=1_000_000)  # noqa: SIM115 - closed when it is sent

    async def __call__(self, message: "SendEvent") -> None:
        """Take a message of the answer; send all with the last."""
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body" and self._start:
            self._file.write(message.get("body", b""))
            if not message.get("more_body"):
                await self._send_whole(self._start)

    async def _send_whole(self, start: "HTTPResponseStartEvent") -> None:
        size = self._file.tell()
        headers = list(start["headers"])
        if not any(name == b"content-length" for name, _ in headers):
            headers.append((b"content-length", str(size).encode()))
        await self._send({**start, "headers": headers})
        self._file.seek(0)
        with self._file:
            while part := self._file.read(65_536):
                await self._send({"type": "http.response.body", "body": part, "more_body": True})
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})
