"""Brings the article graphs of a store in line with who is who: people's decisions, and what the chosen view adds to them.

The records that a store keeps name each thing by itself. An article is mapped anew from its record when one of its
things goes by another name than its graph says, and only then; taking a decision back therefore restores the bytes.

Strict joins by people's decisions alone; balanced and loose also join the pairs that kg.dedupe scores high enough.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Literal, cast

import pyoxigraph as ox

from kg.decided_links import DecidedLink, decided_links
from kg.dedupe import Proposal, hints, propose
from kg.iris import QUARANTINE, WIKIDATA, article_iri, article_of, quarantine_of
from kg.joins import Names, join
from kg.judgements import Judgement, read_judgements
from kg.limits import limit
from kg.mapping import built
from kg.rdf import TextMode, quads
from kg.records import Built, Extraction, read_extraction
from kg.sketches import Sketches, read_sketches
from kg.store import Store
from kg.validate import Gate
from kg.vocab import FOREIGN, KG

View = Literal["strict", "balanced", "loose"]
LEDGER = "judgements.csv"
_NAMES = "names.json"
_TYPE = FOREIGN["rdf"].type
_BATCH = 25


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is who in a store: what people decided, what a program proposes, and the names that follow from it."""

    judgements: tuple[Judgement, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    names: Names = field(default_factory=Names)
    links: Mapping[str, DecidedLink] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Written:
    """What article graphs may call a thing: one name, or two while a change is under way; and by which view."""

    view: View
    everywhere: Mapping[str, list[str]]
    in_article: Mapping[str, Mapping[str, list[str]]]
    links: Mapping[str, list[str]]
    """The decision on a thing's link that the graphs follow: the item accepted (or nothing) and those rejected; empty while it changes."""


def align(store: Store, gate: Gate, current: Iterable[str]) -> Identity:
    """Map anew each article whose graph names a thing otherwise than it goes by now; `current` are the current versions.

    BadJudgements where the store's decisions contradict each other; then nothing is changed.
    """
    base, view = store.settings["base"], read_view(store.path)
    judgements = read_judgements(store.path / LEDGER)
    decided = join(judgements)
    sketches = read_sketches(_records(store, current), base, decided, decided_links(judgements, decided))
    pairs = {frozenset(decided.everywhere.get(thing, thing) for thing in row.pair) for row in judgements if not row.article}
    proposals = tuple(found for found in propose(sketches) if frozenset((found.left, found.right)) not in pairs)
    names = decided if view == "strict" else join(judgements, hints(sketches, proposals, least=limit(f"{view}-least", "identity_limits")))
    identity = Identity(judgements, proposals, names, decided_links(judgements, names))
    _follow(store, gate, identity)
    return identity


def store_things(store: Store) -> Sketches:
    """Return the named things of all kept records, each by the name of its own."""
    return read_sketches(map(read_extraction, store.records()), store.settings["base"], Names())


def read_view(path: Path) -> View:
    """Return the view that a store is built in: strict, unless another was chosen."""
    return _read_written(path).view


def choose_view(store: Store, view: View) -> None:
    """Choose the view of a store; it takes effect with the next publication."""
    written = _read_written(store.path)
    if written.view != view:
        store.touch()
        _write_written(store.path, replace(written, view=view))


def _records(store: Store, versions: Iterable[str]) -> Iterator[Extraction]:
    for version in sorted(versions):
        if record := store.record(version):
            yield read_extraction(record)


def _follow(store: Store, gate: Gate, identity: Identity) -> None:
    """Map anew what is not in line with names and links; cut off at any point, the next call finds what is left."""
    written, names = _read_written(store.path), identity.names
    links = {thing: [link.accepted or "", *sorted(link.rejected)] for thing, link in identity.links.items()}
    versions = sorted(_out_of_line(store, written, names) | _wrongly_linked(store, written.links, links))
    changed = _Written(written.view, _single(names.everywhere), {article: _single(of) for article, of in names.in_article.items()}, links)
    if versions:
        under_way = {article: _both(_of(written, article), names.of(article)) for article in {*written.in_article, *names.in_article}}
        changing = {thing: links[thing] if links.get(thing) == written.links.get(thing) else [] for thing in {*links, *written.links}}
        _write_written(store.path, _Written(written.view, _both(written.everywhere, names.everywhere), under_way, changing))
    for start in range(0, len(versions), _BATCH):
        records = [(version, record) for version in versions[start : start + _BATCH] if (record := store.record(version))]
        store.replace([_mapped(store, gate, version, read_extraction(record), identity) for version, record in records])
    if changed != written:
        store.touch()
        _write_written(store.path, changed)


def _mapped(store: Store, gate: Gate, version: str, extraction: Extraction, identity: Identity) -> Built:
    base, text = store.settings["base"], cast(TextMode, store.settings["text"])
    iris = {base + thing: base + name for thing, name in identity.names.of(extraction.article.id).items()}
    links = {base + thing: link for thing, link in identity.links.items()}
    article_quads = quads(extraction, base=base, text=text, names=iris, links=links)
    return built(extraction, article_quads, gate, version=version, text=text)


def _out_of_line(store: Store, written: _Written, names: Names) -> set[str]:
    """Return the versions, with a kept record, whose graph names a thing otherwise than it goes by."""
    base = store.settings["base"]
    apart = {article_iri(base, article): article for article in {*written.in_article, *names.in_article}}
    found = set()
    for name in _stale_names(written.everywhere, names.everywhere):
        found |= {version for version in _versions_using(store, base + name) if article_of(version) not in apart}
    for iri, article in apart.items():
        for name in _stale_names(_of(written, article), names.of(article)):
            found |= {version for version in _versions_using(store, base + name) if article_of(version) == iri}
    return {version for version in found if store.record(version)}


def _wrongly_linked(store: Store, written: Mapping[str, list[str]], links: Mapping[str, list[str]]) -> set[str]:
    """Return the versions, with a kept record, that name a thing whose link was decided otherwise than their graph says."""
    found = set()
    for thing in {*written, *links}:
        iri = store.settings["base"] + thing
        is_known = written.get(thing) == links.get(thing)
        found |= {version for version in _versions_naming(store, iri) if not (is_known and _follows(store, version, iri, links[thing]))}
    return {version for version in found if store.record(version)}


def _follows(store: Store, version: str, iri: str, link: list[str]) -> bool:
    """Tell whether a graph says of a thing's link what was decided: a new article's does not, as it was mapped by itself."""
    accepted, *rejected = link
    term, items = (FOREIGN["schema"].sameAs, {accepted}) if accepted else (KG.wikidata, set(rejected))
    told = {
        quad.object.value.removeprefix(WIKIDATA)
        for graph in (version, quarantine_of(version))
        for quad in store.graphs.quads_for_pattern(ox.NamedNode(iri), term, None, ox.NamedNode(graph))
        if isinstance(quad.object, ox.NamedNode)
    }
    return told == items if accepted else told.isdisjoint(items)


def _stale_names(written: Mapping[str, list[str]], names: Mapping[str, str]) -> set[str]:
    """Return the names that a graph which is in line does not hold, or that a changed thing may stand under."""
    stale = set(names)
    for thing, possible in written.items():
        stale |= {name for name in possible if name != names.get(thing, thing)}
    return stale


def _versions_using(store: Store, iri: str) -> set[str]:
    """Return the versions that name a thing, or a place that lies in it."""
    inside = store.graphs.quads_for_pattern(None, KG.partOf, ox.NamedNode(iri), None)
    return _versions_naming(store, iri) | _versions_of(store, inside)


def _versions_naming(store: Store, iri: str) -> set[str]:
    return _versions_of(store, store.graphs.quads_for_pattern(ox.NamedNode(iri), _TYPE, None, None))


def _versions_of(store: Store, quads: Iterable[ox.Quad]) -> set[str]:
    graphs = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode)}
    articles = article_iri(store.settings["base"], "")
    return {graph.removesuffix(QUARANTINE) for graph in graphs if graph.startswith(articles)}


# --- STORE/names.json


def _of(written: _Written, article: str) -> Mapping[str, list[str]]:
    return written.in_article.get(article, written.everywhere)


def _single(names: Mapping[str, str]) -> dict[str, list[str]]:
    return {thing: [name] for thing, name in sorted(names.items())}


def _both(written: Mapping[str, list[str]], names: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what a thing may be called while graphs are changed: as before, or as from now on."""
    things = sorted({*written, *names})
    return {thing: sorted({*written.get(thing, [thing]), names.get(thing, thing)}) for thing in things}


def _read_written(path: Path) -> _Written:
    file = path / _NAMES
    if not file.exists():
        return _Written("strict", {}, {}, {})
    found = json.loads(file.read_text(encoding="utf-8"))
    return _Written(found["view"], found["everywhere"], found["in_article"], found.get("links", {}))


def _write_written(path: Path, written: _Written) -> None:
    part = path / f"{_NAMES}.part"
    part.write_text(json.dumps(asdict(written), indent=1, sort_keys=True), encoding="utf-8")
    part.replace(path / _NAMES)
