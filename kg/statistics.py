"""Counts what a generation's default graph holds, once, for its VoID description: triples, classes, properties, named graphs.

The counts are kept in a file in the generation's folder, `statistics.json`.
"""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import msgspec
from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolution, QuerySolutions, Variable
from pyoxigraph import Store as Oxigraph

from kg.limits import count_limit
from kg.resources import resource

_TABLE = "description_limits"


@dataclass(frozen=True, slots=True)
class ClassCount:
    """A class and how many instances it has."""

    iri: str
    entities: int


@dataclass(frozen=True, slots=True)
class PropertyCount:
    """A property, how many triples have it, and how many different subjects these have."""

    iri: str
    triples: int
    subjects: int


@dataclass(frozen=True, slots=True)
class GraphCount:
    """A named graph and how many triples it has."""

    iri: str
    triples: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a default graph holds; the lists are bounded (data/lexicon/description_limits.csv), the numbers beside them are not."""

    triples: int
    subjects: int
    objects: int
    class_count: int
    property_count: int
    graph_count: int
    classes: tuple[ClassCount, ...]  # the most frequent, in the order of their IRIs
    properties: tuple[PropertyCount, ...]  # likewise
    graphs: tuple[GraphCount, ...]  # those with the shortest names, likewise


def statistics(graphs: Oxigraph) -> Statistics:
    """Count a store's default graph, and its named graphs."""
    whole = next(iter(_rows(graphs, "triples")))
    classes = [ClassCount(iri, _number(row, "entities")) for row in _rows(graphs, "classes") if (iri := _iri(row, "class"))]
    properties = [
        PropertyCount(iri, _number(row, "triples"), _number(row, "subjects"))
        for row in _rows(graphs, "properties")
        if (iri := _iri(row, "property"))
    ]
    names = [graph for graph in graphs.named_graphs() if isinstance(graph, NamedNode)]
    most = count_limit("partitions-listed", _TABLE)
    return Statistics(
        triples=_number(whole, "triples"),
        subjects=_number(whole, "subjects"),
        objects=_number(whole, "objects"),
        class_count=len(classes),
        property_count=len(properties),
        graph_count=len(names),
        classes=tuple(sorted(heapq.nsmallest(most, classes, key=lambda row: (-row.entities, row.iri)), key=lambda row: row.iri)),
        properties=tuple(sorted(heapq.nsmallest(most, properties, key=lambda row: (-row.triples, row.iri)), key=lambda row: row.iri)),
        graphs=tuple(_listed(graphs, names)),
    )


def small_statistics(graphs: Oxigraph) -> Statistics | None:
    """Count a store's default graph while a request waits; None where that would take too long."""
    most = count_limit("counted-while-asked-most", _TABLE)
    triples = graphs.quads_for_pattern(None, None, None, DefaultGraph())
    return statistics(graphs) if next(islice(triples, most, None), None) is None else None


def statistics_path(generation: Path) -> Path:
    """Return where the counts of the generation in a folder are kept."""
    return generation / "statistics.json"


def write_statistics(counted: Statistics, generation: Path) -> None:
    """Keep the counts of the generation that stands, or will stand, in a folder; whole or not at all."""
    path = statistics_path(generation)
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(msgspec.json.encode(counted) + b"\n")
    part.replace(path)


def read_statistics(generation: Path) -> Statistics | None:
    """Return the counts that are kept for the generation in a folder; None where there are none that this version can read."""
    try:
        return msgspec.json.decode(statistics_path(generation).read_bytes(), type=Statistics)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def _listed(graphs: Oxigraph, names: Iterable[NamedNode]) -> Iterator[GraphCount]:
    """Yield the graphs with the shortest names: what tells of all the data has a shorter name than what tells of one article."""
    shortest = heapq.nsmallest(count_limit("graphs-listed", _TABLE), (name.value for name in names), key=lambda iri: (len(iri), iri))
    for iri in sorted(shortest):
        found = next(iter(_rows(graphs, "graph", graph=NamedNode(iri))), None)
        yield GraphCount(iri, _number(found, "triples") if found else 0)


def _rows(graphs: Oxigraph, name: str, *, graph: NamedNode | None = None) -> Iterator[QuerySolution]:
    text = resource("data", "statistics", f"{name}.rq").read_text(encoding="utf-8")
    found = graphs.query(text, substitutions={Variable("graph"): graph} if graph else None)
    return found if isinstance(found, QuerySolutions) else iter(())


def _iri(row: QuerySolution, name: str) -> str | None:
    value = row[name]
    return value.value if isinstance(value, NamedNode) else None


def _number(row: QuerySolution, name: str) -> int:
    value = row[name]
    return int(value.value) if isinstance(value, Literal) else 0
