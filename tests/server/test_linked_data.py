"""Every IRI of the graph answers at its path, in the form that is asked for."""

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from linked_sample import ARTICLE, BASE, EVENT, MAYOR, NEW, OLD, TOWN, UNNAMED, application, live_store, path_of
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse
from werkzeug.test import TestResponse

from kg.generations import open_current, publish
from kg.vocab import KG
from server.pages import find_node

HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def triples(response: TestResponse, form: RdfFormat) -> set[Quad]:
    assert response.status_code == 200
    return set(parse(response.data, format=form))


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "text/html"),
        ("", "text/html"),
        ("*/*", "text/html"),
        (HTML["Accept"], "text/html"),
        ("application/xhtml+xml", "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/n-triples", "application/n-triples"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/trig", "application/trig"),
        ("application/n-quads", "application/n-quads"),
        ("text/html;q=0.3, text/turtle;q=0.8", "text/turtle"),
        ("text/*;q=0.5, application/n-quads", "application/n-quads"),
        ("text/html;q=0, */*", "text/turtle"),
    ],
)
def test_the_form_follows_accept(linked_client: FlaskClient, accept: str | None, expected: str) -> None:
    response = linked_client.get(path_of(TOWN), headers={} if accept is None else {"Accept": accept})
    assert (response.status_code, response.mimetype) == (200, expected)
    assert response.vary.as_set() == {"accept", "accept-encoding"}


@pytest.mark.parametrize("name", ["html", "ttl", "turtle", "nt", "jsonld", "rdf", "trig", "nq", "text/turtle"])
def test_the_format_parameter_goes_before_accept(linked_client: FlaskClient, name: str) -> None:
    response = linked_client.get(path_of(TOWN), query_string={"format": name}, headers={"Accept": "image/png"})
    assert response.status_code == 200


@pytest.mark.parametrize(("query", "accept"), [("", "image/png"), ("", "text/turtle;q=0"), ("?format=docx", "text/html")])
def test_what_cannot_be_had_is_406_with_the_list(linked_client: FlaskClient, query: str, accept: str) -> None:
    response = linked_client.get(path_of(TOWN) + query, headers={"Accept": accept})
    assert response.status_code == 406 and "application/ld+json" in response.get_data(as_text=True)


@pytest.mark.parametrize(
    ("form", "name"),
    [(RdfFormat.TURTLE, "ttl"), (RdfFormat.N_TRIPLES, "nt"), (RdfFormat.JSON_LD, "jsonld"), (RdfFormat.RDF_XML, "rdf")],
)
def test_all_forms_of_triples_say_the_same(linked_client: FlaskClient, form: RdfFormat, name: str) -> None:
    told = triples(linked_client.get(path_of(TOWN), query_string={"format": name}), form)
    assert told == triples(linked_client.get(path_of(TOWN), query_string={"format": "ttl"}), RdfFormat.TURTLE)
    assert Quad(NamedNode(TOWN), KG.partOf, NamedNode(f"{BASE}country/norway.no"), DefaultGraph()) in told


def test_the_evidence_comes_with_a_statement(linked_client: FlaskClient) -> None:
    told = triples(linked_client.get(path_of(f"{NEW}/statement/10-20-37"), headers={"Accept": "text/turtle"}), RdfFormat.TURTLE)
    assert {quad.object.value for quad in told if quad.predicate == KG.exact} >= {"The mayor", "confirmed", "fallen"}


@pytest.mark.parametrize(("name", "form"), [("ttl", RdfFormat.TURTLE), ("nq", RdfFormat.N_QUADS)])
def test_a_superseded_version_still_answers(linked_client: FlaskClient, name: str, form: RdfFormat) -> None:
    told = triples(linked_client.get(path_of(f"{OLD}/statement/1-2-3"), query_string={"format": name}), form)
    assert any(quad.predicate == KG.act for quad in told)


def test_turtle_has_prefixes(linked_client: FlaskClient) -> None:
    assert "@prefix kg:" in linked_client.get(path_of(TOWN), query_string={"format": "ttl"}).get_data(as_text=True)


def test_quads_tell_the_graphs(linked_client: FlaskClient) -> None:
    told = triples(linked_client.get(path_of(TOWN), query_string={"format": "nq"}), RdfFormat.N_QUADS)
    assert {str(quad.graph_name) for quad in told} >= {f"<{NEW}>", f"<{BASE}graph/entities>"}


def test_a_version_answers_with_all_that_its_graph_holds(linked_client: FlaskClient, linked_store: Path) -> None:
    told = triples(linked_client.get(path_of(NEW), query_string={"format": "nt"}), RdfFormat.N_TRIPLES)
    held = open_current(linked_store).graphs.quads_for_pattern(None, None, None, NamedNode(NEW))
    assert {quad.triple for quad in held} <= {quad.triple for quad in told}


def test_what_points_to_a_node_comes_in_parts_that_say_so(linked_client: FlaskClient, tmp_path: Path) -> None:
    live = live_store(tmp_path)
    live.extend(Quad(NamedNode(f"{BASE}x/{number}"), KG.about, NamedNode(TOWN), NamedNode(NEW)) for number in range(600))
    publish(live, tmp_path)
    many = application(tmp_path, tmp_path / "dumps").test_client()
    first, second = (many.get(path_of(TOWN), query_string={"format": "nt", "page": number}) for number in (1, 2))
    assert 'rel="next"' in ", ".join(first.headers.getlist("Link")) and b"page=2" in first.data
    assert 'rel="next"' not in ", ".join(second.headers.getlist("Link"))
    pointing = {quad.subject for answer in (first, second) for quad in triples(answer, RdfFormat.N_TRIPLES) if quad.predicate == KG.about}
    assert len(pointing) == 602


def test_links_lead_to_the_other_forms_and_to_the_iri(linked_client: FlaskClient) -> None:
    links = ", ".join(linked_client.get(path_of(MAYOR)).headers.getlist("Link"))
    assert f'<{MAYOR}>; rel="canonical"' in links
    assert '</id/person/ilda-fenwick.no?format=ttl>; rel="alternate"; type="text/turtle"' in links


def test_an_unchanged_page_is_304(linked_client: FlaskClient) -> None:
    tag = linked_client.get(path_of(TOWN), headers=HTML).headers["ETag"]
    again = linked_client.get(path_of(TOWN), headers={**HTML, "If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert linked_client.get(path_of(TOWN), headers={"Accept": "text/turtle", "If-None-Match": tag}).status_code == 200


def test_a_new_generation_has_a_new_page(tmp_path: Path) -> None:
    live = live_store(tmp_path)
    client = application(tmp_path, tmp_path / "dumps").test_client()
    tag = client.get(path_of(TOWN)).headers["ETag"]
    live.add(Quad(NamedNode(TOWN), KG.name, Literal("Westby"), NamedNode(NEW)))
    publish(live, tmp_path)
    answer = client.get(path_of(TOWN), headers={"If-None-Match": tag})
    assert answer.status_code == 200 and "Westby" in answer.get_data(as_text=True)


@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
def test_head_is_get_without_the_body(linked_client: FlaskClient, accept: str) -> None:
    head, get = (linked_client.open(path_of(TOWN), method=method, headers={"Accept": accept}) for method in ("HEAD", "GET"))
    assert head.data == b"" and head.status_code == 200
    assert all(head.headers[name] == get.headers[name] for name in ("ETag", "Content-Type", "Content-Length"))


def test_a_page_is_pressed_if_the_client_likes_that(linked_client: FlaskClient) -> None:
    assert linked_client.get(path_of(TOWN), headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(("accept", "media_type"), [(HTML["Accept"], "text/html"), ("text/turtle", "application/problem+json")])
def test_an_unknown_iri_is_404_for_people_or_for_machines(linked_client: FlaskClient, accept: str, media_type: str) -> None:
    response = linked_client.get("/id/city/nowhere.xx", headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (404, media_type)
    assert "nowhere.xx" in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    [
        "/id/",
        "/id/%",
        "/id/%zz",
        "/id/%00",
        "/id/%FF%FE",
        "/id/a b",
        "/id/<script>",
        "/id/%3Cscript%3E",
        "/id//",
        "/id/" + "x/" * 900,
        "/id/é",
    ],
)
def test_a_bad_path_is_404_and_no_fault(linked_client: FlaskClient, path: str) -> None:
    response = linked_client.get(path, headers=HTML, follow_redirects=True)
    assert response.status_code == 404 and "<script>" not in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"REQUEST_URI": "", "RAW_URI": ""},
        {"REQUEST_URI": "", "RAW_URI": path_of(f"{NEW}/statement/10-20-37")},
        {"REQUEST_URI": f"http://kg.example{path_of(NEW + '/statement/10-20-37')}?x=1"},
        {"REQUEST_URI": path_of(f"{NEW}/statement/10-20-37").lower()},
    ],
    ids=["as sent", "decoded by the server", "under the other name", "absolute", "small letters"],
)
def test_an_encoded_iri_is_found_however_the_server_hands_its_path_on(linked_client: FlaskClient, environment: dict[str, str]) -> None:
    response = linked_client.get(path_of(f"{NEW}/statement/10-20-37"), headers=HTML, environ_overrides=environment)
    assert response.status_code == 200 and f"{NEW}/statement/10-20-37" in response.get_data(as_text=True)


@pytest.mark.parametrize("iri", [ARTICLE, NEW, UNNAMED, EVENT, f"{NEW}/quarantine", f"{NEW}/event/31-37-Seizure"])
def test_iris_with_an_encoded_id_are_found_by_a_decoded_path(linked_client: FlaskClient, iri: str) -> None:
    response = linked_client.get(path_of(iri), headers=HTML, environ_overrides={"REQUEST_URI": "", "RAW_URI": ""})
    assert response.status_code == 200 and iri in response.get_data(as_text=True)


def test_a_form_that_cannot_hold_the_answer_is_406(tmp_path: Path) -> None:
    live = Store(str(tmp_path / "oxigraph"))
    live.load(f"<{BASE}q> <urn:p> <<( <urn:a> <urn:b> <urn:c> )>> .".encode(), format=RdfFormat.TURTLE, to_graph=NamedNode("urn:g"))
    publish(live, tmp_path)
    client = application(tmp_path, tmp_path / "dumps").test_client()
    response = client.get("/id/q", headers={"Accept": "application/ld+json"})
    assert response.status_code == 406 and "ttl" in json.loads(response.data)["detail"]


@pytest.mark.model
def test_every_node_of_the_demo_graph_is_found_by_its_path(demo_store: Path) -> None:
    generation = open_current(demo_store)
    app = application(demo_store, demo_store / "dumps")
    nodes = {quad.subject for quad in generation.graphs.quads_for_pattern(None, None, None, None)} | set(generation.graphs.named_graphs())
    for node in nodes:
        with app.test_request_context(path_of(node.value)) as context:
            rest = (context.request.view_args or {})["path"]
            assert find_node(generation, BASE, rest) == node


@pytest.mark.model
def test_each_kind_of_node_of_the_demo_graph_answers_in_every_form(demo_store: Path) -> None:
    graphs = open_current(demo_store).graphs
    kinds: dict[NamedNode, set[str]] = {}
    for quad in graphs.quads_for_pattern(None, NamedNode(RDF_TYPE), None, None):
        kinds.setdefault(quad.subject, set()).add(quad.object.value)
    some = {tuple(sorted(told)): node.value for node, told in sorted(kinds.items(), key=str)}
    client = application(demo_store, demo_store / "dumps").test_client()
    for iri in some.values():
        for form in ("html", "ttl", "jsonld", "rdf", "nq"):
            response = client.get(path_of(iri), query_string={"format": form})
            assert response.status_code == 200 and response.data, (iri, form)
