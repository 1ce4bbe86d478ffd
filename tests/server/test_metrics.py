"""What those who run a server can ask it: its health, and its numbers."""

from pathlib import Path
from shutil import rmtree

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.generations import open_current, publish
from kg.statistics import statistics, write_statistics
from server.description_answer import CurrentStatistics
from server.metrics import Metrics, Now
from server.newest import Newest
from server.operations import operations_blueprint, state
from server.page_errors import register_errors
from server.pool import Counts
from server.query_log import Entry

NOW = Now(running=2, slow=1, waiting=3, forked=9, generation=4, published=1_700_000_000.5, triples=77)


def read(text: bytes) -> dict[str, dict[tuple[str, ...], float]]:
    """Return the samples by name and by the values of their labels."""
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(text.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels[name] for name in sorted(sample.labels))] = sample.value
    return found


def entry(**said: object) -> Entry:
    usual = {"query": "0f", "form": "select", "status": 200, "ms": 20.0, "rows": 5, "bytes": 600, "ended": None}
    return Entry(**{**usual, **said})  # type: ignore[arg-type]


@pytest.fixture()
def metrics() -> Metrics:
    return Metrics(lambda: NOW)


@pytest.fixture()
def store_path(tmp_path: Path) -> Path:
    live = Store(str(tmp_path / "live"))
    live.add(Quad(NamedNode("http://example.org/a"), NamedNode("http://example.org/b"), Literal("c"), NamedNode("http://example.org/g")))
    publish(live, tmp_path)
    write_statistics(statistics(open_current(tmp_path).graphs), tmp_path / "generations" / "000001")
    return tmp_path


@pytest.fixture()
def client(store_path: Path) -> FlaskClient:
    app, reader, counts = Flask("operated"), Newest(store_path), CurrentStatistics(store_path)
    metrics = Metrics(lambda: state(reader, counts, Counts()))
    metrics.count_requests(app)
    app.register_blueprint(operations_blueprint(reader, metrics))
    app.add_url_rule("/id/<path:rest>", "id", lambda rest: Response(status=204))
    register_errors(app)
    return app.test_client()


# --- queries


def test_a_query_is_counted_with_its_time_rows_and_bytes(metrics: Metrics) -> None:
    metrics.observe_query(entry())
    metrics.observe_query(entry(rows=7))
    found = read(metrics.text())
    assert found["news_kg_queries_total"] == {("select", "200"): 2}
    assert found["news_kg_answer_rows_total"] == {("select",): 12} and found["news_kg_answer_bytes_total"] == {("select",): 1200}
    assert found["news_kg_query_seconds_count"] == {("select",): 2} and found["news_kg_query_seconds_bucket"][("select", "0.025")] == 2


@pytest.mark.parametrize(("said", "counted"), [("deadline", "deadline"), ("busy", "busy"), ("rows", "rows"), ("x" * 500, "other")])
def test_a_query_that_was_ended_is_counted_by_its_reason(metrics: Metrics, said: str, counted: str) -> None:
    metrics.observe_query(entry(status=503, ended=said))
    assert read(metrics.text())["news_kg_queries_ended_total"][(counted,)] == 1


def test_a_reason_not_met_yet_is_nought(metrics: Metrics) -> None:
    assert read(metrics.text())["news_kg_queries_ended_total"][("deadline",)] == 0


def test_forms_are_few_whatever_is_sent(metrics: Metrics) -> None:
    for number in range(50):
        metrics.observe_query(entry(form=f"form {number}"))
    assert set(read(metrics.text())["news_kg_queries_total"]) == {("unknown", "200")}


# --- the state of a server


def test_the_state_is_asked_for_at_each_scrape() -> None:
    running = iter((2, 5))
    metrics = Metrics(lambda: Now(next(running), 0, 0, 0, None, None, None))
    assert [read(metrics.text())["news_kg_readers_running"][()] for _ in range(2)] == [2, 5]


def test_the_state_names_generation_readers_and_size(metrics: Metrics) -> None:
    found = read(metrics.text())
    names = ("generation", "generation_published_timestamp_seconds", "triples", "readers_slow", "requests_waiting", "readers_started_total")
    assert [found[f"news_kg_{name}"][()] for name in names] == [4, 1_700_000_000.5, 77, 1, 3, 9]


def test_what_is_not_known_is_left_out() -> None:
    found = read(Metrics(lambda: Now(0, 0, 0, 0, None, None, None)).text())
    assert found["news_kg_up"] == {(): 0} and "news_kg_generation" not in found and "news_kg_triples" not in found


def test_two_applications_have_numbers_of_their_own() -> None:
    first, second = Metrics(lambda: NOW), Metrics(lambda: NOW)
    first.ended("deadline")
    assert read(second.text())["news_kg_queries_ended_total"][("deadline",)] == 0


# --- over HTTP


def test_numbers_are_served_as_prometheus_reads_them(client: FlaskClient) -> None:
    answer = client.get("/metrics")
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, "text/plain", "no-store")
    found = read(answer.data)
    assert found["news_kg_generation"] == {(): 1} and found["news_kg_triples"] == {(): 1} and found["news_kg_up"] == {(): 1}


def test_routes_are_counted_and_never_paths(client: FlaskClient) -> None:
    for path in ("/id/city/a", "/id/city/b", "/nothing/here", "/nor/there"):
        client.get(path)
    client.open("/id/x", method="BREW")
    assert read(client.get("/metrics").data)["news_kg_requests_total"] == {
        ("GET", "/id/<path:rest>", "2xx"): 2,
        ("GET", "none", "4xx"): 2,
        ("other", "none", "4xx"): 1,
    }


def test_nothing_tells_paths_or_versions(client: FlaskClient, store_path: Path) -> None:
    text = client.get("/metrics").get_data(as_text=True)
    assert str(store_path) not in text and "python_info" not in text


def test_health_names_the_generation(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.get_data(as_text=True), answer.mimetype) == (200, "ok, generation 1\n", "text/plain")


@pytest.mark.parametrize("pointer", [None, "", "many", "7"])
def test_health_is_bad_where_no_generation_can_be_read(client: FlaskClient, store_path: Path, pointer: str | None) -> None:
    rmtree(store_path / "generations")
    if pointer is not None:
        (store_path / "generations").mkdir()
        (store_path / "generations" / "CURRENT").write_text(pointer)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.mimetype, answer.headers["Retry-After"]) == (503, "application/problem+json", "10")
    assert str(store_path) not in answer.get_data(as_text=True)
    assert read(client.get("/metrics").data)["news_kg_up"] == {(): 0}


def test_programs_that_look_for_void_find_the_description(client: FlaskClient) -> None:
    answer = client.get("/.well-known/void")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sparql")
