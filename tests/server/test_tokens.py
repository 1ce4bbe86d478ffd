"""The tokens of SPARQL text, and what is told from them: whether an answer holds, datasets of updates."""

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from server.tokens import is_repeatable, tokens, with_dataset

GRAPH, NAMED = "http://a.example/g", "http://a.example/n"


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokens(text) if token.kind != "space"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<http://a.example/#x>", "iri"),
        (r"<http://a.example/\u0061>", "iri"),
        ("''", "string"),
        (r"'it\'s'", "string"),
        ('"#no comment"', "string"),
        ("'''one'two''\nthree\\''''", "string"),
        ('"""a "quote" and\nmore"""', "string"),
        ("# to the end", "comment"),
        ("?load", "variable"),
        ("$é1", "variable"),
        ("a:service", "name"),
        (":", "name"),
        (r"a:b\,c%20d.e", "name"),
        ("_:b.1", "blank"),
        ("@en-GB--ltr", "language"),
        ("12.5e-3", "number"),
        (".5", "number"),
        ("SELECT", "word"),
        ("&&", "sign"),
        ("<<(", "sign"),
    ],
)
def test_one_token_is_one_token(text: str, kind: str) -> None:
    assert kinds(text) == [(kind, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("?a<?b", [("variable", "?a"), ("sign", "<"), ("variable", "?b")]),
        ("1 < 2", [("number", "1"), ("sign", "<"), ("number", "2")]),
        ("a:b.c", [("name", "a:b.c")]),
        ("a:b.", [("name", "a:b"), ("sign", ".")]),
        ("?o.FILTER", [("variable", "?o"), ("sign", "."), ("word", "FILTER")]),
        ("true.SERVICE", [("word", "true"), ("sign", "."), ("word", "SERVICE")]),
        ("'open", [("sign", "'"), ("word", "open")]),
        ("'a\nb'", [("sign", "'"), ("word", "a"), ("word", "b"), ("sign", "'")]),
        (r"'\x'", [("sign", "'"), ("sign", "\\"), ("word", "x"), ("sign", "'")]),
        ("a\x00b", [("word", "a"), ("sign", "\x00"), ("word", "b")]),
    ],
)
def test_tokens_end_where_the_grammar_ends_them(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


@settings(deadline=None)
@given(st.text(st.sampled_from("<>\"'\\#?$:@_.-%{}|;^ \nabSERVICEload19é\x00\u2028")))
@example("\"\"\"'''")
def test_tokens_joined_are_the_text(text: str) -> None:
    found = list(tokens(text))
    assert "".join(token.text for token in found) == text
    assert all(before.start + len(before.text) == after.start for before, after in pairwise(found))


@pytest.mark.parametrize("piece", ["a.", "a-", "<a", "'''", "'''\\x", "1.", "(", "\\", "SERVICE ", "_:a.", "a:", '"""a\'', "?"])
def test_long_texts_take_time_in_proportion(piece: str) -> None:
    assert sum(len(token.text) for token in tokens(piece * 20_000)) == len(piece) * 20_000


@pytest.mark.parametrize(
    ("text", "repeatable"),
    [
        ("SELECT ?now { ?now a <http://a.example/RAND> } # NOW()", True),
        ("SELECT ('UUID()' AS ?x) {}", True),
        ("SELECT (NOW() AS ?x) {}", False),
        ("SELECT * {} ORDER BY rand()", False),
        ("SELECT (STRUUID() AS ?x) (uuid() AS ?y) {}", False),
        ("ASK { BIND(bNode() AS ?x) }", False),
    ],
)
def test_what_calls_the_clock_or_chance_is_not_repeatable(text: str, repeatable: bool) -> None:
    assert is_repeatable(text) is repeatable


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        ("DELETE WHERE { ?s ?p ?o } # all", "DELETE { ?s ?p ?o } USING <http://a.example/g> WHERE { ?s ?p ?o } # all"),
        ("insert{?s ?p 1}where{?s ?p 2}", "insert{?s ?p 1}USING <http://a.example/g> where{?s ?p 2}"),
        ("INSERT DATA { <a:a> <a:b> '} WHERE {' }", "INSERT DATA { <a:a> <a:b> '} WHERE {' }"),
        ("CLEAR ALL ; DELETE {} WHERE {}", "CLEAR ALL ; DELETE {} USING <http://a.example/g> WHERE {}"),
        (
            "PREFIX with: <a:> DELETE {} WHERE { { SELECT * WHERE {} } }",
            "PREFIX with: <a:> DELETE {} USING <http://a.example/g> WHERE { { SELECT * WHERE {} } }",
        ),
        ("", ""),
    ],
)
def test_a_dataset_is_written_into_each_operation_that_reads(update: str, expected: str) -> None:
    changed = with_dataset(update, [GRAPH], [])
    assert changed == expected
    Store().update(changed)


def test_named_graphs_and_default_graphs_are_written_both() -> None:
    changed = with_dataset("DELETE {} INSERT {} WHERE {}", [GRAPH], [NAMED])
    assert changed == "DELETE {} INSERT {} USING <http://a.example/g> USING NAMED <http://a.example/n> WHERE {}"


def test_without_a_dataset_the_update_stays() -> None:
    assert with_dataset("WITH <a:a> DELETE {} WHERE {}", [], []) == "WITH <a:a> DELETE {} WHERE {}"


@pytest.mark.parametrize(
    "update",
    [
        "WITH <a:a> DELETE {} WHERE {}",
        "INSERT {} USING <a:a> WHERE {}",
        "CLEAR ALL ; INSERT {} USING NAMED <a:a> WHERE {}",
        "INSERTDATA { <a:a> <a:b> 1 }",
    ],
)
def test_an_update_with_a_dataset_of_its_own_is_refused(update: str) -> None:
    with pytest.raises(ValueError, match=r"USING|spaces"):
        with_dataset(update, [GRAPH], [])
