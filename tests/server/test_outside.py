"""No text makes Oxigraph ask another server, and texts that ask none keep their meaning."""

import re
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, Store

from server.outside import AsksOutside, kept_inside

# Texts in which the SPARQL grammar and Oxigraph's parser see different things; Oxigraph would call @ in each of them.
HIDDEN_CALLS = [
    "SELECT*{ FILTER(1<'>')SERVICE SILENT<@>{}#'\n}",
    "SELECT*{ FILTER(1<2)#>'''\nSERVICE SILENT<@>{}#'''\n}",
    "SELECT*{ FILTER(1<2)SERVICE#>\nSILENT<@>{}\n}",
    "SELECT*{ VALUES ?x {'''a'}SERVICE SILENT<@>{} #\\x'''\n}",
    "SELECT*{ VALUES ?x {'''a'}SERVICE SILENT<@>{} #\\ud800'''\n}",
    'SELECT*{ VALUES ?x {"""a"}SERVICE SILENT<@>{} #\\ud800"""\n}',
    "PREFIX a: <http://h:1> SELECT*{ OPTIONAL {?s ?p a:SERVICE SILENT<@>{}} }",
    "PREFIX a: <http://[::1]> SELECT*{ OPTIONAL {?s ?p a:SERVICE SILENT<@>{}} }",
    "PREFIX : <@> SELECT*{ OPTIONAL {?s ?p trueSERVICE:x{}}}",
    "PREFIX : <@> PREFIX SERVICE:<http://z/> SELECT*{ SERVICE:x{}}",
    "PREFIX a: <@> PREFIX SERVICEa:<http://z/> SELECT*{ SERVICEa:x{}}",
    "PREFIX : <http://p/> SELECT*{ ?s (:p?)trueSERVICE SILENT<@>{}}",
    "SELECT*{ ?s ?p 1.SERVICE SILENT<@>{}}",
]


def run(text: str) -> None:
    try:
        answer = Store().query(text)
        if hasattr(answer, "__iter__"):
            list(answer)
    except (SyntaxError, ValueError, OSError, RuntimeError):
        pass


def words_left(text: str) -> list[str]:
    """Return each SERVICE and LOAD of a text that stands in no variable."""
    return re.findall(r"(?i)service|load", re.sub(r"[?$][a-z0-9_]+", "", text, flags=re.IGNORECASE))


@pytest.mark.parametrize("text", HIDDEN_CALLS)
def test_a_hidden_call_is_a_call_to_oxigraph_and_kept_inside(text: str, listener: tuple[str, list[int]]) -> None:
    address, calls = listener
    calls.clear()
    run(text.replace("@", address))
    assert calls, "Oxigraph reads this otherwise now: find out how, and whether the rest of this module still holds"
    calls.clear()
    with suppress(AsksOutside):
        run(kept_inside(text.replace("@", address)))
    assert not calls


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ASK { SERVICE <http://a.example/> { ?s ?p ?o } }", "SERVICE to http://a.example/ is refused"),
        ("ask{service#x\nsilent<http://a.example/>{}}", "SERVICE to http://a.example/ is refused"),
        ("PREFIX w: <http://a.example/> ASK { SERVICE w:sparql {} }", "SERVICE to http://a.example/sparql is refused"),
        ("ASK { SERVICE ?where {} }", "SERVICE is refused"),
        ("ASK { ?s ?p trueSERVICE<http://a.example/>{} }", "SERVICE is refused"),
        ("LOAD <http://a.example/x> INTO GRAPH <http://b.example/>", "LOAD to http://a.example/x is refused"),
        ("CLEAR ALL ; load silent <http://a.example/x>", "LOAD to http://a.example/x is refused"),
    ],
)
def test_a_call_is_refused_by_what_it_is_and_whom_it_asks(text: str, told: str) -> None:
    with pytest.raises(AsksOutside, match=f"^{re.escape(told)}:"):
        kept_inside(text)


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX a: <http://a.example/> ASK { ?load a:service ?SERVICE }",
        "ASK { ?s ?p 'SERVICE <http://a.example/>' } # LOAD",
        "ASK { <http://SERVICE.example/#LOAD> ?p '''\nSERVICE''' }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(?s < 'LOAD') }",
    ],
)
def test_the_words_elsewhere_are_no_calls(text: str) -> None:
    assert words_left(kept_inside(text)) == []


@pytest.mark.parametrize(
    ("allowed", "told"),
    [("b", "SERVICE to http://a.example/ is"), ("a", "SERVICE is"), ("a b", "SERVICE is")],
    ids=["first", "second", "any"],
)
def test_every_call_is_looked_at(allowed: str, told: str) -> None:
    text = "ASK { SERVICE <http://a.example/> {} SERVICE SILENT ?x {} SERVICE <http://b.example/> {} }"
    with pytest.raises(AsksOutside, match=f"^{re.escape(told)} refused:"):
        kept_inside(text, [f"http://{name}.example/" for name in allowed.split()])
    with pytest.raises(AsksOutside, match=r"^SERVICE to http://b\.example/ is refused:"):
        kept_inside(text.replace("?x", "<http://a.example/>"), ["http://a.example/"])


PIECES = st.sampled_from(
    [
        *("SERVICE", "service ", "SER", "VICE", "SILENT", "LOAD ", "lo", "ad", "PREFIX ", "true", "FILTER("),
        *("<http://127.0.0.1:9/>", "{}", "{", "}", "'", '"', "'''", "<", ">", "#", "\n", "1", ")", ".", ";", "\\", "\\u0053"),
        *("?s", "?service", "?p ", "a:", "a:load", ":x", "_:load", "@load"),
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_the_words_are_left_in_variables_alone(text: str) -> None:
    try:
        kept = kept_inside(text)
    except ValueError:
        return
    assert words_left(kept) == []


WORDS = st.sampled_from(["service", "SERVICE", "Load", "LOAD <http://a.example/>", "download", "Service's", "\\\\SERVICE", "été"])
STRINGS = st.builds(lambda word, quote: f"{quote}{word.replace(quote[0], '')}{quote}", WORDS, st.sampled_from(["'", '"', "'''", '"""']))
NAMES = st.sampled_from(["a:service", "a:down-LOAD", "service:b", "load:service", "a:x", ":Service", r"a:service\,x", "a:load.x"])
IRIS = st.sampled_from(["<http://service.example/#LOAD>", "<http://a.example/service>", r"<http://a.example/\u0073ervice>"])
TERMS = st.one_of(NAMES, IRIS, STRINGS)
VARIABLES = st.sampled_from(["?service", "?load", "?x"])
PROLOGUE = (
    "PREFIX a: <http://a.example/> PREFIX service: <http://service.example/#>\n# the service prefix\nPREFIX load: <http://load.example/> "
    "PREFIX : <http://a.example/#> "
)
TRIPLES = st.builds("{} {} {} . # LOAD it\n".format, st.one_of(NAMES, IRIS), st.one_of(NAMES, IRIS), TERMS)


@settings(deadline=None, max_examples=150)
@given(st.lists(TRIPLES, min_size=1, max_size=4), st.lists(st.tuples(VARIABLES, TERMS), max_size=3))
def test_harmless_texts_keep_their_meaning(triples: list[str], filters: list[tuple[str, str]]) -> None:
    written, rewritten = Store(), Store()
    update = f"{PROLOGUE} INSERT DATA {{ {' '.join(triples)} }}"
    written.update(update)
    rewritten.update(kept_inside(update))
    assert set(written) == set(rewritten)
    conditions = " ".join(f"FILTER({variable} != {term})" for variable, term in filters)
    query = f"{PROLOGUE} SELECT ?service ?load ?x {{ ?service ?load ?x {conditions} }} ORDER BY ?service ?load ?x"
    answers = [written.query(text).serialize(format=QueryResultsFormat.JSON) for text in (query, kept_inside(query))]
    assert answers[0] == answers[1]


def test_blank_nodes_keep_apart() -> None:
    store = Store()
    store.update(kept_inside("INSERT DATA { _:service <a:b> 1 . _:swervice <a:b> 2 . _:service <a:c> 3 }"))
    assert len({quad.subject for quad in store}) == 2


def test_a_text_without_the_words_stays_as_it_is() -> None:
    text = "SELECT * { ?s ?p 'sérvice' }"
    assert kept_inside(text) is text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ASK { SERVICE <http://ok.example/sparql> { ?s ?p ?o } }", "SERVICE <http://ok.example/sparql>"),
        ("PREFIX o: <http://ok.example/> ASK { service # where\n silent o:sparql {} }", "SERVICE SILENT <http://ok.example/sparql>"),
        ("LOAD <http://ok.example/x.ttl> INTO GRAPH <a:a>", "LOAD <http://ok.example/x.ttl>"),
    ],
)
def test_an_allowed_address_may_be_asked(text: str, kept: str) -> None:
    assert kept in kept_inside(text, ["http://ok.example/"])


@pytest.mark.parametrize(
    "target",
    [
        "<http://other.example/>",
        "<http://ok.example.other.example/>",
        "<http://ok.example@other.example/>",
        "<http://ok.example:8080/open/>",
        "<https://ok.example/open/>",
        "<http://ok.example/open/../closed>",
        "<http://ok.example/open/%2e%2e/closed>",
        "<ok.example/open/>",
        "?anywhere",
        "unknown:x",
    ],
)
def test_no_other_address_may_be_asked(target: str) -> None:
    with pytest.raises(AsksOutside, match="SERVICE"):
        kept_inside(f"ASK {{ SERVICE {target} {{}} }}", ["http://ok.example/open/"])


def test_a_name_that_cannot_be_written_out_says_so() -> None:
    with pytest.raises(ValueError, match="write a:service as a whole IRI"):
        kept_inside("BASE <http://a.example/> PREFIX a: <x> ASK { ?s a:service ?o }")


def test_the_meaning_of_an_escaped_string_is_the_strings() -> None:
    store = Store()
    store.update(kept_inside(r"INSERT DATA { <a:a> <a:b> '\\SERVICE\tLOAD' }"))
    assert [quad.object for quad in store] == [Literal("\\SERVICE\tLOAD")]
    assert next(iter(store)).subject == NamedNode("a:a")


@pytest.mark.parametrize("piece", ["PREFIX ", "PREFIX service:<x:>", "<service>", "?service ", "'load'", "a:service", "# service\n"])
def test_long_texts_take_time_in_proportion(piece: str) -> None:
    assert len(kept_inside(f"PREFIX a: <http://a.example/> {piece * 20_000} 'service'")) > 20_000
