"""Hostile queries, and hostile parameters of the protocol beside a harmless one."""

from collections.abc import Iterator
from urllib.parse import quote

from hostile_requests import ANY, MALFORMED, Hostile, query, request

_DEEP = 10_000
_FORM = "Content-Type: application/x-www-form-urlencoded"


def texts() -> Iterator[Hostile]:
    """Yield queries that are deep, long, or at the edge of what functions take."""
    deep = {
        "round brackets": "SELECT " + "(" * 100_000,
        "brackets in a filter": "ASK { FILTER(" + "(" * _DEEP + "1" + ")" * _DEEP + ") }",
        "open braces": "{" * 100_000,
        "braces": "ASK " + "{" * _DEEP + "}" * _DEEP,
        "optional": "ASK { " + "OPTIONAL { " * _DEEP + "}" * _DEEP + " }",
        "minus": "ASK { " + "MINUS { " * 5_000 + "}" * 5_000 + " }",
        "exists": "ASK { " + "FILTER EXISTS { " * 5_000 + "}" * 5_000 + " }",
        "graph": "ASK { " + "GRAPH ?g { " * 5_000 + "}" * 5_000 + " }",
        "union": "ASK { {}" + " UNION {}" * _DEEP + " }",
        "subselects": "SELECT * { " + "{ SELECT * { " * 2_000 + "} }" * 2_000 + " }",
        "negations": "ASK { FILTER(" + "!" * 100_000 + "true) }",
        "signs": "ASK { FILTER(" + "- " * 50_000 + "1 > 0) }",
        "sums": "ASK { FILTER(1" + "+1" * 50_000 + " > 0) }",
        "or": "ASK { FILTER(true" + "||true" * 20_000 + ") }",
        "a long path": "ASK { ?s " + "/".join(["<p:p>"] * _DEEP) + " ?o }",
        "a deep path": "ASK { ?s " + "(" * _DEEP + "<p:p>" + ")*" * _DEEP + " ?o }",
        "alternatives": "ASK { ?s " + "|".join(["<p:p>"] * _DEEP) + " ?o }",
        "inverse paths": "ASK { ?s " + "^" * 50_000 + "<p:p> ?o }",
        "lists": "ASK { ?s ?p " + "(" * _DEEP + ")" * _DEEP + " }",
        "blank nodes": "ASK { " + "[ ?p " * _DEEP + "1" + "]" * _DEEP + " }",
        "triple terms": "ASK { ?s ?p " + "<<( <a:a> <b:b> " * 3_000 + "1" + " )>>" * 3_000 + " }",
        "reifiers": "ASK { " + "<< " * 3_000,
        "functions": "ASK { FILTER(" + "ABS(" * _DEEP + "1" + ")" * _DEEP + " > 0) }",
        "ifs": "ASK { FILTER(" + "IF(true," * _DEEP + "1" + ",2)" * _DEEP + ") }",
        "joins": "ASK { " + "?s ?p ?o . " * 5_000 + "}",
        "services": "ASK { " + "SERVICE <http://a.example/> { " * _DEEP + "}" * _DEEP + " }",
    }
    for name, text in deep.items():
        yield Hostile(
            f"deep: {name}", (query(text),), MALFORMED if name in ("round brackets", "open braces", "reifiers", "services") else ANY
        )
    long = {
        "a string": f"ASK {{ FILTER('{'x' * 900_000}' = 'y') }}",
        "an IRI": f"ASK {{ <http://a.example/{'x' * 900_000}> ?p ?o }}",
        "blanks": "ASK" + " " * 900_000 + "{}",
        "a variable": f"ASK {{ ?{'x' * 900_000} ?p ?o }}",
        "values": "ASK { VALUES ?x { " + "1 " * 200_000 + "} }",
        "prefixes": "PREFIX a: <http://a.example/> " * 20_000 + "ASK {}",
        "a number": "ASK { FILTER(" + "9" * 500_000 + " > 1) }",
        "comments": "#\n" * 400_000 + "ASK {}",
        "an open string": "ASK { ?s ?p '" + "x" * 900_000,
        "an open long string": "ASK { ?s ?p '''" + "''" * 400_000,
        "from": "ASK " + "FROM <http://a.example/> " * 20_000 + "{}",
        "the word service": "ASK { ?s ?p ?service } #" + "service " * 100_000,
        "escapes": "ASK { ?s ?p '" + "\\u0041" * 100_000 + "' }",
    }
    for name, text in long.items():
        yield Hostile(f"long: {name}", (query(text),), MALFORMED if "open" in name else ANY)
    for text in (
        "ASK { FILTER(REGEX('a', '(a+)+$')) }",
        "ASK { FILTER(REGEX('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '^(a|aa)+$')) }",
        "ASK { FILTER(REGEX('a', 'a{1000000}')) }",
        "ASK { FILTER(REGEX('a', '((((((((a{99}){99}){99}){99}){99}){99}))))')) }",
        "SELECT (REPLACE('aaaa', '', '" + "b" * 100_000 + "') AS ?x) {}",
        "SELECT (REPLACE('a', 'a', '$99') AS ?x) {}",
        "SELECT (SUBSTR('a', -99999999999999, 99999999999999999) AS ?x) {}",
        "SELECT (1/0 AS ?x) (1.0/0 AS ?y) {}",
        "SELECT (xsd:integer(1e300) AS ?x) {}",
        "SELECT ('P99999999999Y'^^<http://www.w3.org/2001/XMLSchema#duration> + 1 AS ?x) {}",
        "SELECT ('99999999999999-01-01T00:00:00Z'^^<http://www.w3.org/2001/XMLSchema#dateTime> AS ?x) {}",
        "SELECT * {} LIMIT 99999999999999999999999",
        "SELECT * {} OFFSET 18446744073709551615",
        "ASK { GRAPH ?g { GRAPH ?g { ?s ?p ?o } } }",
        "DESCRIBE ?x",
        "CONSTRUCT { ?s ?p _:b } {} LIMIT 1",
        "SELECT ?\U0001f600 {}",
        "SELECT ('\\uD800' AS ?x) {}",
        "SELECT ('\\U00110000' AS ?x) {}",
        "\ufeffASK {}",
        "ASK {\u2028}",
        "ASK { <\\u0000> ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "ASK { SERVICE <file:///etc/passwd> {} }",
        "SELECT (GROUP_CONCAT(?x ; separator='" + "y" * 1_000 + "') AS ?z) { VALUES ?x { 1 2 3 } VALUES ?y { 1 2 3 } }",
    ):
        yield Hostile(f"query {text[:50]!r}", (query(text),), ANY)


def parameters() -> Iterator[Hostile]:
    """Yield the parameters of the protocol with values that are none, or too often."""
    asked = "/sparql?query=ASK%7B%7D"
    for value in (
        "nan",
        "inf",
        "-inf",
        "-1",
        "0",
        "1e400",
        "1e-400",
        "1e-9",
        "abc",
        "%00",
        "1_0",
        "%D9%A1",
        "0x10",
        "1;2",
        " ",
        "9" * 1_000,
    ):
        yield Hostile(f"timeout={value[:10]}", (request("GET", f"{asked}&timeout={quote(value, safe='%')}"),), ANY)
    for value in ("..%2f..%2fetc%2fpasswd", "%00", "html", "JSON", "text%2Fhtml", "%ff", "x" * 10_000, "csv%0d%0aX-Evil:%20yes"):
        yield Hostile(f"format={value[:20]}", (request("GET", f"{asked}&format={value}"),), ANY)
    for value in (
        "",
        "a",
        "no%20iri",
        "%3C%3E",
        "http://a%00b",
        "urn:x:" + "y" * 50_000,
        "%ED%A0%80",
        "file:///etc/passwd",
        "http://127.0.0.1:9/",
    ):
        yield Hostile(f"default-graph-uri={value[:20]}", (request("GET", f"{asked}&default-graph-uri={value}"),), ANY)
        yield Hostile(f"named-graph-uri={value[:20]}", (request("GET", f"{asked}&named-graph-uri={value}"),), ANY)
    yield Hostile(
        "900 graphs", (request("GET", asked + "".join(f"&named-graph-uri=urn:g:{number}" for number in range(900))),), frozenset({2})
    )
    yield Hostile("2,000 parameters", (request("GET", asked + "&a=b" * 2_000),), MALFORMED)
    yield Hostile("two queries", (request("GET", asked + "&query=ASK%7B%7D"),), MALFORMED)
    yield Hostile("a query and an update", (request("POST", "/sparql", _FORM, body=b"query=ASK{}&update=DROP+ALL"),), MALFORMED)
    yield Hostile("an update by GET", (request("GET", "/sparql?update=DROP+ALL"),), MALFORMED)
    yield Hostile("parameters without names", (request("GET", "/sparql?&&&=&=a&query=ASK%7B%7D&"),), ANY)
    yield Hostile("semicolons", (request("GET", "/sparql?query=ASK%7B%7D;a=b;c=d"),), ANY)
