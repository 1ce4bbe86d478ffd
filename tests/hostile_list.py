"""The hostile requests made by hand (hostile_requests.py has those made by chance): each with the classes of status that may answer it."""

import json
from collections.abc import Iterator
from urllib.parse import quote

from hostile_requests import ANY, MALFORMED, Hostile, query, request

_DEEP = 10_000
_HOST = "Host: 127.0.0.1"
_FORM = "Content-Type: application/x-www-form-urlencoded"
_SPARQL = "Content-Type: application/sparql-query"


def hand_made(routes: list[str]) -> Iterator[Hostile]:
    """Yield the list; `routes` are the paths of the server with placeholders filled."""
    yield from _lines()
    yield from _lengths()
    yield from _bodies()
    yield from _encodings()
    yield from _texts()
    yield from _headers()
    yield from _parameters()
    yield from _reconciliation()
    yield from _everywhere(routes)


def _lines() -> Iterator[Hostile]:
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


def _lengths() -> Iterator[Hostile]:
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


def _bodies() -> Iterator[Hostile]:
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


def _encodings() -> Iterator[Hostile]:
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


def _texts() -> Iterator[Hostile]:
    deep = {
        "round brackets": "SELECT " + "(" * 100_000,
        "brackets in a filter": "ASK { FILTER(" + "(" * _DEEP + "1" + ")" * _DEEP + ") }",
        "open braces": "{" * 100_000,
        "braces": "ASK " + "{" * _DEEP + "}" * _DEEP,
        "optional": "ASK { " + "OPTIONAL { " * _DEEP + "}" * _DEEP + " }",
        "minus": "ASK { " + "MINUS { " * 5_000 + "}" * 5_000 + " }",
        "exists": "ASK { " + "FILTER EXISTS { " * 5_000 + "}" * 5_000 + " }",
        "graph": "ASK { " + "GRAPH ?g { " * 5_000 + "}" * 5_000 + " }",
        "union": "ASK { {}" + " UNION {}" * _DEEP + " }",
        "subselects": "SELECT * { " + "{ SELECT * { " * 2_000 + "} }" * 2_000 + " }",
        "negations": "ASK { FILTER(" + "!" * 100_000 + "true) }",
        "signs": "ASK { FILTER(" + "- " * 50_000 + "1 > 0) }",
        "sums": "ASK { FILTER(1" + "+1" * 50_000 + " > 0) }",
        "or": "ASK { FILTER(true" + "||true" * 20_000 + ") }",
        "a long path": "ASK { ?s " + "/".join(["<p:p>"] * _DEEP) + " ?o }",
        "a deep path": "ASK { ?s " + "(" * _DEEP + "<p:p>" + ")*" * _DEEP + " ?o }",
        "alternatives": "ASK { ?s " + "|".join(["<p:p>"] * _DEEP) + " ?o }",
        "inverse paths": "ASK { ?s " + "^" * 50_000 + "<p:p> ?o }",
        "lists": "ASK { ?s ?p " + "(" * _DEEP + ")" * _DEEP + " }",
        "blank nodes": "ASK { " + "[ ?p " * _DEEP + "1" + "]" * _DEEP + " }",
        "triple terms": "ASK { ?s ?p " + "<<( <a:a> <b:b> " * 3_000 + "1" + " )>>" * 3_000 + " }",
        "reifiers": "ASK { " + "<< " * 3_000,
        "functions": "ASK { FILTER(" + "ABS(" * _DEEP + "1" + ")" * _DEEP + " > 0) }",
        "ifs": "ASK { FILTER(" + "IF(true," * _DEEP + "1" + ",2)" * _DEEP + ") }",
        "joins": "ASK { " + "?s ?p ?o . " * 5_000 + "}",
        "services": "ASK { " + "SERVICE <http://a.example/> { " * _DEEP + "}" * _DEEP + " }",
    }
    for name, text in deep.items():
        yield Hostile(
            f"deep: {name}", (query(text),), MALFORMED if name in ("round brackets", "open braces", "reifiers", "services") else ANY
        )
    long = {
        "a string": f"ASK {{ FILTER('{'x' * 900_000}' = 'y') }}",
        "an IRI": f"ASK {{ <http://a.example/{'x' * 900_000}> ?p ?o }}",
        "blanks": "ASK" + " " * 900_000 + "{}",
        "a variable": f"ASK {{ ?{'x' * 900_000} ?p ?o }}",
        "values": "ASK { VALUES ?x { " + "1 " * 200_000 + "} }",
        "prefixes": "PREFIX a: <http://a.example/> " * 20_000 + "ASK {}",
        "a number": "ASK { FILTER(" + "9" * 500_000 + " > 1) }",
        "comments": "#\n" * 400_000 + "ASK {}",
        "an open string": "ASK { ?s ?p '" + "x" * 900_000,
        "an open long string": "ASK { ?s ?p '''" + "''" * 400_000,
        "from": "ASK " + "FROM <http://a.example/> " * 20_000 + "{}",
        "the word service": "ASK { ?s ?p ?service } #" + "service " * 100_000,
        "escapes": "ASK { ?s ?p '" + "\\u0041" * 100_000 + "' }",
    }
    for name, text in long.items():
        yield Hostile(f"long: {name}", (query(text),), MALFORMED if "open" in name else ANY)
    for text in (
        "ASK { FILTER(REGEX('a', '(a+)+$')) }",
        "ASK { FILTER(REGEX('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '^(a|aa)+$')) }",
        "ASK { FILTER(REGEX('a', 'a{1000000}')) }",
        "ASK { FILTER(REGEX('a', '((((((((a{99}){99}){99}){99}){99}){99}))))')) }",
        "SELECT (REPLACE('aaaa', '', '" + "b" * 100_000 + "') AS ?x) {}",
        "SELECT (REPLACE('a', 'a', '$99') AS ?x) {}",
        "SELECT (SUBSTR('a', -99999999999999, 99999999999999999) AS ?x) {}",
        "SELECT (1/0 AS ?x) (1.0/0 AS ?y) {}",
        "SELECT (xsd:integer(1e300) AS ?x) {}",
        "SELECT ('P99999999999Y'^^<http://www.w3.org/2001/XMLSchema#duration> + 1 AS ?x) {}",
        "SELECT ('99999999999999-01-01T00:00:00Z'^^<http://www.w3.org/2001/XMLSchema#dateTime> AS ?x) {}",
        "SELECT * {} LIMIT 99999999999999999999999",
        "SELECT * {} OFFSET 18446744073709551615",
        "ASK { GRAPH ?g { GRAPH ?g { ?s ?p ?o } } }",
        "DESCRIBE ?x",
        "CONSTRUCT { ?s ?p _:b } {} LIMIT 1",
        "SELECT ?\U0001f600 {}",
        "SELECT ('\\uD800' AS ?x) {}",
        "SELECT ('\\U00110000' AS ?x) {}",
        "\ufeffASK {}",
        "ASK {\u2028}",
        "ASK { <\\u0000> ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "ASK { SERVICE <file:///etc/passwd> {} }",
        "SELECT (GROUP_CONCAT(?x ; separator='" + "y" * 1_000 + "') AS ?z) { VALUES ?x { 1 2 3 } VALUES ?y { 1 2 3 } }",
    ):
        yield Hostile(f"query {text[:50]!r}", (query(text),), ANY)


def _headers() -> Iterator[Hostile]:
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


def _parameters() -> Iterator[Hostile]:
    asked = "/sparql?query=ASK%7B%7D"
    for value in (
        "nan",
        "inf",
        "-inf",
        "-1",
        "0",
        "1e400",
        "1e-400",
        "1e-9",
        "abc",
        "%00",
        "1_0",
        "%D9%A1",
        "0x10",
        "1;2",
        " ",
        "9" * 1_000,
    ):
        yield Hostile(f"timeout={value[:10]}", (request("GET", f"{asked}&timeout={quote(value, safe='%')}"),), ANY)
    for value in ("..%2f..%2fetc%2fpasswd", "%00", "html", "JSON", "text%2Fhtml", "%ff", "x" * 10_000, "csv%0d%0aX-Evil:%20yes"):
        yield Hostile(f"format={value[:20]}", (request("GET", f"{asked}&format={value}"),), ANY)
    for value in (
        "",
        "a",
        "no%20iri",
        "%3C%3E",
        "http://a%00b",
        "urn:x:" + "y" * 50_000,
        "%ED%A0%80",
        "file:///etc/passwd",
        "http://127.0.0.1:9/",
    ):
        yield Hostile(f"default-graph-uri={value[:20]}", (request("GET", f"{asked}&default-graph-uri={value}"),), ANY)
        yield Hostile(f"named-graph-uri={value[:20]}", (request("GET", f"{asked}&named-graph-uri={value}"),), ANY)
    yield Hostile(
        "900 graphs", (request("GET", asked + "".join(f"&named-graph-uri=urn:g:{number}" for number in range(900))),), frozenset({2})
    )
    yield Hostile("2,000 parameters", (request("GET", asked + "&a=b" * 2_000),), MALFORMED)
    yield Hostile("two queries", (request("GET", asked + "&query=ASK%7B%7D"),), MALFORMED)
    yield Hostile("a query and an update", (request("POST", "/sparql", _FORM, body=b"query=ASK{}&update=DROP+ALL"),), MALFORMED)
    yield Hostile("an update by GET", (request("GET", "/sparql?update=DROP+ALL"),), MALFORMED)
    yield Hostile("parameters without names", (request("GET", "/sparql?&&&=&=a&query=ASK%7B%7D&"),), ANY)
    yield Hostile("semicolons", (request("GET", "/sparql?query=ASK%7B%7D;a=b;c=d"),), ANY)


def _reconciliation() -> Iterator[Hostile]:
    for text in (
        "",
        "{",
        "[]",
        "null",
        "1",
        '"x"',
        "[" * 100_000,
        '{"q0":' * 5_000,
        '{"q0": null}',
        '{"q0": []}',
        '{"q0": {"query": null}}',
        '{"q0": {"query": 1}}',
        '{"q0": {}}',
        '{"q0": {"query": "Kabul", "limit": -1}}',
        '{"q0": {"query": "Kabul", "limit": 1e400}}',
        '{"q0": {"query": "Kabul", "limit": "x"}}',
        '{"q0": {"query": "Kabul", "type": 5}}',
        '{"q0": {"query": "Kabul", "type": ["' + "x" * 1_000 + '"]}}',
        '{"q0": {"query": "Kabul", "properties": 5}}',
        '{"q0": {"query": "Kabul", "properties": [{}]}}',
        '{"q0": {"query": "Kabul", "properties": [{"pid": 1, "v": {"id": []}}]}}',
        '{"q0": {"query": "\\ud800"}}',
        '{"q0": {"query": "\\u0000"}}',
        json.dumps({"q0": {"query": "x" * 100_000}}),
        json.dumps({f"q{number}": {"query": "Kabul"} for number in range(3_000)}),
        '{"q0": {"query": "Kabul", "limit": NaN}}',
        '{"q0": {"query": "Kabul", "limit": ' + "9" * 5_000 + "}}",
        '{"queries": [{"conditions": 3}]}',
        '{"ids": ["x", 1, null], "properties": [{"id": 3}]}',
        '{"ids": 5}',
        '{"ids": [], "properties": {}}',
    ):
        for name in ("queries", "extend"):
            yield Hostile(f"reconcile {name}={text[:30]}", (request("GET", f"/reconcile?{name}={quote(text)}"),), ANY)
            yield Hostile(
                f"reconcile form {name}={text[:30]}", (request("POST", "/reconcile", _FORM, body=f"{name}={quote(text)}".encode()),), ANY
            )
        yield Hostile(
            f"reconcile match {text[:30]}",
            (request("POST", "/reconcile/match", "Content-Type: application/json", body=text.encode()),),
            ANY,
        )
        yield Hostile(
            f"reconcile extend {text[:30]}",
            (request("POST", "/reconcile/extend", "Content-Type: application/json", body=text.encode()),),
            ANY,
        )
        yield Hostile(
            f"reconcile body {text[:30]}", (request("POST", "/reconcile", "Content-Type: application/json", body=text.encode()),), ANY
        )
    for path in ("suggest/entity", "suggest/type", "suggest/property", "preview", "properties", "view", "flyout/entity"):
        for parameters in (
            "",
            "prefix=%00",
            "prefix=%ff",
            "prefix=" + "x" * 10_000,
            "prefix=a&cursor=-1",
            "prefix=a&cursor=x",
            "prefix=a&cursor=" + "9" * 5_000,
            "id=%00",
            "id=../../etc/passwd",
            "id=%3Cscript%3E",
            "type=&limit=x",
            "limit=-1&type=kg:City",
            "callback=alert(1)//",
            "width=x&height=-1&id=a",
        ):
            yield Hostile(f"reconcile {path}?{parameters[:20]}", (request("GET", f"/reconcile/{path}?{parameters}"),), frozenset({2, 3, 4}))


def _everywhere(routes: list[str]) -> Iterator[Hostile]:
    rubbish = (
        "page=-1",
        "page=x",
        "page=" + "9" * 5_000,
        "format=%00",
        "format=../../x",
        "format=" + "x" * 5_000,
        "_=%ff",
        "q=%ED%A0%80",
        "q=" + "%27%22%3C" * 500,
        "q=" + "(" * 5_000,
        "a=b&" * 3_000,
        "lang=%00",
        "version=-1",
        "graph=%00",
        "default=&graph=x",
        "name=..%2f..%2f",
        "example=%ff",
        "uri=%3Cscript%3E",
    )
    for route in routes:
        for parameters in rubbish:
            yield Hostile(f"{route[:30]}?{parameters[:15]}", (request("GET", f"{route}?{parameters}"),), ANY)
        for method in ("HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY", "BREW"):
            yield Hostile(f"{method} {route[:30]}", (request(method, route),), ANY)
        for accept in ("image/png", "*/*;q=0", "text/turtle;q=nan", 'application/ld+json;profile="x"', ",;,"):
            yield Hostile(f"{route[:30]} as {accept}", (request("GET", route, f"Accept: {accept}"),), ANY)
        yield Hostile(f"POST {route[:30]} of rubbish", (request("POST", route, "Content-Type: application/json", body=b"\xff\x00{"),), ANY)
        yield Hostile(f"POST {route[:30]} of a form of rubbish", (request("POST", route, _FORM, body=b"\xff=%ff&%00=%zz"),), ANY)
