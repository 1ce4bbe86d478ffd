"""What all articles say of each named thing, as far as it helps to tell whether two of them are one."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.decided_links import DecidedLink
from kg.folding import fold
from kg.iris import home_of, is_named, kind_of, things_of
from kg.joins import Names
from kg.records import Entity, Extraction


@dataclass(slots=True)
class Sketch:
    """One named thing; `thing` is the part of its IRI after the base."""

    thing: str
    kind: str
    home: str
    names: Counter[str] = field(default_factory=Counter)
    """By the number of articles that use them as its main name."""
    items: set[str] = field(default_factory=set)
    """What it is linked to: Wikidata items, or GeoNames ids where there is none."""
    denied: frozenset[str] = frozenset()
    """Items that it is not, as people say."""
    articles: list[int] = field(default_factory=list)
    posts: set[tuple[str, str]] = field(default_factory=set)
    """Title and body or place, folded."""

    @property
    def name(self) -> str:
        """The name that most articles use, the longest of equals."""
        return min(self.names, key=lambda name: (-self.names[name], -len(name), name))


@dataclass(slots=True)
class Sketches:
    """The things by their names, and for each article the things that it names."""

    things: dict[str, Sketch] = field(default_factory=dict)
    articles: list[tuple[str, ...]] = field(default_factory=list)


def read_sketches(records: Iterable[Extraction], base: str, names: Names, links: Mapping[str, DecidedLink] | None = None) -> Sketches:
    """Return the named things of records, under the names and with the links that people's decisions give them (without the base)."""
    found = Sketches()
    for record in records:
        own = {key: iri.removeprefix(base) for key, iri in things_of(base, record).items()}
        joined = names.of(record.article.id)
        things = {key: joined.get(thing, thing) for key, thing in own.items()}
        seen: defaultdict[str, list[Entity]] = defaultdict(list)
        for entity in record.entities:
            if is_named(entity) and entity.kind != "Group":
                seen[things[entity.key]].append(entity)
        number = len(found.articles)
        found.articles.append(tuple(sorted(seen)))
        for thing, entities in seen.items():
            _add(found.things, thing, entities, number, own)
        for membership in record.memberships:
            if (sketch := found.things.get(things[membership.person])) is not None:
                title = fold(record.article.text[membership.title.start : membership.title.end])
                sketch.posts.add((title, things[membership.of] if membership.of else ""))
    for thing, link in (links or {}).items():
        if (sketch := found.things.get(thing)) is not None:
            sketch.items = {link.accepted} if link.accepted else sketch.items - link.rejected
            sketch.denied = link.rejected
    return found


def _add(things: dict[str, Sketch], thing: str, entities: list[Entity], number: int, own: dict[str, str]) -> None:
    sketch = things.get(thing)
    if sketch is None:
        sketch = things[thing] = Sketch(thing, kind_of(thing) or entities[0].kind, home_of(thing))
    sketch.articles.append(number)
    for name in {entity.label or entity.name for entity in entities}:
        sketch.names[" ".join(name.split())] += 1
    for entity in entities:
        item = entity.wikidata or (f"geonames:{entity.geonames}" if entity.geonames else None)
        if item and own[entity.key] == thing:  # a joined thing's link is the link of what it was joined with
            sketch.items.add(item)
