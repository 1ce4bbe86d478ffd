"""Hostile HTTP messages: request lines, lengths and codings, bodies, and queries encoded in the address."""

from collections.abc import Iterator

from hostile_requests import ANY, MALFORMED, Hostile, query, request

_HOST = "Host: 127.0.0.1"
_FORM = "Content-Type: application/x-www-form-urlencoded"
_SPARQL = "Content-Type: application/sparql-query"


def lines() -> Iterator[Hostile]:
    """Yield rubbish in the place of a request line, methods and targets."""
    closed: frozenset[int | None] = frozenset({4, None})
    cases: dict[str, tuple[bytes, frozenset[int | None]]] = {
        "nothing": (b"", frozenset({None, 4})),
        "empty lines": (b"\r\n" * 100, frozenset({None, 4})),
        "rubbish": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)) + b"\r\n\r\n", closed),
        "a method alone": (b"GET\r\n\r\n", closed),
        "no version": (b"GET /healthz\r\n\r\n", frozenset({2, 4, None})),
        "another protocol": (b"GET / FTP/1.0\r\n\r\n", closed),
        "a future version": (b"GET /healthz HTTP/9.9\r\nHost: a\r\nConnection: close\r\n\r\n", frozenset({2, 4})),
        "a negative version": (b"GET / HTTP/-1.1\r\nHost: a\r\n\r\n", closed),
        "a method of NUL bytes": (b"G\x00T / HTTP/1.1\r\nHost: a\r\n\r\n", closed),
        "a method in small letters": (b"get /sparql HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", closed),
        "a method of 100,000 letters": (b"A" * 100_000 + b" / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", closed),
        "a path of 200,000 letters": (request("GET", "/" + "a" * 200_000), MALFORMED),
        "a path of 300,000 letters": (request("GET", "/" + "a" * 300_000), MALFORMED),
        "lines that end in LF": (b"GET /healthz HTTP/1.1\nHost: a\nConnection: close\n\n", frozenset({2, 4, None})),
        "lines that end in CR": (b"GET /healthz HTTP/1.1\rHost: a\r\r", frozenset({4, None})),
        "blanks in the line": (b"GET   /healthz   HTTP/1.1\r\nHost: a\r\n\r\n", frozenset({2, 4, None})),
        "half a request": (b"GET /sparql HTT", frozenset({None, 4})),
        "half a header": (b"GET /sparql HTTP/1.1\r\nHost: 127", frozenset({None, 4})),
    }
    for name, (sent, classes) in cases.items():
        yield Hostile(f"line: {name}", (sent,), classes)
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "BREW", "_", "A" * 1_000):
        yield Hostile(f"method {method[:10]}", (request(method, "/sparql"),), MALFORMED)
    for target in (
        "/%00",
        "/%ff",
        "/%zz",
        "/%",
        "/..%2f..%2f..%2fetc%2fpasswd",
        "/../../../../etc/passwd",
        "/static/../../pyproject.toml",
        "/static/..%5c..%5capp.py",
        "/%c0%ae%c0%ae/%c0%af",
        "/\udc80",
        b"/\xff\xfe",
        b"/\x01",
        "/sparql/",
        "/sparql%00",
        "/sparql;a=b",
        "/SPARQL",
        "sparql",
        "?query=ASK{}",
        "#",
        "/%2573parql",
        "/id/%F0%28%8C%28",
        "/id/" + "../" * 3_000,
        "/id/" + "a/" * 30_000,
        "/ontology%0d%0aX-Evil:%20yes",
    ):
        shown = target if isinstance(target, str) else str(target)
        yield Hostile(f"target {shown[:30]!r}", (request("GET", target),), frozenset({3, 4, None}))
    for target in (
        "*",
        "http://elsewhere.example/healthz",
        "elsewhere.example:80",
        "http://[::1",
        "http://:-1/healthz",
        "file:///etc/passwd",
    ):
        yield Hostile(f"target {target}", (request("GET", target),), frozenset({2, 3, 4, None}))


def lengths() -> Iterator[Hostile]:
    """Yield lengths and transfer codings that are wrong, or at odds with each other."""
    ask = b"ASK{}"
    post = ["POST /sparql HTTP/1.1", _HOST, "Connection: close", _SPARQL]

    def lines(*more: str) -> bytes:
        return "\r\n".join([*post, *more]).encode("utf-8") + b"\r\n\r\n"

    for length in ("-1", "+5", "0x5", "5,5", "5, 6", "5 5", "5.0", "1e1", "\u0665", "abc", "", "9" * 30, "9" * 5_000, "5\x00"):
        yield Hostile(f"length {length[:10]!r}", (lines(f"Content-Length: {length}") + ask,), frozenset({4, None}))
    yield Hostile("two lengths that differ", (lines("Content-Length: 5", "Content-Length: 6") + ask,), MALFORMED)
    yield Hostile("two lengths alike", (lines("Content-Length: 5", "Content-Length: 5") + ask,), frozenset({2, 4}))
    yield Hostile("no length", (lines() + ask,), MALFORMED)
    yield Hostile("a length that is too large", (lines("Content-Length: 500") + ask,), frozenset({None, 4}))
    yield Hostile("a length that is too small", (lines("Content-Length: 3") + ask + b"GET / HTTP/1.1\r\n\r\n",), MALFORMED)
    yield Hostile("a length of a gigabyte", (lines("Content-Length: 1000000000") + ask,), frozenset({None, 4}))
    chunk = b"5\r\nASK{}\r\n0\r\n\r\n"
    for coding in ("chunked", "Chunked", " chunked "):
        yield Hostile(f"coding {coding!r}", (lines(f"Transfer-Encoding:{coding}") + chunk,), frozenset({2, 4}))
    for coding in (
        "xchunked",
        "chunked, identity",
        "identity, chunked",
        "gzip, chunked",
        "\x0bchunked",
        "chunk",
        "\u212aunked",
    ):
        yield Hostile(f"coding {coding!r}", (lines(f"Transfer-Encoding: {coding}") + chunk,), frozenset({4, None}))
    smuggled = b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
    yield Hostile(
        "length and chunks", (lines(f"Content-Length: {len(smuggled)}", "Transfer-Encoding: chunked") + smuggled,), frozenset({4, None})
    )
    yield Hostile("chunks and length", (lines("Transfer-Encoding: chunked", "Content-Length: 4") + smuggled,), frozenset({4, None}))
    yield Hostile("two codings", (lines("Transfer-Encoding: chunked", "Transfer-Encoding: identity") + smuggled,), frozenset({4, None}))
    for name, body in {
        "no number": b"zz\r\nASK{}\r\n0\r\n\r\n",
        "a negative number": b"-5\r\nASK{}\r\n0\r\n\r\n",
        "a huge number": b"F" * 16 + b"\r\nASK{}",
        "a number of 100,000 digits": b"0" * 100_000 + b"5\r\nASK{}\r\n0\r\n\r\n",
        "0x before the number": b"0x5\r\nASK{}\r\n0\r\n\r\n",
        "no end of the chunk": b"5\r\nASK{}0\r\n\r\n",
        "no last chunk": b"5\r\nASK{}\r\n",
        "half a chunk": b"FF\r\nASK{}",
        "an extension of 100,000 letters": b"5;" + b"a" * 100_000 + b"\r\nASK{}\r\n0\r\n\r\n",
        "trailers": b"5\r\nASK{}\r\n0\r\nX-Evil: yes\r\n\r\n",
        "NUL bytes": b"\x00" * 100 + b"\r\n\r\n",
        "a line without an end": b"5" * 100_000,
        "many small ones": b"".join(b"1\r\n%c\r\n" % letter for letter in b"ASK{}" + b" " * 2_000) + b"0\r\n\r\n",
    }.items():
        yield Hostile(f"chunks: {name}", (lines("Transfer-Encoding: chunked") + body,), frozenset({2, 4, None}))
    slow = lines("Content-Length: 5")
    yield Hostile("a slow body", (slow, b"A", b"S", b"K", b"{", b"}"), frozenset({2}), pause=0.1)
    yield Hostile("a slow body that stops", (slow, b"A", b"S"), frozenset({None, 4}), pause=0.1)
    yield Hostile("a slow head that stops", (b"GET /sparql HTTP/1.1\r\n", b"Host: a\r\n", b"X-A: b\r\n"), frozenset({None, 4}), pause=0.1)


def bodies() -> Iterator[Hostile]:
    """Yield bodies that are too large, in no encoding, or of no media type."""
    yield Hostile("a query of more than the most bytes", (query(b"ASK{} #" + b"x" * 1_000_000),), MALFORMED)
    yield Hostile(
        "a form of more than the most bytes", (request("POST", "/sparql", _FORM, body=b"query=ASK{}&a=" + b"x" * 1_000_000),), MALFORMED
    )
    yield Hostile("a megabyte in chunks", (_chunks(b"ASK{} #" + b"x" * 2_000_000),), frozenset({4, None}))
    yield Hostile("a query of nearly a megabyte", (query(b"ASK{} #" + b"x" * 990_000),), frozenset({2}))
    for body in (
        b"\x00",
        b"ASK{}\x00",
        b"\xff\xfeA\x00S\x00K\x00",
        b"ASK{?s ?p '\xed\xa0\x80'}",
        b"ASK{?s ?p '\xc0\x80'}",
        b"ASK{?s ?p '\xf4\x90\x80\x80'}",
        b"\xf0\x28\x8c\x28",
    ):
        yield Hostile(f"body {body!r}", (query(body),), MALFORMED)
    yield Hostile("a NUL byte in a string", (query(b"ASK{?s ?p '\x00'}"),), ANY)
    for kind in (
        "",
        ";;;",
        "application/sparql-query; charset=../../x",
        "application/sparql-query; charset=utf-16",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "a" * 50_000,
        "application/json",
        "application/x-www-form-urlencoded; charset=\u00e9",
        "\u00e9/\u00e9",
        "application/sparql-query\x00",
    ):
        yield Hostile(
            f"media type {kind[:40]!r}", (request("POST", "/sparql", f"Content-Type: {kind}", body=b"ASK {} ("),), frozenset({4, None})
        )
    yield Hostile("a gzip body that is none", (request("POST", "/sparql", _SPARQL, "Content-Encoding: gzip", body=b"ASK("),), MALFORMED)
    yield Hostile(
        "a broken multipart",
        (
            request(
                "POST",
                "/sparql",
                "Content-Type: multipart/form-data; boundary=x",
                body=b'--x\r\nContent-Disposition: form-data; name="query"\r\n\r\nASK{}',
            ),
        ),
        MALFORMED,
    )
    yield Hostile("an update", (request("POST", "/sparql", "Content-Type: application/sparql-update", body=b"DROP ALL"),), MALFORMED)
    yield Hostile("100,000 parameters", (request("POST", "/sparql", _FORM, body=b"a=b&" * 100_000 + b"query=ASK{}"),), MALFORMED)
    yield Hostile("a body with GET", (request("GET", "/sparql?query=ASK%7B%7D", _SPARQL, body=b"ASK{}"),), frozenset({2, 4}))


def _chunks(body: bytes) -> bytes:
    head = request("POST", "/sparql", _SPARQL, "Transfer-Encoding: chunked")
    return (
        head
        + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[at : at + 60_000] for at in range(0, len(body), 60_000)))
        + b"0\r\n\r\n"
    )


def encodings() -> Iterator[Hostile]:
    """Yield queries in the address that are badly encoded."""
    for text in (
        "%",
        "%z",
        "%zz",
        "%ff",
        "%ED%A0%80",
        "%C0%80",
        "%C1%BF",
        "%F4%90%80%80",
        "%E2%82",
        "%00",
        "%u0041",
        "%%%",
        "ASK%7B%7D%",
        "%F8%88%80%80%80",
        "+",
        "%0d%0aX-Evil:+yes",
    ):
        yield Hostile(f"query={text}", (request("GET", f"/sparql?query={text}"),), frozenset({4}) if text != "ASK%7B%7D%" else ANY)
        yield Hostile(
            f"form query={text}",
            (request("POST", "/sparql", _FORM, body=f"query={text}".encode()),),
            frozenset({4}) if text != "ASK%7B%7D%" else ANY,
        )
        yield Hostile(f"name {text}", (request("GET", f"/sparql?{text}=ASK%7B%7D"),), ANY)
    yield Hostile("raw bytes in the query", (request("GET", b"/sparql?query=ASK{?s ?p '\xff'}"),), frozenset({4, None}))
    yield Hostile("raw letters in the query", (request("GET", "/sparql?query=ASK{?s?p'é'}"),), ANY)
    yield Hostile("half a character raw", (request("GET", b"/sparql?query=\xed\xa0\x80"),), frozenset({4, None}))
