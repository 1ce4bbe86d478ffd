"""Posts of persons beside their names."""

from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from kg.extract.entities import find_entities
from kg.extract.posts import find_memberships

CASES = [
    ("President Ana Lima left on Monday.", "Ana Lima", "President", None),
    ("Norwegian Prime Minister Kari Moe left on Monday.", "Kari Moe", "Prime Minister", "Norway"),
    ("Ana Lima, a member of the Bergen City Council, objected.", "Ana Lima", "member", "Bergen City Council"),
    ("Kari Moe, the deputy governor of Texas, objected.", "Kari Moe", "deputy governor", "Texas"),
    ("Portugal's foreign minister Ana Lima objected.", "Ana Lima", "foreign minister", "Portugal"),
    ("The spokesman for Fjord Airlines, Rui Costa, objected.", "Rui Costa", "spokesman", "Fjord Airlines"),
    ("Former army chief Rui Costa was arrested in Lisbon.", "Rui Costa", "Former army chief", None),
]


def posts(doc: Doc) -> set[tuple[str, str, str | None]]:
    entities = find_entities(doc)
    names = {entity.key: entity.name for entity in entities}
    return {
        (names[m.person], doc.text[m.title.start : m.title.end], names[m.of] if m.of else None) for m in find_memberships(doc, entities)
    }


@pytest.mark.model
@pytest.mark.parametrize(("text", "person", "title", "of"), CASES, ids=[text for text, *_ in CASES])
def test_post_has_title_and_what_it_belongs_to(parse: Callable[[str], Doc], text: str, person: str, title: str, of: str | None) -> None:
    assert (person, title, of) in posts(parse(text))


NO_POST = ["Mr Rui Costa objected.", "Ana Lima, 45, objected.", "Lisbon is the capital of Portugal."]


@pytest.mark.model
@pytest.mark.parametrize("text", NO_POST)
def test_honorific_age_and_place_are_no_post(parse: Callable[[str], Doc], text: str) -> None:
    assert posts(parse(text)) == set()


@pytest.mark.model
def test_a_post_has_at_least_one_word(parse: Callable[[str], Doc]) -> None:
    doc = parse("After that, U.S. candidates Ana Lima of the Harbour Party and Rui Costa met the candidates Eva Holm and Per Dahl.")
    memberships = find_memberships(doc, find_entities(doc))
    assert memberships and all(membership.title.start < membership.title.end for membership in memberships)
