"""New generations come while many clients ask: nobody is refused, nobody sees half of one, and nothing is left of the old ones."""

import json
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from urllib.parse import quote

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store
from served import Held, Server, at_rest, kg_serve, settled, tree

from kg.generations import publish

pytestmark = pytest.mark.model
CLIENTS = 50
PAUSE = 0.1  # seconds between two requests of a client, which leaves the writer some of the machine
MARKERS = [NamedNode(f"http://example.org/marker/{name}") for name in ("first", "second")]
VALUE = NamedNode("http://example.org/value")
GRAPHS = [NamedNode(f"http://example.org/graph/{name}") for name in ("first", "second")]
# Between the two markers the query goes through a part of the store, so that a change in between would be seen.
QUESTION = """SELECT ?first ?second ?n {
  <http://example.org/marker/first> <http://example.org/value> ?first .
  { SELECT (COUNT(*) AS ?n) { ?statement a <https://w3id.org/news-kg/ontology#ReportedStatement> } }
  GRAPH ?graph { <http://example.org/marker/second> <http://example.org/value> ?second }
}"""


@pytest.fixture
def live(demo_store: Path, tmp_path: Path) -> Iterator[tuple[Path, Store]]:
    """A copy of the demo store that is open for writing, with its first generation."""
    path = tmp_path / "store"
    shutil.copytree(demo_store, path, ignore=shutil.ignore_patterns("generations", "LOCK"))
    store = Store(str(path / "oxigraph"))
    mark(store, path, 1)
    yield path, store
    del store


def mark(store: Store, path: Path, number: int) -> None:
    """Say a number in two places and publish that as a generation."""
    for marker, graph in zip(MARKERS, GRAPHS, strict=True):
        for quad in list(store.quads_for_pattern(marker, VALUE, None, graph)):
            store.remove(quad)
        store.add(Quad(marker, VALUE, Literal(number), graph))
    store.flush()
    assert publish(store, path) == number


@pytest.mark.parametrize("loaded", ["256", "0"], ids=["read into memory", "read from disk"])
def test_generations_come_while_fifty_clients_ask(live: tuple[Path, Store], loaded: str) -> None:
    path, store = live
    over = Event()
    with kg_serve(path, "--loaded", loaded) as server, ThreadPoolExecutor(CLIENTS) as several:
        before = at_rest(server)
        clients = [several.submit(seen, server, over) for _ in range(CLIENTS)]
        try:
            for number in (2, 3, 4):
                time.sleep(0.5)
                mark(store, path, number)
            answered_with(server, 4)
            time.sleep(0.5)
        finally:
            over.set()
        answers = [client.result() for client in clients]
        assert all(first == second for client in answers for first, second in client)
        assert all(client == sorted(client) for client in answers)
        assert {client[-1] for client in answers} == {(4, 4)}
        assert {first for client in answers for first, _ in client} >= {1, 4}
        assert sorted(folder.name for folder in (path / "generations").iterdir() if folder.is_dir()) == ["000003", "000004"]
        # As many readers wait for the next queries as before; of what served older generations, none is left.
        most = Held(before.processes, before.threads + 200, before.descriptors + 20, 0)  # RocksDB has threads in each
        after = settled(server, most)
        assert after.processes <= most.processes and after.descriptors <= most.descriptors, after
        assert server.send("GET", "/healthz").body == b"ok, generation 4\n"  # pages turn to the newest generation when one is asked for
        assert old_generations_open(server) == set()


def seen(server: Server, over: Event) -> list[tuple[int, int]]:
    """Ask until the event; return both markers of each answer. ValueError where a request fails."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    found = []
    while not over.is_set():
        connection.request("GET", f"{server.path}?query={quote(QUESTION)}", headers={"Accept": "application/sparql-results+json"})
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise ValueError(f"{response.status} {body[:300]!r}")
        (row,) = json.loads(body)["results"]["bindings"]
        assert int(row["n"]["value"]) > 0
        found.append((int(row["first"]["value"]), int(row["second"]["value"])))
        time.sleep(PAUSE)
    connection.close()
    return found


def answered_with(server: Server, number: int) -> None:
    """Wait until the server answers from a generation."""
    until = time.monotonic() + 20
    while True:
        body = json.loads(server.get({"query": QUESTION}).body)
        if int(body["results"]["bindings"][0]["first"]["value"]) == number:
            return
        assert time.monotonic() < until, f"generation {number} is not seen"
        time.sleep(0.05)


def old_generations_open(server: Server) -> set[str]:
    """Return what the server's processes hold open, or were started with, of generations that are not the newest."""
    found = set()
    for pid in tree(server.process.pid):
        process = Path(f"/proc/{pid}")
        named = process.joinpath("cmdline").read_text().split("\0")
        for path in process.joinpath("fd").iterdir():
            with suppress(FileNotFoundError):  # closed meanwhile
                named.append(str(path.readlink()))
        found |= {name for name in named if "/generations/" in name and "000004" not in name}
    return found
