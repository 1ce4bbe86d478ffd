"""The reconciliation service: what it says of itself, what it refuses, what it matches and what it tells of it."""

import json
from pathlib import Path

import pytest
from asgi_client import client_of
from pyoxigraph import Store
from reconcile_sample import ENTITIES, QUERIES, RDFS, ask, results, thing_quads, write_store
from werkzeug.test import Client

from kg.generations import open_current, publish
from kg.iris import DEFAULT_BASE as BASE
from kg.vocab import KG_NAMESPACE
from server import create_app


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    return client_of(create_app(write_store(tmp_path_factory.mktemp("reconcile"))))


# What the service says of itself.


def test_the_manifest_says_what_a_client_needs(client: Client) -> None:
    manifest = client.get("/reconcile").get_json()
    assert manifest["versions"] == ["0.2"] and manifest["batchSize"] > 0
    assert (manifest["identifierSpace"], manifest["schemaSpace"]) == (BASE, KG_NAMESPACE)
    assert {"id": "GovernmentBody", "name": "government body"} in manifest["defaultTypes"]
    assert not any(kind["id"] in ("Event", "Statement", "Mention") for kind in manifest["defaultTypes"])
    assert "{{id}}" in manifest["preview"]["url"] and "{{id}}" in manifest["view"]["url"]
    assert set(manifest["suggest"]) == {"entity", "property", "type"} and "propose_properties" in manifest["extend"]


@pytest.mark.parametrize(
    "path", ["", "?queries={}", "/suggest/entity", "/preview?id=no/such", "/properties", "?queries={", "/no-such-page"]
)
def test_every_answer_may_be_read_across_origins(client: Client, path: str) -> None:
    assert client.get(f"/reconcile{path}").headers["Access-Control-Allow-Origin"] == "*"


def test_a_preflight_is_answered(client: Client) -> None:
    headers = client.options("/reconcile").headers
    assert "POST" in headers["Access-Control-Allow-Methods"] and headers["Access-Control-Allow-Origin"] == "*"


def test_a_callback_gets_no_script(client: Client) -> None:
    response = client.get("/reconcile?callback=steal")
    assert response.mimetype == "application/json" and b"steal" not in response.data


# What is wrong with a request.


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"queries": "{"}, 400, "not JSON"),
        ({"queries": "[" * 100_000}, 400, "not JSON"),
        ({"queries": '{"q0": {"query": "Oslo", "limit": NaN}}'}, 400, "NaN"),
        ({"queries": "[]"}, 400, "JSON array"),
        ({"queries": json.dumps({f"q{n}": {"query": "Oslo"} for n in range(51)})}, 413, "batchSize"),
        ({"extend": "[1]"}, 400, "JSON array"),
        ({"extend": '{"ids": "Q20", "properties": []}'}, 400, "ids, a list"),
        ({"extend": '{"ids": [], "properties": [{"id": "colour"}]}'}, 400, "alternativeName"),
        ({"extend": json.dumps({"ids": ["a"] * 501, "properties": []})}, 413, "at most 500"),
        ({}, 400, "neither queries nor extend"),
    ],
)
def test_a_bad_request_says_what_is_wrong(client: Client, form: dict[str, str], status: int, words: str) -> None:
    response = client.post("/reconcile", data=form, content_type="application/x-www-form-urlencoded")
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert words in response.get_json()["detail"]


def test_json_as_a_body_is_refused(client: Client) -> None:
    assert client.post("/reconcile", json={"q0": {"query": "Oslo"}}).status_code == 415


@pytest.mark.parametrize(
    "bad",
    [
        7,
        None,
        {},
        {"query": 7},
        {"query": "Oslo", "limit": 0},
        {"query": "Oslo", "limit": True},
        {"query": "Oslo", "type": "Spaceship"},
        {"query": "Oslo", "type": "Seizure"},
        {"query": "Oslo", "type": [7]},
        {"query": "Oslo", "type_strict": "maybe"},
        {"query": "Oslo", "props": []},
        {"query": "Oslo", "properties": {}},
        {"query": "Oslo", "properties": [{"pid": "country"}]},
        {"query": "Oslo", "properties": [{"pid": "colour", "v": "red"}]},
        {"query": "Oslo", "properties": [{"pid": "country", "v": None}]},
        {"query": "x" * 501},
        {"properties": []},
    ],
)
def test_a_bad_query_does_no_harm_to_the_others(client: Client, bad: object) -> None:
    alone, together = ask(client, good={"query": "Tawab Sharafmal"}), ask(client, bad=bad, good={"query": "Tawab Sharafmal"})
    assert together["good"] == alone["good"]
    assert together["bad"]["result"] == [] and together["bad"]["error"]


# What is matched.


def test_get_and_post_answer_alike(client: Client) -> None:
    queries = json.dumps(QUERIES)
    assert client.get("/reconcile", query_string={"queries": queries}).data == client.post("/reconcile", data={"queries": queries}).data


@pytest.mark.parametrize("text", ["person/tawab-sharafmal.af", f"{BASE}person/tawab-sharafmal.af"])
def test_an_id_or_an_iri_is_its_thing(client: Client, text: str) -> None:
    (found,) = results(client, text)
    assert (found["id"], found["score"], found["match"]) == ("person/tawab-sharafmal.af", 100.0, True)


@pytest.mark.parametrize("text", ["Q20", "http://www.wikidata.org/entity/Q20", "wikidata/Q20", "Norway", "the Norwegians"])
def test_an_item_that_a_thing_is_linked_to_is_that_thing(client: Client, text: str) -> None:
    found = results(client, text)
    assert (found[0]["id"], found[0]["match"]) == ("country/norway.no", True)
    assert "wikidata/Q20" not in [other["id"] for other in found]


def test_an_item_alone_has_an_id_of_our_space(client: Client) -> None:
    found = results(client, "Japan", type="Country")[0]
    assert (found["id"], found["match"]) == ("wikidata/Q17", True) and "not in the graph" in str(found["description"])


@pytest.mark.parametrize(
    ("strict", "ids"), [("any", ["city/dorvan.af"]), ("all", ["city/dorvan.af"]), ("should", ["city/dorvan.af", "province/dorvan.af"])]
)
def test_classes_are_demanded_or_wished_for(client: Client, strict: str, ids: list[str]) -> None:
    found = results(client, "Dorvan", type=["City"], type_strict=strict)
    assert [candidate["id"] for candidate in found][: len(ids)] == ids
    assert found[0]["match"] and {"id": "type", "value": 1.0} in found[0]["features"]


def test_all_demands_every_class(client: Client) -> None:
    assert results(client, "Dorvan", type=["City", "Person"], type_strict="all") == []
    assert results(client, "Dorvan", type=["City", "Person"], type_strict="any") != []


def test_a_superclass_holds_its_subclasses(client: Client) -> None:
    assert results(client, "Ostervik Daily", type="Organisation")[0]["match"]
    assert results(client, "Ostervik Daily", type=f"{KG_NAMESPACE}Actor")[0]["match"]


def test_a_city_and_a_province_of_one_name_are_no_match_without_a_class(client: Client) -> None:
    assert not any(candidate["match"] for candidate in results(client, "Dorvan"))
    assert results(client, "Dorvan Province")[0]["id"] == "province/dorvan.af"


def test_a_property_turns_the_scale(client: Client) -> None:
    wrong, right = (results(client, "Quillbrook", properties=[{"pid": "country", "v": code}])[0] for code in ("AF", "gb"))
    assert right["match"] and not wrong["match"] and wrong["score"] < right["score"]
    assert {"id": "property/country", "value": 1.0} in right["features"]


def test_an_identifier_finds_its_thing_without_a_name(client: Client) -> None:
    (found,) = ask(client, q0={"properties": [{"pid": "wikidata", "v": "Q20"}]})["q0"]["result"]
    assert found["id"] == "country/norway.no" and found["match"]


def test_unnamed_things_are_no_candidates(client: Client) -> None:
    assert results(client, "a doctor in Dorvan", type="Person") == []


def test_candidates_are_sorted_and_limited(client: Client) -> None:
    found = results(client, "Gulranwal", limit=2)
    scores = [candidate["score"] for candidate in found]
    assert len(found) == 2 and scores == sorted(scores, reverse=True)


# Suggestions, previews, extension.


def suggested(client: Client, what: str, **parameters: str) -> list[str]:
    return [row["id"] for row in client.get(f"/reconcile/suggest/{what}", query_string=parameters).get_json()["result"]]


def test_things_are_suggested_by_prefix(client: Client) -> None:
    assert suggested(client, "entity", prefix="tawab sh") == ["person/tawab-sharafmal.af"]
    assert suggested(client, "entity", prefix="norw")[0] == "country/norway.no"
    assert "wikidata/Q17" in suggested(client, "entity", prefix="Japa")


def test_a_cursor_goes_on_where_the_page_ended(client: Client) -> None:
    first, second = suggested(client, "type", prefix=""), suggested(client, "type", prefix="", cursor="20")
    assert len(first) == 20 and second and not set(first) & set(second)
    assert client.get("/reconcile/suggest/type?cursor=-1").status_code == 400


def test_types_and_properties_are_suggested_by_name(client: Client) -> None:
    assert suggested(client, "type", prefix="armed") == ["ArmedGroup"]
    assert suggested(client, "property", prefix="geo") == ["geonames"]


def test_a_preview_is_escaped_and_shows_three_sentences(client: Client) -> None:
    page = client.get("/reconcile/preview", query_string={"id": "international-organisation/dorvan-relief-board.xx"}).get_data(as_text=True)
    assert page.count("<blockquote>") == 3 and "&lt;i&gt;denied&lt;/i&gt;" in page and "<i>" not in page and "2021-08-10" in page
    page = client.get("/reconcile/preview", query_string={"id": "organisation/script.xx"}).get_data(as_text=True)
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_a_flyout_holds_the_same_as_a_preview(client: Client) -> None:
    assert "Norway" in client.get("/reconcile/flyout/entity?id=country/norway.no").get_json()["html"]
    assert "city" in client.get("/reconcile/flyout/type?id=City").get_json()["html"]


@pytest.mark.parametrize("wanted", ["", "no/such", "wikidata/Q0", "person/wire-1.10-20", "a b/<>", "wikidata/Q99999999999", "geonames/x"])
def test_a_preview_of_nothing_is_not_found(client: Client, wanted: str) -> None:
    assert client.get("/reconcile/preview", query_string={"id": wanted}).status_code == 404


def test_extension_fills_columns(client: Client) -> None:
    asked = ["label", "kind", "country", "wikidata", "mentions", "statementsBy", "partOf"]
    ids = ["international-organisation/dorvan-relief-board.xx", "country/norway.no", "city/dorvan.af", "no/such"]
    wanted = {"ids": ids, "properties": [{"id": name} for name in asked]}
    answer = client.post("/reconcile", data={"extend": json.dumps(wanted)}).get_json()
    board, norway, dorvan, nothing = (answer["rows"][entry] for entry in ids)
    assert [column["id"] for column in answer["meta"]] == asked
    assert board["mentions"] == [{"int": 5}] and board["statementsBy"] == [{"int": 5}] and board["country"] == []
    assert norway["wikidata"] == [{"str": "Q20"}] and norway["country"] == [{"str": "NO"}] and norway["kind"] == [{"str": "country"}]
    assert dorvan["partOf"] == [{"id": "province/dorvan.af", "name": "Dorvan"}]
    assert set(map(str, nothing.values())) == {"[]"}


def test_extension_is_limited_by_its_setting(client: Client) -> None:
    wanted = {"ids": ["wikidata/Q142"], "properties": [{"id": "alternativeName", "settings": {"limit": "1"}}]}
    rows = client.post("/reconcile", data={"extend": json.dumps(wanted)}).get_json()["rows"]
    assert len(rows["wikidata/Q142"]["alternativeName"]) == 1


def test_a_new_generation_is_indexed_anew(tmp_path: Path) -> None:
    live = Store(str(tmp_path / "live"))
    publish(live, tmp_path)
    client = client_of(create_app(tmp_path))
    assert results(client, "Vardo Bridge") == []
    live.extend(thing_quads("facility/vardo-bridge.no", "Facility", "Vardo Bridge"))
    publish(live, tmp_path)
    assert results(client, "Vardo Bridge")[0]["id"] == "facility/vardo-bridge.no"


@pytest.mark.model
def test_every_named_thing_of_the_demo_graph_is_found_by_its_own_name(demo_store: Path) -> None:
    labels = open_current(demo_store).graphs.quads_for_pattern(None, RDFS.label, None, ENTITIES)
    named = sorted((quad.subject.value.removeprefix(BASE), quad.object.value) for quad in labels)  # type: ignore[union-attr]
    client = client_of(create_app(demo_store))
    lost = [
        (thing, label)
        for thing, label in named
        if not thing.rpartition(".")[2].partition("-")[0].isdigit() and thing not in [c["id"] for c in results(client, label, limit=50)]
    ]
    assert lost == []
