"""`kg link` and `kg build` with another catalogue than the whole embedded one: without the ODbL rows, or under an overlay."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from online_sample import record_of

from kg.catalogue import read_catalogue
from kg.cli import main
from kg.generations import open_current
from kg.iris import DEFAULT_BASE, version_iri
from kg.link import link
from kg.mapping import built
from kg.overlay import OverlayRow, write_overlay
from kg.publish import publish
from kg.rdf import quads
from kg.records import Extraction, read_extraction, to_json
from kg.store import Store, read_settings
from kg.validate import Gate

RECORD = record_of("It rained in Gothenburg, Sweden.", ("City", "Gothenburg"), ("Country", "Sweden"))
ITEM = "Q25287"


def run(*words: str | Path, record: Extraction | None = None) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=to_json(record) + b"\n" if record else b"")


def store_of(path: Path, *, odbl: str) -> Path:
    """Make a store of the record, linked as a build with this setting links it."""
    linked = link(RECORD, read_catalogue(odbl=odbl == "yes"))
    store, gate = Store(path, base=DEFAULT_BASE, text="evidence", odbl=odbl), Gate()
    version = version_iri(DEFAULT_BASE, linked.article)
    store.add([built(linked, quads(linked), gate, version=version, text="evidence")])
    publish(store, gate)
    store.close()
    return path


def items(store: Path) -> set[str]:
    answer = open_current(store).query("SELECT ?item { ?thing <https://w3id.org/news-kg/ontology#wikidata> ?item }")
    return {row["item"].value.rpartition("/")[2] for row in answer}


def overlay(folder: Path, became: str) -> Path:
    place = read_catalogue().item(ITEM)
    assert place and place.geonames
    row = OverlayRow(place.geonames, ITEM, became, "corrected", "Gothenburg", 7, "2026-03-10")
    write_overlay(folder / "wikidata-2026-03-10.csv", [row])
    return folder / "wikidata-2026-03-10.csv"


@pytest.mark.parametrize(("options", "item", "version"), [((), ITEM, read_catalogue().version), (("--no-odbl",), None, "-none")])
def test_without_the_odbl_rows_a_city_has_its_place_and_no_item(options: tuple[str, ...], item: str | None, version: str) -> None:
    made = read_extraction(run("link", *options, record=RECORD).stdout_bytes)
    assert (made.entities[0].wikidata, made.entities[0].geonames) == (item, "2711537")
    assert made.catalogue.endswith(version)


def test_a_store_made_without_the_odbl_rows_keeps_to_it(tmp_path: Path) -> None:
    store = store_of(tmp_path / "store", odbl="no")
    for options in ((), ("--no-odbl",)):
        assert run("link", "--store", store, *options).exit_code == 0
        assert ITEM not in items(store) and read_settings(store)["odbl"] == "no"


@pytest.mark.parametrize(
    ("made", "command", "remedy"),
    [
        ("yes", ("link", "--no-odbl"), "leave out --no-odbl"),
        ("yes", ("build", "--no-odbl", "-"), "leave out --no-odbl"),
        ("no", ("build", "-"), "give --no-odbl"),
    ],
)
def test_with_and_without_the_odbl_rows_is_never_mixed(tmp_path: Path, made: str, command: tuple[str, ...], remedy: str) -> None:
    refused = run(*command, "--store", store_of(tmp_path, odbl=made))
    assert refused.exit_code == 2 and remedy in " ".join(refused.output.split())


def test_a_store_from_before_the_choice_has_the_odbl_rows(tmp_path: Path) -> None:
    Store(tmp_path, base=DEFAULT_BASE, text="evidence").close()
    assert Store(tmp_path, base=DEFAULT_BASE, text="evidence", odbl="yes").settings["odbl"] == "yes"


def test_an_overlay_gives_a_store_other_items_and_the_same_things(tmp_path: Path) -> None:
    store = store_of(tmp_path / "store", odbl="yes")
    before = {quad.subject.value for quad in open_current(store).graphs}
    assert run("link", "--store", store, "--overlay", overlay(tmp_path, "Q990000001")).exit_code == 0
    named = {quad.subject.value for quad in open_current(store).graphs}
    assert "Q990000001" in items(store) and {iri for iri in before ^ named if "/judgement/" not in iri} == set()


@pytest.mark.model
def test_build_heeds_an_overlay_and_names_it(tmp_path: Path) -> None:
    (tmp_path / "rain.txt").write_text(RECORD.article.text, encoding="utf-8")
    table = overlay(tmp_path, "Q990000001")
    assert run("build", tmp_path / "rain.txt", "--store", tmp_path / "store", "--overlay", table).exit_code == 0
    assert "Q990000001" in items(tmp_path / "store")
    query = "SELECT DISTINCT ?c { ?j <https://w3id.org/news-kg/ontology#catalogue> ?c }"
    (row,) = open_current(tmp_path / "store").query(query)
    assert row["c"].value == f"{read_catalogue().version}; wikidata-2026-03-10 2026-03-10"


def test_a_broken_overlay_says_where(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("id,was\n1,Q1\n", encoding="utf-8")
    refused = run("link", "--overlay", tmp_path / "bad.csv", record=RECORD)
    assert refused.exit_code == 2 and "bad.csv" in refused.output
