"""Links entities to the catalogue: records in, records out, no network."""

from dataclasses import replace

from kg.catalogue import LINKED_KIND, Catalogue, Territory
from kg.records import Candidate, Entity, Extraction

METHOD = "territory-name"
_CERTAIN = 1.0


def link(extraction: Extraction, catalogue: Catalogue) -> Extraction:
    """Return the record with its countries linked by name; earlier links are replaced, so linking twice changes nothing.

    An ambiguous name ("Congo") is linked only where another of the entity's names tells which one it is; else its
    candidates are listed.
    """
    text = extraction.article.text
    return replace(extraction, entities=tuple(_linked(entity, text, catalogue) for entity in extraction.entities))


def _linked(entity: Entity, text: str, catalogue: Catalogue) -> Entity:
    entity = replace(
        entity, wikidata=None, geonames=None, lat=None, long=None, home=None, label=None, score=None, method=None, candidates=()
    )
    if entity.kind != LINKED_KIND:
        return entity
    found = _territories(entity, text, catalogue)
    if len(found) != 1 or found[0].kind != LINKED_KIND:
        share = round(_CERTAIN / len(found), 2) if found else 0.0
        return replace(entity, candidates=tuple(Candidate(territory.qid, share) for territory in found))
    (territory,) = found
    return replace(
        entity,
        wikidata=territory.qid,
        label=territory.name,
        home=territory.alpha2,
        score=_CERTAIN,
        method=METHOD,
        candidates=(Candidate(territory.qid, _CERTAIN),),
    )


def _territories(entity: Entity, text: str, catalogue: Catalogue) -> tuple[Territory, ...]:
    """Return the territories an entity may be: the one that its name means, else that its other names agree on."""
    named = catalogue.named(entity.name)
    if len(named) == 1:
        return named
    others = dict.fromkeys(text[mention.start : mention.end] for mention in entity.mentions if mention.form == "name")
    told = {territory.qid: territory for name in others if len(found := catalogue.named(name)) == 1 for territory in found}
    if named:
        told = {territory.qid: territory for territory in named if territory.qid in told}
    return tuple(told.values()) if len(told) == 1 else named or tuple(told.values())
