"""The reconciliation service against the JSON schemas and examples of its specification, where they stand beside the checkout."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
import referencing
from asgi_client import client_of
from reconcile_sample import QUERIES, ask, write_store
from werkzeug.test import Client

from server import create_app

SPECIFICATION = Path(__file__).parents[3] / "shared" / "reconciliation"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    return client_of(create_app(write_store(tmp_path_factory.mktemp("reconcile"))))


def schema(name: str) -> Callable[[object], None]:
    """Return a check against a schema of the specification."""
    if not SPECIFICATION.exists():
        pytest.skip("the specification's schemas are not beside this checkout")
    files = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in (SPECIFICATION / "schemas").glob("*.json")}
    for file in files.values():
        file["$schema"] = "http://json-schema.org/draft-07/schema#"  # the files name no draft
    known = [
        (address, referencing.Resource.from_contents(file)) for name, file in files.items() for address in (name, file["$id"].rstrip("#"))
    ]
    return jsonschema.Draft7Validator(files[f"{name}.json"], registry=referencing.Registry().with_resources(known)).validate


def test_the_manifest_passes_the_schema(client: Client) -> None:
    schema("manifest")(client.get("/reconcile").get_json())


def test_a_result_batch_passes_the_schema(client: Client) -> None:
    schema("reconciliation-result-batch")(ask(client, **QUERIES))


@pytest.mark.parametrize(("what", "name"), [("entity", "entities"), ("property", "properties"), ("type", "types")])
def test_suggestions_pass_the_schema(client: Client, what: str, name: str) -> None:
    schema(f"suggest-{name}-response")(client.get(f"/reconcile/suggest/{what}", query_string={"prefix": "c"}).get_json())


def test_extensions_and_proposals_pass_the_schemas(client: Client) -> None:
    proposal = client.get("/reconcile/properties", query_string={"type": "City", "limit": "20"}).get_json()
    schema("data-extension-property-proposal")(proposal)
    wanted = {"ids": ["country/norway.no", "city/dorvan.af", "no/such"], "properties": proposal["properties"]}
    schema("data-extension-response")(client.post("/reconcile", data={"extend": json.dumps(wanted)}).get_json())


@pytest.mark.parametrize("kind", ["valid", "invalid"])
def test_the_specifications_query_examples_are_read_as_it_says(client: Client, kind: str) -> None:
    folder = SPECIFICATION / "examples" / "reconciliation-query-batch" / kind
    if not folder.exists():
        pytest.skip("the specification's examples are not beside this checkout")
    for path in sorted(folder.glob("*.json")):
        answers = client.post("/reconcile", data={"queries": path.read_text(encoding="utf-8")}).get_json()
        # The examples name classes and properties of other services: these are wrong here, the form is not.
        wrong = [answer["error"] for answer in answers.values() if "error" in answer and "no class" not in answer["error"]]
        assert bool([error for error in wrong if "is not known" not in error]) == (kind == "invalid"), path.name
