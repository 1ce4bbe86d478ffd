"""The OpenAPI description is valid, and speaks of the routes there are."""

import re
from pathlib import Path

import pytest
from flask import Flask
from openapi_spec_validator import validate
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg import __version__
from kg.generations import publish
from server import create_app
from server.metrics import Metrics, Now
from server.newest import Newest
from server.operations import openapi_document, operations_blueprint

DESCRIBED = {"get", "put", "post", "delete", "patch"}
BEFORE_FLASK = {("/sparql", "get"), ("/sparql", "post")}  # server.sparql answers these before the application sees them


@pytest.fixture(scope="module")
def store_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("routed")
    live = Store(str(path / "live"))
    live.add(Quad(NamedNode("http://example.org/a"), NamedNode("http://example.org/b"), Literal("c"), NamedNode("http://example.org/g")))
    publish(live, path)
    return path


@pytest.fixture(scope="module")
def app(store_path: Path) -> Flask:
    return create_app(store_path).flask


@pytest.fixture(scope="module")
def routes(app: Flask) -> set[tuple[str, str]]:
    """Path and method of each route; HEAD and OPTIONS come with GET, and OpenAPI has no QUERY."""
    return BEFORE_FLASK | {
        (re.sub(r"<(?:[^<>:]+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method.lower() in DESCRIBED
    }


@pytest.fixture(scope="module")
def operations() -> dict[tuple[str, str], dict[str, object]]:
    return {
        (path, method): operation
        for path, item in openapi_document()["paths"].items()  # type: ignore[attr-defined]
        for method, operation in item.items()
        if method in DESCRIBED
    }


def test_it_is_valid() -> None:
    validate(openapi_document())


def test_each_route_is_described(routes: set[tuple[str, str]], operations: dict[tuple[str, str], dict[str, object]]) -> None:
    assert routes - operations.keys() == set()


def test_each_operation_described_is_a_route(routes: set[tuple[str, str]], operations: dict[tuple[str, str], dict[str, object]]) -> None:
    assert operations.keys() - routes == set()


def test_each_operation_has_a_summary_and_a_name_of_its_own(operations: dict[tuple[str, str], dict[str, object]]) -> None:
    names = [operation["operationId"] for operation in operations.values()]
    assert len(names) == len(set(names)) and all(operation["summary"] for operation in operations.values())


def test_it_is_served_as_json(store_path: Path) -> None:
    app = Flask("operated")
    app.register_blueprint(operations_blueprint(Newest(store_path), Metrics(lambda: Now(0, 0, 0, 0, None, None, None))))
    answer = app.test_client().get("/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.get_json() == openapi_document()


def test_the_version_is_the_programs() -> None:
    assert openapi_document()["info"]["version"] == __version__  # type: ignore[index]
