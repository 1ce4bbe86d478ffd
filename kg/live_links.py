"""Decides which live item a person, an organisation or a building of an article is: evidence, a score, and none if in doubt.

Like `kg.place_links`, a candidate's score is its share of the exponentials of all candidates' sums and of "none of them".
The weights (data/lexicon/online_evidence.csv) are set by hand and not calibrated.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kg.catalogue import Item, name_key
from kg.folding import fold
from kg.lexicon import read_table
from kg.limits import count_limit, limit
from kg.records import Candidate, Entity, Extraction
from kg.shares import shares
from kg.vocab import KG

METHOD = "name-evidence"
_LIMITS = "online_limits"
_GATES = ("Person", "Organisation", "Facility")


@dataclass(frozen=True, slots=True)
class LiveItem:
    """A live candidate: the item, how many sites link to it, and its description."""

    item: Item
    sitelinks: int
    description: str


@dataclass(frozen=True, slots=True)
class WeightRow:
    """A kind of evidence and its weight (log-odds)."""

    id: str
    weight: float
    note: str


def gate(kind: str) -> str | None:
    """Return which of person, organisation and building a kind is, across which nothing is linked; None for all else.

    >>> gate("MediaOrganisation")
    'Organisation'
    """
    return next((name for name in _GATES if name in KG.ancestors(kind)), None)


def with_live_links(record: Extraction, items: Mapping[str, Sequence[LiveItem]], names: Mapping[str, Sequence[str]]) -> Extraction:
    """Return the record with those linked that are not yet: `items` by `name_key`, `names` to look them up under by entity key."""
    homes: Counter[str] = Counter()
    for entity in record.entities:
        if entity.home and entity.wikidata:
            homes[entity.home] += len(entity.mentions)
    entities = []
    for entity in record.entities:
        found = _candidates(entity, items, names.get(entity.key, ())) if entity.wikidata is None else []
        entities.append(_linked(entity, found, record, homes) if found else entity)
    return replace(record, entities=tuple(entities))


def _candidates(entity: Entity, items: Mapping[str, Sequence[LiveItem]], names: Iterable[str]) -> list[LiveItem]:
    wanted = gate(entity.kind)
    found = {one.item.qid: one for name in names for one in items.get(name_key(name), ()) if wanted and gate(one.item.kind) == wanted}
    return list(found.values())


def _linked(entity: Entity, found: Sequence[LiveItem], record: Extraction, homes: Mapping[str, int]) -> Entity:
    around = _context(entity, record)
    sums = [sum(_weights()[name] * strength for name, strength in _evidence(entity, one, around, homes)) for one in found]
    scored = sorted(zip(shares(sums), found, strict=True), key=lambda pair: (-pair[0], pair[1].item.qid or ""))
    candidates = tuple(Candidate(one.item.qid or "", round(score, 2)) for score, one in scored[: count_limit("kept-candidates", _LIMITS)])
    entity = replace(entity, candidates=candidates)
    score, best = scored[0]
    if score < limit("linked", _LIMITS):
        return entity
    item = best.item
    kind = item.kind if entity.kind in KG.ancestors(item.kind) else entity.kind
    return replace(entity, kind=kind, wikidata=item.qid, label=item.name, home=item.country, score=round(score, 2), method=METHOD)


def _evidence(entity: Entity, one: LiveItem, around: frozenset[str], homes: Mapping[str, int]) -> Iterator[tuple[str, float]]:
    item = one.item
    yield "any", 1.0
    yield "known", math.log1p(one.sitelinks)
    if name_key(item.name) != name_key(entity.name):
        yield "alias", 1.0
    if len(fold(entity.name).split()) == 1:
        yield "single-word", 1.0
    if entity.kind == item.kind:
        yield "kind-agrees", 1.0
    elif entity.kind not in KG.ancestors(item.kind) and item.kind not in KG.ancestors(entity.kind):
        yield "kind-differs", 1.0
    if item.country and homes:
        share = homes.get(item.country, 0) / sum(homes.values())
        yield ("country-share", share) if share else ("country-strange", 1.0)
    described = len(around & _words(one.description))
    yield "described", float(min(described, count_limit("described-most", _LIMITS)))


def _context(entity: Entity, record: Extraction) -> frozenset[str]:
    """Return the words around an entity's names and in its posts."""
    text, reach = record.article.text, count_limit("context-characters", _LIMITS)
    pieces = [(mention.start, mention.end) for mention in entity.mentions if mention.form == "name"]
    words: set[str] = set()
    for start, end in pieces:
        words |= _words(text[max(0, start - reach) : start]) | _words(text[end : end + reach])
    for post in record.memberships:
        if post.person == entity.key:
            words |= _words(text[post.title.start : post.title.end])
    return frozenset(words)


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in fold(text).split() if len(word) >= limit("context-letters", _LIMITS))


@cache
def _weights() -> dict[str, float]:
    return {row.id: row.weight for row in read_table("online_evidence", WeightRow)}
