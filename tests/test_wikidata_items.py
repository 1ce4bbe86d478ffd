"""What the live service says of an item: facts that count today, and the kind that its classes tell."""

from pathlib import Path

import pytest
from online_sample import CONTACT, DAY
from wikidata_fake import FakeWikidata, entity, statement

from kg.lexicon import read_rows
from kg.resources import resource
from kg.wikidata import Wikidata
from kg.wikidata_cache import AnswerCache
from kg.wikidata_classes import ClassRow, kinds_of
from kg.wikidata_items import QID, Facts, from_answer, read_facts, to_answer
from kg.wikidata_lookup import Lookup

ITEMS = {
    "Q11": entity("Q11", "Velmar", "Velmarr", classes=("Q515",), sitelinks=9, P1566="4001"),
    "Q12": entity("Q12", "Velmar", classes=("Q5",), sitelinks=3),
    "Q13": entity("Q13", "Velmar University", sitelinks=1, P1566=[statement("4002"), statement("4003")]),
    "Q14": entity("Q14", "Osterholm", P1566="4003"),
}


@pytest.fixture
def lookup(fake: FakeWikidata, tmp_path: Path) -> Lookup:
    return Lookup(Wikidata(CONTACT, url=fake.url, sleep=lambda _: None), AnswerCache(tmp_path / "cache", on=DAY, days=30))


def test_facts_are_what_counts_today() -> None:
    ended = statement({"id": "Q71"}, P582="+1999-00-00T00:00:00Z")
    item = entity(
        "Q60",
        "Osterholm",
        "Osterholm  Town",
        sitelinks=4,
        P17=[ended, statement({"numeric-id": 72})],
        P27=[statement({"id": "Q73"}, rank="deprecated")],
        P131=[statement({"id": "Q74"}), statement({"id": "Q75"}, rank="preferred")],
        P1082=[
            statement({"amount": "+900"}, P585="+2010-00-00T00:00:00Z"),
            statement({"amount": "+700"}, P585="+2020-00-00T00:00:00Z"),
        ],
        P625=[
            statement({"latitude": 4.0, "longitude": 5.0, "globe": "http://x.example/Q405"}),
            statement({"latitude": 6.5, "longitude": -7}),
        ],
        P1566=[statement("4007"), {"mainsnak": {"snaktype": "somevalue"}}],
    )
    facts = read_facts(item)
    assert facts == Facts(
        "Q60",
        "Osterholm",
        ("Osterholm Town",),
        "invented Osterholm",
        countries=("Q72",),
        within=("Q75",),
        geonames=("4007",),
        lat=6.5,
        long=-7.0,
        population=700,
        sitelinks=4,
        revision=1060,
    )
    assert from_answer(to_answer(facts)) == facts


@pytest.mark.parametrize("item", [{}, {"id": 3}, {"id": "P31"}, {"id": "Q1", "missing": ""}])
def test_what_is_no_item_has_no_facts(item: dict[str, object]) -> None:
    assert read_facts(item) is None


@pytest.mark.parametrize(
    "damage",
    [
        {"labels": []},
        {"labels": {"en": "x"}},
        {"aliases": {"en": {"value": "x"}}},
        {"claims": []},
        {"claims": {"P31": {}}},
        {"claims": {"P31": [3], "P625": [statement({"latitude": 400, "longitude": 1})]}},
        {"sitelinks": []},
        {"lastrevid": "x"},
    ],
)
def test_an_item_of_another_shape_is_read_as_far_as_it_goes(damage: dict[str, object]) -> None:
    facts = read_facts({"id": "Q1", **damage})
    assert facts == Facts("Q1")


def test_a_label_for_all_languages_stands_in_for_the_english_one() -> None:
    item = {
        "id": "Q1",
        "labels": {"mul": {"value": "Ilse Velmar"}},
        "aliases": {"mul": [{"value": "I. Velmar"}], "en": [{"value": "Ilse V."}]},
    }
    facts = read_facts(item)
    assert facts is not None and facts.names == ("Ilse Velmar", "Ilse V.", "I. Velmar")


@pytest.mark.parametrize(
    ("classes", "kind"),
    [
        (("Q5",), "Person"),
        (("Q515",), "City"),
        (("Q901",), "City"),  # a class below
        (("Q905",), None),  # too far below
        (("Q902",), None),  # people have no subclasses here
        (("Q7278",), None),  # the table's id bears another name
        (("Q900",), None),
        ((), None),
        (("Q901", "Q5"), "Person"),  # the nearer one
    ],
)
def test_an_items_classes_tell_its_kind(classes: tuple[str, ...], kind: str | None, lookup: Lookup, fake: FakeWikidata) -> None:
    above = {"Q901": "Q515", "Q905": "Q904", "Q904": "Q903", "Q903": "Q906", "Q906": "Q515", "Q902": "Q5", "Q900": "Q900"}
    named = {"Q5": entity("Q5", "human"), "Q515": entity("Q515", "city"), "Q7278": entity("Q7278", "a kind of pear")}
    fake.items = named | {below: entity(below, f"class {below}", P279={"id": over}) for below, over in above.items()}
    assert kinds_of([Facts("Q1", classes=classes)], lookup).get("Q1") == kind


def test_the_table_of_classes_holds_ids_labels_and_sources() -> None:
    rows = read_rows(resource("data", "catalogue", "wikidata_classes.csv"), ClassRow)
    assert len({row.label for row in rows}) == len(rows) > 50
    assert all(QID.fullmatch(row.id) and row.source and row.steps >= 0 for row in rows)
