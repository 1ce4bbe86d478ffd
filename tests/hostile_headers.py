"""Hostile header fields."""

from collections.abc import Iterator

from hostile_requests import Hostile, request


def headers() -> Iterator[Hostile]:
    """Yield header fields whose values, or the fields themselves, are rubbish."""
    odd = {
        "Accept": (
            "",
            ",",
            ";;;",
            "*",
            "*/*;q=0",
            "text/*;q=nan",
            "text/csv;q=1e999",
            "text/csv;q=-1",
            "a/b;q=" + "9" * 1_000,
            "*/*," * 20_000,
            "text/html;level=" + "1;" * 10_000,
            "\u00e9/\u00e9",
            '"',
            'text/csv;a="',
            "text/csv\x01",
            "application/sparql-results+json;charset=\u00fcber",
        ),
        "Accept-Encoding": (
            "",
            ",",
            "gzip;q=abc",
            "*;q=0",
            "identity;q=0",
            "gzip;q=0, identity;q=0, *;q=0",
            "gzip," * 20_000,
            "br",
            "zstd;q=nan",
            ";q=1",
            "gzip;q=inf",
        ),
        "Accept-Language": ("xx-" * 10_000, "*;q=x", "\u00e9", "en;q=" + "1" * 1_000),
        "If-None-Match": ("*", '"', "W/", ',,,"', '"a' * 10_000, "W/W/W/", "\u00e9", '"\x7f"', '"a", ' * 20_000),
        "If-Match": ("*", '"', ","),
        "If-Modified-Since": ("yesterday", "Thu, 99 Jan 99999 99:99:99 GMT", "-1"),
        "If-Range": ('"', "yesterday", "W/"),
        "Range": (
            "bytes=-",
            "bytes=",
            "bytes=a-b",
            "bytes=-0",
            "bytes=5-1",
            "bytes=99999999999999999999-",
            "lines=1-2",
            "bytes=" + "0-0," * 2_000,
            "bytes=0-,-1",
            "=",
            "\u0661-\u0662",
            "bytes=-99999999999999999999999",
        ),
        "Host": ("", "a b", "a/../b", "[::1", "a:99999999", "a@b", "\u00e9.example", "<script>", "a" * 10_000),
        "Expect": ("100-continue", "200-ok"),
        "Cookie": ("a=" + "b" * 50_000, ";;;", "\u00e9=\u00e9"),
        "Upgrade": ("websocket", "h2c"),
        "X-Forwarded-For": ("'; DROP", "\u00e9"),
        "Authorization": ("Basic", "Basic !!!", "Bearer " + "x" * 50_000, "Digest a=", "\u00e9"),
        "Origin": ("null", "http://evil.example", "\u00e9"),
        "Access-Control-Request-Method": ("BREW",),
        "Connection": ("Host", "keep-alive, close, x", ""),
        "Trailer": ("Content-Length",),
        "TE": ("trailers, x;q=9",),
        "Date": ("never",),
    }
    for target in ("/sparql?query=ASK%7B%7D", "/", "/dump.ttl", "/ontology", "/healthz"):
        for name, values in odd.items():
            for value in values:
                yield Hostile(
                    f"{name}: {value[:20]!r} at {target[:10]}", (request("GET", target, f"{name}: {value}"),), frozenset({2, 3, 4, None})
                )
    asked = "/sparql?query=ASK%7B%7D"
    lines: dict[str, bytes] = {
        "no colon": b"X",
        "a blank before the colon": b"X : y",
        "an empty name": b": y",
        "a folded line": b"X: y\r\n z",
        "a NUL byte": b"X: \x00",
        "a bare CR": b"X: a\rY: b",
        "a bare LF": b"X: a\nY: b",
        "300,000 letters": b"X: " + b"y" * 300_000,
        "10,000 headers": b"\r\n".join(b"X-%d: y" % number for number in range(10_000)),
        "a name of 100,000 letters": b"X" * 100_000 + b": y",
        "letters outside ASCII": "É: é".encode(),
        "underscores": b"Content_Length: 5",
        "two hosts": b"Host: a\r\nHost: b",
        "two media types": b"Content-Type: a/b\r\nContent-Type: c/d",
        "a proxy header": b"Proxy: http://evil.example",
    }
    for name, line in lines.items():
        yield Hostile(f"header with {name}", (request("GET", asked, line),), frozenset({2, 4, None}))
    yield Hostile("no host", (b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n",), frozenset({2, 4}))
