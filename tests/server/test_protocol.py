"""The SPARQL 1.1 Protocol over HTTP, queries and updates: what the W3C's cases ask for."""

import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from served import Answer, Served, serving

GRAPHS = [f"http://data.example/{number}" for number in (1, 2, 3)]
A_DOCUMENT = "a <http://data.example/Document>"
QUERY, UPDATE, FORM = "application/sparql-query", "application/sparql-update", "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("protocol") / "store") as served:
        yield served


@pytest.fixture
def filled(server: Served) -> Served:
    """A server with three graphs, each of which calls itself a document."""
    return fill(server)


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with the same graphs, for tests that change nothing."""
    with serving(tmp_path_factory.mktemp("still") / "store") as served:
        yield fill(served)


def fill(server: Served) -> Served:
    inserts = " ".join(f"GRAPH <{graph}> {{ <{graph}> {A_DOCUMENT} }}" for graph in GRAPHS)
    assert server.update(f"DROP ALL ; INSERT DATA {{ {inserts} }}").status == 204
    return server


def query(server: Served, text: str, *parameters: tuple[str, str], way: str = "post") -> Answer:
    accept = {"Accept": "application/sparql-results+json, */*;q=0.1"}
    if way == "get":
        return server.send("GET", "/sparql?" + urlencode([("query", text), *parameters]), None, accept)
    if way == "form":
        return server.send("POST", "/sparql", urlencode([("query", text), *parameters]).encode(), {**accept, "Content-Type": FORM})
    return server.send("POST", "/sparql?" + urlencode(parameters), text.encode(), {**accept, "Content-Type": QUERY})


def update(server: Served, text: str, *parameters: tuple[str, str]) -> Answer:
    return server.send("POST", "/sparql?" + urlencode(parameters), text.encode(), {"Content-Type": UPDATE})


@pytest.mark.parametrize("way", ["get", "form", "post"])
def test_a_query_can_be_sent_in_three_ways(still: Served, way: str) -> None:
    answer = query(still, "ASK { ?s ?p ?o }", way=way)
    assert answer.status == 200 and json.loads(answer.body)["boolean"] is True


BOTH = f"ASK {{ <{GRAPHS[0]}> {A_DOCUMENT} . <{GRAPHS[1]}> {A_DOCUMENT} }}"
EACH = f"ASK {{ GRAPH ?g {{ <{GRAPHS[0]}> {A_DOCUMENT} }} GRAPH ?h {{ <{GRAPHS[1]}> {A_DOCUMENT} }} }}"
THIRD = f"<{GRAPHS[2]}> {A_DOCUMENT}"


@pytest.mark.parametrize("way", ["get", "form", "post"])
@pytest.mark.parametrize(
    ("text", "default", "named", "expected"),
    [
        (BOTH, GRAPHS[:2], [], True),
        (BOTH, GRAPHS[:1], [], False),
        (EACH, [], GRAPHS[:2], True),
        (EACH, [], GRAPHS[:1], False),
        (f"ASK {{ {THIRD} GRAPH ?g {{ <{GRAPHS[0]}> ?p ?o }} }}", GRAPHS[2:], GRAPHS[:2], True),
        (f"ASK {{ {THIRD} }}", [], GRAPHS[:2], False),
        ("ASK { GRAPH ?g { ?s ?p ?o } }", GRAPHS[2:], [], False),
        (EACH.replace("ASK", f"ASK FROM <{GRAPHS[2]}>"), [], GRAPHS[:2], True),
        (f"ASK FROM <{GRAPHS[0]}> {{ {THIRD} }}", GRAPHS[2:], [], True),
    ],
)
def test_the_requests_dataset_is_what_is_asked(
    still: Served, way: str, text: str, default: list[str], named: list[str], expected: bool
) -> None:
    parameters = [*(("default-graph-uri", graph) for graph in default), *(("named-graph-uri", graph) for graph in named)]
    assert json.loads(query(still, text, *parameters, way=way).body)["boolean"] is expected


@pytest.mark.parametrize(
    ("text", "media_types"),
    [
        (
            "SELECT (1 AS ?one) {}",
            {"application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"},
        ),
        ("ASK {}", {"application/sparql-results+json", "application/sparql-results+xml"}),
        ("DESCRIBE <http://data.example/1>", {"text/turtle", "application/n-triples", "application/rdf+xml"}),
        (
            "CONSTRUCT { <http://data.example/s> <http://data.example/p> 1 } {}",
            {"text/turtle", "application/n-triples", "application/rdf+xml"},
        ),
    ],
)
def test_each_form_of_query_has_its_formats(still: Served, text: str, media_types: set[str]) -> None:
    answer = still.send("POST", "/sparql", text.encode(), {"Content-Type": QUERY})
    assert answer.status == 200 and answer.media_type in media_types


INSERT = "INSERT {{ GRAPH <http://data.example/found> {{ ?s <http://data.example/in> {} }} }} WHERE {{ {} }}"
FOUND = "GRAPH <http://data.example/found> {{ <http://data.example/{}> <http://data.example/in> {} }}"


@pytest.mark.parametrize(
    ("text", "using", "named", "found", "missing"),
    [
        (INSERT.format("'x'", f"?s {A_DOCUMENT}"), GRAPHS[:1], [], [(1, "'x'")], [2, 3]),
        (INSERT.format("'x'", f"?s {A_DOCUMENT}"), GRAPHS[:2], [], [(1, "'x'"), (2, "'x'")], [3]),
        (INSERT.format("?g", f"GRAPH ?g {{ ?s {A_DOCUMENT} }}"), [], GRAPHS[:2], [(1, f"<{GRAPHS[0]}>"), (2, f"<{GRAPHS[1]}>")], [3]),
        (
            INSERT.format("?in", f"{{ GRAPH ?in {{ ?s {A_DOCUMENT} }} }} UNION {{ ?s {A_DOCUMENT} BIND('default' AS ?in) }}"),
            GRAPHS[:1],
            GRAPHS[1:2],
            [(1, "'default'"), (2, f"<{GRAPHS[1]}>")],
            [3],
        ),
    ],
)
def test_the_requests_dataset_is_what_an_update_reads(
    filled: Served, text: str, using: list[str], named: list[str], found: list[tuple[int, str]], missing: list[int]
) -> None:
    parameters = [*(("using-graph-uri", graph) for graph in using), *(("using-named-graph-uri", graph) for graph in named)]
    assert update(filled, text, *parameters).status == 204
    assert all(filled.ask(f"ASK {{ {FOUND.format(number, value)} }}") for number, value in found)
    assert not any(filled.ask(f"ASK {{ {FOUND.format(number, '?in')} }}") for number in missing)


def test_delete_where_reads_the_requests_dataset_too(filled: Served) -> None:
    assert update(filled, f"DELETE WHERE {{ GRAPH ?g {{ ?s {A_DOCUMENT} }} }}", ("using-named-graph-uri", GRAPHS[0])).status == 204
    assert not filled.ask(f"ASK {{ GRAPH <{GRAPHS[0]}> {{ ?s ?p ?o }} }}")
    assert filled.ask(f"ASK {{ GRAPH <{GRAPHS[1]}> {{ ?s ?p ?o }} }}")


def test_an_update_can_be_sent_as_a_form(filled: Served) -> None:
    body = urlencode({"update": INSERT.format("'x'", f"?s {A_DOCUMENT}"), "using-graph-uri": GRAPHS[0]}).encode()
    assert filled.send("POST", "/sparql", body, {"Content-Type": FORM}).status == 204
    assert filled.ask(f"ASK {{ {FOUND.format(1, '?in')} }}")


def test_an_update_is_seen_by_the_next_query(filled: Served) -> None:
    for number in range(3):
        update(filled, f"INSERT DATA {{ <http://data.example/s> <http://data.example/seen> {number} }}")
        assert filled.ask(f"ASK {{ ?s <http://data.example/seen> {number} }}")


def test_relative_iris_of_an_update_are_made_whole_with_the_endpoints_address(filled: Served) -> None:
    update(filled, "INSERT DATA { <http://data.example/s> <http://data.example/p> <relative> }")
    assert filled.ask(f"ASK {{ ?s ?p <{filled.address}/relative> }}")


def test_the_words_of_an_update_survive(filled: Served) -> None:
    update(filled, "INSERT DATA { <http://data.example/s> <http://data.example/says> 'SERVICE and LOAD, said été 東京' }")
    assert filled.ask("ASK { ?s <http://data.example/says> ?words FILTER(?words = 'SERVICE and LOAD, said été 東京') }")


@pytest.mark.parametrize(
    ("method", "target", "body", "content_type", "status"),
    [
        ("PUT", "/sparql?query=ASK%20%7B%7D", b"", FORM, 405),
        ("GET", "/sparql?query=ASK%20%7B%7D&query=ASK%20%7B%7D", None, None, 400),
        ("POST", "/sparql", b"ASK {}", "text/plain", 415),
        ("POST", "/sparql", b"query=ASK%20%7B%7D", None, 415),
        ("POST", "/sparql", b"ASK {}", None, 415),
        ("POST", "/sparql", "ASK {}".encode("utf-16"), f"{QUERY}; charset=UTF-16", 415),
        ("POST", "/sparql", "ASK {}".encode("utf-16"), QUERY, 400),
        ("GET", "/sparql?query=ASK%20%7B", None, None, 400),
        ("GET", "/sparql?update=CLEAR%20ALL", None, None, 400),
        ("POST", "/sparql", b"update=CLEAR+ALL&update=CLEAR+ALL", FORM, 400),
        ("POST", "/sparql", b"update=CLEAR+ALL&query=ASK+%7B%7D", FORM, 400),
        ("POST", "/sparql", b"CLEAR ALL", "text/plain", 415),
        ("POST", "/sparql", b"update=CLEAR+ALL", None, 415),
        ("POST", "/sparql", "CLEAR ALL".encode("utf-16"), f"{UPDATE}; charset=UTF-16", 415),
        ("POST", "/sparql", b"CLEAR \xff", UPDATE, 400),
        ("POST", "/sparql", b"CLEAR \x00", UPDATE, 400),
        ("POST", "/sparql", b"CLEAR XYZ", UPDATE, 400),
        ("POST", "/sparql", b"CREATE GRAPH <http://data.example/1>", UPDATE, 400),
        ("POST", "/sparql", b"INSERT DATA { <http://[> <a:b> 1 }", UPDATE, 400),
        ("POST", "/sparql?using-graph-uri=relative", b"INSERT {} WHERE {}", UPDATE, 400),
        ("POST", "/sparql?using-graph-uri=http://a/%3E", b"INSERT {} WHERE {}", UPDATE, 400),
        ("POST", "/sparql?using-graph-uri=http://a/%FF", b"INSERT {} WHERE {}", UPDATE, 400),
        ("POST", "/sparql?using-graph-uri=http://a/%ED%A0%80", b"INSERT {} WHERE {}", UPDATE, 400),
        ("POST", "/sparql?using-graph-uri=http://a/", b"INSERT {} USING <http://b/> WHERE {}", UPDATE, 400),
        ("POST", "/sparql?using-named-graph-uri=http://a/", b"WITH <http://b/> DELETE {} WHERE {}", UPDATE, 400),
        ("POST", "/sparql?update=CLEAR%20ALL", b"CLEAR ALL", UPDATE, 400),
        ("POST", "/sparql", b"x" * 1_000_001, UPDATE, 413),
        ("POST", "/sparql", b"INSERT {} WHERE " + b"{" * 50_000 + b"}" * 50_000, UPDATE, 400),
    ],
)
def test_bad_requests_change_nothing_and_say_what_is_wrong(
    still: Served, method: str, target: str, body: bytes | None, content_type: str | None, status: int
) -> None:
    answer = still.send(method, target, body, {"Content-Type": content_type} if content_type else {})
    assert answer.status == status
    assert answer.media_type == "application/problem+json" and json.loads(answer.body)["detail"]
    assert still.ask(f"ASK {{ {THIRD} }}")
