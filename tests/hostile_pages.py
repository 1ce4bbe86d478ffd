"""Hostile requests to the reconciliation service and to each path of the server."""

import json
from collections.abc import Iterator
from urllib.parse import quote

from hostile_requests import ANY, Hostile, request

_FORM = "Content-Type: application/x-www-form-urlencoded"


def reconciliation() -> Iterator[Hostile]:
    """Yield requests to the reconciliation service with rubbish where JSON should be."""
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


def everywhere(routes: list[str]) -> Iterator[Hostile]:
    """Yield rubbish as parameters, methods, formats and bodies at each path."""
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
