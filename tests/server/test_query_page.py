"""The start page and the query page as HTML: what they say, and that they are safe and cheap to serve."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.iris import DEFAULT_BASE
from server.cookbook import recipes
from server.newest import Newest
from server.page_errors import register_errors
from server.query_page import first_rows, query_page_blueprint

pytestmark = pytest.mark.model
EDITOR = Path(__file__).parent.parent.parent / "server" / "static" / "yasgui" / "yasgui.min.js"
needs_editor = pytest.mark.skipif(not EDITOR.exists(), reason="the editor is not fetched; make ui does it")


@pytest.fixture(scope="module")
def client(demo_store: Path) -> FlaskClient:
    app = Flask("server")
    app.register_blueprint(query_page_blueprint(Newest(demo_store)))
    register_errors(app)
    return app.test_client()


def test_the_start_page_says_what_the_graph_is_and_holds(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "Nothing is true in this graph" in page
    assert re.search(r"<strong>\d+</strong> reported statements", page)


def test_the_start_page_answers_a_question(client: FlaskClient) -> None:
    page = client.get("/").text
    assert page.count("<tr><td>") == 8
    assert "See all rows" in page and "Interior Ministry" in page


@pytest.mark.parametrize("address", ["/query", "/dumps", "/dump.ttl", "/ontology", "/shapes", "/sparql", "/reconcile", "/openapi.json"])
def test_the_start_page_names_a_way_in(client: FlaskClient, address: str) -> None:
    page = client.get("/").text
    assert f'href="{address}"' in page or f"<code>{address}</code>" in page


def test_every_recipe_has_a_link(client: FlaskClient) -> None:
    linked = re.findall(r'href="/query\?recipe=([^"]+)"', client.get("/query").text)
    assert sorted(linked) == [recipe.name for recipe in recipes()]


@pytest.mark.parametrize(
    ("name", "view"), [("denials", "table"), ("event-map", "map"), ("event-timeline", "timeline"), ("describe-a-place", "graph")]
)
def test_a_recipe_fills_the_form(client: FlaskClient, name: str, view: str) -> None:
    page = client.get(f"/query?recipe={name}").text
    recipe = next(recipe for recipe in recipes() if recipe.name == name)
    assert recipe.text.splitlines()[0].split()[0] in page
    assert f'recipe={name}" aria-current="true"' in page
    assert ('value="ttl" selected' in page) == (view == "graph")


def test_an_unknown_recipe_is_not_found(client: FlaskClient) -> None:
    answer = client.get("/query?recipe=nonesuch")
    assert answer.status_code == 404
    assert "nonesuch" in answer.text


def test_a_query_in_the_address_stands_in_the_form_as_text_alone(client: FlaskClient) -> None:
    page = client.get("/query", query_string={"query": "ASK {} # </textarea><script>alert(1)</script>"}).text
    assert "ASK {} # &lt;/textarea&gt;&lt;script&gt;" in page
    assert "<script>alert" not in page


@needs_editor
def test_the_editor_gets_prefixes_and_terms_of_the_graph(client: FlaskClient) -> None:
    found = re.search(
        r'<script type="application/json" id="settings">(.*?)</script>', client.get("/query?recipe=event-map").text, re.DOTALL
    )
    assert found
    settings = json.loads(found[1])
    assert settings["prefixes"]["id"] == DEFAULT_BASE and settings["view"] == "map"
    assert f"{settings['prefixes']['kg']}act" in settings["properties"] and f"{settings['prefixes']['kg']}City" in settings["classes"]


@pytest.mark.parametrize("address", ["/", "/query", "/query?recipe=event-map"])
def test_a_page_takes_nothing_from_other_hosts(client: FlaskClient, address: str) -> None:
    taken = re.findall(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)="([^"]+)""", client.get(address).text)
    assert taken and all(source.startswith(("/static/", "data:,")) for source in taken)


@pytest.mark.parametrize("address", ["/", "/query", "/static/query.js"])
def test_a_client_that_has_the_page_gets_304(client: FlaskClient, address: str) -> None:
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("address", ["/", "/query", "/static/query-map.js"])
def test_what_is_large_goes_out_compressed(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in answer.headers["Vary"]


def test_an_answer_with_more_rows_says_so(demo_store: Path) -> None:
    recipe = next(recipe for recipe in recipes() if recipe.name == "who-said-what")
    answer = first_rows(Newest(demo_store).current(), recipe)
    assert answer.has_more and len(answer.rows) == 8
    assert answer.columns == ("published", "outlet", "who", "act", "words")
