"""Linking: places by the evidence of the article, organisations by their full name, nobody by chance; the same again when repeated."""

from dataclasses import replace

import pytest

from kg.catalogue import read_catalogue
from kg.link import NAME_METHOD, PLACE_METHOD, link
from kg.place_links import find_place, scored, surroundings, without_own
from kg.records import Article, Entity, EntityMention, Extraction


def record(text: str, *entities: tuple[str, str]) -> Extraction:
    """Return a record with the named entities of a text, each a kind and a name, mentioned wherever the name stands."""
    made = []
    for number, (kind, name) in enumerate(entities, 1):
        starts = [at for at in range(len(text)) if text.startswith(name, at)]
        made.append(Entity(f"e{number}", kind, name, tuple(EntityMention(at, at + len(name)) for at in starts)))
    return Extraction(Article("a", text, "0" * 12), entities=tuple(made))


def linked(text: str, *entities: tuple[str, str]) -> tuple[Entity, ...]:
    return link(record(text, *entities), read_catalogue()).entities


def test_country_gets_item_label_home_coordinates_score_and_method() -> None:
    (entity,) = linked("Trade with Norway grew.", ("Country", "Norway"))
    assert (entity.wikidata, entity.label, entity.home, entity.method) == ("Q20", "Norway", "no", PLACE_METHOD)
    assert entity.score is not None and entity.score > 0.9
    assert entity.lat is not None and entity.long is not None and entity.candidates[0].id == "Q20"


def test_the_record_says_what_its_links_were_made_with() -> None:
    plain = record("Trade with Norway grew.", ("Country", "Norway"))
    assert (plain.catalogue, link(plain, read_catalogue()).catalogue) == ("", read_catalogue().version)


def test_variant_gets_the_preferred_label_and_keeps_its_name() -> None:
    (entity,) = linked("Cocoa from Ivory Coast is dear.", ("Country", "Ivory Coast"))
    assert (entity.name, entity.wikidata) == ("Ivory Coast", "Q1008")


@pytest.mark.parametrize(("kind", "name"), [("Person", "Chad"), ("Country", "Atlantis"), ("Group", "Norway"), ("Company", "Lima Foods")])
def test_other_kinds_and_unknown_names_are_not_linked(kind: str, name: str) -> None:
    (entity,) = linked(f"{name} was there.", (kind, name))
    assert (entity.wikidata, entity.lat, entity.candidates) == (None, None, ())


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("Police in Athens, Georgia, closed a road. Atlanta helped.", "Q1428"),
        ("Tbilisi is the capital of Georgia. Armenia and Azerbaijan are its neighbours.", "Q230"),
    ],
)
def test_places_around_decide_an_ambiguous_name(text: str, item: str) -> None:
    others = [("City", name) for name in ("Athens", "Atlanta", "Tbilisi") if name in text]
    countries = [("Country", name) for name in ("Armenia", "Azerbaijan") if name in text]
    found = {entity.name: entity.wikidata for entity in linked(text, ("Region", "Georgia"), *others, *countries)}
    assert found["Georgia"] == item


@pytest.mark.parametrize(
    ("text", "country"),
    [("A fire broke out in London, Ontario.", "ca"), ("A fire broke out in London.", "gb"), ("The mill in Paris, Texas, shut.", "us")],
)
def test_the_words_behind_a_name_say_which_place_it_is(text: str, country: str) -> None:
    name = "Paris" if "Paris" in text else "London"
    (entity,) = linked(text, ("City", name))
    assert entity.home == country


def test_the_end_of_a_list_says_of_what_kind_its_members_are() -> None:
    text = "Floods hit Herat, Balkh and Kunduz provinces in Afghanistan."
    entities = linked(text, ("City", "Herat"), ("City", "Balkh"), ("City", "Kunduz"), ("Country", "Afghanistan"))
    assert [entity.kind for entity in entities] == ["Province", "Province", "Province", "Country"]


def test_a_place_is_no_evidence_for_itself() -> None:
    text = "He was born in Springfield."
    place = find_place(record(text, ("City", "Springfield")).entities[0], text, read_catalogue())
    assert place is not None
    first = {place.entity.key: scored(place, "first", None)}
    around = without_own(surroundings(first), place, first)
    assert max([*around.countries.values(), *around.provinces.values()], default=0.0) < 0.01


def test_a_team_is_no_place() -> None:
    text = "Samoa beat Tonga. The coach of Samoa praised the squad after the match. The league season ends in May. Samoa top the table."
    assert [entity.wikidata for entity in linked(text, ("Country", "Samoa"), ("Country", "Tonga"))] == [None, None]


def test_a_university_is_not_its_state() -> None:
    (entity,) = linked("She studied at Ohio State.", ("Region", "Ohio State"))
    assert entity.wikidata is None


def test_organisation_is_linked_by_its_full_name() -> None:
    (entity,) = linked("The United Nations sent tents.", ("Organisation", "United Nations"))
    assert (entity.wikidata, entity.kind, entity.method) == ("Q1065", "InternationalOrganisation", NAME_METHOD)


def test_doubtful_place_has_candidates_and_no_item() -> None:
    (entity,) = linked("He was born in Springfield.", ("City", "Springfield"))
    assert entity.wikidata is None
    assert len(entity.candidates) > 1


@pytest.mark.parametrize("name", ["Norway", "Congo", "Atlantis"])
def test_linking_twice_changes_nothing(name: str) -> None:
    once = link(record(f"{name} waits.", ("Country", name)), read_catalogue())
    assert link(once, read_catalogue()) == once


def test_an_earlier_link_is_replaced() -> None:
    plain = record("Nyxaburg waits.", ("City", "Nyxaburg"))
    stale = replace(plain.entities[0], wikidata="Q585", score=0.4, method="older", home="no", lat=59.9, long=10.7)
    assert link(replace(plain, entities=(stale,)), read_catalogue()).entities == plain.entities


def test_nothing_but_entities_is_touched() -> None:
    plain = record("Trade with Norway grew.", ("Country", "Norway"))
    assert replace(link(plain, read_catalogue()), entities=plain.entities, catalogue="") == plain


def test_a_linked_place_lies_in_its_province_and_its_country() -> None:
    munich, bavaria, germany = linked(
        "Rain in Munich, Bavaria, Germany.", ("City", "Munich"), ("Province", "Bavaria"), ("Country", "Germany")
    )
    assert (munich.part_of, bavaria.part_of, germany.part_of) == (
        ("province/bavaria.de", "country/germany.de"),
        ("country/germany.de",),
        (),
    )


def test_a_place_that_may_be_several_lies_nowhere() -> None:
    (entity,) = linked("He was born in Springfield.", ("City", "Springfield"))
    assert entity.part_of == ()


def test_a_place_that_is_located_but_not_linked_is_told_from_others_of_its_name_by_its_spot() -> None:
    unsure, _ = linked("Police in Portland closed a road. The United States helped.", ("City", "Portland"), ("Country", "United States"))
    assert (unsure.label, unsure.wikidata, unsure.distinct) == (None, None, unsure.geonames) and unsure.geonames is not None
