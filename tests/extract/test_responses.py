"""What a statement answers, and what the article itself doubts afterwards."""

from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from kg.extract.collect import collect
from kg.extract.entities import find_entities
from kg.extract.events import find_events
from kg.extract.named import NamedWords
from kg.extract.parse import PARAGRAPHS
from kg.extract.quotations import find_quotations
from kg.extract.responses import with_responses
from kg.extract.statements import find_statements
from kg.records import Article, Extraction, TextSpan

pytestmark = pytest.mark.model
Parse = Callable[[str], Doc]


def record(doc: Doc) -> Extraction:
    """Return what is extracted from a short text, without times."""
    entities = find_entities(doc)
    named = NamedWords(entities)
    paragraphs = [TextSpan(span.start_char, span.end_char) for span in doc.spans[PARAGRAPHS]]
    extraction = collect(
        Article("a", doc.text, "v"),
        doc,
        furniture=(),
        entities=entities,
        memberships=(),
        events=find_events(doc, named, (), ()),
        main=None,
        statements=find_statements(doc, find_quotations(doc.text, paragraphs), named, ()),
        pipeline="test",
    )
    return with_responses(doc, extraction)


def answered(extraction: Extraction) -> list[list[str]]:
    """Return for each statement the words that it answers: the content of a statement, the trigger of an event."""
    text = extraction.article.text
    places = {event.key: event.trigger for event in extraction.events}
    places |= {s.key: TextSpan(s.content[0].start, s.content[-1].end) for s in extraction.statements}
    return [[text[places[key].start : places[key].end] for key in statement.responds_to] for statement in extraction.statements]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The union said that the mine was unsafe. The company denied the claim.", ["that the mine was unsafe"]),
        ("The union said that the mine was unsafe. The company rejected the allegations.", ["that the mine was unsafe"]),
        ("The union accused the company of fraud. The company rejected the accusation.", ["the company of fraud"]),
        ("Erik Dahl called the plan a waste. The mayor rejected Dahl’s criticism.", ["the plan a waste"]),
        ("Anna Lund said that farmers were lazy. Lund later apologised for her remarks.", ["that farmers were lazy"]),
    ],
)
def test_noun_points_back_to_what_was_said(text: str, expected: list[str], parse: Parse) -> None:
    assert answered(record(parse(text)))[-1] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The rebels seized Bergen on Monday. The army has not confirmed the fall of Bergen.", ["seized"]),
        (
            "Rebels captured Bergen, a port in the west. On Tuesday they also took control of Stavanger, a port in the south. "
            "The government has not confirmed the fall of either of the two ports.",
            ["captured", "took control"],
        ),
    ],
)
def test_confirmation_answers_the_events_that_it_names(text: str, expected: list[str], parse: Parse) -> None:
    assert answered(record(parse(text)))[-1] == expected


def test_confirmation_answers_the_statement_of_the_same_content(parse: Parse) -> None:
    text = "The mayor said that the flood destroyed forty houses. The governor confirmed that forty houses were destroyed by the flood."
    assert "that the flood destroyed forty houses" in answered(record(parse(text)))[-1]


def test_refusal_to_comment_answers_what_was_said_of_the_speaker(parse: Parse) -> None:
    text = "The mayor opened a school. Prosecutors accused Anna Lund of stealing the painting. Lund declined to comment."
    assert answered(record(parse(text)))[-1] == ["Anna Lund of stealing the painting"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A reporter asked whether the bridge was safe. The mayor replied that it would be closed.", ["whether the bridge was safe"]),
        ("The union accused the company of fraud. In response, the company said that its books were in order.", ["the company of fraud"]),
    ],
)
def test_reply_answers_the_words_before_it(text: str, expected: list[str], parse: Parse) -> None:
    assert answered(record(parse(text)))[-1] == expected


@pytest.mark.parametrize(
    "text",
    [
        "The ministry denied the attack.",
        "The company denied the claim. The union said that the mine was unsafe.",
        "The mayor said that the bridge was closed. The ministry denied that schools were unsafe.",
        "The company said that the mine was safe. The company denied the claim.",
        "The union said that the mine was unsafe. The spokeswoman of the museum declined to comment.",
    ],
)
def test_nothing_is_answered_where_nothing_is_plain(text: str, parse: Parse) -> None:
    assert not any(answered(record(parse(text))))


@pytest.mark.parametrize(
    ("text", "caution"),
    [
        ("The union said that the mine was unsafe. The claim could not be independently verified.", "Unconfirmed"),
        ("The union said that the mine was unsafe. The agency could not independently verify the claim.", "Unconfirmed"),
        ("The union said that the mine was unsafe. There is no evidence for the claim.", "Disputed"),
        ("The union said that the mine was unsafe. The claim is false.", "Disputed"),
        ("The union said that the mine was unsafe. The claim is not false.", "None"),
        ("The union said that the mine was unsafe. The company said that the claim was false.", "None"),
        ("The union said that the mine was unsafe. The company denied the claim.", "None"),
    ],
)
def test_what_the_article_doubts_afterwards_is_marked(text: str, caution: str, parse: Parse) -> None:
    assert record(parse(text)).statements[0].caution == caution
