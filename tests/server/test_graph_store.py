"""The SPARQL 1.1 Graph Store HTTP Protocol at /data: what the W3C's cases ask for, formats, caches, and bad requests."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse
from served import Answer, Served, serving

TURTLE = {"Content-Type": "text/turtle; charset=utf-8"}
PERSON = b"@prefix v: <http://www.w3.org/2006/vcard/ns#> . <http://people.example/1> v:hasName [ a v:Name ; v:fn 'Ada Quist' ] ."
OTHER = b"@prefix v: <http://www.w3.org/2006/vcard/ns#> . <http://people.example/1> v:hasName [ a v:Name ; v:fn 'Bo Quist' ] ."
NICK = b'<http://people.example/1> <http://www.w3.org/2006/vcard/ns#nickname> "Q" .'
INDIRECT = "/data?graph=" + quote("http://people.example/graph", safe="")
DIRECT = "/data/people/1.ttl"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("graphs") / "store") as served:
        yield served


@pytest.fixture
def empty(server: Served) -> Served:
    assert server.update("DROP ALL").status == 204
    return server


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with the same triple in its default graph and in one more, for tests that change nothing."""
    with serving(tmp_path_factory.mktemp("still") / "store") as served:
        assert [served.send("PUT", target, NICK, TURTLE).status for target in ("/data?default", INDIRECT)] == [204, 201]
        yield served


def canonical(*documents: bytes) -> set[str]:
    """Return the triples of Turtle documents, with blank nodes named by what is said of them."""
    found = Dataset(
        quad for document in documents for quad in parse(document, RdfFormat.TURTLE, base_iri="http://a.example/", rename_blank_nodes=True)
    )
    found.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in found}


def read(server: Served, target: str, **headers: str) -> Answer:
    return server.send("GET", target, None, headers)


@pytest.mark.parametrize("target", [INDIRECT, DIRECT])
def test_what_is_put_can_be_read_and_put_again(empty: Served, target: str) -> None:
    assert empty.send("PUT", target, PERSON, TURTLE).status == 201
    answer = read(empty, target, Accept="text/turtle")
    assert answer.headers["Content-Type"] == "text/turtle; charset=utf-8" and canonical(answer.body) == canonical(PERSON)
    assert empty.send("PUT", target, OTHER, TURTLE).status == 204
    assert canonical(read(empty, target).body) == canonical(OTHER)


@pytest.mark.parametrize("target", [INDIRECT, DIRECT])
def test_what_is_deleted_is_there_no_more(empty: Served, target: str) -> None:
    empty.send("PUT", target, PERSON, TURTLE)
    assert [empty.send(method, target).status for method in ("DELETE", "GET", "HEAD", "DELETE")] == [204, 404, 404, 404]


@pytest.mark.parametrize("target", [INDIRECT, DIRECT])
def test_what_is_posted_is_added(empty: Served, target: str) -> None:
    assert empty.send("POST", target, PERSON, TURTLE).status == 201
    assert empty.send("POST", target, NICK, TURTLE).status == 204
    assert canonical(read(empty, target).body) == canonical(PERSON, NICK)


def form(*parts: tuple[str, bytes]) -> tuple[bytes, dict[str, str]]:
    """Return the body and headers of a multipart form whose parts have these headers and bytes."""
    body = b"".join(b"--cut-here\r\n" + headers.encode() + b"\r\n\r\n" + data + b"\r\n" for headers, data in parts) + b"--cut-here--\r\n"
    return body, {"Content-Type": "multipart/form-data; boundary=cut-here"}


@pytest.mark.parametrize("target", [INDIRECT, DIRECT])
def test_a_form_adds_all_its_documents(empty: Served, target: str) -> None:
    body, headers = form(
        ('Content-Disposition: form-data; name="a"; filename="a.ttl"\r\nContent-Type: text/turtle; charset=utf-8', PERSON),
        ('Content-Disposition: form-data; name="b"\r\nContent-Type: application/n-triples', NICK),
        ('Content-Disposition: form-data; name="c"; filename="c.nt"', b"<http://people.example/2> <http://a.example/p> _:b .\n"),
    )
    assert empty.send("POST", target, body, headers).status == 201
    more = b"<http://people.example/2> <http://a.example/p> [] ."
    assert canonical(read(empty, target).body) == canonical(PERSON, NICK, more)


def test_the_default_graph_is_the_stores_own(empty: Served) -> None:
    empty.send("PUT", INDIRECT, NICK, TURTLE)
    assert read(empty, "/data?default").status == 200 and not canonical(read(empty, "/data?default").body)
    assert empty.send("PUT", "/data?default", PERSON, TURTLE).status == 204
    assert canonical(read(empty, "/data?default").body) == canonical(PERSON)
    assert empty.send("POST", "/data?default", OTHER, TURTLE).status == 204
    assert canonical(read(empty, "/data?default").body) == canonical(PERSON, OTHER)
    assert empty.ask("ASK { ?s ?p 'Ada Quist' . ?t ?q 'Q' }"), "queries see the union"
    assert empty.send("DELETE", "/data?default").status == 204
    assert read(empty, "/data?default").status == 200 and not canonical(read(empty, "/data?default").body)
    assert canonical(read(empty, INDIRECT).body) == canonical(NICK)


def test_a_post_to_the_store_makes_a_graph_and_says_where(empty: Served) -> None:
    answers = [empty.send("POST", "/data", PERSON, TURTLE) for _ in range(2)]
    assert [answer.status for answer in answers] == [201, 201]
    places = [answer.headers["Location"] for answer in answers]
    assert places[0].startswith(f"{empty.address}/data/") and places[0] != places[1]
    for target in (f"/data?graph={places[0]}", places[0].removeprefix(empty.address)):
        assert canonical(read(empty, target).body) == canonical(PERSON)


def test_a_new_graph_says_where_it_is(empty: Served) -> None:
    assert empty.send("PUT", DIRECT, NICK, TURTLE).headers["Location"] == f"{empty.address}{DIRECT}"


def test_a_graph_at_its_own_address_is_called_by_it(empty: Served) -> None:
    empty.send("PUT", DIRECT, b"<> <http://a.example/p> <other> .", TURTLE)
    graph = f"{empty.address}{DIRECT}"
    assert empty.ask(f"ASK {{ GRAPH <{graph}> {{ <{graph}> ?p <{empty.address}/data/people/other> }} }}")


def test_the_graphs_name_is_percent_decoded_once(empty: Served) -> None:
    assert empty.send("PUT", "/data?graph=http://people.example/%31", PERSON, TURTLE).status == 201
    assert empty.send("PUT", "/data?graph=http://people.example/%2531", OTHER, TURTLE).status == 201
    assert canonical(read(empty, "/data?graph=http%3A%2F%2Fpeople.example%2F1").body) == canonical(PERSON)
    assert canonical(read(empty, "/data?graph=http://people.example/%2531").body) == canonical(OTHER)


def test_a_relative_name_is_made_whole_with_the_requests_address(empty: Served) -> None:
    empty.send("PUT", "/data?graph=people/1.ttl", NICK, TURTLE)
    assert empty.ask(f"ASK {{ GRAPH <{empty.address}/people/1.ttl> {{ ?s ?p ?o }} }}")


def test_an_empty_document_is_an_empty_graph(empty: Served) -> None:
    assert empty.send("PUT", INDIRECT, b"", TURTLE).status == 201
    assert read(empty, INDIRECT).status == 200 and not canonical(read(empty, INDIRECT).body)


@pytest.mark.parametrize("target", [INDIRECT, DIRECT, "/data?default"])
def test_head_has_the_headers_of_get_and_no_body(empty: Served, target: str) -> None:
    empty.send("PUT", target, PERSON, TURTLE)
    head, get = (empty.send(method, target, None, {"Accept": "text/turtle; charset=utf-8"}) for method in ("HEAD", "GET"))
    assert head.status == get.status == 200 and not head.body
    assert [head.headers[name] for name in ("Content-Type", "ETag", "Vary")] == [
        get.headers[name] for name in ("Content-Type", "ETag", "Vary")
    ]


FORMATS = [
    ("text/turtle", RdfFormat.TURTLE),
    ("application/n-triples", RdfFormat.N_TRIPLES),
    ("application/rdf+xml", RdfFormat.RDF_XML),
    ("application/ld+json", RdfFormat.JSON_LD),
    ("text/n3", RdfFormat.N3),
]


@pytest.mark.parametrize(
    ("media_type", "form"), [*FORMATS, ("application/trig", RdfFormat.TRIG), ("application/n-quads", RdfFormat.N_QUADS)]
)
@pytest.mark.parametrize("target", [INDIRECT, "/data?default"])
def test_a_graph_can_be_read_in_every_format(still: Served, target: str, media_type: str, form: RdfFormat) -> None:
    answer = read(still, target, Accept=media_type)
    assert answer.media_type == media_type
    assert [str(quad.object) for quad in parse(answer.body, form)] == ['"Q"']


@pytest.mark.parametrize(("media_type", "form"), FORMATS)
def test_a_graph_can_be_written_in_every_format(empty: Served, still: Served, media_type: str, form: RdfFormat) -> None:
    body = read(still, "/data?default", Accept=media_type).body
    assert empty.send("PUT", INDIRECT, body, {"Content-Type": media_type}).status == 201
    assert canonical(read(empty, INDIRECT).body) == canonical(NICK)


def test_turtle_comes_with_prefixes(empty: Served) -> None:
    empty.send("PUT", INDIRECT, b"<a:s> a <https://w3id.org/news-kg/ontology#Event> .", TURTLE)
    assert b"a kg:Event" in read(empty, INDIRECT).body


def test_the_format_parameter_goes_before_the_header(still: Served) -> None:
    assert read(still, f"{INDIRECT}&format=nt", Accept="text/turtle").media_type == "application/n-triples"


@pytest.mark.parametrize("target", [INDIRECT, "/data?default"])
def test_an_answer_that_the_client_has_is_not_sent_again(empty: Served, target: str) -> None:
    empty.send("PUT", target, NICK, TURTLE)
    tag = read(empty, target).headers["ETag"]
    again = read(empty, target, **{"If-None-Match": tag})
    assert (again.status, again.body) == (304, b"")
    assert read(empty, target, **{"If-None-Match": tag}, Accept="application/n-triples").status == 200
    empty.send("POST", target, PERSON, TURTLE)
    assert read(empty, target, **{"If-None-Match": tag}).status == 200


def test_a_long_answer_is_compressed_where_the_client_likes_it(empty: Served) -> None:
    body = "".join(f"<http://a.example/{number}> <http://a.example/p> {number} .\n" for number in range(500)).encode()
    empty.send("PUT", INDIRECT, body, TURTLE)
    answer = read(empty, INDIRECT, **{"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip" and canonical(gzip.decompress(answer.body)) == canonical(body)


@pytest.mark.parametrize(
    ("method", "target", "body", "content_type", "status"),
    [
        ("GET", "/data", None, None, 400),
        ("PUT", "/data", b"", "text/turtle", 400),
        ("DELETE", "/data", None, None, 400),
        ("GET", "/data?default&graph=http://a.example/", None, None, 400),
        ("GET", "/data?graph=http://a.example/&graph=http://b.example/", None, None, 400),
        ("GET", "/data?graph=", None, None, 400),
        ("GET", "/data?graph=http://a.example/%3E", None, None, 400),
        ("GET", "/data?graph=http://a.example/%00", None, None, 400),
        ("GET", "/data?graph=http://a.example/%FF", None, None, 400),
        ("GET", "/data?graph=http://a.example/%ED%A0%80", None, None, 400),
        ("GET", "/data?graph=http://a.example/%zz", None, None, 400),
        ("GET", "/data?graph=http://[", None, None, 400),
        ("GET", "/data?graph=http://a.example/+b", None, None, 400),
        ("GET", "/data/x?graph=http://a.example/", None, None, 400),
        ("GET", "/data/%00", None, None, 404),
        ("GET", "/data/%zz", None, None, 400),
        ("GET", "/data?" + "&".join(["x=1"] * 200), None, None, 400),
        ("GET", "/data?graph=http://nowhere.example/", None, None, 404),
        ("PUT", INDIRECT, b"", None, 415),
        ("PUT", INDIRECT, b"", "image/png", 415),
        ("PUT", INDIRECT, b"", "application/trig", 415),
        ("PUT", INDIRECT, b"", "text/turtle; charset=utf-16", 415),
        ("PUT", INDIRECT, b"<a:s> <a:p> .", "text/turtle", 400),
        ("PUT", INDIRECT, b"\xff\xfe", "text/turtle", 400),
        ("PUT", INDIRECT, b"<a:s> <a:p> '\x00", "text/turtle", 400),
        ("PUT", INDIRECT, b"<a:s> <a:p> '\\uD800' .", "text/turtle", 400),
        ("PUT", INDIRECT, b"<http://a b> <a:p> 1 .", "text/turtle", 400),
        ("PUT", INDIRECT, b"<r>", "application/rdf+xml", 400),
        ("PUT", INDIRECT, b"{", "application/ld+json", 400),
        ("PUT", INDIRECT, b'{"@id":"a:a","@graph":[{"@id":"a:s","a:p":"x"}]}', "application/ld+json", 400),
        ("PUT", INDIRECT, b"[" * 100_000, "application/ld+json", 400),
        ("PUT", INDIRECT, b"<a:s> <a:p> " + b"[<a:p> " * 50_000, "text/turtle", 400),
        ("POST", INDIRECT, b"", "multipart/form-data", 400),
        ("POST", INDIRECT, b"no form", "multipart/form-data; boundary=x", 400),
        ("POST", INDIRECT, b"x" * 1_000_001, "text/turtle", 413),
        ("PATCH", INDIRECT, b"", "application/sparql-update", 405),
    ],
)
def test_bad_requests_change_nothing_and_say_what_is_wrong(
    still: Served, method: str, target: str, body: bytes | None, content_type: str | None, status: int
) -> None:
    answer = still.send(method, target, body, {"Content-Type": content_type} if content_type else {})
    assert answer.status == status, answer.body
    assert answer.media_type == "application/problem+json" and json.loads(answer.body)["detail"]
    assert canonical(read(still, "/data?default").body) == canonical(NICK)


def test_a_format_that_is_not_there_is_answered_with_those_that_are(still: Served) -> None:
    answer = read(still, "/data?default", Accept="image/png")
    assert answer.status == 406 and b"text/turtle" in answer.body


def test_a_form_with_one_bad_document_adds_nothing(empty: Served) -> None:
    body, headers = form(
        ('Content-Disposition: form-data; name="a"\r\nContent-Type: text/turtle', NICK),
        ('Content-Disposition: form-data; name="b"\r\nContent-Type: text/turtle', b"<a:s>"),
    )
    assert empty.send("POST", "/data?default", body, headers).status == 400
    assert not canonical(read(empty, "/data?default").body)


def test_a_form_with_a_document_of_no_format_is_refused(empty: Served) -> None:
    body, headers = form(('Content-Disposition: form-data; name="a"; filename="a.png"', b"x"))
    assert empty.send("POST", "/data?default", body, headers).status == 415


def test_a_read_only_server_has_the_default_graph_that_was_written(tmp_path: Path) -> None:
    with serving(tmp_path / "store") as writable:
        writable.send("PUT", "/data?default", PERSON, TURTLE)
        writable.send("PUT", INDIRECT, NICK, TURTLE)
    with serving(tmp_path / "store", writable=False) as served:
        assert canonical(read(served, "/data?default").body) == canonical(PERSON)
        assert canonical(read(served, INDIRECT).body) == canonical(NICK)
