"""No request makes the server send one of its own, to another server or to itself."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from served import Answer, Served, serving

CALLS = [
    "SELECT * { SERVICE <@> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <@> { ?s ?p ?o } }",
    "select*{service silent<@>{}}",
    "SELECT * { Service#comment\n<@> {} }",
    "PREFIX x: <@> SELECT * { SERVICE x: {} }",
    "PREFIX x: <@> SELECT * { SERVICE SILENT x:sparql {} }",
    "SELECT * { VALUES ?where { <@> } SERVICE ?where { ?s ?p ?o } }",
    "SELECT * { OPTIONAL { SERVICE SILENT <@> {} } }",
    "SELECT * { FILTER EXISTS { SERVICE <@> {} } }",
    "SELECT * { FILTER NOT EXISTS { SERVICE SILENT <@> {} } }",
    "SELECT * { BIND(EXISTS { SERVICE SILENT <@> {} } AS ?x) }",
    "SELECT * { { SELECT * { SERVICE SILENT <@> {} } } }",
    "SELECT * { { } UNION { SERVICE SILENT <@> {} } }",
    "SELECT * { MINUS { SERVICE SILENT <@> {} } }",
    "SELECT * { GRAPH ?g { SERVICE SILENT <@> {} } }",
    "SELECT * { LATERAL { SERVICE SILENT <@> {} } }",
    "ASK { SERVICE SILENT <@> {} }",
    "CONSTRUCT { ?s ?p ?o } { SERVICE SILENT <@> { ?s ?p ?o } }",
    "DESCRIBE ?s { SERVICE SILENT <@> { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1.SERVICE SILENT <@> {} }",
    "SELECT * { ?s ?p trueSERVICE SILENT <@> {} }",
    "SELECT * { FILTER(1<'>')SERVICE SILENT<@>{}#'\n}",
    "SELECT * { FILTER(1<2)#>'''\nSERVICE SILENT<@>{}#'''\n}",
    "SELECT * { VALUES ?x {'''a'}SERVICE SILENT<@>{} #\\x'''\n}",
    "PREFIX a: <http://h:1> SELECT*{ OPTIONAL {?s ?p a:SERVICE SILENT<@>{}} }",
    "PREFIX : <@> PREFIX SERVICE:<http://z/> SELECT*{ SERVICE:x{} }",
    "SELECT * { \\u0053ERVICE SILENT <@> {} }",
    "SELECT * FROM <@> { ?s ?p ?o }",
    "SELECT * FROM NAMED <@> { GRAPH <@> { ?s ?p ?o } }",
    "DESCRIBE <@>",
    "SELECT * { ?s <@> ?o . ?o <@>+ ?x }",
    "SELECT (<@>(1) AS ?x) {}",
]
LOADS = [
    "LOAD <@>",
    "LOAD SILENT <@>",
    "load silent<@>into graph<a:a>",
    "CLEAR ALL ; LOAD <@> INTO GRAPH <a:a>",
    "PREFIX x: <@> LOAD x:data.ttl",
    "BASE <@> LOAD <data.ttl>",
    "LOAD#\nSILENT#\n<@>",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <@> { ?s ?p ?o } }",
    "DELETE { ?s ?p ?o } WHERE { FILTER EXISTS { SERVICE SILENT <@> {} } }",
    "INSERT { ?s ?p 1 } USING <@> WHERE { ?s ?p ?o }",
    "COPY <@> TO DEFAULT",
    "ADD SILENT <@> TO <a:a>",
    "PREFIX a: <http://h:1> INSERT { ?s ?p 1 } WHERE { OPTIONAL { ?s ?p a:SERVICE SILENT <@> {} } }",
    "INSERT DATA { <a:a> <a:b> '''x' } ; LOAD <@> #\\x'''",
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with three graphs, so that there is something to find before a call."""
    with serving(tmp_path_factory.mktemp("inside") / "store") as served:
        graphs = [f"http://data.example/{number}" for number in (1, 2, 3)]
        inserts = " ".join(f"GRAPH <{graph}> {{ <{graph}> a <http://data.example/Document> }}" for graph in graphs)
        assert served.update(f"INSERT DATA {{ {inserts} }}").status == 204
        yield served


def query(server: Served, text: str, *parameters: tuple[str, str]) -> Answer:
    return posted(server, text, "application/sparql-query", *parameters)


def update(server: Served, text: str, *parameters: tuple[str, str]) -> Answer:
    return posted(server, text, "application/sparql-update", *parameters)


def posted(server: Served, text: str, media_type: str, *parameters: tuple[str, str]) -> Answer:
    return server.send("POST", "/sparql?" + urlencode(parameters), text.encode(), {"Content-Type": media_type})


@pytest.mark.parametrize("text", CALLS)
def test_no_query_makes_the_server_call_out(server: Served, listener: tuple[str, list[int]], text: str) -> None:
    address, calls = listener
    answer = query(server, text.replace("@", address))
    assert not calls and answer.status in (200, 400, 403)


@pytest.mark.parametrize("text", LOADS)
def test_no_update_makes_the_server_call_out(server: Served, listener: tuple[str, list[int]], text: str) -> None:
    address, calls = listener
    answer = update(server, text.replace("@", address))
    assert not calls and answer.status in (204, 400, 403)


@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri"])
def test_no_dataset_makes_the_server_call_out(server: Served, listener: tuple[str, list[int]], parameter: str) -> None:
    address, calls = listener
    assert query(server, "SELECT * { ?s ?p ?o }", (parameter, address)).status == 200
    assert update(server, "INSERT {} WHERE { ?s ?p ?o }", (parameter.replace("default", "using").replace("named", "using-named"), address))
    assert not calls


@pytest.mark.parametrize(
    ("media_type", "document"),
    [
        ("application/ld+json", '{"@context": "@", "a": "b"}'),
        ("application/ld+json", '{"@context": {"@import": "@"}, "a": "b"}'),
        ("application/rdf+xml", '<!DOCTYPE r SYSTEM "@"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'),
        ("text/turtle", "@prefix x: <@> . x:s x:p x:o ."),
    ],
)
def test_no_document_makes_the_server_call_out(server: Served, listener: tuple[str, list[int]], media_type: str, document: str) -> None:
    address, calls = listener
    body = document.replace('"@"', f'"{address}"').replace("<@>", f"<{address}>").encode()
    assert server.send("PUT", "/data?graph=a:a", body, {"Content-Type": media_type}).status in (201, 204, 400)
    assert not calls
