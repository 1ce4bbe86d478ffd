"""Publishes a store: article graphs in line with decisions, derived graphs made anew and through the gate, all as a generation."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from kg import derived, generations
from kg.identity import Identity, align
from kg.iris import derived_graph, quarantine_of
from kg.store import Store
from kg.validate import Gate

_CHUNK = 500
Item = TypeVar("Item")


def publish(store: Store, gate: Gate) -> tuple[int, int]:
    """Make what readers see fit the article graphs; return the generation's number and the quads in quarantine.

    Article graphs follow the store's decisions (kg.identity). The derived graphs are made anew from the current
    versions, so that no history can show in their bytes.
    """
    base = store.settings["base"]
    articles = derived.current_versions(store.graphs)
    current = sorted(versions[-1] for versions in articles.values())
    identity = align(store, gate, current)
    things: dict[str, derived.Thing] = {}
    for name in ("events", "entities", "identity", "dataset"):
        for graph in (derived_graph(base, name), quarantine_of(derived_graph(base, name))):
            store.graphs.remove_graph(NamedNode(graph))
    quarantined = _load(store, gate, _events(store, current, things, base))
    joined = {base + name for name in identity.names.everywhere.values()}
    entities = (derived.entity_quads(iri, things[iri], base, is_joined=iri in joined) for iri in sorted(things))
    quarantined += _load(store, gate, entities)
    quarantined += _load(store, gate, _identity(identity, base))
    quarantined += _load(store, gate, [list(derived.dataset_quads(articles, len(things), base))])
    store.graphs.flush()
    number = generations.publish(store.graphs, store.path)
    store.published()
    return number, quarantined


def _events(store: Store, current: Iterable[str], things: dict[str, derived.Thing], base: str) -> Iterator[list[Quad]]:
    for version in current:
        quads = list(derived.facts_of(store.graphs, version))
        derived.read_things(quads, things)
        yield derived.event_quads(quads, base)


def _identity(identity: Identity, base: str) -> Iterator[list[Quad]]:
    yield from (derived.judgement_quads(judgement, base) for judgement in identity.judgements)
    yield from (derived.proposal_quads(proposal, base) for proposal in identity.proposals)
    yield from (derived.joined_quads(thing, name, base) for thing, name in identity.names.everywhere.items())


def _load(store: Store, gate: Gate, parts: Iterable[list[Quad]]) -> int:
    """Load what passes the gate, a chunk of nodes at a time; return how much did not."""
    quarantined = 0
    for chunk in _chunks(iter(parts)):
        checked = gate.check_derived(tuple(quad for part in chunk for quad in part))
        quarantined += len(checked.quarantined)
        data = serialize((*checked.kept, *checked.quarantined), format=RdfFormat.N_QUADS)
        store.graphs.bulk_load(data or b"", format=RdfFormat.N_QUADS)
    return quarantined


def _chunks(items: Iterator[Item]) -> Iterator[list[Item]]:
    while chunk := list(islice(items, _CHUNK)):
        yield chunk
