"""How a statement was worded: the speaker's certainty and the article's caution."""

from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from kg.extract.named import NamedWords
from kg.extract.parse import PARAGRAPHS
from kg.extract.quotations import find_quotations
from kg.extract.statements import find_statements
from kg.records import Statement, TextSpan

pytestmark = pytest.mark.model
Parse = Callable[[str], Doc]


def first_statement(doc: Doc) -> Statement:
    paragraphs = [TextSpan(span.start_char, span.end_char) for span in doc.spans[PARAGRAPHS]]
    return find_statements(doc, find_quotations(doc.text, paragraphs), NamedWords(()), ())[0]


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("The envoy said that the dam might break.", "Possible"),
        ("The envoy said that the dam could break.", "Possible"),
        ("The envoy said that the dam could not break.", "Certain"),
        ("The envoy said that the dam was likely to break.", "Probable"),
        ("The envoy said that it was possible that the dam would break.", "Possible"),
        ("“Perhaps the dam will break,” the envoy said.", "Possible"),
        ("“I think the dam will break,” the envoy said.", "Probable"),
        ("The envoy said that farmers think the dam will break.", "Certain"),
        ("“The dam may break. We will leave the valley today,” the envoy said.", "Certain"),
        ("The envoy believes that the dam may break.", "Possible"),
        ("The envoy said that the dam was safe.", "Certain"),
    ],
)
def test_a_statement_is_as_certain_as_its_surest_main_clause(text: str, certainty: str, parse: Parse) -> None:
    assert first_statement(parse(text)).certainty == certainty


@pytest.mark.parametrize(
    ("text", "caution"),
    [
        ("The captain wrongly said that the ship was full.", "Disputed"),
        ("Without evidence, the captain claimed that the ship was full.", "Disputed"),
        ("The captain said, citing no proof, that the ship was full.", "Disputed"),
        ("The captain said, offering little evidence, that the ship was full.", "Disputed"),
        ("According to unconfirmed reports, the ship was full.", "Unconfirmed"),
        ("The alleged thief said that the ship was full.", "None"),
        ("The captain said that there was no evidence of a leak.", "None"),
        ("The captain said that the ship was full.", "None"),
    ],
)
def test_caution_is_the_doubt_that_the_article_casts_on_the_saying(text: str, caution: str, parse: Parse) -> None:
    assert first_statement(parse(text)).caution == caution
