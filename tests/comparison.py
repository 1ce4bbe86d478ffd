"""The comparison of the endpoint with the native Oxigraph server on one query, in every format.

Where the native server is at fault, ours answers 400: it sends 500 for a function that is not known, and 200 with the
error inside the answer where JSON-LD cannot hold a triple term (and at its deadline, which test_runaways.py tries).
"""

import csv
import io
from collections import Counter

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)
from questions import Question
from served import Answer, Served

_SOLUTIONS = ("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values")
_GRAPHS = (
    "text/turtle",
    "application/n-triples",
    "application/rdf+xml",
    "application/ld+json",
    "application/trig",
    "application/n-quads",
    "text/n3",
)
_BROKEN_OFF = b"JSON-LD does not support RDF 1.2 yet"


def assert_alike(ours: Served, native: Served, question: Question) -> None:
    """Ask both servers in each format that the answer has."""
    for accept in formats(native, question):
        answer, expected = (server.get(question.fields(), accept) for server in (ours, native))
        if is_faulty(expected):
            assert answer.status == 400
            continue
        assert answer.status // 100 == (4 if question.is_broken else 2), answer.body
        assert expected.status // 100 == (4 if question.is_broken else 2), expected.body
        if answer.status == 200:
            assert answer.media_type == expected.media_type == accept
            assert meaning(answer, is_ordered=question.is_ordered) == meaning(expected, is_ordered=question.is_ordered)


def is_faulty(native: Answer) -> bool:
    """Return whether the native server blames itself for the query, or says inside an answer of status 200 that there is none."""
    return native.status == 500 or native.body.endswith(_BROKEN_OFF)


def formats(native: Served, question: Question) -> tuple[str, ...]:
    """Return the formats to compare: those of solutions or those of graphs; one where there is no answer at all."""
    answer = native.get(question.fields(), f"{_SOLUTIONS[0]}, {_GRAPHS[0]}")
    if answer.status != 200:
        return _SOLUTIONS[:1]
    return _SOLUTIONS if answer.media_type == _SOLUTIONS[0] else _GRAPHS


def meaning(answer: Answer, *, is_ordered: bool) -> object:
    """Return what an answer says, without the order of rows (but where that is asked for), the names of blank nodes and the spelling."""
    media_type = answer.media_type
    if media_type in _GRAPHS:
        # N3 as Oxigraph writes it is Turtle, triple terms too, which its own parser of N3 does not take.
        form = RdfFormat.from_media_type("text/turtle" if media_type == "text/n3" else media_type)
        assert form
        graph = Dataset(parse(answer.body, format=form))
        graph.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
        return set(map(str, graph))
    if media_type == "text/csv":
        head, *rows = list(csv.reader(io.StringIO(answer.body.decode(), newline="")))
        found = [tuple("_:" if value.startswith("_:") else value for value in row) for row in rows]
    else:
        form_of_table = QueryResultsFormat.from_media_type(media_type)
        assert form_of_table
        result = parse_query_results(answer.body, format=form_of_table)
        if not isinstance(result, QuerySolutions):
            return bool(result)
        head = [variable.value for variable in result.variables]
        found = [tuple("_:" if isinstance(term, BlankNode) else str(term) for term in row) for row in result]
    return head, found if is_ordered else Counter(found)
