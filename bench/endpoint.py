"""Server CPU of a request against the native Oxigraph server, on the same generation, in the same run.

    python bench/endpoint.py [--articles 15000] [--seconds 5]

Prints the ratio for the lookup of one subject, a join of twenty rows, and a stream of about 40 MB; the time to its first
byte; and how much memory the server's processes take while it streams. Both servers run side by side and are asked in
turn, so that what else the machine does falls on both.
"""

import argparse
import http.client
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from urllib.parse import quote

from pyoxigraph import RdfFormat

from kg.generations import generation_path, publish
from kg.iris import DEFAULT_BASE
from kg.store import Store

ONTOLOGY = "https://w3id.org/news-kg/ontology#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
PLACES = 500
LOOKUP = "SELECT ?p ?o {{ <{base}event/{number}> ?p ?o }}"
JOIN = (
    "PREFIX kg: <{ontology}> SELECT ?event ?label ?time "
    "{{ ?event kg:place <{base}city/{place}> ; kg:time ?time ; a ?class . <{base}city/{place}> kg:label ?label }} LIMIT 20"
)
STREAM = "SELECT ?s ?p ?o {{ ?s ?p ?o }} LIMIT {rows}"
ROUNDS = 5


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=15_000)
    options.add_argument("--seconds", type=float, default=2.0, help="of each round")
    options.add_argument("--rows", type=int, default=150_000, help="of the stream")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "store"
        print(f"{synthetic_store(path, given.articles):,} quads", file=sys.stderr)
        with ours(path) as our_server, native(generation_path(path, 1)) as native_server:
            servers = {"news-kg": our_server, "oxigraph": native_server}
            chance = random.Random(1)

            def lookup() -> str:
                return LOOKUP.format(base=DEFAULT_BASE, number=chance.randrange(given.articles * 3))

            def join() -> str:
                return JOIN.format(base=DEFAULT_BASE, ontology=ONTOLOGY, place=chance.randrange(PLACES))

            for label, question, bar in (("lookup of a subject", lookup, 4.0), ("join of 20 rows", join, 1.7)):
                rounds = [{which: small(server, question, given.seconds) for which, server in servers.items()} for _ in range(ROUNDS)]
                report(label, rounds, bar)
            stream = STREAM.format(rows=given.rows)
            for which, server in servers.items():
                first_bytes(which, server, stream)
            rounds = [{which: streamed(server, stream) for which, server in servers.items()} for _ in range(ROUNDS)]
            report("stream of an answer", rounds, 1.2)


def report(label: str, rounds: list[dict[str, float]], bar: float) -> None:
    """Print the median of the rounds' ratios, and the medians of both."""
    ratio = median(taken["news-kg"] / taken["oxigraph"] for taken in rounds)
    medians = ", ".join(f"{which} {median(taken[which] for taken in rounds):.3f}" for which in rounds[0])
    print(f"{label:20} {ratio:5.2f} x native (bar {bar}); CPU ms: {medians}")


def small(server: "Server", question: Callable[[], str], seconds: float) -> float:
    """Return CPU milliseconds a request, over one connection, questions drawn anew each time."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    asked, before, end = 0, server.cpu(), time.monotonic() + seconds
    while time.monotonic() < end:
        connection.request("GET", f"/{server.path}?query={quote(question())}", headers={"Accept": "application/sparql-results+json"})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200 or b'"bindings":[{' not in body:
            raise SystemExit(f"{answer.status} {body[:200]!r}")
        asked += 1
    return (server.cpu() - before) / asked * 1000


def streamed(server: "Server", question: str) -> float:
    """Return CPU milliseconds of a long answer."""
    before = server.cpu()
    for _ in parts(server, question):
        pass
    return (server.cpu() - before) * 1000


def first_bytes(which: str, server: "Server", question: str) -> None:
    """Print size, time to the first byte, and by how much the server's memory grows in the second half of the stream."""
    for _ in range(2):  # the first warms up
        rested, begun = server.memory(), time.monotonic()
        sizes, held, first = 0, [], 0.0
        for part in parts(server, question):
            first = first or time.monotonic() - begun
            sizes += len(part)
            held.append(server.memory() - rested)
    growth = max(held) - max(held[: len(held) // 2])
    memory = f"memory +{max(held):.0f} MB, of it in the second half {growth:.0f}"
    print(f"{which:10} {sizes / 1e6:.0f} MB, first byte {first * 1000:.0f} ms, {memory}")


def parts(server: "Server", question: str) -> Iterator[bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", f"/{server.path}?query={quote(question)}", headers={"Accept": "application/sparql-results+json"})
    answer = connection.getresponse()
    yield answer.read(1)
    while part := answer.read(1_000_000):
        yield part
    connection.close()


class Server:
    """A server process with its children, on a port of loopback."""

    def __init__(self, command: list[str], port: int, path: str) -> None:
        self.port, self.path = port, path
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise SystemExit(f"{command} did not answer")

    def cpu(self) -> float:
        """Return the CPU seconds of the process and its children."""
        ticks = 0
        for pid in tree(self.process.pid):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Return the megabytes that the process and its children hold, shared pages shared out."""
        kilobytes = 0
        for pid in tree(self.process.pid):
            with suppress(FileNotFoundError, ProcessLookupError):
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                kilobytes += int(next(line.split()[1] for line in lines if "Pss:" in line))
        return kilobytes / 1000


def tree(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has ended meanwhile
            for child in (task / "children").read_text().split():
                found += tree(int(child))
    return found


@contextmanager
def ours(path: Path) -> Iterator[Server]:
    yield from run(lambda port: ([str(Path(sys.executable).with_name("kg")), "serve", "--store", str(path), "--port", str(port)], "sparql"))


@contextmanager
def native(folder: Path) -> Iterator[Server]:
    binary = str(Path(sys.executable).with_name("oxigraph"))
    yield from run(lambda port: ([binary, "serve-read-only", "--location", str(folder), "--bind", f"127.0.0.1:{port}"], "query"))


def run(command: Callable[[int], tuple[list[str], str]]) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words, path = command(port)
    server = Server(words, port, path)
    try:
        yield server
    finally:
        server.process.terminate()
        server.process.wait()


def synthetic_store(path: Path, articles: int) -> int:
    """Make a published store of events in articles, three each; return the quads of its named graphs."""
    store = Store(path, base=DEFAULT_BASE, text="evidence")
    lines = [f'<{DEFAULT_BASE}city/{place}> <{ONTOLOGY}label> "Town {place}" <{DEFAULT_BASE}graph/entities> .' for place in range(PLACES)]
    for event in range(articles * 3):
        graph = f"<{DEFAULT_BASE}article/{event // 3}/1>"
        subject = f"<{DEFAULT_BASE}event/{event}>"
        facts = (
            f"<{RDF_TYPE}> <{ONTOLOGY}Event{event % 40}>",
            f"<{ONTOLOGY}place> <{DEFAULT_BASE}city/{event * 7 % PLACES}>",
            f'<{ONTOLOGY}time> "2021-08-{event % 28 + 1:02}T12:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>',
            f'<{ONTOLOGY}trigger> "word {event % 311}"',
            f"<{ONTOLOGY}agent> <{DEFAULT_BASE}person/{event % 977}>",
        )
        lines += [f"{subject} {fact} {graph} ." for fact in facts]
    store.graphs.bulk_load("\n".join(lines).encode(), format=RdfFormat.N_QUADS)
    store.graphs.flush()
    publish(store.graphs, path)
    store.close()
    return len(lines)


if __name__ == "__main__":
    main()
