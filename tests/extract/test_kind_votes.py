"""Kinds of names by what the article says of others: lists, and cities of its countries."""

from collections.abc import Callable

import pytest
import spacy
from spacy.tokens import Doc

from kg.extract.entities import find_entities
from kg.extract.kind_votes import judged_names
from kg.extract.name import Name
from kg.extract.name_kinds import family

Parse = Callable[[str], Doc]


@pytest.mark.model
def test_names_of_a_list_are_what_is_said_before_it(parse: Parse) -> None:
    kinds = {entity.name: entity.kind for entity in find_entities(parse("Rebels hold the towns of Selim, Bilal and Rosa, Kari Moe said."))}

    assert kinds == {"Selim": "City", "Bilal": "City", "Rosa": "City", "Kari Moe": "Person"}


CITIES = [
    (["Drammen", "fell", "after", "Stavanger", "."], "Place"),  # the article names another city of the only country that has one
    (["Drammen", "fell", "after", "Osaka", "."], "Person"),
]


@pytest.mark.parametrize(("words", "expected"), CITIES)
def test_city_that_is_taken_for_a_person_is_known_by_its_country(words: list[str], expected: str) -> None:
    doc = Doc(spacy.blank("en").vocab, words=words, tags=["NNP", "VBD", "IN", "NNP", "."], deps=["nsubj", "ROOT", "prep", "pobj", "punct"],
              heads=[1, 1, 1, 2, 1], sent_starts=[True, False, False, False, False])  # fmt: skip
    judged = judged_names(doc, [Name(0, 1, "Person", 2), Name(3, 4, "City", 2)])

    assert {family(found.kind) for found in judged if found.names[0].start == 0} == {expected}
