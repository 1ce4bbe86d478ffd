"""One entity for all names of a thing."""

from collections.abc import Callable

import pytest
import spacy
from spacy.tokens import Doc

from kg.extract.entities import find_entities
from kg.extract.gazetteer import known_places
from kg.extract.merging import merge_names
from kg.extract.name import Name
from kg.extract.named import NamedWords
from kg.extract.parse import PARAGRAPHS
from kg.records import Entity

VOCABULARY = spacy.blank("en").vocab
TAGS = {"in": "IN", "of": "IN", ",": ",", "and": "CC"}
Found = tuple[str, str, list[str]]


def merged(text: str, *names: tuple[str, str]) -> list[Found]:
    """Merge the (words, kind) names of a text, each found at its next occurrence; return kind, name and mentions."""
    words = text.split()
    doc = Doc(VOCABULARY, words=words, sent_starts=[True] + [False] * (len(words) - 1), tags=[TAGS.get(word, "NNP") for word in words])
    doc.spans[PARAGRAPHS] = [doc[:]]
    found, at = [], 0
    for named, kind in names:
        size = len(named.split())
        at = next(start for start in range(at, len(words)) if words[start : start + size] == named.split())
        place = known_places().get((named.lower(),))
        found.append(Name(at, at + size, kind, 2, place.form if place else "name", place))
        at += size
    return [_shown(doc, entity) for entity in merge_names(doc, found)]


def _shown(doc: Doc, entity: Entity) -> Found:
    return entity.kind, entity.name, [doc.text[m.start : m.end] for m in entity.mentions]


CASES: list[tuple[str, list[tuple[str, str]], list[Found]]] = [
    (
        "Ana Lima came . Lima left",
        [("Ana Lima", "Person"), ("Lima", "Person")],
        [("Person", "Ana Lima", ["Ana Lima", "Lima"])],
    ),
    (
        "Ana Lima met Rui Lima . Lima left",
        [("Ana Lima", "Person"), ("Rui Lima", "Person"), ("Lima", "Person")],
        [("Person", "Ana Lima", ["Ana Lima"]), ("Person", "Rui Lima", ["Rui Lima", "Lima"])],
    ),
    (
        "Ana Sofia Lima came . Ana Lima left",
        [("Ana Sofia Lima", "Person"), ("Ana Lima", "Person")],
        [("Person", "Ana Sofia Lima", ["Ana Sofia Lima", "Ana Lima"])],
    ),
    (
        "Kari Moe came . Moe left",
        [("Kari Moe", "Person"), ("Moe", "Organisation")],
        [("Person", "Kari Moe", ["Kari Moe", "Moe"])],
    ),
    (
        "Harbour Seed Network and HSN",
        [("Harbour Seed Network", "Organisation"), ("HSN", "Organisation")],
        [("Organisation", "Harbour Seed Network", ["Harbour Seed Network", "HSN"])],
    ),
    (
        "Harbour Seed Network and OCX",
        [("Harbour Seed Network", "Organisation"), ("OCX", "Organisation")],
        [("Organisation", "Harbour Seed Network", ["Harbour Seed Network"]), ("Organisation", "OCX", ["OCX"])],
    ),
    (
        "Ministry of Fisheries and Fisheries Ministry",
        [("Ministry of Fisheries", "Organisation"), ("Fisheries Ministry", "Organisation")],
        [("GovernmentBody", "Ministry of Fisheries", ["Ministry of Fisheries", "Fisheries Ministry"])],
    ),
    (
        "Fjord Airlines flew . Fjord landed",
        [("Fjord Airlines", "Organisation"), ("Fjord", "Organisation")],
        [("Company", "Fjord Airlines", ["Fjord Airlines", "Fjord"])],
    ),
    (
        "Norwegian boats left Norway",
        [("Norwegian", "Group"), ("Norway", "City")],
        [("Country", "Norway", ["Norwegian", "Norway"])],
    ),
    (
        "Swedish boats left",
        [("Swedish", "Group")],
        [("Country", "Sweden", ["Swedish"])],
    ),
    (
        "SAINT-ÉTIENNE : in Saint-Etienne",
        [("SAINT-ÉTIENNE", "Organisation"), ("Saint-Etienne", "City")],
        [("City", "Saint-Etienne", ["SAINT-ÉTIENNE", "Saint-Etienne"])],
    ),
    (
        "in Clay Province and Clay province",
        [("Clay Province", "City"), ("Clay", "City")],
        [("Province", "Clay Province", ["Clay Province", "Clay"])],
    ),
    (
        "the city of Clay and Clay province",
        [("Clay", "City"), ("Clay", "City")],
        [("City", "Clay", ["Clay"]), ("Province", "Clay", ["Clay"])],
    ),
    (
        "in Clay , in Clay and Clay said",
        [("Clay", "City"), ("Clay", "Person"), ("Clay", "Organisation")],
        [("City", "Clay", ["Clay", "Clay", "Clay"])],
    ),
    (
        "Oslo Harbour Authority of Norway met",
        [("Oslo Harbour Authority of Norway", "Organisation")],
        [
            ("GovernmentBody", "Oslo Harbour Authority of Norway", ["Oslo Harbour Authority of Norway"]),
            ("City", "Oslo", ["Oslo"]),
            ("Country", "Norway", ["Norway"]),
        ],
    ),
    (
        "in Ryxo , the Ryxo Harbour Authority met",
        [("Ryxo", "City"), ("Ryxo Harbour Authority", "Organisation")],
        [("City", "Ryxo", ["Ryxo", "Ryxo"]), ("GovernmentBody", "Ryxo Harbour Authority", ["Ryxo Harbour Authority"])],
    ),
    (
        "the Ryxo Harbour Authority met",
        [("Ryxo Harbour Authority", "Organisation")],
        [("GovernmentBody", "Ryxo Harbour Authority", ["Ryxo Harbour Authority"])],
    ),
]


@pytest.mark.parametrize(("text", "names", "expected"), CASES, ids=[text for text, _, _ in CASES])
def test_names_of_one_thing_are_one_entity(text: str, names: list[tuple[str, str]], expected: list[Found]) -> None:
    assert merged(text, *names) == expected


def test_demonym_is_marked_as_such() -> None:
    doc = Doc(VOCABULARY, words=["Norwegian", "boats"], sent_starts=[True, False])
    name = Name(0, 1, "Group", 2, "demonym", known_places()[("norwegian",)])

    (entity,) = merge_names(doc, [name])

    assert [mention.form for mention in entity.mentions] == ["demonym"]


def test_place_inside_the_name_of_an_organisation_is_marked_as_a_demonym_is() -> None:
    doc = Doc(VOCABULARY, words=["Oslo", "Harbour", "Authority"], sent_starts=[True, False, False])

    organisation, city = merge_names(doc, [Name(0, 3, "Organisation", 2)])

    assert [mention.form for entity in (organisation, city) for mention in entity.mentions] == ["name", "demonym"]


def test_words_of_an_organisation_stand_for_it_and_not_for_the_place_inside() -> None:
    doc = Doc(VOCABULARY, words=["Oslo", "Harbour", "Authority"], sent_starts=[True, False, False])
    organisation, city = merge_names(doc, [Name(0, 3, "Organisation", 2)])

    assert {NamedWords((city, organisation)).at(token) for token in doc} == {organisation.key}


@pytest.mark.model
def test_keys_follow_the_order_of_first_mention(parse: Callable[[str], Doc]) -> None:
    entities = find_entities(parse("Ana Lima left Oslo for Portugal. Lima returned to Oslo."))

    assert [entity.key for entity in entities] == ["e1", "e2", "e3"]
    assert [entity.mentions[0].start for entity in entities] == sorted(entity.mentions[0].start for entity in entities)
