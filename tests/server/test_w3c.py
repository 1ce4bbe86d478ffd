"""The W3C's HTTP manifests of the SPARQL Protocol and the Graph Store Protocol, run over HTTP where they lie beside the checkout."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Dataset, NamedNode, RdfFormat, Store, parse
from served import Answer, Served, kg_serve

MANIFESTS = Path(__file__).parents[3] / "shared" / "w3c"
FILES = ("protocol/manifest.ttl", "graph-store-protocol/manifest-indirect.ttl", "graph-store-protocol/manifest-direct.ttl")
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
STATUSES = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}
TABULAR = {"application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"}
GRAPHS = {"text/turtle", "application/n-triples", "application/rdf+xml"}

pytestmark = pytest.mark.skipif(not MANIFESTS.exists(), reason="the W3C manifests lie outside the checkout, in ../shared/w3c")


class Manifest:
    """One manifest as a graph of which nodes' properties can be asked."""

    def __init__(self, name: str) -> None:
        self.folder = (MANIFESTS / name).parent
        self.graph = Store()
        self.graph.load(path=str(MANIFESTS / name), format=RdfFormat.TURTLE, base_iri=f"file://{MANIFESTS / name}")

    def values(self, node, name: str) -> list:
        return [quad.object for quad in self.graph.quads_for_pattern(node, NamedNode(name), None, None)]

    def value(self, node, name: str):
        return next(iter(self.values(node, name)), None)

    def members(self, node) -> Iterator:
        while node is not None and node != NamedNode(RDF + "nil"):
            yield self.value(node, RDF + "first")
            node = self.value(node, RDF + "rest")

    def entries(self) -> list:
        head = next(iter(self.graph.quads_for_pattern(None, NamedNode(MF + "entries"), None, None))).object
        return list(self.members(head))

    def headers(self, node) -> dict[str, str]:
        found = [header for listed in self.values(node, HT + "headers") for header in self.members(listed)]
        return {self.value(header, HT + "fieldName").value: self.value(header, HT + "fieldValue").value for header in found}

    def body(self, node) -> bytes | None:
        body = self.value(node, HT + "body")
        return self.value(body, CNT + "chars").value.encode(self.value(body, CNT + "characterEncoding").value) if body else None


def cases() -> list:
    if not MANIFESTS.exists():
        return []
    return [pytest.param(name, entry.value, id=entry.value.rpartition("#")[2]) for name in FILES for entry in Manifest(name).entries()]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with kg_serve(tmp_path_factory.mktemp("w3c") / "store", "--writable", "--no-token") as server:
        yield server


@pytest.mark.parametrize(("name", "entry"), cases())
def test_the_manifests_case_passes(served: Served, name: str, entry: str) -> None:
    manifest = Manifest(name)
    set_up(served, manifest, NamedNode(entry))
    found: dict[str, str] = {}
    action = manifest.value(NamedNode(entry), MF + "action")
    for listed in manifest.values(action, HT + "requests"):
        for request in manifest.members(listed):
            answer = send(served, manifest, request, found)
            check(manifest, manifest.value(request, HT + "resp"), answer, found)


def set_up(served: Served, manifest: Manifest, entry: NamedNode) -> None:
    inserts = ["DROP ALL"]
    if manifest.folder.name == "protocol":
        for number in (1, 2, 3):
            triples = (manifest.folder / f"data{number}.nt").read_text(encoding="utf-8")
            inserts.append(f"INSERT DATA {{ GRAPH <http://kasei.us/2009/09/sparql/data/data{number}.rdf> {{ {triples} }} }}")
    assert served.update(" ; ".join(inserts)).status in (200, 204)


def send(served: Served, manifest: Manifest, request, found: dict[str, str]) -> Answer:
    target = manifest.value(request, HT + "absolutePath").value
    for variable, value in found.items():
        target = target.replace(variable, value)
    target = "/sparql" + target.removeprefix("/sparql/") if target.startswith("/sparql/") else "/data" + target.removeprefix("/gsp")
    return served.send(manifest.value(request, HT + "methodName").value, target, manifest.body(request), manifest.headers(request))


def check(manifest: Manifest, expected, answer: Answer, found: dict[str, str]) -> None:
    statuses = [status.value.rpartition("#")[2] for status in manifest.values(expected, MF + "expectedStatus")]
    assert any(is_status(answer.status, status) for status in statuses), (answer.status, statuses, answer.body)
    if boolean := manifest.value(expected, MF + "expectedBoolean"):
        assert read_boolean(answer) == (boolean.value == "true")
    if form := manifest.value(expected, MF + "expectedFormat"):
        assert answer.media_type in {"boolean": TABULAR, "tabular": TABULAR, "RDF": GRAPHS}[form.value]
    if location := manifest.value(expected, MF + "expectedLocation"):
        found[location.value] = answer.headers["Location"]
    if wanted := {name.lower(): value for name, value in manifest.headers(expected).items()}.get("content-type"):
        assert answer.media_type == wanted.partition(";")[0]
    if (body := manifest.body(expected)) is not None:
        assert canonical(answer.body) == canonical(body)


def is_status(status: int, expected: str) -> bool:
    return status // 100 == int(expected[10]) if expected.startswith("StatusCode") else status == STATUSES[expected]


def read_boolean(answer: Answer) -> bool:
    assert answer.media_type == "application/sparql-results+json"
    value = json.loads(answer.body)["boolean"]
    assert isinstance(value, bool)
    return value


def canonical(turtle: bytes) -> Dataset:
    graph = Dataset(parse(turtle, format=RdfFormat.TURTLE, base_iri="http://www.example/"))
    from pyoxigraph import CanonicalizationAlgorithm

    graph.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return graph
