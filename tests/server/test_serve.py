"""`kg serve` as a real server on loopback."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

pytestmark = pytest.mark.model
KG = str(Path(sys.executable).with_name("kg"))


@pytest.fixture(scope="module")
def address(demo_store: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([KG, "serve", "--store", demo_store, "--port", str(port)], stderr=subprocess.DEVNULL)
    try:
        yield wait_for(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(timeout=10)


def wait_for(address: str) -> str:
    for _ in range(100):
        try:
            urlopen(f"{address}/healthz", timeout=5).close()
        except URLError:
            time.sleep(0.1)
        else:
            return address
    raise TimeoutError(f"{address} did not answer within ten seconds")


def test_a_query_over_http_is_answered(address: str) -> None:
    question = "PREFIX kg: <https://w3id.org/news-kg/ontology#> SELECT (COUNT(?s) AS ?n) { ?s a kg:ReportedStatement }"
    with urlopen(f"{address}/sparql?{urlencode({'query': question})}", timeout=10) as answer:
        assert int(json.load(answer)["results"]["bindings"][0]["n"]["value"]) > 300


def test_a_graph_over_http_is_turtle_with_prefixes(address: str) -> None:
    body = urlencode({"query": "DESCRIBE <https://w3id.org/news-kg/id/country/afghanistan.af>"}).encode()
    with urlopen(Request(f"{address}/sparql", body, {"Accept": "text/turtle"}), timeout=10) as answer:
        text = answer.read().decode()
    assert "@prefix kg:" in text and "wd:Q889" in text


def test_the_start_page_is_served(address: str) -> None:
    with urlopen(f"{address}/", timeout=10) as page:
        assert "Nothing is true in this graph" in page.read().decode()
