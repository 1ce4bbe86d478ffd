"""Hostile requests, byte by byte, are refused in their class: nothing falls over, nothing is left, nothing is told of the inside."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hostile_list import hand_made
from hostile_requests import Hostile, Reply, filled, hostile_requests, leave, query, request, send
from hypothesis import HealthCheck, given, settings
from served import Held, Server, kg_serve, settled

from server import create_app

pytestmark = pytest.mark.model
ROOT = Path(__file__).parent.parent.parent
SAMPLE = 350  # of the list made by hand; bench/hostile.py sends all
BY_CHANCE = 150
# A query may take more than it is given; a transfer coding may be unknown (RFC 9112, 6.1).
INTENDED = {501, 503}
# What would tell of the inside: where things lie, what they are written in, of which version.
INSIDE = re.compile(rb"Traceback|File \"|site-packages|werkzeug|uvicorn|flask|rocksdb|Python/\d|oxigraph/\d|panicked|\.py\b", re.IGNORECASE)
THREADS = 32  # those for pages and for nurseries come one by one, as they are needed
NAMED = re.compile(rb"^Server: (.*?)\r?$", re.MULTILINE)


@pytest.fixture(scope="module")
def routes(demo_store: Path) -> tuple[str, ...]:
    """The paths of the whole application, with rubbish in the place of variables."""
    app = create_app(demo_store)
    app.close()
    return tuple(filled(sorted({rule.rule for rule in app.flask.url_map.iter_rules()})))


@pytest.fixture(scope="module")
def server(demo_store: Path) -> Iterator[Server]:
    with kg_serve(demo_store, "--deadline", "1") as running:
        assert send(running.port, Hostile("warm", (query("ASK {}"),))).status == 200
        yield running


def test_hostile_requests_of_the_list_get_the_right_class(server: Server, demo_store: Path, routes: tuple[str, ...]) -> None:
    before = server.held()
    listed = list(hand_made(list(routes)))
    for hostile in Random(6).sample(listed, SAMPLE):
        check(server, hostile, demo_store)
    assert_nothing_is_left(server, before)


def test_requests_made_by_chance_get_the_right_class(server: Server, demo_store: Path, routes: tuple[str, ...]) -> None:
    before = server.held()

    @settings(max_examples=BY_CHANCE, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(hostile_requests(routes))
    def each(hostile: Hostile) -> None:
        check(server, hostile, demo_store)

    each()
    assert_nothing_is_left(server, before)


def test_clients_that_go_away_at_any_point_leave_nothing(server: Server, demo_store: Path) -> None:
    before = server.held()
    whole = request("POST", "/sparql", "Content-Type: application/sparql-query", body=b"SELECT * { ?s ?p ?o } LIMIT 1000")
    for at in range(0, len(whole) + 1, 4):
        leave(server.port, whole[:at])
    check(server, Hostile("after them", (query("ASK {}"),), frozenset({2})), demo_store)
    assert_nothing_is_left(server, before)


@pytest.mark.parametrize(
    "text",
    [
        "ASK { FILTER(" + "(" * 10_000 + "1" + ")" * 10_000 + ") }",
        "ASK { " + "OPTIONAL { " * 10_000 + "}" * 10_000 + " }",
        "ASK {" + "{" * 50_000,
    ],
    ids=["brackets", "optional", "open braces"],
)
def test_a_query_that_is_nested_too_deeply_is_the_fault_of_the_client(server: Server, text: str) -> None:
    reply = send(server.port, Hostile("deep", (query(text),)))
    assert reply.status == 400 and b"nested" in reply.body


def check(server: Server, hostile: Hostile, store: Path) -> int | None:
    """Send a request, look at what comes back and return its status."""
    reply = send(server.port, hostile)
    assert server.process.poll() is None, f"{hostile.name} ended the server"
    kind = reply.status // 100 if reply.status else None
    assert reply.status in INTENDED or kind in hostile.classes, f"{hostile.name}: {reply.status} {reply.body[:300]!r}"
    assert not (told := tells(reply, store)), f"{hostile.name} is told of {told!r} in {reply.head + reply.body[:2_000]!r}"
    return reply.status


def tells(reply: Reply, store: Path) -> bytes | None:
    """Return what an answer tells of the inside, None if it tells nothing; what an answer of 200 holds may be anything but a path."""
    named = NAMED.search(reply.head)
    if named and re.search(rb"[\d/]", named[1]):
        return named[0]
    sent = reply.head + (reply.body if reply.status not in (200, 206) else b"")
    found = INSIDE.search(sent)
    if found:
        return found[0]
    paths = (str(ROOT), str(store), sys.prefix, sys.base_prefix)
    return next((path.encode() for path in paths if path.encode() in reply.head + reply.body), None)


def assert_nothing_is_left(server: Server, before: Held) -> None:
    """The server holds what it held, but for the one reader that waits for the next query, and what is kept to answer faster."""
    # The first page opens the files of the generation, and a spare reader has its connection.
    most = Held(before.processes + 1, max(before.threads, THREADS), before.descriptors + 8, before.megabytes + 150)
    after = settled(server, most)
    assert after.processes <= most.processes and after.threads <= most.threads and after.descriptors <= most.descriptors, after
    assert after.megabytes < most.megabytes, after
