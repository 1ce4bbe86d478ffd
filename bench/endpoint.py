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
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import RdfFormat

from kg.generations import generation_path, publish
from kg.iris import DEFAULT_BASE
from kg.store import Store

ONTOLOGY = "https://w3id.org/news-kg/ontology#"
PLACES = 500
LOOKUP = "SELECT ?p ?o {{ <{base}event/{number}> ?p ?o }}"
JOIN = (
    "PREFIX kg: <{ontology}> SELECT ?event ?label ?time "
    "{{ ?event kg:place <{base}city/{place}> ; kg:time ?time ; a ?class . <{base}city/{place}> kg:label ?label }} LIMIT 20"
)
STREAM = "PREFIX kg: <{ontology}> SELECT ?event ?class ?place ?time {{ ?event a ?class ; kg:place ?place ; kg:time ?time }} LIMIT {rows}"
ROUNDS = 5


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=15_000)
    options.add_argument("--seconds", type=float, default=4.0, help="of each round")
    options.add_argument("--rows", type=int, default=90_000, help="of the stream")
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
                report(label, {which: small(server, question, given.seconds) for which, server in servers.items()}, bar)
            stream = STREAM.format(ontology=ONTOLOGY, rows=given.rows)
            report("stream", {which: streamed(which, server, stream) for which, server in servers.items()}, 1.2)


def report(label: str, milliseconds: dict[str, float], bar: float) -> None:
    ratio = milliseconds["news-kg"] / milliseconds["oxigraph"]
    print(
        f"{label:22} {ratio:5.2f} x native (bar {bar})   news-kg {milliseconds['news-kg']:.3f}, oxigraph {milliseconds['oxigraph']:.3f} CPU ms"
    )


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


def streamed(which: str, server: "Server", question: str) -> float:
    """Return CPU milliseconds of a long answer; print first byte, size and memory."""
    spent, firsts, peaks, size = [], [], [], 0
    for _ in range(ROUNDS):
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        before, begun, rested = server.cpu(), time.monotonic(), server.memory()
        connection.request("GET", f"/{server.path}?query={quote(question)}", headers={"Accept": "application/sparql-results+json"})
        answer = connection.getresponse()
        size, peak = len(answer.read(1)), 0.0
        firsts.append(time.monotonic() - begun)
        while part := answer.read(1_000_000):
            size += len(part)
            peak = max(peak, server.memory() - rested)
        peaks.append(peak)
        connection.close()
        spent.append(server.cpu() - before)
    print(f"  {which}: {size / 1e6:.0f} MB, first byte {sorted(firsts)[ROUNDS // 2] * 1000:.0f} ms, memory +{max(peaks):.0f} MB")
    return sorted(spent)[ROUNDS // 2] * 1000


class Server:
    """A server process with its children, on a port of loopback."""

    def __init__(self, command: list[str], port: int, path: str) -> None:
        self.port, self.path = port, path
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
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
            kilobytes += int(next(line.split()[1] for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines() if "Pss:" in line))
        return kilobytes / 1000


def tree(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
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
            f"a <{ONTOLOGY}Event{event % 40}>",
            f"<{ONTOLOGY}place> <{DEFAULT_BASE}city/{event * 7 % PLACES}>",
            f'<{ONTOLOGY}time> "2021-08-{event % 28 + 1:02}T12:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>',
            f'<{ONTOLOGY}trigger> "word {event % 311}"',
            f"<{ONTOLOGY}agent> <{DEFAULT_BASE}person/{event % 977}>",
        )
        lines += [
            f"{subject} {fact.replace('a <', '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <', 1) if fact[0] == 'a' else fact} {graph} ."
            for fact in facts
        ]
    store.graphs.bulk_load("\n".join(lines).encode(), format=RdfFormat.N_QUADS)
    store.graphs.flush()
    publish(store.graphs, path)
    store.close()
    return len(lines)


if __name__ == "__main__":
    main()
