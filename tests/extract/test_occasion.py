"""The occasion of a statement: addressee, medium, time and place of saying."""

from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from kg.extract.named import NamedWords
from kg.extract.parse import PARAGRAPHS
from kg.extract.quotations import find_quotations
from kg.extract.statements import find_statements
from kg.records import Entity, EntityMention, Statement, TextSpan, Time

pytestmark = pytest.mark.model
Parse = Callable[[str], Doc]


def first_statement(doc: Doc, *, name: str | None = None, time: str | None = None) -> Statement:
    """Return the first statement of a text in which `name` is the entity e1 and `time` a time expression."""
    paragraphs = [TextSpan(span.start_char, span.end_char) for span in doc.spans[PARAGRAPHS]]
    place = doc.text.index(name) if name else 0
    entities = (Entity("e1", "Person", name, (EntityMention(place, place + len(name)),)),) if name else ()
    start = doc.text.index(time) if time else 0
    times = (Time(start, start + len(time), "day"),) if time else ()
    return find_statements(doc, find_quotations(doc.text, paragraphs), NamedWords(entities), times)[0]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The mayor told Radio Oslo that the bridge was closed.", "Radio Oslo"),
        ("The mayor said to Anna Lund that the bridge was closed.", "Anna Lund"),
        ("The mayor wrote to Anna Lund that the bridge was closed.", "Anna Lund"),
        ("The mayor said in an interview with Anna Lund that the bridge was closed.", "Anna Lund"),
        ("The mayor said in a letter to Anna Lund that the bridge was closed.", "Anna Lund"),
        ("Speaking to Anna Lund, the mayor said that the bridge was closed.", "Anna Lund"),
        ("The mayor urged Anna Lund to close the bridge.", "Anna Lund"),
        ("The mayor warned Anna Lund that the bridge was closed.", "Anna Lund"),
    ],
)
def test_addressee_is_whom_the_words_are_for(text: str, name: str, parse: Parse) -> None:
    assert first_statement(parse(text), name=name).addressees == ("e1",)


def test_who_is_told_but_not_named_is_no_addressee(parse: Parse) -> None:
    assert first_statement(parse("The mayor told reporters that the bridge was closed."), name="mayor").addressees == ()


@pytest.mark.parametrize(
    ("text", "medium"),
    [
        ("The mayor said in a statement that the bridge was closed.", "statement"),
        ("The mayor said on Twitter that the bridge was closed.", "Twitter"),
        ("The mayor said at a press conference that the bridge was closed.", "press conference"),
        ("The mayor told reporters by telephone that the bridge was closed.", "telephone"),
        ("The mayor said in an interview that the bridge was closed.", "interview"),
        ("The mayor tweeted that the bridge was closed.", "tweeted"),
        ("The mayor said that the bridge was closed.", None),
        ("The mayor said that the bridge was closed in a statement.", None),
    ],
)
def test_medium_is_what_carried_the_words_or_the_verb_that_names_it(text: str, medium: str | None, parse: Parse) -> None:
    doc = parse(text)
    span = first_statement(doc).medium
    assert (doc.text[span.start : span.end] if span else None) == medium


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("The minister said in Geneva that the talks had failed.", "Geneva"),
        ("Speaking in Brussels, the minister said that the talks had failed.", "Brussels"),
        ("The minister told reporters in Geneva that the talks had failed.", "Geneva"),
        ("“The talks have failed,” the minister said in a speech in Geneva.", "Geneva"),
        ("The minister said by telephone from Geneva that the talks had failed.", "Geneva"),
        ("The minister said that the talks in Geneva had failed.", None),
        ("The minister said that the talks had failed.", None),
    ],
)
def test_place_of_saying_is_where_the_speaker_was(text: str, place: str | None, parse: Parse) -> None:
    doc = parse(text)
    found = first_statement(doc).place
    assert (doc.text[found.start : found.end] if found else None) == place


@pytest.mark.parametrize(
    ("text", "time", "is_stated"),
    [
        ("The minister said on Monday that the talks had failed.", "on Monday", True),
        ("The minister said Monday that the talks had failed.", "Monday", True),
        ("Speaking on Monday in Oslo, the minister said that the talks had failed.", "on Monday", True),
        ("“The talks have failed,” the minister said in a speech on Monday.", "on Monday", True),
        ("The minister said that the talks had failed on Monday.", "on Monday", False),
        ("“They failed,” the minister said of the 2016 talks.", "2016", False),
    ],
)
def test_time_of_saying_stands_in_the_reporting_clause(text: str, time: str, is_stated: bool, parse: Parse) -> None:
    assert (first_statement(parse(text), time=time).time is not None) is is_stated
