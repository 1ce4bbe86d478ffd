"""From record to quads: what is written, and that it depends on the record alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode
from sample import TEXT, extraction

from kg.iris import article_iri, main_home
from kg.rdf import quads
from kg.records import Article, Entity, EntityMention, Extraction, read_extraction, to_json
from kg.vocab import KG

BASE = "https://w3id.org/news-kg/id/"
VERSION = BASE + "article/wire%2F1/0123456789ab"


def objects(subject: str, predicate: NamedNode, **options: str) -> list[str]:
    return [q.object.value for q in quads(extraction(), **options) if q.subject.value == subject and q.predicate == predicate]


def test_all_quads_stand_in_the_versions_graph() -> None:
    assert {q.graph_name for q in quads(extraction())} == {NamedNode(VERSION)}


def test_there_are_no_blank_nodes() -> None:
    assert not any(isinstance(term, BlankNode) for q in quads(extraction()) for term in (q.subject, q.object))


def test_record_that_went_through_json_gives_the_same_quads() -> None:
    assert quads(read_extraction(to_json(extraction()))) == quads(extraction())


def test_statement_has_act_source_and_words() -> None:
    statement = next(q.subject.value for q in quads(extraction()) if q.predicate == KG.act)
    assert objects(statement, KG.act) == [KG.ActAssert.value]
    assert objects(statement, KG.source) == [BASE + "person/ana-ilic.no"]
    assert objects(statement, KG.sourceDescription) == ["the governor of Dorvan, Ana Ilic"]
    words = objects(statement, KG.cueMention)[0]
    assert objects(words, KG.exact) == ["told"] and objects(words, KG.start) == [str(TEXT.index("told"))]


def test_judgement_on_a_link_names_the_catalogue_of_the_record() -> None:
    told = {q.object.value for q in quads(replace(extraction(), catalogue="places 7")) if q.predicate == KG.catalogue}
    assert told == {"places 7"} and not any(q.predicate == KG.catalogue for q in quads(extraction()))


def test_event_hangs_on_its_statement() -> None:
    event = f"{VERSION}/event/7-13-Seizure"
    statement = objects(event, KG.voice)[0]
    assert event in objects(statement, KG.reports)


def test_event_of_the_articles_own_voice_hangs_on_the_version() -> None:
    record = extraction()
    own = replace(record, events=tuple(replace(event, voice=None) for event in record.events))
    voices = {q.object.value for q in quads(own) if q.predicate == KG.voice}
    assert voices == {VERSION}


def test_role_without_a_name_is_its_words() -> None:
    assert objects(f"{VERSION}/event/7-13-Seizure", KG.agent) == [f"{VERSION}/mention/0-6"]


def test_home_of_unlinked_things_is_the_country_named_most() -> None:
    assert main_home(extraction()) == "no"
    assert main_home(Extraction(Article("a", "", "v"))) == "xx"


@pytest.mark.parametrize(("mode", "whole", "exact"), [("evidence", False, True), ("full", True, True), ("none", False, False)])
def test_text_mode_says_how_many_words_the_graph_holds(mode: str, whole: bool, exact: bool) -> None:
    predicates = {q.predicate for q in quads(extraction(), text=mode)}  # type: ignore[arg-type]
    assert (KG.text in predicates, KG.exact in predicates) == (whole, exact)


def test_a_bare_date_becomes_midnight_and_says_that_only_the_day_is_known() -> None:
    record = extraction(published="2021-08-10")
    published = next(q.object for q in quads(record) if q.predicate == KG.published)
    assert isinstance(published, Literal) and published.value == "2021-08-10T00:00:00Z"
    assert any(q.predicate == KG.publishedPrecision and q.object == KG.PrecisionDay for q in quads(record))


def test_unnamed_source_is_the_articles_own() -> None:
    unnamed = Entity("e1", "Group", "two officials", (EntityMention(3, 9, "nominal"),))
    record = Extraction(Article("a b", "to two officials", "v"), entities=(unnamed,))
    assert any(q.subject.value == BASE + "group/a%20b.3-9" for q in quads(record))


def test_place_that_acts_is_an_actor_too() -> None:
    record = extraction()
    acting = replace(record, statements=(replace(record.statements[0], source_entities=("e4",)),))
    types = {q.object for q in quads(acting) if q.subject.value == BASE + "country/norway.no" and q.predicate.value.endswith("#type")}
    assert types == {KG.Country, KG.Actor}


@given(st.text())
def test_any_string_can_be_an_article_id(article_id: str) -> None:
    iri = article_iri(BASE, article_id.encode("utf-8", "replace").decode())
    assert NamedNode(iri).value == iri
    assert iri.count("/") == BASE.count("/") + 1 and iri.rpartition("/")[2] not in (".", "..")
