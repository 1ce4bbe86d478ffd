"""Links entities to the catalogue: records in, records out, no network.

Places by the evidence of the article (`kg.place_links`), organisations by their full name where the catalogue holds one
of their kind. People are never linked here: the embedded catalogue has none.
"""

from collections.abc import Mapping
from dataclasses import replace

from kg.catalogue import Catalogue, Item
from kg.iris import NO_HOME, named_thing
from kg.limits import count_limit, limit
from kg.place_links import Choice, place_choices
from kg.records import Candidate, Entity, Extraction
from kg.vocab import KG

PLACE_METHOD = "place-evidence"
NAME_METHOD = "organisation-name"
_LIMITS = "link_limits"
_CERTAIN = 1.0
_FIXED_KINDS = frozenset({"Facility", "BorderCrossing"})


def link(extraction: Extraction, catalogue: Catalogue) -> Extraction:
    """Return the record with its places and organisations linked; earlier links are replaced.

    A linked place takes the kind of its item; linked again, it starts from that kind. A place whose best candidate is
    doubtful has candidates and no item; a likely one has its coordinates.
    """
    text = extraction.article.text
    bare = [_without_link(entity) for entity in extraction.entities]
    chosen = place_choices([entity for entity in bare if "Place" in KG.ancestors(entity.kind)], text, catalogue)
    linked = _agreed(tuple(_linked(entity, chosen, catalogue) for entity in bare))
    return replace(extraction, entities=linked, catalogue=catalogue.version)


def _agreed(entities: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """Return the entities with one score a linked item: two of one article may be the same thing, which is judged once."""
    best: dict[str, float] = {}
    for entity in entities:
        if entity.label and entity.score is not None:
            item = entity.wikidata or entity.geonames or ""
            best[item] = max(entity.score, best.get(item, 0.0))
    return tuple(replace(e, score=best[e.wikidata or e.geonames or ""]) if e.label and e.score is not None else e for e in entities)


def _without_link(entity: Entity) -> Entity:
    bare = replace(entity, wikidata=None, geonames=None, lat=None, long=None, score=None, method=None, candidates=())
    return replace(bare, home=None, label=None, distinct=None, part_of=())


def _linked(entity: Entity, chosen: Mapping[str, tuple[Choice, ...]], catalogue: Catalogue) -> Entity:
    if choices := chosen.get(entity.key):
        return _placed(entity, choices, catalogue)
    if "Organisation" in KG.ancestors(entity.kind):
        return _named(entity, catalogue)
    return entity


def _placed(entity: Entity, choices: tuple[Choice, ...], catalogue: Catalogue) -> Entity:
    best = choices[0]
    most = count_limit("kept-candidates", _LIMITS)
    candidates = tuple(Candidate(_identifier(choice.item), round(choice.score, 2)) for choice in choices[:most])
    entity = replace(entity, candidates=candidates)
    if best.score < limit("located", _LIMITS) or entity.kind in _FIXED_KINDS:
        return entity
    item = best.item
    located = replace(entity, lat=item.lat, long=item.long, geonames=item.geonames, score=round(best.score, 2), method=PLACE_METHOD)
    located = replace(located, distinct=item.geonames)  # two articles may place one name at two spots
    if best.score < limit("linked", _LIMITS):
        return located
    placed = replace(located, kind=item.kind, wikidata=item.qid, label=item.name, home=item.country)
    return replace(placed, distinct=catalogue.distinct(item), part_of=tuple(_thing(one, catalogue) for one in catalogue.containers(item)))


def _named(entity: Entity, catalogue: Catalogue) -> Entity:
    found = [item for item in catalogue.named(entity.name) if "Organisation" in KG.ancestors(item.kind) and item.qid]
    if len(found) != 1:
        return entity
    item = found[0]
    return replace(
        entity,
        kind=item.kind,
        wikidata=item.qid,
        label=item.name,
        home=item.country,
        distinct=catalogue.distinct(item),
        score=_CERTAIN,
        method=NAME_METHOD,
        candidates=(Candidate(_identifier(item), _CERTAIN),),
    )


def _thing(item: Item, catalogue: Catalogue) -> str:
    return named_thing(item.kind, item.name, item.country or NO_HOME, catalogue.distinct(item))


def _identifier(item: Item) -> str:
    return item.qid or f"geonames:{item.geonames}"
