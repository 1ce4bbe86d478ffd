"""What speaking pronouns and descriptions stand for, over whole articles."""

from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from kg.extract.collect import collect
from kg.extract.entities import find_entities
from kg.extract.genders import genders_of
from kg.extract.named import NamedWords
from kg.extract.parse import PARAGRAPHS
from kg.extract.posts import find_memberships
from kg.extract.quotations import find_quotations
from kg.extract.statements import find_statements
from kg.records import Article, Extraction, TextSpan

pytestmark = pytest.mark.model
Parse = Callable[[str], Doc]


def extracted(doc: Doc) -> Extraction:
    paragraphs = [TextSpan(span.start_char, span.end_char) for span in doc.spans[PARAGRAPHS]]
    entities = find_entities(doc)
    return collect(
        Article("a", doc.text, "v"),
        doc,
        furniture=(),
        entities=entities,
        memberships=find_memberships(doc, entities),
        events=(),
        main=None,
        statements=find_statements(doc, find_quotations(doc.text, paragraphs), NamedWords(entities), ()),
        pipeline="test",
    )


def speakers(doc: Doc) -> list[list[str]]:
    extraction = extracted(doc)
    names = {entity.key: entity.name for entity in extraction.entities}
    return [[names[key] for key in statement.source_entities] for statement in extraction.statements]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Ana Lima left on Monday. She said that the port was closed.", "Ana Lima"),
        ("Mrs Lima met Mr Moe on Monday. He said that the port was closed.", "Moe"),
        ("Kari Moe met Peter Lima on Monday. She said that the port was closed.", "Kari Moe"),
        ("“The port is closed,” Ana Lima said.\n“Nobody may enter,” she added.", "Ana Lima"),
        ("A spokeswoman said that the port was closed. She added that nobody was hurt.", "A spokeswoman"),
        ("Two officials said that the port was closed. They added that nobody was hurt.", "Two officials"),
        ("Microsoft said that the talks had failed. It added that it would go on.", "Microsoft"),
        ("Ana Lima, a deputy for Oslo, left on Monday. The lawmaker said that the port was closed.", "Ana Lima"),
        ("The Health Ministry closed the port. The ministry said that nobody was hurt.", "Health Ministry"),
        ("Fjord Airlines closed the office. The company said that nobody was hurt.", "Fjord Airlines"),
        ("A senior official said that the port was closed. The official added that nobody was hurt.", "A senior official"),
        ("An engineer who said that the dam was safe left.", "An engineer"),
        ("Peter Moe asked Mark Lima a question. He told Moe that the port was closed.", "Mark Lima"),
    ],
)
def test_source_stands_for_what_was_named_or_described_before(text: str, last: str, parse: Parse) -> None:
    assert speakers(parse(text))[-1] == [last]


@pytest.mark.parametrize(
    "text",
    [
        "Mr Lima met Mr Moe on Monday. His claim that the port was closed was false.",
        "The port is closed. He said that nobody was hurt.",
        "A boy met Mr Moe. The boy was glad. He said that the port was closed.",
        "Ana Lima is late, he said.",
    ],
)
def test_pronoun_stands_for_nobody_when_that_is_not_clear(text: str, parse: Parse) -> None:
    assert speakers(parse(text))[-1] == []


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("An official said that the port was closed. Another official said that it was open.", "Another official"),
        ("Some people said that the port was closed. Some people said that it was open.", "Some people"),
        ("Ana Lima, the mayor of Oslo, left. The mayor of Bergen said that the port was closed.", "The mayor of Bergen"),
    ],
)
def test_others_without_a_name_stay_apart(text: str, last: str, parse: Parse) -> None:
    extraction = extracted(parse(text))
    (key,) = extraction.statements[-1].source_entities
    (entity,) = (entity for entity in extraction.entities if entity.key == key)
    assert (entity.name, len(entity.mentions)) == (last, 1)


def test_words_that_stand_for_an_entity_are_mentions_of_it(parse: Parse) -> None:
    extraction = extracted(parse("Ana Lima, a deputy, left on Monday. The lawmaker said that the port was closed. She said it was late."))
    (ana,) = (entity for entity in extraction.entities if entity.name == "Ana Lima")
    assert [mention.form for mention in ana.mentions] == ["name", "nominal", "pronoun"]


def test_spokesman_goes_on_speaking_for_the_same(parse: Parse) -> None:
    extraction = extracted(parse("Ana Lima, a spokeswoman for Norway, said that the talks had failed. She added that it was late."))
    names = {entity.key: entity.name for entity in extraction.entities}
    assert [names.get(statement.on_behalf_of or "") for statement in extraction.statements] == ["Norway", "Norway"]


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("Mrs Moe left.", "feminine"),
        ("The spokesman, Alex Moe, left.", "masculine"),
        ("Peter Moe left.", "masculine"),
        ("Alex Moe said that she was late.", "feminine"),
        ("Alex Moe left.", None),
    ],
)
def test_gender_is_what_words_tell(text: str, gender: str | None, parse: Parse) -> None:
    doc = parse(text)
    entities = find_entities(doc)
    (person,) = (entity for entity in entities if entity.kind == "Person")
    assert genders_of(doc, entities, find_memberships(doc, entities)).get(person.key) == gender
