"""The endpoint's description: the three cases that the W3C has for it, and what it says of data, limits, and questions."""

from dataclasses import fields
from pathlib import Path

import pytest
from described_sample import ENDPOINT, HOME, SD, app_of, described, service_of, small_store
from flask.testing import FlaskClient
from pyoxigraph import QueryBoolean
from rdflib import RDF, RDFS, XSD, Graph, Namespace, URIRef
from rdflib.namespace import DCTERMS, SH, VOID

from kg.generations import open_current
from kg.lexicon import read_table
from server.cookbook import recipes
from server.description import TERMS, AnnouncedLimit, Service
from server.limits import Limits

SCHEMA = Namespace("https://schema.org/")
MANIFEST = Path(__file__).parents[3] / "shared" / "w3c" / "service-description" / "manifest.ttl"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FORMATS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}


@pytest.fixture(scope="module")
def store_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small published store; read it, do not write it."""
    return small_store(tmp_path_factory.mktemp("described"))


@pytest.fixture()
def client(store_path: Path) -> FlaskClient:
    return app_of(store_path, Service(Limits())).test_client()


# --- the three cases of the W3C's test suite, in our words


def test_a_request_for_nothing_gets_rdf(client: FlaskClient) -> None:
    answer = client.get("/sparql")
    assert (answer.status_code, answer.mimetype) == (200, "text/turtle")
    assert len(Graph().parse(data=answer.data, format="turtle")) > 100


def test_the_endpoint_named_is_the_one_asked(store_path: Path) -> None:
    graph = described(store_path)
    assert list(graph.subject_objects(SD.endpoint)) == [(service_of(graph), ENDPOINT)]


@pytest.mark.parametrize(
    ("term", "kind"),
    [
        (SD.defaultDataset, SD.Dataset),
        (SD.defaultGraph, SD.Graph),
        (SD.namedGraph, SD.NamedGraph),
        (SD.graph, SD.Graph),
    ],
)
def test_what_the_vocabulary_wants_of_a_value_is_said(store_path: Path, term: URIRef, kind: URIRef) -> None:
    graph = described(store_path)
    values = set(graph.objects(None, term))
    assert values and values <= set(graph.subjects(RDF.type, kind))


@pytest.mark.skipif(not MANIFEST.exists(), reason="the W3C's manifests are not beside this checkout")
def test_the_suite_has_no_other_cases() -> None:
    entries = (
        Graph()
        .parse(MANIFEST)
        .subjects(RDF.type, URIRef("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#ServiceDescriptionTest"))
    )
    assert {str(entry).rpartition("#")[2] for entry in entries} == {"returns-rdf", "has-endpoint-triple", "conforms-to-schema"}


def test_no_term_of_the_vocabularies_is_made_up(store_path: Path) -> None:
    graph = described(store_path, Service(Limits(), writable=True, services=("http://example.org/",), licence="http://example.org/licence"))
    used = {str(term) for triple in graph for term in (triple[1], triple[2]) if isinstance(term, URIRef)}
    known = {terms[name].value for terms in TERMS.values() for name in terms}
    namespaces = tuple(terms.namespace for terms in TERMS.values())
    assert {iri for iri in used if iri.startswith(namespaces) and iri not in namespaces} <= known


def test_the_terms_of_others_are_theirs() -> None:
    for prefix, namespace in {"void": VOID, "sh": SH, "dcterms": DCTERMS, "rdfs": RDFS}.items():
        assert TERMS[prefix].namespace == str(namespace)
        assert all(name in namespace for name in TERMS[prefix])


# --- formats


@pytest.mark.parametrize(("media_type", "name"), FORMATS.items())
def test_each_format_says_the_same(client: FlaskClient, media_type: str, name: str) -> None:
    plain = Graph().parse(data=client.get("/sparql").data, format="turtle", publicID=str(ENDPOINT))
    answer = client.get("/sparql", headers={"Accept": media_type})
    assert answer.mimetype == media_type
    assert set(Graph().parse(data=answer.data, format=name, publicID=str(ENDPOINT))) == set(plain)


@pytest.mark.parametrize(
    ("headers", "query", "status", "mimetype"),
    [
        ({}, "", 200, "text/turtle"),
        ({"Accept": "*/*"}, "", 200, "text/turtle"),
        ({"Accept": "application/rdf+xml;q=0.9, text/turtle;q=0.1"}, "", 200, "application/rdf+xml"),
        ({"Accept": BROWSER}, "", 303, ""),
        ({"Accept": BROWSER}, "?format=ttl", 200, "text/turtle"),
        ({"Accept": "text/html;q=0.1, text/turtle"}, "", 200, "text/turtle"),
        ({"Accept": "image/png"}, "", 406, "application/problem+json"),
        ({}, "?format=jsonld", 200, "application/ld+json"),
        ({}, "?format=docx", 406, "application/problem+json"),
    ],
)
def test_the_format_is_the_one_asked_for(client: FlaskClient, headers: dict[str, str], query: str, status: int, mimetype: str) -> None:
    answer = client.get(f"/sparql{query}", headers=headers)
    assert (answer.status_code, answer.mimetype if mimetype else "") == (status, mimetype)
    assert status == 406 or "Accept" in answer.headers["Vary"]


def test_people_are_sent_to_the_query_page(client: FlaskClient) -> None:
    assert client.get("/sparql", headers={"Accept": BROWSER}).headers["Location"] == "/query"


def test_head_has_the_headers_of_get(client: FlaskClient) -> None:
    head, get = client.head("/sparql"), client.get("/sparql")
    assert head.data == b"" and head.headers == get.headers


def test_turtle_has_sorted_prefixes_and_one_block_a_node(client: FlaskClient) -> None:
    lines = client.get("/sparql").get_data(as_text=True).splitlines()
    prefixes = [line for line in lines if line.startswith("@")]
    assert prefixes == sorted(prefixes) == lines[: len(prefixes)] and "@prefix void:" in "".join(prefixes)
    nodes = [line.split()[0] for line in lines if line.startswith("<")]
    assert len(nodes) == len(set(nodes))


# --- caches


def test_what_a_client_has_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/sparql").headers["ETag"]
    again = client.get("/sparql", headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)


def test_the_tag_tells_formats_addresses_and_settings_apart(store_path: Path) -> None:
    client = app_of(store_path, Service(Limits())).test_client()
    writable = app_of(store_path, Service(Limits(), writable=True)).test_client()
    tags = [
        client.get("/sparql").headers["ETag"],
        client.get("/sparql", headers={"Accept": "application/rdf+xml"}).headers["ETag"],
        client.get("/sparql", headers={"Host": "other.example"}).headers["ETag"],
        writable.get("/sparql").headers["ETag"],
    ]
    assert len(set(tags)) == 4


@pytest.mark.parametrize("host", ["a b", "<script>", '"', "a{b}", "[::1", "x" * 3000 + "|", "\\", ""])
def test_a_host_that_is_none_is_the_clients_fault(client: FlaskClient, host: str) -> None:
    answer = client.get("/sparql", headers={"Host": host})
    assert answer.status_code == 400 and b"Traceback" not in answer.data


# --- what it says


@pytest.mark.parametrize(
    ("service", "has_update", "has_federation"),
    [
        (Service(Limits()), False, False),
        (Service(Limits(), writable=True), True, False),
        (Service(Limits(), services=("http://example.org/sparql",)), False, True),
    ],
)
def test_what_a_server_does_not_do_is_not_said(store_path: Path, service: Service, has_update: bool, has_federation: bool) -> None:
    graph = described(store_path, service)
    assert ((None, SD.supportedLanguage, SD.SPARQL11Update) in graph) is has_update
    assert ((None, SD.feature, SD.BasicFederatedQuery) in graph) is has_federation
    assert (None, SD.supportedLanguage, SD.SPARQL11Query) in graph and (None, SD.feature, SD.DereferencesURIs) not in graph


def test_the_limits_are_those_of_the_server(store_path: Path) -> None:
    graph = described(store_path, Service(Limits(deadline_seconds=2.5, most_rows=77)))
    said = {
        str(graph.value(node, SCHEMA.propertyID)): graph.value(node, SCHEMA.value)
        for node in graph.objects(service_of(graph), SCHEMA.additionalProperty)
    }
    assert float(str(said["deadline_seconds"])) == 2.5 and said["most_rows"].toPython() == 77
    assert said["most_rows"].datatype == XSD.integer and said["deadline_seconds"].datatype == XSD.decimal


def test_each_announced_limit_is_one_of_the_servers() -> None:
    assert {row.id for row in read_table("announced_limits", AnnouncedLimit)} <= {field.name for field in fields(Limits)}


def test_the_counts_are_those_of_the_union(store_path: Path) -> None:
    graph = described(store_path)
    union = next(graph.objects(None, SD.defaultGraph))
    assert graph.value(union, VOID.triples).toPython() == 2  # two graphs say the same of the mole
    partition = graph.value(predicate=VOID.property, object=URIRef(HOME + "depth"))
    assert (union, VOID.propertyPartition, partition) in graph
    assert [graph.value(partition, term).toPython() for term in (VOID.triples, VOID.distinctSubjects)] == [2, 2]


def test_named_graphs_are_listed_and_their_number_is_said(store_path: Path) -> None:
    graph = described(store_path)
    names = {str(name) for name in graph.objects(None, SD.name)}
    assert names == {HOME + "harbour", HOME + "tide"}
    assert "2 of its 2 named graphs" in str(graph.value(next(graph.subjects(RDF.type, SD.Dataset)), RDFS.comment))


def test_the_dumps_stand_beside_the_endpoint(store_path: Path) -> None:
    dumps = {str(dump) for dump in described(store_path).objects(None, VOID.dataDump)}
    assert dumps == {f"http://localhost/dump.{form}{ending}" for form in ("ttl", "trig", "nq") for ending in ("", ".gz")}


def test_a_licence_is_said_where_one_is_given(store_path: Path) -> None:
    licence = "https://creativecommons.org/publicdomain/zero/1.0/"
    assert list(described(store_path).objects(None, DCTERMS.license)) == []
    assert list(described(store_path, Service(Limits(), licence=licence)).objects(None, DCTERMS.license)) == [URIRef(licence)]


def test_each_question_of_the_cookbook_is_an_example(store_path: Path) -> None:
    graph = described(store_path)
    examples = set(graph.subjects(RDF.type, SH.SPARQLExecutable))
    assert len(examples) == len(recipes())
    assert all((example, SCHEMA.target, ENDPOINT) in graph for example in examples)


def test_each_example_runs_as_it_is_described(store_path: Path) -> None:
    graph, graphs = described(store_path), open_current(store_path).graphs
    describe = URIRef("https://purl.expasy.org/sparql-examples/ontology#describe")
    texts = [str(text) for term in (SH.select, SH.ask, SH.construct, describe) for text in graph.objects(None, term)]
    assert len(texts) == len(recipes())
    for text in texts:
        answer = graphs.query(text)
        assert isinstance(answer, QueryBoolean) or list(answer) is not None
