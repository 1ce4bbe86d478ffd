"""`kg link --online`, `kg link --store` and `kg catalogue update` against the fake of the live service."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from online_sample import CLASSES, CONTACT, holds, record_of
from wikidata_fake import FakeWikidata, entity, replying

from kg.catalogue import read_catalogue
from kg.cli import main
from kg.generations import open_current
from kg.iris import DEFAULT_BASE, version_iri
from kg.link import link
from kg.mapping import built
from kg.overlay import read_overlay
from kg.publish import publish
from kg.rdf import quads
from kg.records import read_extraction, to_json
from kg.store import Store
from kg.validate import Gate

ITEMS = CLASSES


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--on", "2026-03-10"], "give --contact"),
        (["--contact", "nobody", "--on", "2026-03-10"], "contact 'nobody'"),
        (["--contact", CONTACT], "needs --on DATE"),
        (["--contact", CONTACT, "--on", "2026-03-10", "--api", "ftp://x.example"], "no address of an API"),
    ],
)
def test_going_online_needs_a_contact_and_a_day(arguments: list[str], message: str) -> None:
    result = CliRunner().invoke(main, ["link", "--online", *arguments], input=b"", env={"KG_CONTACT": ""})
    assert result.exit_code == 2 and message in " ".join(result.output.split())


def test_link_online_is_a_filter_that_gives_the_same_bytes_again(fake: FakeWikidata, tmp_path: Path) -> None:
    holds(fake, entity("Q990000061", "Ilse Velmar", classes=("Q5",), sitelinks=200))
    lines = to_json(record_of("Ilse Velmar spoke.", ("Person", "Ilse Velmar"))) + b"\n"
    online = ["link", "--online", "--on", "2026-03-10", "--api", fake.url, "--cache", str(tmp_path / "cache")]
    first = CliRunner().invoke(main, online, input=lines, env={"KG_CONTACT": CONTACT})
    assert (first.exit_code, read_extraction(first.stdout_bytes).entities[0].wikidata) == (0, "Q990000061")
    assert "3 requests sent" in first.stderr
    again = CliRunner().invoke(main, [*online, "--requests", "0"], input=lines)
    assert (again.exit_code, again.stdout_bytes, len(fake.requests)) == (0, first.stdout_bytes, 3)


def test_link_is_offline_unless_told(fake: FakeWikidata) -> None:
    lines = to_json(record_of("Ilse Velmar spoke.", ("Person", "Ilse Velmar"))) + b"\n"
    assert CliRunner().invoke(main, ["link", "--api", fake.url], input=lines, env={"KG_CONTACT": CONTACT}).exit_code == 0
    assert fake.requests == []


def test_a_stopped_run_prints_what_it_has_and_says_so(fake: FakeWikidata, tmp_path: Path) -> None:
    fake.misbehaviours += [replying(b"", status=403)]
    record = record_of("Ilse Velmar spoke.", ("Person", "Ilse Velmar"))
    online = ["link", "--online", "--contact", CONTACT, "--on", "2026-03-10", "--api", fake.url, "--cache", str(tmp_path / "cache")]
    result = CliRunner().invoke(main, online, input=to_json(record) + b"\n")
    assert result.exit_code == 1 and result.stdout_bytes == to_json(link(record, read_catalogue())) + b"\n"
    assert "1 questions are open" in result.stderr and "HTTP 403" in result.stderr


def test_a_store_is_linked_anew_and_back(fake: FakeWikidata, tmp_path: Path) -> None:
    holds(fake, entity("Q990000061", "Ilse Velmar", classes=("Q5",), sitelinks=200))
    record = record_of("Ilse Velmar spoke.", ("Person", "Ilse Velmar"))
    path = tmp_path / "store"
    store, gate = Store(path, base=DEFAULT_BASE, text="evidence"), Gate(base=DEFAULT_BASE)
    mapped = quads(record, base=DEFAULT_BASE, text="evidence")
    store.add([built(record, mapped, gate, version=version_iri(DEFAULT_BASE, record.article), text="evidence")])
    publish(store, gate)
    store.close()
    before = linked_items(path)
    online = ["link", "--online", "--contact", CONTACT, "--on", "2026-03-10", "--api", fake.url, "--cache", str(tmp_path / "cache")]
    result = CliRunner().invoke(main, [*online, "--store", str(path)])
    assert (result.exit_code, "1 articles have other links than before" in result.stderr) == (0, True)
    assert linked_items(path) == {"http://www.wikidata.org/entity/Q990000061"}
    assert CliRunner().invoke(main, ["link", "--store", str(path)]).exit_code == 0
    assert linked_items(path) == before == set()


def linked_items(store: Path) -> set[str]:
    answer = open_current(store).query("SELECT ?item { ?thing <https://w3id.org/news-kg/ontology#wikidata> ?item }")
    return {row["item"].value for row in answer}


def test_the_catalogue_is_updated_into_a_dated_file(fake: FakeWikidata, tmp_path: Path) -> None:
    path = tmp_path / "overlay.csv"
    update = ["catalogue", "update", "--contact", CONTACT, "--on", "2026-03-10", "--api", fake.url, "--cache", str(tmp_path / "cache")]
    result = CliRunner().invoke(main, [*update, "--country", "SM", "-o", str(path)])
    assert result.exit_code == 0 and "items written to" in result.stderr
    assert "gone" in {row.finding for row in read_overlay(path)}  # the fake holds no country
    first, asked = path.read_bytes(), len(fake.requests)
    assert CliRunner().invoke(main, [*update, "--country", "sm", "-o", str(path)]).exit_code == 0
    assert (path.read_bytes(), len(fake.requests)) == (first, asked)


def test_an_overlay_that_cannot_be_written_says_where_else(fake: FakeWikidata, tmp_path: Path) -> None:
    update = ["catalogue", "update", "--contact", CONTACT, "--on", "2026-03-10", "--api", fake.url, "--cache", str(tmp_path / "cache")]
    result = CliRunner().invoke(main, [*update, "--country", "sm", "-o", str(tmp_path / "absent" / "overlay.csv")])
    assert result.exit_code == 2 and "name another file with -o" in " ".join(result.output.split())
