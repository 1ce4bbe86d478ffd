"""A server behind a proxy names the address it was told, whatever a request says."""

from pathlib import Path

import pytest
from asgi_client import client_of
from flask import Flask, request
from werkzeug.test import Client

from server import create_app
from server.app import Setup
from server.public_address import at_address

ASKED = {"Host": "10.0.0.7:8080", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "forged.example", "Forwarded": "host=forged.example"}


@pytest.fixture()
def application() -> Flask:
    app = Flask("addressed")
    app.add_url_rule("/sparql", "it", lambda: request.base_url)
    return app


@pytest.mark.parametrize(
    ("public_url", "named"),
    [
        ("https://kg.example.org", "https://kg.example.org/sparql"),
        ("https://kg.example.org/", "https://kg.example.org/sparql"),
        ("http://kg.example.org:8088", "http://kg.example.org:8088/sparql"),
        ("https://[2001:db8::7]", "https://[2001:db8::7]/sparql"),
    ],
)
def test_the_address_told_is_the_one_named(application: Flask, public_url: str, named: str) -> None:
    assert Client(at_address(application, public_url)).get("/sparql", headers=ASKED).text == named


def test_without_one_what_proxies_say_is_passed_over(application: Flask) -> None:
    assert Client(application).get("/sparql", headers=ASKED).text == "http://10.0.0.7:8080/sparql"


@pytest.mark.parametrize(
    "public_url",
    [
        "",
        "kg.example.org",
        "ftp://kg.example.org",
        "https://",
        "https://kg.example.org/path",
        "https://a b",
        "https://u@kg.example.org",
        "https://x?y",
    ],
)
def test_what_is_no_address_is_refused_with_an_example(application: Flask, public_url: str) -> None:
    with pytest.raises(ValueError, match=r"https://kg\.example\.org"):
        at_address(application, public_url)


@pytest.mark.parametrize(
    ("public_url", "known_as"), [("https://kg.example.org/", "https://kg.example.org/"), (None, "http://10.0.0.7:8080/")]
)
def test_relative_iris_of_a_query_belong_to_the_address_told(demo_store: Path, public_url: str | None, known_as: str) -> None:
    endpoint = create_app(demo_store, setup=Setup(public_url=public_url))
    try:
        answer = client_of(endpoint).get("/sparql?query=SELECT (<x> AS ?iri) {}", headers={**ASKED, "Accept": "text/csv"})
        assert answer.text == f"iri\r\n{known_as}x\r\n"
    finally:
        endpoint.close()
