"""The endpoint gives what the native Oxigraph server gives on the same generation: hand-made and generated queries, in every format.

Where the native server is at fault, ours answers 400: it sends 500 for a function that is not known, and 200 with the
error inside the answer where JSON-LD cannot hold a triple term (and at its deadline, which test_runaways.py tries).
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
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
from questions import Question, generated_questions, read_questions
from served import Answer, Server, kg_serve, oxigraph_serve

pytestmark = pytest.mark.model
HAND_MADE = list(read_questions(Path(__file__).with_name("differential.rq")))
GENERATED = list(generated_questions(100, seed=6))
SOLUTIONS = ("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values")
GRAPHS = (
    "text/turtle",
    "application/n-triples",
    "application/rdf+xml",
    "application/ld+json",
    "application/trig",
    "application/n-quads",
    "text/n3",
)
BROKEN_OFF = b"JSON-LD does not support RDF 1.2 yet"
Servers = tuple[Server, Server]


@pytest.fixture(scope="module")
def servers(demo_store: Path) -> Iterator[Servers]:
    with ExitStack() as stack:
        yield stack.enter_context(kg_serve(demo_store)), stack.enter_context(oxigraph_serve(demo_store))


@pytest.mark.parametrize("question", HAND_MADE + GENERATED, ids=lambda question: question.name)
def test_both_servers_answer_alike(servers: Servers, question: Question) -> None:
    for accept in formats(servers[1], question):
        ours, theirs = (server.get(question.fields(), accept) for server in servers)
        if is_faulty(theirs):
            assert ours.status == 400
            continue
        assert ours.status // 100 == (4 if question.is_broken else 2), ours.body
        assert theirs.status // 100 == (4 if question.is_broken else 2), theirs.body
        if ours.status == 200:
            assert ours.headers.get_content_type() == theirs.headers.get_content_type() == accept
            assert meaning(ours, is_ordered=question.is_ordered) == meaning(theirs, is_ordered=question.is_ordered)


def test_there_are_at_least_two_hundred_queries_and_all_have_names_of_their_own() -> None:
    names = {question.name for question in HAND_MADE + GENERATED}
    assert len(names) == len(HAND_MADE) + len(GENERATED) >= 200


def is_faulty(native: Answer) -> bool:
    """Return whether the native server blames itself for the query, or says inside an answer of status 200 that there is none."""
    return native.status == 500 or native.body.endswith(BROKEN_OFF)


def formats(native: Server, question: Question) -> tuple[str, ...]:
    """Return the formats to compare: those of solutions or those of graphs; one where there is no answer at all."""
    answer = native.get(question.fields(), f"{SOLUTIONS[0]}, {GRAPHS[0]}")
    if answer.status != 200:
        return SOLUTIONS[:1]
    return SOLUTIONS if answer.headers.get_content_type() == SOLUTIONS[0] else GRAPHS


def meaning(answer: Answer, *, is_ordered: bool) -> object:
    """Return what an answer says, without the order of rows (but where that is asked for), the names of blank nodes and the spelling."""
    media_type = answer.headers.get_content_type()
    if media_type in GRAPHS:
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
