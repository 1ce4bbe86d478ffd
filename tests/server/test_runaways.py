"""Queries that would not end are ended, whatever they are busy with, and nobody takes what came of them for an answer."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from runaway_queries import JSON, RUNAWAYS, ask, small_queries
from served import THREADS, Held, Server, kg_serve, settled

pytestmark = pytest.mark.model
DEADLINE = 0.7
ALL = "SELECT * { ?a ?b ?c }"
ALL_TRIPLES = "CONSTRUCT { ?a ?b ?c } { ?a ?b ?c }"
CROSS = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
COUNTED = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def server(demo_store: Path) -> Iterator[Server]:
    with kg_serve(demo_store, "--deadline", str(DEADLINE)) as running:
        small_queries(running.port, count=3)
        yield running


@pytest.fixture(scope="module")
def patient(demo_store: Path) -> Iterator[Server]:
    """A server of few readers, which gives a query a minute."""
    with kg_serve(demo_store, "--deadline", "60", "--readers", "2", "--slow-readers", "1", "--waiting", "0", "--memory", "100") as running:
        small_queries(running.port, count=3)
        yield running


@pytest.fixture(scope="module")
def narrow(demo_store: Path) -> Iterator[Server]:
    """A server that gives few rows and bytes."""
    with kg_serve(demo_store, "--deadline", "60", "--max-rows", "5000", "--max-bytes", "2500000") as running:
        yield running


@pytest.mark.parametrize("name", RUNAWAYS)
def test_a_runaway_ends_at_the_deadline_and_is_no_answer(server: Server, name: str) -> None:
    outcome = ask(server.port, *RUNAWAYS[name])
    assert outcome.seconds < DEADLINE + 0.5
    assert not outcome.is_complete
    if outcome.status != 200:
        assert (outcome.status, outcome.is_whole) == (503, True) and outcome.retry_after and outcome.detail


@pytest.mark.parametrize("name", ["cross product", "huge JSON", "huge CSV", "huge N-Triples"])
def test_over_http_1_0_a_runaway_is_a_problem_document(server: Server, name: str) -> None:
    outcome = ask(server.port, *RUNAWAYS[name], version=10)
    assert (outcome.status, outcome.is_complete) == (503, False) and outcome.detail
    assert outcome.seconds < DEADLINE + 0.5


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_compressed_runaway_is_broken_off_too(server: Server, coding: str) -> None:
    outcome = ask(server.port, *RUNAWAYS["huge CSV"], headers={"Accept-Encoding": coding})
    assert outcome.bytes and not outcome.is_complete


def test_a_query_may_ask_for_less_time(server: Server) -> None:
    outcome = ask(server.port, *RUNAWAYS["cross product"], timeout="0.3")
    assert outcome.status == 503 and "0.3 seconds" in outcome.detail and outcome.seconds < 0.3 + 0.5


def test_a_query_may_not_ask_for_more_time(server: Server) -> None:
    outcome = ask(server.port, *RUNAWAYS["cross product"], timeout="30")
    assert outcome.status == 503 and outcome.seconds < DEADLINE + 0.5


def test_small_queries_are_answered_beside_runaways_and_nothing_is_left(server: Server) -> None:
    with ThreadPoolExecutor(8) as several:
        assert list(several.map(lambda _: small_queries(server.port, count=3), range(4)))
    before = server.held()
    over = Event()
    with ThreadPoolExecutor(8) as several:
        small = [several.submit(small_queries, server.port, until=over, pause=0.01) for _ in range(2)]
        outcomes = list(several.map(lambda name: ask(server.port, *RUNAWAYS[name]), [*RUNAWAYS][:9]))
        over.set()
        taken = [seconds for client in small for seconds in client.result()]
    assert {outcome.is_complete for outcome in outcomes} == {False}
    assert {outcome.status for outcome in outcomes} <= {200, 429, 503}
    assert len(taken) > 50 and max(taken) < 1.0
    most = Held(before.processes, max(before.threads, THREADS), before.descriptors, before.megabytes + 100)
    after = settled(server, most)
    assert after.processes <= most.processes and after.threads <= most.threads and after.descriptors <= most.descriptors
    assert after.megabytes < most.megabytes


def test_the_pool_is_whole_after_runaways(server: Server) -> None:
    with ThreadPoolExecutor(4) as several:
        list(several.map(lambda name: ask(server.port, *RUNAWAYS[name]), ("giant sort", "cross product", "huge XML", "endless path")))
    with ThreadPoolExecutor(8) as several:
        assert sum(map(len, several.map(lambda _: small_queries(server.port, count=5), range(8)))) == 40


def test_too_many_at_once_are_told_to_come_back(patient: Server) -> None:
    with ThreadPoolExecutor(6) as several:
        outcomes = list(several.map(lambda _: ask(patient.port, COUNTED, timeout="1.5"), range(6)))
    assert {outcome.status for outcome in outcomes} == {429, 503}
    assert all(outcome.retry_after and outcome.detail for outcome in outcomes)


def test_a_query_that_needs_too_much_memory_is_ended(patient: Server) -> None:
    outcome = ask(patient.port, *RUNAWAYS["giant sort"])
    assert (outcome.status, outcome.is_whole) == (503, True) and "memory" in outcome.detail
    assert len(small_queries(patient.port, count=5)) == 5


def test_a_client_that_goes_away_frees_its_reader(patient: Server) -> None:
    for _ in range(3):  # there is one place for long queries: the second would be told to come back
        with patient.ask_only(CROSS) as connection:
            assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
        wait_until_free(patient)


def test_a_client_that_reads_nothing_blocks_nobody(server: Server) -> None:
    deaf = [server.ask_only(CROSS) for _ in range(6)]
    try:
        assert max(small_queries(server.port, count=50)) < 1.0
    finally:
        for connection in deaf:
            connection.close()


@pytest.mark.parametrize("accept", [JSON, "application/sparql-results+xml", "text/csv", "text/tab-separated-values"])
def test_an_answer_of_too_many_rows_is_no_answer(narrow: Server, accept: str) -> None:
    assert not ask(narrow.port, ALL, accept).is_complete
    assert ask(narrow.port, ALL + " LIMIT 5000", accept).is_complete
    assert not ask(narrow.port, ALL + " LIMIT 5001", accept).is_complete


@pytest.mark.parametrize("accept", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"])
def test_a_graph_of_too_many_triples_is_no_answer(narrow: Server, accept: str) -> None:
    assert not ask(narrow.port, ALL_TRIPLES, accept).is_complete
    assert ask(narrow.port, ALL_TRIPLES + " LIMIT 5000", accept).is_complete
    assert not ask(narrow.port, ALL_TRIPLES + " LIMIT 5001", accept).is_complete


def test_an_answer_of_too_many_rows_that_was_not_begun_is_a_problem_document(narrow: Server) -> None:
    outcome = ask(narrow.port, "SELECT (1 AS ?x) { ?a ?b ?c } LIMIT 5001", "text/csv")
    assert (outcome.status, outcome.is_whole) == (400, True) and "5,000 rows" in outcome.detail


def test_an_answer_of_too_many_bytes_is_no_answer(narrow: Server) -> None:
    text = f"SELECT ('{'x' * 1_000}' AS ?x) {{ ?a ?b ?c }} LIMIT "
    assert ask(narrow.port, text + "2300", "text/csv").is_complete
    assert not ask(narrow.port, text + "2700", "text/csv").is_complete


def test_over_http_1_0_an_answer_that_is_too_large_is_a_problem_document(narrow: Server) -> None:
    outcome = ask(narrow.port, ALL, version=10)
    assert (outcome.status, outcome.is_whole) == (400, True) and outcome.detail


def wait_until_free(server: Server) -> None:
    """Wait until a long answer is not refused."""
    until = time.monotonic() + 10
    while ask(server.port, "SELECT * { ?a ?b ?c } LIMIT 4000").status == 429:
        assert time.monotonic() < until, "the place of a client that went away is still taken"
        time.sleep(0.1)
