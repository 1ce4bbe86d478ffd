"""Hostile requests, byte by byte: how they are sent, and any number made by chance (hypothesis)."""

import socket
import struct
import time
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import quote

from hypothesis import strategies as st

_HOST = "Host: 127.0.0.1"
_SPARQL = "Content-Type: application/sparql-query"
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
ANY = frozenset({2, 3, 4})
MALFORMED = frozenset({4})


@dataclass(frozen=True, slots=True)
class Hostile:
    """A request as pieces that are sent with a pause between them; `classes` of status that may answer it, None for no answer."""

    name: str
    pieces: tuple[bytes, ...]
    classes: frozenset[int | None] = ANY
    pause: float = field(default=0.0)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the status, None where the connection was closed without an answer, and the bytes of head and body."""

    status: int | None
    head: bytes
    body: bytes


def send(port: int, request: Hostile, seconds: float = 30.0) -> Reply:
    """Send a request and receive until the server closes, or the answer is whole; TimeoutError where neither comes."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        with suppress(OSError):  # the server may answer and close before all is sent
            for number, piece in enumerate(request.pieces):
                if number:
                    time.sleep(request.pause)
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while not _is_whole(received) and (part := connection.recv(65_536)):
                received += part
    head, _, body = received.removeprefix(_CONTINUE).partition(b"\r\n\r\n")
    status = int(head.split()[1]) if head.startswith(b"HTTP/1") else None
    return Reply(status, head, body)


def leave(port: int, request: bytes) -> None:
    """Send a request and go away with a reset, without waiting for the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _is_whole(received: bytes) -> bool:
    head, separator, body = received.removeprefix(_CONTINUE).partition(b"\r\n\r\n")
    if not separator:
        return False
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) >= int(line.partition(b":")[2])
        if line.startswith(b"transfer-encoding:"):
            return body.endswith(b"0\r\n\r\n")
    return False


def request(method: str, target: str | bytes, *headers: str | bytes, body: bytes = b"", length: bool = True) -> bytes:
    """Return the bytes of a request that asks for its connection to be closed."""
    lines = [method.encode("latin-1") + b" " + _bytes(target) + b" HTTP/1.1", _HOST.encode(), b"Connection: close"]
    lines += [_bytes(header) for header in headers]
    if body and length:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def query(text: str | bytes) -> bytes:
    """Return a request that posts a query."""
    return request("POST", "/sparql", _SPARQL, body=_bytes(text))


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def filled(rules: list[str]) -> list[str]:
    """Return the paths of an application's rules with rubbish in the place of each variable."""
    found: list[str] = []
    for rule in rules:
        if "<" not in rule:
            found.append(rule)
            continue
        for rubbish in ("x", "%00", "%ff", "..%2f..%2fetc%2fpasswd", "\u00e9", "x" * 3_000, "%3Cscript%3E"):
            parts = rule.split("<")
            found.append(parts[0] + "".join(quote(rubbish, safe="%") + part.partition(">")[2] for part in parts[1:]))
    return found


# Made by chance ---------------------------------------------------------------------------------------------------------

_LINE = st.characters(codec="latin-1", exclude_characters="\r\n\x00")
_PIECES = (
    "SELECT",
    "ASK",
    "CONSTRUCT",
    "DESCRIBE",
    "WHERE",
    "{",
    "}",
    "(",
    ")",
    "?s",
    "?p",
    "?o",
    "*",
    ".",
    ";",
    ",",
    "OPTIONAL",
    "UNION",
    "MINUS",
    "FILTER",
    "BIND",
    "AS",
    "GROUP BY",
    "HAVING",
    "ORDER BY",
    "LIMIT",
    "-1",
    "VALUES",
    "UNDEF",
    "GRAPH",
    "SERVICE",
    "LOAD",
    "<http://a.example/>",
    "<a b>",
    "'x'",
    "'",
    '"""',
    "@en--ltr",
    "^^",
    "1e9",
    "NOT EXISTS",
    "COUNT(*)",
    "<<(",
    ")>>",
    "{|",
    "|}",
    "|",
    "/",
    "^",
    "!",
    "+",
    "\\u0041",
    "\\uD800",
    "\x00",
    "#",
    "\n",
    "\ufeff",
    "\U0001f600",
    "PREFIX",
    "a:",
    "BASE",
    "FROM NAMED",
    "LATERAL",
    "VERSION",
    "[",
    "]",
    "_:b",
    "REDUCED",
    "DISTINCT",
    "IN",
    "REGEX(?s, '(')",
    "NOW()",
    "UUID()",
)
_TEXTS = st.one_of(
    st.lists(st.sampled_from(_PIECES), max_size=40).map(" ".join),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace").decode()),
    st.lists(st.sampled_from(_PIECES), max_size=10).map(lambda pieces: "SELECT * { ?s ?p ?o " + " ".join(pieces) + " } LIMIT 5"),
)
_NAMES = st.sampled_from(
    (
        "query",
        "update",
        "format",
        "output",
        "timeout",
        "default-graph-uri",
        "named-graph-uri",
        "using-graph-uri",
        "graph",
        "default",
        "queries",
        "extend",
        "prefix",
        "id",
        "callback",
        "q",
        "page",
        "\u00e9",
        "",
    )
)
_PERCENT = st.one_of(_TEXTS.map(quote), st.binary(max_size=60).map(quote), st.text("%0123456789abcdefABCDEFzZ+&=;", max_size=60))
_HEADER_NAMES = st.one_of(
    st.sampled_from(
        (
            "Accept",
            "Accept-Encoding",
            "Content-Type",
            "If-None-Match",
            "Range",
            "Content-Length",
            "Transfer-Encoding",
            "Host",
            "Expect",
            "Connection",
            "Authorization",
            "Content-Encoding",
            "If-Range",
            "Cookie",
        )
    ),
    st.text(_LINE, max_size=20),
)
_HEADER_VALUES = st.one_of(
    st.text(_LINE, max_size=80),
    st.sampled_from(
        (
            "*/*",
            "text/csv",
            "text/turtle;q=0.5",
            "application/sparql-query",
            "application/x-www-form-urlencoded",
            "application/json",
            "chunked",
            "0",
            "5",
            "-1",
            '"a"',
            "*",
            "bytes=0-5",
            "gzip",
            "zstd",
            "close",
            "keep-alive",
            "100-continue",
        )
    ),
)
_METHODS = st.sampled_from(
    ("GET", "GET", "GET", "POST", "POST", "HEAD", "OPTIONS", "QUERY", "PUT", "DELETE", "PATCH", "BREW", "get", "\x7f")
)


@st.composite
def hostile_requests(draw: st.DrawFn, routes: tuple[str, ...]) -> Hostile:
    """Draw a request whose path, parameters, headers and body are partly sensible, partly rubbish."""
    path = draw(
        st.one_of(st.just("/sparql"), st.just("/sparql"), st.sampled_from(routes), st.binary(max_size=30).map(lambda raw: "/" + quote(raw)))
    )
    parameters = "&".join(f"{quote(draw(_NAMES))}={draw(_PERCENT)}" for _ in range(draw(st.integers(0, 3))))
    headers = [f"{draw(_HEADER_NAMES)}: {draw(_HEADER_VALUES)}".encode("latin-1") for _ in range(draw(st.integers(0, 3)))]
    body = draw(
        st.one_of(
            st.just(b""),
            _TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")),
            st.binary(max_size=200),
            _PERCENT.map(lambda text: f"query={text}".encode()),
        )
    )
    sent = request(draw(_METHODS), f"{path}?{parameters}" if parameters else path, *headers, body=body, length=draw(st.booleans()))
    at = draw(st.one_of(st.just(len(sent)), st.just(len(sent)), st.just(len(sent)), st.integers(0, len(sent))))  # some are cut off
    return Hostile("made by chance", (sent[:at],), frozenset({2, 3, 4, None}))
