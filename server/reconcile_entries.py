"""What can be matched: things of the graph and items of the embedded catalogue, in one record."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, Literal, NamedNode

from kg.catalogue import LINKED_KIND, Catalogue, Item
from kg.folding import fold
from kg.generations import Generation
from kg.iris import NO_HOME, WIKIDATA, home_of
from kg.vocab import FOREIGN, KG, KG_NAMESPACE

RDF, RDFS, SKOS, WGS = (FOREIGN[prefix] for prefix in ("rdf", "rdfs", "skos", "wgs"))
WIKIDATA_ID, GEONAMES_ID = "wikidata/", "geonames/"
"""Prefixes of the ids of catalogue items: below our base, so that no id claims to be another's."""
ROOTS = frozenset(("Actor", "Place", "Work"))
_QID = re.compile(r"Q[1-9][0-9]*")
# An unnamed thing ("a doctor") has the words' offsets at its end; it belongs to its article alone.
_UNNAMED = re.compile(r"\.\d+-\d+$")


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing or an item; `kinds` are its most specific classes, `source` is empty for a thing of the graph."""

    id: str
    name: str
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    qid: str | None = None
    geonames: str | None = None
    country: str | None = None
    lat: float | None = None
    long: float | None = None
    parts_of: tuple[str, ...] = ()
    population: int = 0
    source: str = ""

    @property
    def classes(self) -> frozenset[str]:
        """All its classes with their superclasses."""
        return frozenset().union(*(KG.ancestors(kind) for kind in self.kinds))

    @property
    def description(self) -> str:
        """What tells it from its namesakes, in a few words."""
        words = [_spaced(kind) for kind in self.kinds]
        words += [self.country] if self.country else []
        words += [self.qid] if self.qid else []
        return ", ".join(words) + (f"; not in the graph, from the catalogue ({self.source})" if self.source else "")


def is_named(iri: str) -> bool:
    """Return whether a thing's IRI is that of a named thing, which articles share."""
    return not _UNNAMED.search(iri)


def qid_of(text: str) -> str | None:
    """Return the item that an identifier means ("Q20", its IRI, our id of it), or None."""
    text = text.strip().removeprefix(WIKIDATA_ID).removeprefix(WIKIDATA).removeprefix(WIKIDATA.replace("http:", "https:"))
    return text if _QID.fullmatch(text) else None


def read_entry(generation: Generation, catalogue: Catalogue, *, base: str, thing_id: str) -> Entry | None:
    """Return the named thing of an id below the base, or None where the graph has none."""
    try:
        node = NamedNode(base + thing_id)
    except ValueError:
        return None
    facts: dict[str, list[str]] = {}
    for quad in generation.graphs.quads_for_pattern(node, None, None, DefaultGraph()):
        if isinstance(quad.object, NamedNode | Literal):
            facts.setdefault(quad.predicate.value, []).append(quad.object.value)
    labels = sorted(facts.get(RDFS.label.value, ()))
    classes = {iri.removeprefix(KG_NAMESPACE) for iri in facts.get(RDF.type.value, ()) if iri.startswith(KG_NAMESPACE)}
    if not labels or not is_named(node.value):
        return None
    qid = next((found for iri in sorted(facts.get(KG.wikidata.value, ())) if (found := qid_of(iri))), None)
    item = catalogue_item(catalogue, WIKIDATA_ID + qid) if qid else None
    names = sorted({*labels[1:], *facts.get(SKOS.altLabel.value, ())} - {labels[0]})
    names += [name for name in ((item.name, *item.names) if item else ()) if name != labels[0] and name not in names]
    home = home_of(thing_id)
    return Entry(
        id=thing_id,
        name=labels[0],
        names=tuple(names),
        kinds=_most_specific(classes),
        qid=qid,
        geonames=_first(facts.get(KG.geonames.value, ())) or (item.geonames if item else None),
        country=home.upper() if home != NO_HOME else (item.country if item else None),
        lat=_number(facts.get(WGS.lat.value, ()), item.lat if item else None),
        long=_number(facts.get(WGS.long.value, ()), item.long if item else None),
        parts_of=tuple(sorted(iri.removeprefix(base) for iri in facts.get(KG.partOf.value, ()) if iri.startswith(base))),
    )


def catalogue_named(catalogue: Catalogue, name: str) -> tuple[Entry, ...]:
    """Return the catalogue's items of a name, the most populous first."""
    return tuple(entry for item in catalogue.named(name) if (entry := _item_entry(item)))


def catalogue_item(catalogue: Catalogue, entry_id: str) -> Entry | None:
    """Return the catalogue's item of one of our ids for it, or None."""
    prefix, _, key = entry_id.partition("/")
    item = {WIKIDATA_ID: catalogue.item, GEONAMES_ID: catalogue.place}[f"{prefix}/"](key)
    return _item_entry(item) if item else None


def catalogue_prefixed(catalogue: Catalogue, prefix: str, *, most: int) -> list[Entry]:
    """Return the items with a name that begins with a prefix, in the order of their folded names."""
    start, block = fold(prefix).encode(), catalogue.index.block
    at = _line_from(block, start)
    found: dict[str, Entry] = {}
    while start and block.startswith(start, at) and len(found) < most:
        end = block.index(b"\n", at)
        for entry in catalogue_named(catalogue, block[at : block.index(b"\t", at)].decode()):
            found[entry.id] = entry
        at = end + 1
    return list(found.values())[:most]


def country_codes(catalogue: Catalogue, name: str) -> frozenset[str]:
    """Return the codes of the countries that a name or a code means."""
    if re.fullmatch("[A-Za-z]{2}", name):
        return frozenset((name.upper(),))
    return frozenset(item.country.upper() for item in catalogue.named(name) if item.country and item.kind == LINKED_KIND)


def _item_entry(item: Item) -> Entry | None:
    """Return an item as an entry; None for one without an identifier, which could not be named again."""
    entry_id = WIKIDATA_ID + item.qid if item.qid else GEONAMES_ID + item.geonames if item.geonames else None
    if entry_id is None or item.kind not in KG:
        return None
    return Entry(
        id=entry_id,
        name=item.name,
        names=tuple(name for name in dict.fromkeys(item.names) if name != item.name),
        kinds=(item.kind,),
        qid=item.qid,
        geonames=item.geonames,
        country=item.country.upper() if item.country else None,
        lat=item.lat,
        long=item.long,
        population=item.population,
        source=f"{item.source} {item.source_version}, {item.agreement}",
    )


def _line_from(block: bytes, start: bytes) -> int:
    """Return where the first line of a sorted block begins that is not before `start`."""
    low, high = 0, len(block)
    while low < high:
        middle = block.rfind(b"\n", low, (low + high) // 2) + 1 or low
        if block[middle : middle + len(start)] < start:
            low = block.index(b"\n", middle) + 1
        else:
            high = middle
    return low


def _most_specific(classes: Iterable[str]) -> tuple[str, ...]:
    """Return the classes of things that are no superclass of another, the deepest first."""
    known = {name for name in classes if name in KG and KG.ancestors(name) & ROOTS}
    above = frozenset().union(*(KG.ancestors(name) - {name} for name in known))
    return tuple(sorted(known - above, key=lambda name: (-len(KG.ancestors(name)), name)))


def _first(values: Iterable[str]) -> str | None:
    return min(values, default=None)


def _number(values: Iterable[str], otherwise: float | None) -> float | None:
    value = _first(values)
    return otherwise if value is None else float(value)


def _spaced(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()
