"""An invented catalogue, records, and the linker that asks the fake of the live service."""

from datetime import date
from pathlib import Path

from wikidata_fake import FakeWikidata, entity

from kg.catalogue import Catalogue, Item, Source, item_line, name_key
from kg.link import link
from kg.online import OnlineLinker
from kg.records import Article, Entity, EntityMention, Extraction
from kg.sorted_lines import SortedLines
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


def holds(fake: FakeWikidata, *items: dict[str, object]) -> None:
    fake.items = CLASSES | {str(one["id"]): one for one in items}


def linker(fake: FakeWikidata, folder: Path, catalogue: Catalogue = CATALOGUE, budget: int | None = None) -> OnlineLinker:
    client = Wikidata(CONTACT, url=fake.url, budget=budget, sleep=lambda _: None)
    return OnlineLinker(Lookup(client, AnswerCache(folder / "cache", on=DAY, days=30)), catalogue, link)
