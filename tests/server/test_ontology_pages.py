"""The ontology and the shapes, for people and for machines."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from kg.resources import resource
from kg.vocab import FOREIGN, KG
from server.page_errors import register_errors
from server.schema_pages import schema_blueprint

HTML = {"Accept": "text/html"}
FORMS = [("ttl", RdfFormat.TURTLE), ("nt", RdfFormat.N_TRIPLES), ("jsonld", RdfFormat.JSON_LD), ("rdf", RdfFormat.RDF_XML)]


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    app = Flask("server")
    app.register_blueprint(schema_blueprint())
    register_errors(app)
    return app.test_client()


def text_of(client: FlaskClient, path: str) -> str:
    response = client.get(path, headers=HTML)
    assert (response.status_code, response.mimetype) == (200, "text/html")
    return response.get_data(as_text=True)


def dataset(data: bytes, form: RdfFormat) -> Dataset:
    found = Dataset(parse(data, format=form))
    found.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return found


def files(folder: str) -> list[Path]:
    names = {"ontology": ["news.ttl"], "shapes": ["news.shapes.ttl", "article.shapes.ttl", "derived.shapes.ttl"]}[folder]
    return [resource(folder, name) for name in names]


def test_every_term_has_an_anchor_and_its_definition(client: FlaskClient) -> None:
    text = text_of(client, "/ontology")
    assert set(KG) <= set(re.findall(r'<dt id="([^"]+)"', text))
    assert "The kind of speech act by which the source speaks" in text


def test_no_two_anchors_are_the_same(client: FlaskClient) -> None:
    for path in ("/ontology", "/shapes"):
        anchors = re.findall(r'\sid="([^"]+)"', text_of(client, path))
        assert len(anchors) == len(set(anchors))


def test_terms_link_to_each_other_on_the_page(client: FlaskClient) -> None:
    text = text_of(client, "/ontology")
    linked = set(re.findall(r'href="/ontology#([^"]+)"', text))
    assert "Event" in linked and linked <= set(re.findall(r'id="([^"]+)"', text))


def test_every_node_shape_is_on_the_page_with_the_messages_of_its_parts(client: FlaskClient) -> None:
    text = text_of(client, "/shapes")
    shapes = {
        quad.subject.value.rpartition("#")[2]
        for path in files("shapes")
        for quad in parse(path=str(path), format=RdfFormat.TURTLE)
        if quad.object == FOREIGN["sh"].NodeShape
    }
    assert shapes <= set(re.findall(r'<dt id="([^"]+)"', text)) and len(shapes) > 20
    assert "a decimal number from -90 to 90" in text


@pytest.mark.parametrize("folder", ["ontology", "shapes"])
@pytest.mark.parametrize(("name", "form"), FORMS)
def test_every_form_says_what_the_files_say(client: FlaskClient, folder: str, name: str, form: RdfFormat) -> None:
    response = client.get(f"/{folder}", query_string={"format": name})
    told = dataset(b"\n".join(path.read_bytes() for path in files(folder)), RdfFormat.TURTLE)
    assert response.status_code == 200 and dataset(response.data, form) == told


def test_turtle_is_the_file_that_people_wrote(client: FlaskClient) -> None:
    assert client.get("/ontology", headers={"Accept": "text/turtle"}).data == resource("ontology", "news.ttl").read_bytes()


@pytest.mark.parametrize("name", [name for name, _ in FORMS] + ["html"])
def test_the_same_request_has_the_same_bytes(client: FlaskClient, name: str) -> None:
    assert client.get(f"/shapes?format={name}").data == client.get(f"/shapes?format={name}").data


@pytest.mark.parametrize(
    ("accept", "expected"),
    [(None, "text/html"), ("*/*", "text/html"), ("text/turtle", "text/turtle"), ("application/json", "application/ld+json")],
)
def test_the_form_follows_accept(client: FlaskClient, accept: str | None, expected: str) -> None:
    assert client.get("/ontology", headers={"Accept": accept} if accept else {}).mimetype == expected


@pytest.mark.parametrize(
    ("accept", "media_type"), [("image/png", "application/problem+json"), ("text/html;q=0, image/png", "application/problem+json")]
)
def test_what_cannot_be_had_is_406(client: FlaskClient, accept: str, media_type: str) -> None:
    response = client.get("/shapes", headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (406, media_type) and "text/turtle" in response.get_data(as_text=True)


def test_an_unchanged_ontology_is_304(client: FlaskClient) -> None:
    tag = client.get("/ontology", headers=HTML).headers["ETag"]
    assert client.get("/ontology", headers={**HTML, "If-None-Match": tag}).status_code == 304
    assert client.get("/ontology", headers={"Accept": "text/turtle", "If-None-Match": tag}).status_code == 200


def test_head_and_pressing_work(client: FlaskClient) -> None:
    assert client.head("/ontology", headers=HTML).data == b""
    assert client.get("/ontology", headers={**HTML, "Accept-Encoding": "zstd"}).headers["Content-Encoding"] == "zstd"


def test_the_iri_and_the_other_forms_are_linked(client: FlaskClient) -> None:
    links = ", ".join(client.get("/ontology").headers.getlist("Link"))
    assert '<https://w3id.org/news-kg/ontology>; rel="canonical"' in links and 'type="application/rdf+xml"' in links
