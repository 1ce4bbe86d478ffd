"""The catalogue is made from packages by rules: what joins, what is dropped, and that it is the same each time."""

from pathlib import Path

import pytest
from catalogue_packages import lay

from kg.catalogue import Catalogue, Item, read_catalogue
from kg.catalogue_build.build import build_catalogue
from kg.lexicon import BadLexicon


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("catalogue")
    lay(root / "data", root / "work")
    build_catalogue(root / "data", root / "work")
    return root / "data"


@pytest.fixture(scope="module")
def catalogue(folder: Path) -> Catalogue:
    return read_catalogue(folder)


def only(items: tuple[Item, ...]) -> Item:
    (item,) = items
    return item


def test_country_has_item_identifier_people_and_the_point_of_its_mainland(catalogue: Catalogue) -> None:
    item = only(catalogue.named("Republic of Arvenia"))
    assert (item.kind, item.qid, item.geonames, item.country, item.population) == ("Country", "Q900001", "1", "qz", 5_000_000)
    assert (item.lat, item.long, item.agreement) == (52.5, -10.0, "two sources")


def test_names_in_other_letters_and_states_of_the_past_are_left_out(catalogue: Catalogue) -> None:
    assert not catalogue.named("Арвения")
    assert not catalogue.named("Old Arvenia")


def test_province_has_the_item_that_two_sources_give_and_the_middle_of_its_area(catalogue: Catalogue) -> None:
    item = only(catalogue.named("Tolmar Province"))
    assert (item.kind, item.qid, item.admin1, item.agreement) == ("Province", "Q900011", "QZ.01", "two sources")
    assert (item.lat, item.long) == (52.0, -10.0)
    assert catalogue.province("QZ.01") == item


def test_item_on_two_provinces_stays_on_the_one_whose_names_agree(catalogue: Catalogue) -> None:
    assert only(catalogue.named("Veska")).qid == "Q900012"
    assert only(catalogue.named("Sundal")).qid is None


def test_district_stands_where_its_cities_are(catalogue: Catalogue) -> None:
    item = only(catalogue.named("Harn"))
    assert (item.kind, item.lat, item.population) == ("District", 52.0, 900_000)
    assert not catalogue.named("Nowhere")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("be er si ke", "written letter by letter"),
        ("BLK", "a code"),
        ("Bal", "short"),
        ("Orsund", "another city's name"),
        ("Tolmar", "a province's name"),
    ],
)
def test_misleading_alias_is_dropped(catalogue: Catalogue, name: str, reason: str) -> None:
    assert all(item.name != "Belsk" for item in catalogue.named(name)), reason


def test_alias_that_spells_the_name_otherwise_is_kept(catalogue: Catalogue) -> None:
    assert only(catalogue.named("bjelsk")).name == "Belsk"


@pytest.mark.parametrize("name", ["Khor-i-Sabz", "Khore Sabz", "Khor Sabz", "Kur-e Sabz"])
def test_other_spelling_finds_the_place(catalogue: Catalogue, name: str) -> None:
    assert only(catalogue.named(name)).name == "Khor-e Sabz"


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("Belsk", "Q900101"),  # one row, near and of its name
        ("Orsund", "Q5001"),  # two rows bear the item; this is the large city, and the item is well known
        ("Khor-e Sabz", None),  # two rows bear it
        ("Oru", None),  # of the same name and far away
    ],
)
def test_city_has_the_item_that_is_surely_its_own(catalogue: Catalogue, name: str, item: str | None) -> None:
    assert only(catalogue.named(name)).qid == item


def test_items_of_cities_are_left_out_with_their_file(folder: Path, catalogue: Catalogue) -> None:
    without = read_catalogue(folder, odbl=False)
    assert only(without.named("Belsk")).qid is None
    assert without.item("Q900101") is None
    assert without.version != catalogue.version
    assert "ODbL" in only(catalogue.named("Belsk")).licence
    assert "ODbL" not in only(without.named("Belsk")).licence


def test_region_lies_in_the_middle_of_its_countries(catalogue: Catalogue) -> None:
    item = only(catalogue.named("the Northern Isles"))
    assert (item.kind, item.qid, item.lat) == ("Region", "Q900100", 52.5)


def test_organisation_is_found_by_its_acronym(catalogue: Catalogue) -> None:
    assert only(catalogue.named("IC")).kind == "InternationalOrganisation"


def test_organisation_that_the_package_calls_otherwise_is_refused(tmp_path: Path) -> None:
    lay(tmp_path / "data", tmp_path / "work")
    table = tmp_path / "data" / "organisations.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("Isles Council", "Isles Parliament"), encoding="utf-8")
    with pytest.raises(BadLexicon, match=r"isles-council: name-suggestion-index calls Q900200 'Isles Council'"):
        build_catalogue(tmp_path / "data", tmp_path / "work")


def test_building_again_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    lay(tmp_path / "data", tmp_path / "work")
    build_catalogue(tmp_path / "data", tmp_path / "work")
    for name in ("items.tsv.gz", "index.tsv.gz", "odbl/cities.tsv.gz"):
        assert (tmp_path / "data" / name).read_bytes() == (folder / name).read_bytes()
