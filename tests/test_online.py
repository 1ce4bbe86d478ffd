"""Linking with the live service beside the catalogue, and the overlay of the catalogue: what is asked, sent, linked and written."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from wikidata_fake import FakeWikidata, entity, replying, serving, statement

from kg.catalogue import Catalogue, Item, Source, item_line, name_key
from kg.cli import main
from kg.generations import open_current
from kg.iris import DEFAULT_BASE, version_iri
from kg.lexicon import BadLexicon
from kg.link import link
from kg.mapping import built
from kg.online import OnlineLinker, bare_name, search_names
from kg.overlay import items_to_ask, overlay_rows, read_overlay, with_overlay, write_overlay
from kg.publish import publish
from kg.rdf import quads
from kg.records import Article, Entity, EntityMention, Extraction, read_extraction, to_json
from kg.sorted_lines import SortedLines
from kg.store import Store
from kg.validate import Gate
from kg.wikidata import Wikidata
from kg.wikidata_cache import AnswerCache
from kg.wikidata_lookup import Lookup

CONTACT = "desk@velmar.example"
DAY = date(2026, 3, 10)
CLASSES = {
    "Q5": entity("Q5", "human"),
    "Q515": entity("Q515", "city"),
    "Q11032": entity("Q11032", "newspaper"),
    "Q43229": entity("Q43229", "organization"),
    "Q777": entity("Q777", "given name"),
}


def item(qid: str | None, kind: str, name: str, geonames: str | None = None, *, country: str = "vm", population: int = 0) -> Item:
    return Item(qid, kind, name, (), country, None, geonames, 1.0, 2.0, population, "invented", "1", "CC0", "one source")


def catalogue_of(*items: Item) -> Catalogue:
    lines, index = {}, {}
    for one in items:
        key, rest = item_line(one)
        lines[key] = rest
        for name in (name_key(one.name), *([one.qid] if one.qid else [])):
            index[name] = f"{index[name]} {key}" if name in index else key

    def block(table: dict[str, str]) -> SortedLines:
        return SortedLines(b"".join(sorted(f"{key}\t{rest}\n".encode() for key, rest in table.items())))

    source = Source("invented", "none", "invented", "1", "", "CC0", "")
    return Catalogue("invented 1", block(lines), block(index), SortedLines(b""), {"invented": source})


CATALOGUE = catalogue_of(
    item("Q1", "Country", "Velmaria", "3001", population=5_000_000),
    item(None, "City", "Osterholm", "4003", population=800_000),
    item("Q14", "City", "Kirkvik", "4004", population=90_000),
)


def record_of(text: str, *entities: tuple[str, str]) -> Extraction:
    """Return a record with entities (kind, name), each mentioned where its name stands first."""
    found = [
        Entity(f"e{number}", kind, name, (EntityMention(text.index(name), text.index(name) + len(name)),))
        for number, (kind, name) in enumerate(entities, start=1)
    ]
    return Extraction(Article("a", text, "0" * 12), entities=tuple(found))


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeWikidata]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving(FakeWikidata(CLASSES)) as served:
        yield served


def holds(fake: FakeWikidata, *items: dict[str, object]) -> None:
    fake.items = CLASSES | {str(one["id"]): one for one in items}


def linker(fake: FakeWikidata, folder: Path, catalogue: Catalogue = CATALOGUE, budget: int | None = None) -> OnlineLinker:
    client = Wikidata(CONTACT, url=fake.url, budget=budget, sleep=lambda _: None)
    return OnlineLinker(Lookup(client, AnswerCache(folder / "cache", on=DAY, days=30)), catalogue, link)


PERSON = "The report by Deputy Governor Ilse Velmar of Velmaria was read aloud."


def test_a_person_is_linked_where_name_country_and_description_agree(fake: FakeWikidata, tmp_path: Path) -> None:
    holds(fake, entity("Q61", "Ilse Velmar", classes=("Q5",), sitelinks=8, P27={"id": "Q1"}))
    found = linker(fake, tmp_path).link(record_of(PERSON, ("Person", "Ilse Velmar"), ("Country", "Velmaria"))).entities[0]
    assert (found.wikidata, found.label, found.home, found.kind) == ("Q61", "Ilse Velmar", "vm", "Person")
    assert found.method == "name-evidence; Wikidata 2026-03-10 revision 1061"
    assert found.score is not None and 0.8 <= found.score <= 1


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


OVERLAID = (
    item(None, "City", "Found", "1", population=9),
    item("Q102", "City", "Confirmed", "2", population=8),
    item("Q103", "City", "Corrected", "3", population=7),
    item(None, "City", "Several", "4", population=6),
    item("Q105", "City", "Of several", "5", population=5),
    item("Q106", "City", "Moved", "6", population=4),
    item("Q107", "InternationalOrganisation", "Merged", population=3),
    item("Q108", "InternationalOrganisation", "Gone", population=2),
    item("Q109", "City", "Silent", "9", country="os", population=1),
    item(None, "City", "Unknown", "10"),
)


@pytest.fixture
def overlay(fake: FakeWikidata, tmp_path: Path) -> Path:
    """What the service says of the catalogue above, written down."""
    holds(
        fake,
        entity("Q201", "Found", P1566="1"),
        entity("Q102", "Confirmed", P1566="2"),
        entity("Q103", "Corrected wrongly"),
        entity("Q203", "Corrected", P1566="3"),
        *(entity(qid, "Several", P1566="4") for qid in ("Q204", "Q205")),
        *(entity(qid, "Of several", P1566="5") for qid in ("Q105", "Q206")),
        entity("Q207", "Moved", P1566=[statement("6")]),
        entity("Q208", "Merged"),
        entity("Q109", "Silent"),
    )
    fake.merged = {"Q106": "Q207", "Q107": "Q208"}
    catalogue = catalogue_of(*OVERLAID)
    path = tmp_path / "overlay.csv"
    write_overlay(path, overlay_rows(items_to_ask(catalogue, ()), linker(fake, tmp_path).lookup))
    return path


def test_the_overlay_tells_what_became_of_each_item(overlay: Path) -> None:
    assert {row.id: (row.finding, row.was, row.became) for row in read_overlay(overlay)} == {
        "1": ("found", None, "Q201"),
        "2": ("confirmed", "Q102", "Q102"),
        "3": ("corrected", "Q103", "Q203"),
        "4": ("several", None, None),
        "5": ("confirmed", "Q105", "Q105"),
        "6": ("redirected", "Q106", "Q207"),
        "9": ("current", "Q109", "Q109"),
        "Q107": ("redirected", "Q107", "Q208"),
        "Q108": ("gone", "Q108", None),
    }
    assert overlay.read_text(encoding="utf-8").splitlines()[:2] == [
        "id,was,became,finding,label,revision,asked",
        "1,,Q201,found,Found,1201,2026-03-10",
    ]


def test_a_catalogue_heeds_its_overlay(overlay: Path) -> None:
    catalogue = with_overlay(catalogue_of(*OVERLAID), overlay)
    names = ("Found", "Confirmed", "Corrected", "Several", "Moved", "Merged", "Gone", "Unknown")
    assert [found.qid for name in names for found in catalogue.named(name)] == ["Q201", "Q102", "Q203", None, "Q207", "Q208", None, None]
    assert catalogue.version == "invented 1; overlay 2026-03-10"
    assert (found := catalogue.item("Q201")) is not None and found.name == "Found"


def test_an_overlay_of_other_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "overlay.csv"
    path.write_text("id,qid\n1,Q1\n", encoding="utf-8")
    with pytest.raises(BadLexicon, match=r"overlay.csv:1: the header is"):
        with_overlay(CATALOGUE, path)


def test_the_most_peopled_places_of_a_country_come_first() -> None:
    assert [one.name for one in items_to_ask(catalogue_of(*OVERLAID), {"os"})] == ["Silent"]
    assert [one.population for one in items_to_ask(catalogue_of(*OVERLAID), ())] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]


def test_what_could_not_be_asked_gives_no_row(fake: FakeWikidata, tmp_path: Path) -> None:
    fake.misbehaviours += [replying(b"", status=403)]
    lookup = linker(fake, tmp_path).lookup
    assert list(overlay_rows(OVERLAID, lookup)) == [] and lookup.stopped


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
    lines = to_json(record_of("Ilse Velmar spoke.", ("Person", "Ilse Velmar"))) + b"\n"
    online = ["link", "--online", "--contact", CONTACT, "--on", "2026-03-10", "--api", fake.url, "--cache", str(tmp_path / "cache")]
    result = CliRunner().invoke(main, online, input=lines)
    assert result.exit_code == 1 and result.stdout_bytes == lines
    assert "1 questions are open" in result.stderr and "HTTP 403" in result.stderr


def test_a_store_is_linked_anew_and_back(fake: FakeWikidata, tmp_path: Path) -> None:
    holds(fake, entity("Q990000061", "Ilse Velmar", classes=("Q5",), sitelinks=200))
    record = record_of("Ilse Velmar spoke.", ("Person", "Ilse Velmar"))
    path = tmp_path / "store"
    store, gate = Store(path, base=DEFAULT_BASE, text="evidence"), Gate(base=DEFAULT_BASE)
    mapped = quads(record, base=DEFAULT_BASE, text="evidence", catalogue="")
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
