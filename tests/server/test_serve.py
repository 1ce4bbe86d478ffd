"""`kg serve` as a real server on loopback."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from served import Server, kg_serve

from kg.serving import serve
from server.limits import Limits

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def server(demo_store: Path) -> Iterator[Server]:
    with kg_serve(demo_store) as running:
        assert running.send("GET", "/healthz").status == 200
        yield running


def test_a_query_over_http_is_answered(server: Server) -> None:
    question = "PREFIX kg: <https://w3id.org/news-kg/ontology#> SELECT (COUNT(?s) AS ?n) { ?s a kg:ReportedStatement }"
    answer = server.get({"query": question}, timeout=10)
    assert answer.status == 200 and int(json.loads(answer.body)["results"]["bindings"][0]["n"]["value"]) > 300


def test_a_graph_over_http_is_turtle_with_prefixes(server: Server) -> None:
    body = urlencode({"query": "DESCRIBE <https://w3id.org/news-kg/id/country/afghanistan.af>"}).encode()
    headers = {"Accept": "text/turtle", "Content-Type": "application/x-www-form-urlencoded"}
    answer = server.send("POST", "/sparql", body, headers, timeout=10)
    assert answer.status == 200 and b"@prefix kg:" in answer.body and b"wd:Q889" in answer.body


def test_the_start_page_is_served(server: Server) -> None:
    answer = server.send("GET", "/", timeout=10)
    assert answer.status == 200 and "Nothing is true in this graph" in answer.body.decode()


def test_the_help_tells_the_limits_that_have_no_option() -> None:
    told = " ".join((serve.help or "").split())
    assert f"runs for {Limits().slow_after:g} seconds" in told and f"for {Limits().wait_seconds:g} seconds" in told
