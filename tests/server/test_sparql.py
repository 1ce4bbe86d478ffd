"""The endpoint's query protocol, over a small hand-made graph."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from asgi_client import client_of
from pyoxigraph import Literal, NamedNode, Quad, Store
from werkzeug.test import Client

from kg.generations import publish
from server import create_app

SELECT = "SELECT ?o WHERE { ?s <http://example.org/p> ?o } ORDER BY ?o"
CONSTRUCT = "CONSTRUCT WHERE { ?s ?p ?o }"


@pytest.fixture()
def live(tmp_path: Path) -> Store:
    store = Store(str(tmp_path / "live"))
    for number, graph in ((1, "http://example.org/g1"), (2, "http://example.org/g2"), (3, "http://example.org/g1/quarantine")):
        store.add(Quad(NamedNode("http://example.org/s"), NamedNode("http://example.org/p"), Literal(str(number)), NamedNode(graph)))
    publish(store, tmp_path)
    return store


@pytest.fixture()
def client(live: Store, tmp_path: Path) -> Iterator[Client]:
    app = create_app(tmp_path)
    yield client_of(app)
    app.close()


def values(body: bytes) -> list[str]:
    return [row["o"]["value"] for row in json.loads(body)["results"]["bindings"]]


def test_get_query_sees_the_union_without_quarantine(client: Client) -> None:
    assert values(client.get("/sparql", query_string={"query": SELECT}).data) == ["1", "2"]


def test_graph_reaches_quarantine(client: Client) -> None:
    query = "SELECT ?o WHERE { GRAPH <http://example.org/g1/quarantine> { ?s ?p ?o } }"
    assert values(client.get("/sparql", query_string={"query": query}).data) == ["3"]


def test_post_form_and_direct_post_answer_alike(client: Client) -> None:
    form = client.post("/sparql", data={"query": SELECT})
    direct = client.post("/sparql", data=SELECT, content_type="application/sparql-query")
    assert form.data == direct.data and values(form.data) == ["1", "2"]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/json", "application/json"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("text/html, application/sparql-results+json", "application/sparql-results+json"),
        ("text/csv;q=0, text/*", "text/tab-separated-values"),
    ],
)
def test_solutions_come_in_the_format_that_is_asked_for(client: Client, accept: str | None, expected: str) -> None:
    response = client.get("/sparql", query_string={"query": SELECT}, headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.mimetype) == (200, expected)


@pytest.mark.parametrize(("accept", "expected"), [(None, "text/turtle"), ("application/n-triples", "application/n-triples")])
def test_graphs_come_in_the_format_that_is_asked_for(client: Client, accept: str | None, expected: str) -> None:
    response = client.get("/sparql", query_string={"query": CONSTRUCT}, headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.mimetype) == (200, expected)


def test_ask_answers_yes_or_no(client: Client) -> None:
    response = client.get("/sparql", query_string={"query": "ASK { ?s <http://example.org/none> ?o }"})
    assert json.loads(response.data)["boolean"] is False


def test_format_parameter_goes_before_the_header(client: Client) -> None:
    response = client.get("/sparql", query_string={"query": SELECT, "format": "csv"}, headers={"Accept": "application/json"})
    assert response.mimetype == "text/csv"


@pytest.mark.parametrize(
    ("request_arguments", "status"),
    [
        ({"method": "GET", "query_string": {"query": "SELECT"}}, 400),
        ({"method": "GET", "query_string": [("query", SELECT), ("query", SELECT)]}, 400),
        ({"method": "GET", "query_string": {"query": SELECT}, "headers": {"Accept": "image/png"}}, 406),
        ({"method": "POST", "data": "{}", "content_type": "application/json"}, 415),
        ({"method": "POST", "data": b"\xff\xfe", "content_type": "application/sparql-query"}, 400),
        ({"method": "POST", "data": "DROP ALL", "content_type": "application/sparql-update"}, 403),
        ({"method": "POST", "data": {"update": "DROP ALL"}}, 403),
        ({"method": "PUT"}, 405),
        ({"method": "POST", "data": "x" * 1_000_001, "content_type": "application/sparql-query"}, 413),
    ],
)
def test_bad_requests_say_what_is_wrong(client: Client, request_arguments: dict[str, object], status: int) -> None:
    response = client.open("/sparql", **request_arguments)
    assert response.status_code == status
    assert response.mimetype == "application/problem+json" and json.loads(response.data)["detail"]


@pytest.mark.parametrize("keyword", ["SERVICE", "service", "SERVICE SILENT", "Service#comment\n"])
def test_service_is_refused(client: Client, keyword: str) -> None:
    response = client.get("/sparql", query_string={"query": f"SELECT * {{ {keyword} <http://127.0.0.1:9/> {{ ?s ?p ?o }} }}"})
    assert response.status_code == 403


def test_the_word_service_in_a_literal_is_no_service(client: Client) -> None:
    query = 'SELECT ?o { ?s ?service ?o FILTER(?o != "SERVICE <x>" && ?o != "it\\"s SERVICE") } # SERVICE'
    assert client.get("/sparql", query_string={"query": query}).status_code == 200


def test_a_new_generation_is_seen_without_restart(client: Client, live: Store, tmp_path: Path) -> None:
    live.add(Quad(NamedNode("http://example.org/s"), NamedNode("http://example.org/p"), Literal("4"), NamedNode("http://example.org/g2")))
    publish(live, tmp_path)
    until = time.monotonic() + 10
    while (found := values(client.get("/sparql", query_string={"query": SELECT}).data)) == ["1", "2"] and time.monotonic() < until:
        time.sleep(0.05)
    assert found == ["1", "2", "4"]


def test_start_page_says_what_is_in_the_graph(client: Client) -> None:
    page = client.get("/").get_data(as_text=True)
    assert "Nothing is true in this graph" in page


def test_health_names_the_generation(client: Client) -> None:
    assert client.get("/healthz").get_data(as_text=True) == "ok, generation 1\n"


def test_a_triple_in_two_graphs_is_one_triple(client: Client, live: Store, tmp_path: Path) -> None:
    live.add(Quad(NamedNode("http://example.org/s"), NamedNode("http://example.org/p"), Literal("1"), NamedNode("http://example.org/g2")))
    publish(live, tmp_path)
    assert values(client.get("/sparql", query_string={"query": SELECT}).data) == ["1", "2"]
