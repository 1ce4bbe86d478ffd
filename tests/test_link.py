"""Linking: countries by name, nothing else, the same again when repeated."""

from dataclasses import replace

import pytest

from kg.catalogue import read_catalogue
from kg.link import link
from kg.records import Article, Candidate, Entity, EntityMention, Extraction


def extraction_of(kind: str, name: str, *mentions: str) -> Extraction:
    """Return a record with one entity, whose mentions are all there is in the text."""
    spans, at = [], 0
    for words in mentions or (name,):
        spans.append(EntityMention(at, at + len(words)))
        at += len(words) + 1
    return Extraction(Article("a", " ".join(mentions or (name,)), "0" * 12), entities=(Entity("e1", kind, name, tuple(spans)),))


def linked(kind: str, name: str, *mentions: str) -> Entity:
    return link(extraction_of(kind, name, *mentions), read_catalogue()).entities[0]


def test_country_gets_item_label_home_score_and_method() -> None:
    entity = linked("Country", "Norway")
    assert (entity.wikidata, entity.label, entity.home, entity.score, entity.method) == ("Q20", "Norway", "no", 1.0, "territory-name")
    assert entity.candidates == (Candidate("Q20", 1.0),)


def test_variant_gets_the_preferred_label_and_keeps_its_name() -> None:
    entity = linked("Country", "Ivory Coast")
    assert (entity.name, entity.label) == ("Ivory Coast", "Côte d'Ivoire")


@pytest.mark.parametrize(("kind", "name"), [("City", "Norway"), ("Person", "Chad"), ("Region", "Georgia"), ("Country", "Atlantis")])
def test_other_kinds_and_unknown_names_are_not_linked(kind: str, name: str) -> None:
    entity = linked(kind, name)
    assert (entity.wikidata, entity.candidates) == (None, ())


@pytest.mark.parametrize(("name", "items"), [("Congo", {"Q971", "Q974"}), ("Georgia", {"Q230", "Q1428"}), ("Korea", {"Q884", "Q423"})])
def test_ambiguous_name_has_candidates_and_no_link(name: str, items: set[str]) -> None:
    entity = linked("Country", name)
    assert entity.wikidata is None
    assert {candidate.id for candidate in entity.candidates} == items
    assert {candidate.score for candidate in entity.candidates} == {0.5}


def test_another_name_of_the_entity_decides_an_ambiguous_one() -> None:
    assert linked("Country", "Congo", "Congo", "DR Congo").wikidata == "Q974"


def test_mention_links_an_entity_whose_name_the_catalogue_lacks() -> None:
    assert linked("Country", "the Kingdom", "the Kingdom", "Kingdom of Norway").wikidata == "Q20"


@pytest.mark.parametrize("name", ["Norway", "Congo", "Atlantis"])
def test_linking_twice_changes_nothing(name: str) -> None:
    once = link(extraction_of("Country", name), read_catalogue())
    assert link(once, read_catalogue()) == once


def test_an_earlier_link_is_replaced() -> None:
    stale = replace(extraction_of("City", "Oslo").entities[0], wikidata="Q585", score=0.4, method="older", home="no", lat=59.9, long=10.7)
    record = replace(extraction_of("City", "Oslo"), entities=(stale,))
    assert link(record, read_catalogue()) == extraction_of("City", "Oslo")


def test_nothing_but_entities_is_touched() -> None:
    record = extraction_of("Country", "Norway")
    assert replace(link(record, read_catalogue()), entities=record.entities) == record
