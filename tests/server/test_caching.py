"""ETags, 304 and content codings."""

import gzip
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard
from flask import Flask, Response
from pyoxigraph import Store

from kg.generations import Generation
from server.caching import accepts_coding, compressed, content_etag, etag, not_modified, unchanged

GENERATION = Generation(3, Store(), "3-1f")
LONG = b"who said what " * 200


@pytest.fixture()
def app() -> Flask:
    return Flask("server")


def test_a_tag_is_weak_and_begins_with_the_generation() -> None:
    assert etag(GENERATION, "/id/x", "html").startswith('W/"3-1f-')


def test_other_parts_and_other_generations_have_other_tags() -> None:
    tags = {etag(GENERATION, "a", "b"), etag(GENERATION, "ab"), etag(GENERATION), etag(replace(GENERATION, mark="4-1f"), "a", "b")}
    assert len(tags) == 4


def test_the_tag_of_content_hangs_on_its_bytes() -> None:
    assert content_etag(b"a") == content_etag(b"a") != content_etag(b"b")


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        ('W/"3-1f-abc"', True),
        ('"3-1f-abc"', True),
        ('"other", W/"3-1f-abc"', True),
        ("*", True),
        ('"other"', False),
        ("nonsense", False),
        ("", False),
    ],
)
def test_if_none_match_compares_weakly(app: Flask, sent: str, known: bool) -> None:
    with app.test_request_context("/", headers={"If-None-Match": sent}):
        assert not_modified('W/"3-1f-abc"') is known


def test_a_post_is_never_unchanged(app: Flask) -> None:
    with app.test_request_context("/", method="POST", headers={"If-None-Match": "*"}):
        assert not not_modified('W/"x"')


def test_the_304_answer_has_the_tag_and_no_body(app: Flask) -> None:
    response = unchanged('W/"x"', vary="Accept")
    assert (response.status_code, response.get_data(), response.headers["ETag"], response.headers["Vary"]) == (304, b"", 'W/"x"', "Accept")


@pytest.mark.parametrize(
    ("sent", "coding"),
    [
        (None, None),
        ("", None),
        ("gzip", "gzip"),
        ("zstd", "zstd"),
        ("gzip, zstd", "zstd"),
        ("gzip;q=1, zstd;q=0.5", "gzip"),
        ("*", "zstd"),
        ("zstd;q=0, *", "gzip"),
        ("gzip;q=0", None),
        ("br", None),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.2, gzip;q=0.5", "gzip"),
        ("gzip;q=broken", None),
    ],
)
def test_an_answer_is_pressed_as_the_client_likes_it(app: Flask, sent: str | None, coding: str | None) -> None:
    with app.test_request_context("/", headers={"Accept-Encoding": sent} if sent is not None else {}):
        response = compressed(Response(LONG))
    opened = {"gzip": gzip.decompress, "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body), None: bytes}[coding]
    assert response.headers.get("Content-Encoding") == coding and opened(response.get_data()) == LONG
    assert "Accept-Encoding" in response.headers["Vary"] and int(response.headers["Content-Length"]) == len(response.get_data())


@pytest.mark.parametrize(
    "response",
    [
        Response(b"short"),
        Response(LONG, mimetype="image/png"),
        Response(LONG, status=206),
        Response(LONG, headers={"Content-Encoding": "br"}),
        Response(iter((LONG, LONG))),
    ],
    ids=["short", "image", "part", "pressed", "stream"],
)
def test_what_gains_nothing_is_left_alone(app: Flask, response: Response) -> None:
    before = response.headers.get("Content-Encoding")
    with app.test_request_context("/", headers={"Accept-Encoding": "gzip"}):
        assert compressed(response).headers.get("Content-Encoding") == before


def test_pressing_keeps_what_the_answer_varies_by(app: Flask) -> None:
    response = Response(LONG)
    response.headers["Vary"] = "Accept"
    with app.test_request_context("/", headers={"Accept-Encoding": "gzip"}):
        assert compressed(response).vary.as_set() == {"accept", "accept-encoding"}


@pytest.mark.parametrize(
    ("sent", "accepted"), [("gzip", True), ("*", True), ("gzip;q=0.1, identity", False), ("gzip;q=0", False), ("br", False)]
)
def test_whether_a_coding_is_liked(app: Flask, sent: str, accepted: bool) -> None:
    with app.test_request_context("/", headers={"Accept-Encoding": sent}):
        assert accepts_coding("gzip") is accepted


def test_the_same_bytes_are_pressed_to_the_same_bytes(app: Flask, tmp_path: Path) -> None:
    with app.test_request_context("/", headers={"Accept-Encoding": "gzip"}):
        assert compressed(Response(LONG)).get_data() == compressed(Response(LONG)).get_data()
