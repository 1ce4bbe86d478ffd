"""The embedded catalogue: what it holds and how it is looked up."""

import re
from pathlib import Path

import pytest

from kg.catalogue import read_catalogue
from kg.lexicon import BadLexicon

HEADER = "qid,alpha2,name,names,kind,source,source_version,licence\n"


def test_catalogue_names_its_data_and_version() -> None:
    assert re.fullmatch(r"territories \d+\.\d+\.\d+", read_catalogue().version)


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
        ("Afghanistan", "Q889"),
    ],
)
def test_country_is_found_by_its_names(name: str, item: str) -> None:
    assert [territory.qid for territory in read_catalogue().named(name)] == [item]


@pytest.mark.parametrize(("name", "items"), [("Congo", ["Q974", "Q971"]), ("Korea", ["Q884", "Q423"]), ("Georgia", ["Q230", "Q1428"])])
def test_shared_name_gives_every_territory_that_bears_it(name: str, items: list[str]) -> None:
    assert sorted(territory.qid for territory in read_catalogue().named(name)) == sorted(items)


@pytest.mark.parametrize("name", ["Kabul", "Yugoslavia", "Soviet Union", "European Union", "California", "Atlantis", ""])
def test_cities_regions_and_states_of_the_past_are_not_in_it(name: str) -> None:
    assert read_catalogue().named(name) == ()


def test_each_item_stands_once_and_has_a_code() -> None:
    territories = {territory for found in read_catalogue().by_name.values() for territory in found}
    assert len({territory.qid for territory in territories}) == len(territories) > 200
    assert all(re.fullmatch(r"Q\d+", territory.qid) and re.fullmatch(r"[a-z]{2}", territory.alpha2) for territory in territories)


def test_rows_of_two_versions_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "territories.csv"
    path.write_text(f"{HEADER}Q20,no,Norway,,Country,rigour,1.0,MIT\nQ34,se,Sweden,,Country,rigour,2.0,MIT\n", encoding="utf-8")
    with pytest.raises(BadLexicon, match="source_version has 2 values"):
        read_catalogue(path)
