"""The dumps: whole, in parts, pressed, once a generation."""

import gzip
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from linked_sample import BASE, MAYOR, NEW, application, live_store
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse
from served import Served, serving
from werkzeug.test import TestResponse

from kg.dump import Format, write_dump
from kg.generations import Generation, open_current, publish
from kg.vocab import KG
from server.dumps import FORMATS, Dumps

HTML = {"Accept": "text/html"}


@pytest.fixture()
def live(tmp_path: Path) -> Store:
    return live_store(tmp_path)


@pytest.fixture()
def client(live: Store, tmp_path: Path) -> FlaskClient:
    return application(tmp_path, tmp_path / "cache").test_client()


def written(path: Path, form: Format) -> bytes:
    buffer = io.BytesIO()
    write_dump(open_current(path), form, None, base=BASE, stdout=buffer)
    return buffer.getvalue()


def get(client: FlaskClient, address: str = "/dump.nq", **headers: str) -> TestResponse:
    return client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(("form", "media_type"), [("ttl", "text/turtle"), ("trig", "application/trig"), ("nq", "application/n-quads")])
def test_a_dump_is_what_the_command_writes(client: FlaskClient, tmp_path: Path, form: Format, media_type: str) -> None:
    response = get(client, f"/dump.{form}")
    assert (response.status_code, response.mimetype, response.data) == (200, media_type, written(tmp_path, form))
    assert int(response.headers["Content-Length"]) == len(response.data)
    assert response.headers["Content-Disposition"] == f"attachment; filename=news-kg-1.{form}"
    assert response.headers["Last-Modified"].endswith("GMT") and response.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("form", FORMATS)
def test_each_dump_parses(client: FlaskClient, form: Format) -> None:
    media_type = {"ttl": RdfFormat.TURTLE, "trig": RdfFormat.TRIG, "nq": RdfFormat.N_QUADS}[form]
    assert any(quad.subject == NamedNode(MAYOR) for quad in parse(get(client, f"/dump.{form}").data, format=media_type))


def test_head_tells_the_length_and_sends_nothing(client: FlaskClient) -> None:
    head, whole = client.head("/dump.ttl"), get(client, "/dump.ttl")
    assert (
        head.data == b""
        and head.headers["Content-Length"] == whole.headers["Content-Length"]
        and head.headers["ETag"] == whole.headers["ETag"]
    )


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-99", 206, slice(0, 100)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-20", 206, slice(-20, None)),
        ("bytes=0-999999999", 206, slice(0, None)),
        ("bytes=999999999-", 416, None),
        ("bytes=0-1,4-5", 200, slice(0, None)),
        ("lines=0-1", 200, slice(0, None)),
        ("bytes=x", 200, slice(0, None)),
    ],
)
def test_a_part_is_sent_as_it_is_asked_for(client: FlaskClient, asked: str, status: int, part: slice | None) -> None:
    whole = get(client).data
    response = get(client, Range=asked, Accept_Encoding="gzip" if status != 200 else "identity")
    assert response.status_code == status and "Content-Encoding" not in response.headers
    if part is None:
        assert response.headers["Content-Range"] == f"bytes */{len(whole)}"
    else:
        assert response.data == whole[part]


@pytest.mark.parametrize(("shape", "status"), [("{}", 206), ("W/{}", 200), ('"other"', 200)])
def test_a_part_goes_only_to_who_holds_the_same_bytes(client: FlaskClient, shape: str, status: int) -> None:
    tag = get(client).headers["ETag"]
    assert get(client, Range="bytes=0-9", If_Range=shape.format(tag)).status_code == status


def test_parts_put_together_are_the_whole(client: FlaskClient) -> None:
    whole = get(client).data
    parts = [get(client, Range=f"bytes={start}-{start + 999}").data for start in range(0, len(whole), 1000)]
    assert b"".join(parts) == whole


def test_a_dump_is_pressed_on_the_way_with_a_tag_of_its_own(client: FlaskClient) -> None:
    plain, pressed = get(client), get(client, Accept_Encoding="gzip")
    assert pressed.headers["Content-Encoding"] == "gzip" and gzip.decompress(pressed.data) == plain.data
    assert pressed.headers["ETag"] != plain.headers["ETag"] and "Accept-Encoding" in pressed.headers["Vary"]
    assert int(pressed.headers["Content-Length"]) == len(pressed.data)


def test_a_pressed_dump_can_be_had_as_a_file(client: FlaskClient) -> None:
    response = get(client, "/dump.ttl.gz", Accept_Encoding="gzip")
    assert response.mimetype == "application/gzip" and "Content-Encoding" not in response.headers
    assert gzip.decompress(response.data) == get(client, "/dump.ttl").data
    assert get(client, "/dump.ttl.gz", Range="bytes=0-1").data == b"\x1f\x8b"


@pytest.mark.parametrize("address", ["/dump.nq", "/dump.nq.gz"])
def test_an_unchanged_dump_is_304(client: FlaskClient, address: str) -> None:
    tag = get(client, address).headers["ETag"]
    assert tag.startswith('"')
    for headers in ({"If_None_Match": tag}, {"If_None_Match": f"W/{tag}"}, {"If_None_Match": tag, "Range": "bytes=0-1"}):
        response = get(client, address, **headers)
        assert (response.status_code, response.data, response.headers["ETag"]) == (304, b"", tag)


def test_if_modified_since_the_publication_is_304(client: FlaskClient) -> None:
    moment = get(client).headers["Last-Modified"]
    assert get(client, If_Modified_Since=moment).status_code == 304


def test_a_new_generation_has_new_dumps_and_the_old_ones_go(client: FlaskClient, live: Store, tmp_path: Path) -> None:
    before = get(client)
    live.add(Quad(NamedNode(MAYOR), KG.name, Literal("I. Fenwick"), NamedNode(NEW)))
    publish(live, tmp_path)
    after = get(client, If_None_Match=before.headers["ETag"])
    assert after.status_code == 200 and b"I. Fenwick" in after.data and b"I. Fenwick" not in before.data
    (left,) = (tmp_path / "cache" / "news-kg-dumps").iterdir()
    assert left.name == open_current(tmp_path).mark and sorted(file.name for file in left.iterdir()) == ["news-kg.nq", "news-kg.nq.gz"]


def test_other_files_in_the_folder_stay(client: FlaskClient, tmp_path: Path) -> None:
    for other in (tmp_path / "cache" / "mine", tmp_path / "cache" / "news-kg-dumps" / "mine"):
        other.mkdir(parents=True)
    get(client)
    assert (tmp_path / "cache" / "mine").exists() and (tmp_path / "cache" / "news-kg-dumps" / "mine").exists()


def test_many_that_ask_at_once_get_the_same_bytes(client: FlaskClient, tmp_path: Path) -> None:
    app = client.application
    with ThreadPoolExecutor(8) as threads:
        bodies = set(threads.map(lambda _: app.test_client().get("/dump.trig").data, range(16)))
    assert bodies == {written(tmp_path, "trig")}


def test_who_does_not_wait_is_not_given_half_a_dump(live: Store, tmp_path: Path) -> None:
    dumps, generation = Dumps(tmp_path / "cache"), open_current(tmp_path)
    dumps.make(generation, "nq", seconds=0)
    assert dumps.make(generation, "nq", seconds=60)
    assert dumps.path(generation, "nq").read_bytes() == written(tmp_path, "nq")


def test_a_dump_that_cannot_be_made_is_503_and_names_no_path(live: Store, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    response = application(tmp_path, tmp_path / "cache").test_client().get("/dump.nq")
    assert response.status_code == 503 and int(response.headers["Retry-After"]) > 0
    assert response.mimetype == "application/problem+json" and str(tmp_path) not in response.get_data(as_text=True)


def test_the_page_of_dumps_tells_sizes_once_they_are_made(client: FlaskClient) -> None:
    assert "made when asked for" in client.get("/dumps", headers=HTML).get_data(as_text=True)
    for form in FORMATS:
        get(client, f"/dump.{form}")
    text = client.get("/dumps", headers=HTML).get_data(as_text=True)
    assert "made when asked for" not in text and all(f'href="/dump.{form}"' in text for form in FORMATS)


@pytest.mark.parametrize("address", ["/dump.csv", "/dump.", "/dump.ttl.zip", "/dump.ttl/x"])
def test_there_are_no_other_dumps(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


# What was written over HTTP ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Path]]:
    """A server that may be written to, and its store's folder."""
    path = tmp_path_factory.mktemp("written") / "store"
    with serving(path) as served:
        yield served, path


def holding(writable: tuple[Served, Path], data: str) -> Generation:
    """Return the generation in which nothing but this was written."""
    served, path = writable
    assert served.update(f"DROP ALL ; INSERT DATA {{ {data} }}").status == 204
    return open_current(path)


def test_dumps_hold_the_default_graph_that_was_written(writable: tuple[Served, Path], tmp_path: Path) -> None:
    triple = "<a:s> <a:own> <<( <a:s> <a:p> 1 )>>"
    generation = holding(writable, f"{triple} . GRAPH <a:g> {{ {triple} , 'x' }}")
    found = {}
    for name in FORMATS:
        write_dump(generation, name, tmp_path / name, base="http://a.example/", stdout=None)  # type: ignore[arg-type]
        form = {"ttl": RdfFormat.TURTLE, "trig": RdfFormat.TRIG, "nq": RdfFormat.N_QUADS}[name]
        quads = list(parse(path=str(tmp_path / name), format=form))
        found[name] = ({str(quad.graph_name) for quad in quads}, len(quads))
    assert found == {"ttl": ({"DEFAULT"}, 2), "trig": ({"DEFAULT", "<a:g>"}, 3), "nq": ({"DEFAULT", "<a:g>"}, 3)}


@pytest.mark.parametrize(
    "iri", ["http://a.example/", "http://a.example//x", "http://a.example/a:b", "http://a.example/../x", "http://a.example/?q"]
)
def test_dumps_keep_iris_that_begin_like_the_base(writable: tuple[Served, Path], tmp_path: Path, iri: str) -> None:
    generation = holding(writable, f"<{iri}> <a:p> 1")
    write_dump(generation, "ttl", tmp_path / "dump", base="http://a.example/", stdout=None)  # type: ignore[arg-type]
    assert [str(quad.subject) for quad in parse(path=str(tmp_path / "dump"), format=RdfFormat.TURTLE)] == [f"<{iri}>"]
