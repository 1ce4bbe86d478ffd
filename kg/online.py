"""Links records with the live Wikidata beside the embedded catalogue: asks for what the catalogue leaves open, then links anew.

What is sent are names of entities, GeoNames ids and Wikidata ids; never an article, its address or its words.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from kg.catalogue import Catalogue, Item, name_key
from kg.folding import fold
from kg.limits import count_limit, limit
from kg.live_links import LiveItem, gate, with_live_links
from kg.overlay import AGREEMENT, overlaid
from kg.records import Entity, Extraction
from kg.title_words import leading_title
from kg.vocab import KG
from kg.wikidata import LIMITS
from kg.wikidata_classes import kinds_of
from kg.wikidata_items import Facts
from kg.wikidata_lookup import Lookup

Link = Callable[[Extraction, Catalogue], Extraction]
SOURCE, LICENCE = "Wikidata", "CC0"
_LIVE = "one source"


class OnlineLinker:
    """Links records; `link` is the link stage, which sees live items as if the catalogue held them."""

    def __init__(self, lookup: Lookup, catalogue: Catalogue, link: Link) -> None:
        self.lookup = lookup
        self.catalogue = catalogue
        self.version = f"{catalogue.version}; {SOURCE} {lookup.cache.on.isoformat()}"
        self._link = link

    def link(self, record: Extraction) -> Extraction:
        """Return the record linked; a link to an item that only the live service gave says in its method when it was read."""
        record = offline = self._link(record, self.catalogue)
        left_open = [entity for entity in record.entities if is_open(entity)]
        holders = self.lookup.with_geonames(entity.geonames for entity in left_open if entity.geonames and not entity.wikidata)
        by_geonames: dict[str, str | None] = {geonames: found[0] for geonames, found in holders.items() if len(found) == 1}
        asked = [entity for entity in left_open if entity.geonames not in by_geonames]
        names = {entity.key: search_names(entity, record.article.text) for entity in asked}
        found = self._items(name for searched in names.values() for name in searched)
        # What lies on the map goes through the stage's own evidence, all else through ours: the stage knows no people.
        places = {key: held for key, items in found.items() if (held := tuple(one.item for one in items if gate(one.item.kind) is None))}
        if places or by_geonames:
            version = self.version.removeprefix(f"{self.catalogue.version}; ")
            record = self._link(record, overlaid(self.catalogue, version=version, by_geonames=by_geonames, further=places))
        record = with_live_links(record, found, names)
        entities = tuple(self._dated(entity) for entity in record.entities)
        return replace(record, entities=entities, catalogue=self.version) if entities != offline.entities else offline

    def _items(self, names: Iterable[str]) -> dict[str, tuple[LiveItem, ...]]:
        """Return what the live service has of these names, by `name_key` of each name that an item bears."""
        hits = self.lookup.items(qid for name in dict.fromkeys(names) for qid in self.lookup.search(name))
        known = {hit.facts.qid: (hit.facts, hit.asked.isoformat()) for hit in hits.values() if hit.facts}
        kinds = kinds_of((facts for facts, _ in known.values()), self.lookup)
        by_name: defaultdict[str, dict[str, LiveItem]] = defaultdict(dict)
        for qid, kind in kinds.items():
            facts, asked = known[qid]
            found = LiveItem(item_of(facts, kind, asked, self.catalogue), facts.sitelinks, facts.description)
            for key in {name_key(name) for name in facts.names} - {""}:
                by_name[key][qid] = found
        return {key: tuple(items[qid] for qid in sorted(items)) for key, items in by_name.items()}

    def _dated(self, entity: Entity) -> Entity:
        if entity.wikidata is None:
            return entity
        held = self.catalogue.item(entity.wikidata)
        known = None if held else self.lookup.items([entity.wikidata]).get(entity.wikidata)
        if known is None or known.facts is None:
            return entity
        return replace(entity, method=f"{entity.method}; {SOURCE} {known.asked.isoformat()} revision {known.facts.revision}")


def is_open(entity: Entity) -> bool:
    """Tell whether an entity is one to ask for: named, of a kind that can be linked, and not linked beyond doubt."""
    named = any(mention.form == "name" for mention in entity.mentions)
    linkable = gate(entity.kind) is not None or "Place" in KG.ancestors(entity.kind)
    return named and linkable and (entity.wikidata is None or (entity.score or 0.0) < limit("ask-below", LIMITS))


def search_names(entity: Entity, text: str) -> tuple[str, ...]:
    """Return the names to search for an entity: without titles and articles, its chief name first, each once, a few at most.

    A person's single name is not searched: it is half of thousands of names.
    """
    written = (text[mention.start : mention.end] for mention in entity.mentions if mention.form == "name")
    found: dict[str, str] = {}
    is_person = "Person" in KG.ancestors(entity.kind)
    for name in (entity.name, *written):
        bare = bare_name(name, titles=is_person)
        if fold(bare) and not (is_person and len(bare.split()) < 2):
            found.setdefault(fold(bare), bare)
    return tuple(found.values())[: count_limit("names-an-entity", LIMITS)]


def bare_name(name: str, *, titles: bool) -> str:
    """Return a name on one line without leading article and, if asked, titles; never without all of its words.

    >>> bare_name("the Deputy Governor Ana Lima’s", titles=True)
    'Ana Lima'
    >>> bare_name("the General Telegraph", titles=False)
    'General Telegraph'
    """
    words = name.strip().removesuffix("'s").removesuffix("’s").split()
    while len(words) > 1 and (size := _leading(words, titles)):
        words = words[size:]
    return " ".join(words)


def item_of(facts: Facts, kind: str, asked: str, catalogue: Catalogue) -> Item:
    """Return facts as an item of the catalogue: the catalogue's own where it holds it, with or without its Wikidata item."""
    places = [place for geonames in facts.geonames if (place := catalogue.place(geonames))]
    if len(facts.geonames) == len(places) == 1 and places[0].qid in (None, facts.qid):
        return replace(places[0], qid=facts.qid, agreement=AGREEMENT)
    held = catalogue.item(facts.qid)
    if held is not None:
        return held
    country = facts.alpha2 or next(_codes((*facts.countries, *facts.citizenships), catalogue), None)
    within = (item.admin1 for qid in facts.within if (item := catalogue.item(qid)))
    is_place = "Place" in KG.ancestors(kind)
    return Item(
        qid=facts.qid,
        kind=kind,
        name=facts.label,
        names=facts.aliases,
        country=country,
        admin1=next((admin1 for admin1 in within if admin1), None),
        geonames=facts.geonames[0] if len(facts.geonames) == 1 else None,
        lat=facts.lat if is_place else None,
        long=facts.long if is_place else None,
        population=facts.population if is_place else 0,
        source=SOURCE,
        source_version=f"{asked} revision {facts.revision}",
        licence=LICENCE,
        agreement=_LIVE,
    )


def _codes(qids: Iterable[str], catalogue: Catalogue) -> Iterator[str]:
    for qid in qids:
        item = catalogue.item(qid)
        if item is not None and item.kind == "Country" and item.country:
            yield item.country


def _leading(words: list[str], titles: bool) -> int:
    """Return how many words at the start are an article or a title, at most all but one."""
    return (leading_title(words) if titles else 0) or (1 if words[0].lower() == "the" else 0)
