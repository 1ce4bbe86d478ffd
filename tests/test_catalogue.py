"""The embedded catalogue: what it holds and how it is looked up."""

import re
import tracemalloc
from functools import cache
from pathlib import Path

import pytest

from kg.catalogue import Item, name_key, read_catalogue
from kg.folding import near_key
from kg.resources import resource
from kg.sorted_lines import SortedLines, read_sorted_lines, write_sorted_lines
from kg.vocab import KG

FILES = ("items.tsv.gz", "index.tsv.gz", "odbl/cities.tsv.gz")


@cache
def some_items() -> tuple[Item, ...]:
    """Every fiftieth item, and all that are no place."""
    catalogue = read_catalogue()
    keys = [key for key, _ in catalogue.items.lines()]
    found = (catalogue.place(key) for number, key in enumerate(keys) if number % 50 == 0 or key.startswith("Q"))
    return tuple(item for item in found if item)


def kinds_of(name: str, kind: str) -> list[str | None]:
    return [item.qid for item in read_catalogue().named(name) if item.kind == kind]


def test_catalogue_names_its_data() -> None:
    assert re.fullmatch(r"news-kg catalogue [0-9a-f]{8}-[0-9a-f]{8}", read_catalogue().version)
    assert re.fullmatch(r"news-kg catalogue [0-9a-f]{8}-none", read_catalogue(odbl=False).version)


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("Norway", "Q20"),
        ("NORWAY", "Q20"),
        ("the Netherlands", "Q55"),
        ("Netherlands", "Q55"),
        ("Cote d'Ivoire", "Q1008"),
        ("Côte d’Ivoire", "Q1008"),
        ("Ivory Coast", "Q1008"),
        ("US", "Q30"),
        ("U.S.", "Q30"),
        ("the United States of America", "Q30"),
        ("Britain", "Q145"),
        ("U.K.", "Q145"),
        ("Islamic Republic of Iran", "Q794"),
        ("Türkiye", "Q43"),
        ("Turkey", "Q43"),
        ("Burma", "Q836"),
        ("DR Congo", "Q974"),
        ("Republic of Congo", "Q971"),
        ("South Korea", "Q884"),
        ("Greenland", "Q223"),
        ("Puerto Rico", "Q1183"),
        ("Kosovo", "Q1246"),
        ("St. Lucia", "Q760"),
    ],
)
def test_country_is_found_by_its_names(name: str, item: str) -> None:
    assert kinds_of(name, "Country") == [item]


@pytest.mark.parametrize(("name", "items"), [("Congo", ["Q974", "Q971"]), ("Korea", ["Q884", "Q423"])])
def test_shared_name_gives_every_country_that_bears_it(name: str, items: list[str]) -> None:
    assert sorted(str(item) for item in kinds_of(name, "Country")) == sorted(items)


def test_state_and_country_of_one_name_are_both_found() -> None:
    found = {(item.kind, item.qid) for item in read_catalogue().named("Georgia")}
    assert {("Country", "Q230"), ("Province", "Q1428")} <= found


@pytest.mark.parametrize(
    ("name", "city", "province"),
    [("Rosario", "Q52535", None), ("Gothenburg", "Q25287", None), ("Bavaria", None, "Q980"), ("Calif.", None, "Q99")],
)
def test_city_and_province_are_told_apart(name: str, city: str | None, province: str | None) -> None:
    assert (city in kinds_of(name, "City")) == bool(city)
    assert (province in kinds_of(name, "Province")) == bool(province)


@pytest.mark.parametrize("name", ["Jugoslavija-on-Sea", "Atlantis City of Nowhere", ""])
def test_what_is_not_in_it_gives_nothing(name: str) -> None:
    assert read_catalogue().named(name) == ()


def test_most_peopled_stands_first() -> None:
    people = [item.population for item in read_catalogue().named("London")]
    assert len(people) > 3
    assert people == sorted(people, reverse=True)


def test_abbreviated_saint_is_a_saint() -> None:
    catalogue = read_catalogue()
    assert catalogue.named("Saint Louis") == catalogue.named("St. Louis")


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Shahr-e Kord", "Shahri Kurd"),
        ("Zaporizhzhia", "Zaporizhzhya"),
        ("Deir Hafer", "Dayr Hafir"),
        ("Gor Tappa", "Gortapa"),
        ("Al Wajh", "Wajh"),
        ("Qalqashan", "Kalkashan"),
    ],
)
def test_transliterations_meet(name: str, other: str) -> None:
    assert near_key(name) == near_key(other)


@pytest.mark.parametrize(("name", "other"), [("Basra", "Busra"), ("Kandal", "Kandalak"), ("Sari", "Sarar"), ("Tula", "Tura")])
def test_other_names_do_not_meet(name: str, other: str) -> None:
    assert near_key(name) != near_key(other)


def test_spelling_is_asked_only_where_the_name_is_unknown() -> None:
    catalogue = read_catalogue()
    assert {name_key(name) for item in catalogue.named("Basra") for name in (item.name, *item.names)} >= {"basra"}
    assert all("basra" in {name_key(name) for name in (item.name, *item.names)} for item in catalogue.named("Basra"))


def test_item_is_found_by_each_of_its_identifiers() -> None:
    catalogue = read_catalogue()
    norway = catalogue.item("Q20")
    assert norway is not None
    assert norway == catalogue.place("3144096") == catalogue.inside("no") == catalogue.inside("NO")
    city = catalogue.item("Q25287")
    assert city is not None
    assert city.name == "Gothenburg"
    assert catalogue.item("Q0") is catalogue.place("0") is catalogue.province("NO.0") is None


def test_city_lies_in_its_province() -> None:
    catalogue = read_catalogue()
    city = next(item for item in catalogue.named("Munich") if item.kind == "City")
    province = catalogue.province(city.admin1 or "")
    assert province is not None
    assert (province.qid, province.country) == ("Q980", "de")


def test_a_code_that_several_divisions_bear_says_not_where_an_item_lies() -> None:
    catalogue = read_catalogue()
    city = next(item for item in catalogue.named("Antwerp") if item.kind == "City")
    assert len((catalogue.index.find(city.admin1 or "") or "").split()) > 1
    assert [item.name for item in catalogue.containers(city)] == ["Belgium"]


def test_every_item_is_in_order() -> None:
    licences = {source.licence for source in read_catalogue().sources.values()}
    for item in some_items():
        assert item.kind in KG, item
        assert item.name and item.agreement and item.source and item.source_version
        assert set(item.licence.split(" + ")) <= licences, item
        assert item.qid is None or re.fullmatch(r"Q[1-9]\d*", item.qid), item
        assert item.geonames or item.qid, item
        assert item.country is None or re.fullmatch(r"[a-z]{2}", item.country), item
        assert item.lat is None or (-90 <= item.lat <= 90 and item.long is not None and -180 <= item.long <= 180), item
        assert item.population >= 0


def test_every_item_is_found_by_its_name() -> None:
    catalogue = read_catalogue()
    assert all(item in catalogue.named(item.name) for item in some_items())


def test_item_of_the_share_alike_file_stands_on_one_city() -> None:
    items = [rest.split("\t")[0] for _, rest in read_catalogue().wikidata.lines()]
    assert len(items) == len(set(items)) > 50_000


@pytest.mark.parametrize("name", FILES)
def test_file_is_sorted_and_each_key_stands_once(name: str) -> None:
    keys = [key.encode() for key, _ in read_sorted_lines(resource("data", "catalogue") / name).lines()]
    assert keys == sorted(set(keys))


def test_files_are_small() -> None:
    assert sum((resource("data", "catalogue") / name).stat().st_size for name in FILES) < 12_000_000


def test_catalogue_in_memory_is_small() -> None:
    tracemalloc.start()
    read_catalogue.__wrapped__()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 100_000_000


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_sorted_lines_are_found_by_key(tmp_path: Path, count: int) -> None:
    lines = [(f"key{number}", f"{number}\tx") for number in range(count)]
    write_sorted_lines(tmp_path / "lines.gz", reversed(lines))
    table = read_sorted_lines(tmp_path / "lines.gz")
    assert list(table.lines()) == lines
    assert [table.find(key) for key, _ in lines] == [rest for _, rest in lines]
    assert [table.find(key) for key in ("", "a", "key", "key00", "z")] == [None] * 5


def test_key_that_begins_another_is_found() -> None:
    table = SortedLines(b"a\t1\na b\t2\nab\t3\n")
    assert [table.find(key) for key in ("a", "a b", "ab")] == ["1", "2", "3"]
