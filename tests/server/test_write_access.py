"""Who may write: those who have the token; without one, whoever reaches the server, but no page of another site."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from served import Served, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("open") / "store") as served:
        yield served


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("guarded") / "store", token="open-sesame-1") as served:
        yield served


@pytest.mark.parametrize("method", ["POST /sparql", "PUT /data?default", "DELETE /data?default", "POST /data"])
@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (None, 401),
        ("", 401),
        ("Basic b3BlbjpzZXNhbWU=", 401),
        ("Bearer", 401),
        ("Bearer  ", 401),
        ("Bearer open-sesame-2", 403),
        ("Bearer open-sesame-1é", 403),
    ],
)
def test_writing_takes_the_token(guarded: Served, method: str, authorization: str | None, status: int) -> None:
    verb, _, target = method.partition(" ")
    headers = {"Content-Type": "application/sparql-update" if target == "/sparql" else "text/turtle"}
    if authorization is not None:
        headers["Authorization"] = authorization
    answer = guarded.send(verb, target, b"", headers)
    assert answer.status == status and answer.media_type == "application/problem+json"
    assert ("Bearer" in answer.headers.get("WWW-Authenticate", "")) is (status == 401)


def test_with_the_token_writing_works(guarded: Served) -> None:
    assert guarded.update("CLEAR ALL", Authorization="Bearer open-sesame-1").status == 204
    assert guarded.send("PUT", "/data?default", b"", {"Content-Type": "text/turtle", "Authorization": "bearer open-sesame-1"}).status == 204


def test_reading_takes_no_token(guarded: Served) -> None:
    assert not guarded.ask("ASK { ?s ?p ?o }") and guarded.send("GET", "/data?default").status == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [("https://evil.example", 403), ("null", 403), ("http://127.0.0.1:1", 403), ("http://[", 403), ("ADDRESS", 204)],
)
def test_without_a_token_no_other_sites_page_writes_through_a_browser(server: Served, origin: str, status: int) -> None:
    assert server.update("CLEAR SILENT GRAPH <a:a>", Origin=origin.replace("ADDRESS", server.address)).status == status


def test_a_page_whose_name_leads_here_may_not_write_either(server: Served) -> None:
    answer = server.update("CLEAR ALL", Origin="http://rebound.example", Host="rebound.example")
    assert answer.status == 403


def test_a_read_only_server_takes_no_updates(tmp_path: Path) -> None:
    with serving(tmp_path / "store"):
        pass
    with serving(tmp_path / "store", writable=False) as served:
        assert served.update("CLEAR ALL").status == 403
        assert served.send("PUT", "/data?default", b"", {"Content-Type": "text/turtle"}).status == 403
        assert served.send("GET", "/data?default").status == 200
