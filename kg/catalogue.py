"""The embedded catalogue: places and a few organisations with their Wikidata items, looked up by name, without network."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from kg.folding import fold, near_key
from kg.lexicon import read_rows
from kg.limits import count_limit
from kg.resources import resource
from kg.sorted_lines import SortedLines, read_sorted_lines

__all__ = ["LINKED_KIND", "Catalogue", "Item", "item_line", "name_key", "read_catalogue"]

LINKED_KIND = "Country"
"""The kind of states and territories."""
NO_WIKIDATA = "none"
_QID_COLUMN = 6
SPELLING = "~"
"""What stands before a spelling key in the index."""


@dataclass(frozen=True, slots=True)
class Source:
    """A row of sources.csv: a package of one version that rows come from."""

    id: str
    registry: str
    package: str
    version: str
    file: str
    licence: str
    attribution: str


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A row of abbreviations.csv: a short form before other words of a name, and the word it stands for."""

    id: str
    word: str


@dataclass(frozen=True, slots=True)
class Item:
    """A thing of the catalogue.

    `kind` is a local name of the ontology, `country` ISO 3166-1 alpha-2 in small letters ("no"), `admin1` the GeoNames
    code of the province it is or lies in ("NO.12"), `population` 0 where unknown; `agreement` says how sure the Wikidata
    item is.
    """

    qid: str | None
    kind: str
    name: str
    names: tuple[str, ...]
    country: str | None
    admin1: str | None
    geonames: str | None
    lat: float | None
    long: float | None
    population: int
    source: str
    source_version: str
    licence: str
    agreement: str


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The items, parsed when they are asked for; `version` names the data that was read, with what is left out."""

    version: str
    items: SortedLines
    index: SortedLines
    wikidata: SortedLines
    sources: Mapping[str, Source]

    def named(self, name: str) -> tuple[Item, ...]:
        """Return all items that bear a name, without regard to case, marks and a leading article; the most peopled first.

        Where none does, those whose name differs as transliterations differ ("Zaporizhzhia", "Zaporizhzhya").

        >>> [item.qid for item in read_catalogue().named("the Côte d’Ivoire")]
        ['Q1008']
        """
        return self._named(name_key(name)) or self._near(name)

    def item(self, qid: str) -> Item | None:
        """Return the item of a Wikidata identifier."""
        keys = (self.index.find(qid) or self._places_by_item.get(qid) or "").split()
        return next(iter(self._sorted(keys)), None)

    def place(self, geonames: str) -> Item | None:
        """Return the item of a GeoNames identifier."""
        return self._item(geonames)

    def inside(self, country: str) -> Item | None:
        """Return the country itself, given its ISO 3166-1 alpha-2 code in any case."""
        return self._coded(f"{country.upper()}.")

    def province(self, admin1: str) -> Item | None:
        """Return the province of a GeoNames code ("NO.12")."""
        return self._coded(admin1)

    def distinct(self, item: Item) -> str | None:
        """Return what tells an item from others of its kind, preferred name and country; None where it is the only one."""
        return distinct_among(item, self.named(item.name))

    def containers(self, item: Item) -> tuple[Item, ...]:
        """Return the province and the country that an item lies in; a code that several items bear says neither."""
        codes = (item.admin1, f"{item.country.upper()}." if item.country else None)
        keys = [found[0] for code in codes if code and len(found := (self.index.find(code) or "").split()) == 1]
        found_items = (self._item(key) for key in keys if key not in (item.geonames, item.qid))
        return tuple(container for container in found_items if container and item.kind != LINKED_KIND)

    def _coded(self, code: str) -> Item | None:
        keys = (self.index.find(code) or "").split()
        return next(iter(self._sorted(keys)), None)

    def summary(self) -> Iterator[str]:
        """Yield a line a kind and a line a source: how many items there are, and how many have a Wikidata item."""
        kinds: Counter[str] = Counter()
        linked: Counter[str] = Counter()
        for key, line in self.items.lines():
            kind, *_, qid = line.split("\t", _QID_COLUMN)[:_QID_COLUMN]
            kinds[kind] += 1
            linked[kind] += bool(qid or self.wikidata.find(key))
        for kind, count in sorted(kinds.items()):
            yield f"{count:>8,}  {kind}, {linked[kind]:,} with a Wikidata item"
        for source in self.sources.values():
            yield f"{source.package} {source.version}: {source.licence}. {source.attribution}"

    def _named(self, key: str) -> tuple[Item, ...]:
        keys = self.index.find(key) if key else None
        return self._sorted(keys.split()) if keys else ()

    def _near(self, name: str) -> tuple[Item, ...]:
        if len(name) < count_limit("near-letters-least", "catalogue_limits"):
            return ()
        key = near_key(name)
        keys = self.index.find(SPELLING + key)
        return self._sorted(keys.split()) if keys else ()

    def _sorted(self, keys: list[str]) -> tuple[Item, ...]:
        found = [item for key in keys if (item := self._item(key))]
        return tuple(sorted(found, key=lambda item: (-item.population, item.qid or "", item.geonames or "")))

    def _item(self, key: str) -> Item | None:
        return _parsed(self, key)

    @cached_property
    def _places_by_item(self) -> dict[str, str]:
        return {rest.partition("\t")[0]: key for key, rest in self.wikidata.lines()}


@lru_cache(maxsize=20_000)
def _parsed(catalogue: Catalogue, key: str) -> Item | None:
    line = catalogue.items.find(key)
    if line is None:
        return None
    kind, name, names, country, admin1, qid, lat, long, population, source_id, agreement = line.split("\t")
    geonames = key if key.isdigit() else ""
    source = catalogue.sources[source_id]
    version, licence = source.version, source.licence
    if not qid and (linked := catalogue.wikidata.find(geonames)):
        qid, agreement, other_id = linked.split("\t")
        other = catalogue.sources[other_id]
        source_id, version, licence = f"{source_id} + {other_id}", f"{version} + {other.version}", f"{licence} + {other.licence}"
    return Item(
        qid or None,
        kind,
        name,
        tuple(names.split("|")) if names else (),
        country or None,
        admin1 or None,
        geonames or None,
        float(lat) if lat else None,
        float(long) if long else None,
        int(population or 0),
        source_id,
        version,
        licence,
        agreement,
    )


def item_line(item: Item) -> tuple[str, str]:
    """Return the key and the rest of an item's line; the source's version and licence stand in sources.csv."""
    cells = (
        item.kind,
        item.name,
        "|".join(item.names),
        item.country or "",
        item.admin1 or "",
        item.qid or "",
        "" if item.lat is None else f"{item.lat:.3f}",
        "" if item.long is None else f"{item.long:.3f}",
        str(item.population or ""),
        item.source,
        item.agreement,
    )
    return _key(item), "\t".join(cells)


def distinct_among(item: Item, others: Iterable[Item]) -> str | None:
    """Return what tells an item from the `others` of its kind, preferred name and country; None where there is none.

    It is the GeoNames id where there is one: unlike the Wikidata item, it stays with an overlay and without the ODbL rows.
    """
    bearing = {_key(one) for one in others if (one.kind, one.country) == (item.kind, item.country) and fold(one.name) == fold(item.name)}
    return _key(item).lower() if bearing - {_key(item)} else None


def _key(item: Item) -> str:
    return item.geonames or item.qid or ""


def name_key(name: str) -> str:
    """Return the key that a name is filed under: `name_key("The St. Helens")` is `"saint helens"`."""
    *words, last = fold(name).removeprefix("the ").split(" ")
    long_forms = _abbreviations()
    return " ".join([*(long_forms.get(word, word) for word in words), last])


@cache
def _abbreviations() -> dict[str, str]:
    return {row.id: row.word for row in read_rows(resource("data", "catalogue", "abbreviations.csv"), Abbreviation)}


@cache
def read_catalogue(path: Path | None = None, *, odbl: bool = True) -> Catalogue:
    """Read the catalogue of a folder; without `odbl` the cities have no Wikidata items (data/catalogue/README.md).

    FileNotFoundError names what is missing; `kg catalogue build` makes it again.
    """
    folder = path or resource("data", "catalogue")
    sources = {source.id: source for source in read_rows(folder / "sources.csv", Source)}
    items, index = read_sorted_lines(folder / "items.tsv.gz"), read_sorted_lines(folder / "index.tsv.gz")
    share_alike = folder / "odbl" / "cities.tsv.gz"
    wikidata = read_sorted_lines(share_alike) if odbl and share_alike.exists() else SortedLines(b"")
    blocks = (items.block, wikidata.block)
    version = "-".join(hashlib.sha256(block).hexdigest()[:8] if block else NO_WIKIDATA for block in blocks)
    return Catalogue(f"news-kg catalogue {version}", items, index, wikidata, sources)
