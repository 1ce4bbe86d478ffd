"""Linking with the live service beside the catalogue: what is asked, sent and linked."""

from dataclasses import replace
from pathlib import Path

import pytest
from online_sample import CATALOGUE, CLASSES, DAY, holds, linker, record_of
from wikidata_fake import FakeWikidata, entity

from kg.link import link
from kg.online import OnlineLinker, bare_name, search_names
from kg.records import Entity, EntityMention, to_json
from kg.wikidata_cache import AnswerCache
from kg.wikidata_lookup import Lookup

ITEMS = CLASSES


PERSON = "The report by Deputy Governor Ilse Velmar of Velmaria was read aloud."


def test_a_person_is_linked_where_name_country_and_description_agree(fake: FakeWikidata, tmp_path: Path) -> None:
    holds(fake, entity("Q61", "Ilse Velmar", classes=("Q5",), sitelinks=8, P27={"id": "Q1"}))
    found = linker(fake, tmp_path).link(record_of(PERSON, ("Person", "Ilse Velmar"), ("Country", "Velmaria"))).entities[0]
    assert (found.wikidata, found.label, found.home, found.kind) == ("Q61", "Ilse Velmar", "vm", "Person")
    assert found.method == "name-evidence; Wikidata 2026-03-10 revision 1061"
    assert found.score is not None and 0.8 <= found.score <= 1


def test_the_record_names_the_day_only_where_the_live_service_changed_it(fake: FakeWikidata, tmp_path: Path) -> None:
    holds(fake, entity("Q61", "Ilse Velmar", classes=("Q5",), sitelinks=90, P27={"id": "Q1"}))
    online = linker(fake, tmp_path)
    versions = [online.link(record_of(f"{name} of Velmaria spoke.", ("Person", name))).catalogue for name in ("Ilse Velmar", "Bo Nobody")]
    assert versions == [online.version, online.catalogue.version]


def test_two_people_of_one_name_are_candidates_and_no_link(fake: FakeWikidata, tmp_path: Path) -> None:
    holds(fake, *(entity(qid, "Ilse Velmar", classes=("Q5",), sitelinks=8, P27={"id": "Q1"}) for qid in ("Q61", "Q62")))
    found = linker(fake, tmp_path).link(record_of(PERSON, ("Person", "Ilse Velmar"), ("Country", "Velmaria"))).entities[0]
    assert found.wikidata is None and [candidate.id for candidate in found.candidates] == ["Q61", "Q62"]


@pytest.mark.parametrize(
    "other",
    [
        entity("Q61", "Ilse Velmar", classes=("Q777",), sitelinks=90),  # a name
        entity("Q61", "Ilse Velmar", classes=("Q11032",), sitelinks=90),  # a newspaper
        entity("Q61", "Ilse Velmar", sitelinks=90),  # nothing known
        entity("Q61", "Ilse Velmarsen", classes=("Q5",), sitelinks=90),  # begins like it
        entity("Q61", "Ilse Velmar", classes=("Q5",), P27={"id": "Q14"}),  # unknown, of elsewhere
    ],
)
def test_what_is_no_such_person_is_not_linked(other: dict[str, object], fake: FakeWikidata, tmp_path: Path) -> None:
    holds(fake, other)
    assert linker(fake, tmp_path).link(record_of(PERSON, ("Person", "Ilse Velmar"))).entities[0].wikidata is None


def test_an_organisation_gets_its_particular_kind(fake: FakeWikidata, tmp_path: Path) -> None:
    holds(fake, entity("Q63", "Velmar Courier", "The Courier", classes=("Q11032",), sitelinks=20, P17={"id": "Q1"}))
    record = record_of("The Velmar Courier of Velmaria printed it.", ("Organisation", "Velmar Courier"), ("Country", "Velmaria"))
    found = linker(fake, tmp_path).link(record).entities[0]
    assert (found.wikidata, found.kind, found.home) == ("Q63", "MediaOrganisation", "vm")


def test_a_place_with_a_geonames_id_gets_its_item_without_a_search(fake: FakeWikidata, tmp_path: Path) -> None:
    holds(fake, entity("Q64", "Osterholm", P1566="4003"), entity("Q65", "Osterholm", P1566="4999"))
    found = linker(fake, tmp_path).link(record_of("It rained in Osterholm.", ("City", "Osterholm"))).entities[0]
    assert (found.geonames, found.wikidata) == ("4003", "Q64")
    assert found.method == "place-evidence; Wikidata 2026-03-10 revision 1064"
    assert [asked["action"] for asked in fake.requests] == ["query", "wbgetentities"]


def test_two_items_with_one_geonames_id_decide_nothing(fake: FakeWikidata, tmp_path: Path) -> None:
    holds(fake, entity("Q64", "Osterholm", P1566="4003"), entity("Q65", "Osterholm municipality", P1566="4003"))
    found = linker(fake, tmp_path).link(record_of("It rained in Osterholm.", ("City", "Osterholm"))).entities[0]
    assert (found.geonames, found.wikidata) == ("4003", None)


def test_a_place_the_catalogue_lacks_comes_from_the_live_service(fake: FakeWikidata, tmp_path: Path) -> None:
    where = {"latitude": 1.25, "longitude": 2.5}
    holds(fake, entity("Q66", "Nordby", classes=("Q515",), sitelinks=9, P17={"id": "Q1"}, P625=where, P1082={"amount": "+400000"}))
    record = record_of("It rained in Nordby, Velmaria.", ("City", "Nordby"), ("Country", "Velmaria"))
    found = linker(fake, tmp_path).link(record).entities[0]
    assert (found.wikidata, found.kind, found.home, found.lat, found.long) == ("Q66", "City", "vm", 1.25, 2.5)


def test_what_the_catalogue_knows_beyond_doubt_is_not_asked_for(fake: FakeWikidata, tmp_path: Path) -> None:
    record = record_of("It rained in Velmaria.", ("Country", "Velmaria"))
    certain = [replace(one, score=0.95) for one in link(record, CATALOGUE).entities]
    online = OnlineLinker(linker(fake, tmp_path).lookup, CATALOGUE, lambda of, _: replace(of, entities=tuple(certain)))
    assert online.link(record).entities == tuple(certain) and fake.requests == []


def test_only_names_and_ids_leave_the_machine(fake: FakeWikidata, tmp_path: Path) -> None:
    text = "Ilse Velmar wept in Osterholm; the harbour burned."
    linker(fake, tmp_path).link(record_of(text, ("Person", "Ilse Velmar"), ("City", "Osterholm")))
    sent = {value for asked in fake.requests for name, value in asked.items() if name in ("search", "srsearch", "ids")}
    assert sent == {"Ilse Velmar", "Osterholm", "haswbstatement:P1566=4003"}
    assert {name for asked in fake.requests for name in asked} <= {
        *("action", "search", "language", "uselang", "type", "limit", "ids", "props", "languages", "format", "maxlag"),
        *("list", "srsearch", "srnamespace", "srprop", "srinfo", "srlimit"),
    }


def test_with_a_full_cache_nothing_is_asked_and_the_bytes_are_the_same(fake: FakeWikidata, tmp_path: Path) -> None:
    holds(fake, entity("Q61", "Ilse Velmar", classes=("Q5",), sitelinks=8, P27={"id": "Q1"}))
    record = record_of(PERSON, ("Person", "Ilse Velmar"), ("Country", "Velmaria"))
    first = to_json(linker(fake, tmp_path).link(record))
    asked = len(fake.requests)
    offline = OnlineLinker(Lookup(None, AnswerCache(tmp_path / "cache", on=DAY, days=30)), CATALOGUE, link)
    assert to_json(offline.link(record)) == first and len(fake.requests) == asked
    assert to_json(offline.link(offline.link(record))) == first


def test_where_the_budget_ends_the_catalogue_still_links(fake: FakeWikidata, tmp_path: Path) -> None:
    record = record_of("Ilse Velmar came to Velmaria.", ("Person", "Ilse Velmar"), ("Country", "Velmaria"))
    online = linker(fake, tmp_path, budget=0)
    assert online.link(record) == link(record, CATALOGUE)
    assert online.lookup.stopped and online.lookup.unanswered


@pytest.mark.parametrize(
    ("kind", "name", "searched"),
    [
        ("Person", "former Deputy Governor Ilse Velmar", ("Ilse Velmar",)),
        ("Person", "Dr Ilse Velmar’s", ("Ilse Velmar",)),
        ("Person", "Velmar", ()),
        ("Person", "President", ()),
        ("Organisation", "the Velmar\nCourier", ("Velmar Courier",)),
        ("Company", "General Telegraph", ("General Telegraph",)),
        ("MediaOrganisation", "VCN", ("VCN",)),
        ("City", "…", ()),
    ],
)
def test_names_are_searched_without_titles_and_articles(kind: str, name: str, searched: tuple[str, ...]) -> None:
    assert search_names(Entity("e1", kind, name, (EntityMention(0, len(name)),)), name) == searched


def test_a_few_names_of_an_entity_are_searched_each_once() -> None:
    text = "Velmar Relief Board|VRB|the Velmar Relief Board|Board of Relief|Relief Board"
    at, mentions = 0, []
    for name in text.split("|"):
        mentions.append(EntityMention(at, at + len(name)))
        at += len(name) + 1
    found = search_names(Entity("e1", "Organisation", "Velmar Relief Board", tuple(mentions)), text)
    assert found == ("Velmar Relief Board", "VRB", "Board of Relief")


def test_a_name_never_loses_all_its_words() -> None:
    assert [bare_name(name, titles=True) for name in ("the Governor", "The", "")] == ["Governor", "The", ""]
