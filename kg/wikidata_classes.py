"""Tells what kind of thing an item is: its classes, and the classes above them, up to one that a reviewed table knows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from kg.folding import fold
from kg.lexicon import read_rows
from kg.resources import resource
from kg.wikidata_items import Facts
from kg.wikidata_lookup import Lookup


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class of Wikidata and our kind for it; `steps` is how far below it a class may stand and still be of that kind.

    `label` guards against a wrong id: a row counts only where the item bears that name, or one of those separated by |.
    """

    id: str
    label: str
    kind: str
    steps: int
    source: str


def kinds_of(items: Iterable[Facts], lookup: Lookup) -> dict[str, str]:
    """Return the kind of each item by id; an item whose classes lead to none of the table is left out.

    The nearest class of the table wins, of equally near ones the first row.
    """
    items = tuple(items)
    classes = _classes(items, lookup)
    found = {item.qid: _kind(item, classes) for item in items}
    return {qid: kind for qid, kind in found.items() if kind}


def _classes(items: tuple[Facts, ...], lookup: Lookup) -> dict[str, Facts]:
    """Return the classes of the items and those above them, as far up as the table may ask for, each level in one go."""
    classes: dict[str, Facts] = {}
    wanted = {qid for item in items for qid in item.classes}
    for _ in range(max(row.steps for row in _rows().values()) + 1):
        level = {qid: known.facts for qid, known in lookup.items(sorted(wanted - classes.keys())).items() if known.facts}
        classes |= level
        wanted = {above for qid, facts in level.items() if not _agrees(qid, facts) for above in facts.above}
    return classes


def _kind(item: Facts, classes: Mapping[str, Facts]) -> str | None:
    level, seen, steps = set(item.classes), set(item.classes), 0
    while level:
        known = [_rows()[qid] for qid in level if qid in classes and _agrees(qid, classes[qid])]
        if near := [row for row in known if row.steps >= steps]:
            order = list(_rows())
            return min(near, key=lambda row: order.index(row.id)).kind
        level = {above for qid in level if qid in classes for above in classes[qid].above} - seen
        seen |= level
        steps += 1
    return None


def _agrees(qid: str, facts: Facts) -> bool:
    row = _rows().get(qid)
    return row is not None and not {fold(label) for label in row.label.split("|")}.isdisjoint(map(fold, facts.names))


@cache
def _rows() -> dict[str, ClassRow]:
    return {row.id: row for row in read_rows(resource("data", "catalogue", "wikidata_classes.csv"), ClassRow)}
