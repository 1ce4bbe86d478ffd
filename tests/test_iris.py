"""The IRIs of things: shared by articles where they are one, and by nothing else."""

from dataclasses import replace

import pytest
from named import record

from kg.catalogue import distinct_among, read_catalogue
from kg.iris import DEFAULT_BASE, home_of, named_by, things_of
from kg.link import link
from kg.records import Article, Entity, EntityMention, Extraction


def linked_thing(text: str, name: str) -> str:
    """Return the thing, without the base, that a city's name stands for in a text."""
    entity = Entity("e1", "City", name, (EntityMention(text.index(name), text.index(name) + len(name)),))
    made = link(Extraction(Article("a", text, "0" * 12), entities=(entity,)), read_catalogue())
    return things_of("", made)["e1"]


def test_two_items_of_one_kind_name_and_home_do_not_meet() -> None:
    things = {linked_thing(f"A mill in {name} shut.", "Springfield") for name in ("Springfield, Illinois,", "Springfield, Missouri,")}
    assert things == {"city/springfield.us.4250542", "city/springfield.us.4409896"}


def test_the_only_item_of_its_kind_name_and_home_needs_no_number() -> None:
    assert linked_thing("A mill in Gothenburg, Sweden, shut.", "Gothenburg") == "city/gothenburg.se"


@pytest.mark.parametrize(
    ("item", "others", "told"),
    [
        (("1", "City", "no"), [("2", "City", "no")], "1"),
        (("1", "City", "no"), [("1", "City", "no")], None),
        (("1", "City", "no"), [("2", "Province", "no"), ("3", "City", "se")], None),
    ],
)
def test_what_the_catalogue_holds_decides_whether_a_number_is_needed(
    item: tuple[str, str, str], others: list[tuple[str, str, str]], told: str | None
) -> None:
    made = [replace(ANY, geonames=number, kind=kind, country=country) for number, kind, country in (item, *others)]
    assert distinct_among(made[0], made[1:]) == told


ANY = next(item for item in read_catalogue().named("Norway") if item.kind == "Country")


@pytest.mark.parametrize("home", ["af", "no"])
def test_a_linked_thing_without_a_country_is_one_in_all_articles(home: str) -> None:
    made = record("a", "InternationalOrganisation: League of Harbours", f"Country: Norway @ {home}", items={"League of Harbours": "Q1"})
    assert things_of("", made)["e0"] == "international-organisation/league-of-harbours.xx"


@pytest.mark.parametrize(
    ("thing", "home"),
    [
        ("city/vardal.no", "no"),
        (f"{DEFAULT_BASE}city/vardal.no.123", "no"),
        ("media-organisation/vardal-post.no.q123", "no"),
        ("group/wire-7.12-15", "xx"),
        ("group/wire.no.12-15", "xx"),
    ],
)
def test_home_is_read_from_the_iri(thing: str, home: str) -> None:
    assert home_of(thing) == home


@pytest.mark.parametrize("thing", ["city/ny-vardal.no", "city/ny-vardal.no.123"])
def test_name_is_read_from_the_iri(thing: str) -> None:
    assert named_by(thing, "Ny Vardal") and not named_by(thing, "Vardal")
