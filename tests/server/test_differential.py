"""The endpoint gives what the native Oxigraph server gives on the same generation: hand-made and generated queries, in every format."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from comparison import assert_alike
from questions import Question, generated_questions, read_questions
from served import Server, kg_serve, oxigraph_serve

pytestmark = pytest.mark.model
HAND_MADE = list(read_questions())
GENERATED = list(generated_questions(100, seed=6))
Servers = tuple[Server, Server]


@pytest.fixture(scope="module")
def servers(demo_store: Path) -> Iterator[Servers]:
    with ExitStack() as stack:
        yield stack.enter_context(kg_serve(demo_store)), stack.enter_context(oxigraph_serve(demo_store))


@pytest.mark.parametrize("question", HAND_MADE + GENERATED, ids=lambda question: question.name)
def test_both_servers_answer_alike(servers: Servers, question: Question) -> None:
    assert_alike(*servers, question)


def test_there_are_at_least_two_hundred_queries_and_all_have_names_of_their_own() -> None:
    names = {question.name for question in HAND_MADE + GENERATED}
    assert len(names) == len(HAND_MADE) + len(GENERATED) >= 200
