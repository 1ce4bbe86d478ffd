"""Hostile requests, byte by byte, are refused in their class: nothing falls over, nothing is left, nothing is told of the inside."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hostile_checks import assert_nothing_is_left, check, routes_of
from hostile_list import hand_made
from hostile_requests import Hostile, hostile_requests, leave, query, request, send
from hypothesis import HealthCheck, given, settings
from served import Server, kg_serve

pytestmark = pytest.mark.model
SAMPLE = 350  # of the list made by hand; bench/hostile.py sends all
BY_CHANCE = 150


@pytest.fixture(scope="module")
def routes(demo_store: Path) -> tuple[str, ...]:
    """The paths of the whole application, with rubbish in the place of variables."""
    return tuple(routes_of(demo_store))


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
