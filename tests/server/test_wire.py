"""What a client sees of the endpoint on the wire: broken transfers, slow and hostile clients, places given back."""

import http.client
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Response
from pyoxigraph import Literal, NamedNode, Quad, Store
from served import Threaded, in_thread

import server.bodies
import server.connections
from kg.generations import publish
from server.app import Endpoint, Setup
from server.limits import Limits

SMALL = "SELECT ?o { <http://example.org/s1> ?p ?o }"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LIMITS = Limits(
    deadline_seconds=1.5, slow_after=0.2, readers=2, slow_readers=2, waiting=2, wait_seconds=0.3, most_rows=10**9, most_bytes=10**12
)


def readers() -> list[int]:
    """The ids of all reader processes of this process."""
    nurseries = children(os.getpid())
    return [reader for nursery in nurseries for reader in children(nursery)]


def children(pid: int) -> list[int]:
    return [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]


def soon(holds: Callable[[], bool], seconds: float = 8) -> bool:
    until = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < until:
        time.sleep(0.02)
    return held


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("wire")
    live = Store(str(path / "live"))
    predicate, graph = NamedNode("http://example.org/p"), NamedNode("http://example.org/g")
    live.extend(Quad(NamedNode(f"http://example.org/s{number}"), predicate, Literal(number), graph) for number in range(300))
    publish(live, path)
    return path


@pytest.fixture(scope="module")
def served(store: Path) -> Iterator[Threaded]:
    endpoint = Endpoint(store, LIMITS, Setup())

    @endpoint.flask.get("/breaks")
    def breaks() -> Response:
        def parts() -> Iterator[bytes]:
            yield b"x" * 1000
            raise OSError("the disk is gone")

        return Response(parts(), mimetype="text/plain")

    @endpoint.flask.post("/echo")
    def echo() -> str:
        from flask import request

        return request.get_data(as_text=True)

    @endpoint.flask.get("/streams")
    def streams() -> Response:
        return Response((b"y" * 10 for _ in range(3)), mimetype="text/plain")

    with in_thread(endpoint) as running:
        yield running


@pytest.fixture(autouse=True)
def quiet(served: Threaded) -> Iterator[None]:
    """After each test all places are free again."""
    yield
    counts = served.endpoint.pool.counts
    assert soon(lambda: (counts.running, counts.slow, counts.waiting) == (0, 0, 0)), counts
    assert soon(lambda: len(readers()) <= LIMITS.readers + 2), readers()


def problem(body: bytes) -> str:
    return str(json.loads(body)["detail"])


def test_a_query_that_is_not_done_in_time_is_told_so(served: Threaded) -> None:
    begun = time.monotonic()
    answer = served.get({"query": ENDLESS})
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60") and "1.5 seconds" in problem(answer.body)
    assert time.monotonic() - begun < LIMITS.deadline_seconds + 0.5 + 1


def test_a_large_answer_that_is_not_done_in_time_breaks_off(served: Threaded) -> None:
    with pytest.raises(http.client.IncompleteRead):
        served.get({"query": LARGE})


def test_http_1_0_gets_no_answer_that_is_not_whole(served: Threaded) -> None:
    found = served.raw(f"GET /sparql?query={quote(LARGE)} HTTP/1.0\r\n\r\n".encode())
    assert found.startswith(b"HTTP/1.1 503") and b"content-length" in found


@pytest.mark.parametrize("path", [f"/sparql?query={quote('SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 3000')}", "/streams"])
def test_http_1_0_gets_the_length(served: Threaded, path: str) -> None:
    head, _, body = served.raw(f"GET {path} HTTP/1.0\r\n\r\n".encode()).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200") and b"chunked" not in head
    assert f"content-length: {len(body)}\r\n".encode() in head + b"\r\n" and body


def test_head_says_what_get_would(served: Threaded) -> None:
    got, head = (served.get({"query": SMALL}, method=method) for method in ("GET", "HEAD"))
    assert head.body == b"" and head.headers["ETag"] == got.headers["ETag"] and int(head.headers["Content-Length"]) == len(got.body)


def test_an_answer_that_is_known_is_not_sent_again(served: Threaded) -> None:
    tag = served.get({"query": SMALL}).headers["ETag"]
    answer = served.get({"query": SMALL}, **{"If-None-Match": tag})
    assert (answer.status, answer.body) == (304, b"")


def test_other_origins_learn_what_they_may_send(served: Threaded) -> None:
    answer = served.get({"query": SMALL}, method="OPTIONS")
    assert answer.status == 204 and "QUERY" in answer.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("query", [ENDLESS, LARGE])
def test_a_query_whose_client_is_gone_ends(served: Threaded, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.connections._HALF_CLOSED", 0.2)  # well before the deadline, which would end it too
    served.get({"query": SMALL})
    connection = served.ask_only(query)
    assert soon(lambda: served.endpoint.pool.counts.slow == 1)
    connection.close()
    assert soon(lambda: served.endpoint.pool.counts.slow == 0, 1.0)


def test_a_client_that_does_not_read_holds_no_reader_beyond_the_deadline(served: Threaded) -> None:
    with served.ask_only(LARGE):
        assert soon(lambda: served.endpoint.pool.counts.slow == 1)
        begun = time.monotonic()
        assert soon(lambda: len(readers()) <= LIMITS.readers + 2)  # which are at hand for the next
        assert time.monotonic() - begun < LIMITS.deadline_seconds + 1.5


def test_long_queries_leave_short_ones_their_places(served: Threaded) -> None:
    long = [served.ask_only(ENDLESS) for _ in range(2)]
    assert soon(lambda: served.endpoint.pool.counts.slow == 2)
    third = served.get({"query": ENDLESS})
    assert third.status == 429 and third.headers["Retry-After"] == "5" and "long queries" in problem(third.body)
    assert served.get({"query": SMALL}).status == 200
    for connection in long:
        connection.close()


def test_more_requests_than_may_wait_are_told_to_come_back(served: Threaded) -> None:
    many = [served.ask_only(ENDLESS) for _ in range(12)]
    found = []
    for connection in many:
        connection.settimeout(10)
        found.append(connection.recv(100).split(b" ")[1])
        connection.close()
    assert set(found) == {b"429", b"503"}


def test_a_reader_that_dies_leaves_an_error_and_a_whole_pool(served: Threaded) -> None:
    served.get({"query": SMALL})
    connection = served.ask_only(ENDLESS)
    assert soon(lambda: served.endpoint.pool.counts.running + served.endpoint.pool.counts.slow == 1)
    for pid in readers():
        os.kill(pid, signal.SIGKILL)
    assert b"503" in connection.recv(100)
    connection.close()
    assert {served.get({"query": SMALL}).status for _ in range(6)} <= {200, 503} and served.get({"query": SMALL}).status == 200


def test_the_nursery_comes_again(served: Threaded) -> None:
    for pid in children(os.getpid()):
        os.kill(pid, signal.SIGKILL)
    assert soon(lambda: served.get({"query": SMALL}).status == 200)


def test_pipelined_requests_are_answered_in_turn(served: Threaded) -> None:
    one = f"GET /sparql?query={quote(SMALL)} HTTP/1.1\r\nHost: a.example\r\n\r\n".encode()
    other = b"GET /healthz HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n"
    found = served.raw(one + one + other)
    assert found.count(b"HTTP/1.1 200") == 3 and found.endswith(b"ok, generation 1\n")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET /\xff\xfe HTTP/1.1\r\nHost: a.example\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a.example\r\nA: " + b"b" * 600_000, 431),
        (b"GET /" + b"b" * 600_000, 431),
        (b"POST /sparql HTTP/1.1\r\nHost: a.example\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /sparql HTTP/1.1\r\nHost: a.example\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
        (b"POST /sparql HTTP/1.1\r\nHost: a.example\r\nContent-Length: 2000000\r\nConnection: close\r\n\r\n", 413),
        (b"POST /healthz HTTP/1.1\r\nHost: a.example\r\nContent-Length: 2000000\r\nConnection: close\r\n\r\n", 413),
        (
            b"POST /sparql HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
            + b"10c8e0\r\n"
            + b"x" * 1_100_000,
            413,
        ),
        (b"POST /sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400),
        (b"CONNECT a.example:80 HTTP/1.1\r\nHost: a.example\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost: a.example\r\nConnection: close, upgrade\r\nUpgrade: h2c\r\n\r\n", 200),
    ],
)
def test_what_is_no_good_request_gets_a_problem(served: Threaded, sent: bytes, status: int) -> None:
    found = served.raw(sent, wait=3)
    assert found.startswith(f"HTTP/1.1 {status} ".encode()), found[:300]
    assert status == 200 or b"application/problem+json" in found


def test_a_body_that_comes_slowly_is_not_waited_for(served: Threaded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server.bodies, "_ARRIVES_WITHIN", 0.3)
    head = b"POST /sparql HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nASK"
    assert served.raw(head).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nASK"])
def test_a_connection_that_sends_nothing_more_is_closed(served: Threaded, monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr(server.connections, "_ARRIVES_WITHIN", 0.2)
    monkeypatch.setattr(server.connections, "_LOOKED_AT_EVERY", 0.1)
    begun = time.monotonic()
    assert served.raw(sent) == b"" and time.monotonic() - begun < 3


def test_a_connection_whose_client_reads_nothing_is_closed(served: Threaded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server.connections, "_STALLS_AT_MOST", 0.3)
    monkeypatch.setattr(server.connections, "_LOOKED_AT_EVERY", 0.1)
    with served.ask_only(LARGE) as connection:
        assert soon(lambda: served.endpoint.pool.counts.slow == 1)
        assert soon(lambda: served.endpoint.pool.counts.slow == 0, 1.4)
        last = b""
        while part := connection.recv(1_000_000):
            last = part
        assert not last.endswith(b"0\r\n\r\n")


def test_a_page_that_fails_breaks_off(served: Threaded) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    connection.request("GET", "/breaks")
    with pytest.raises((http.client.IncompleteRead, http.client.RemoteDisconnected)):
        connection.getresponse().read()


def test_pages_take_chunked_bodies(served: Threaded) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    connection.request("POST", "/echo", body=iter([b"one ", b"two"]), encode_chunked=True, headers={"Transfer-Encoding": "chunked"})
    assert connection.getresponse().read() == b"one two"


def test_a_form_with_a_query_and_one_without(served: Threaded) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sparql", body=f"query={quote(SMALL)}", headers=form)
    assert connection.getresponse().read().startswith(b'{"head"')
    connection.request("POST", "/sparql", body="update=DROP%20ALL", headers=form)
    answer = connection.getresponse()
    assert answer.status == 403 and b"read-only" in answer.read()
