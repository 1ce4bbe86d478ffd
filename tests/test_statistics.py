"""What a generation's counts say, and where they are kept."""

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kg import statistics as counting
from kg.statistics import (
    ClassCount,
    GraphCount,
    PropertyCount,
    read_statistics,
    small_statistics,
    statistics,
    statistics_path,
    write_statistics,
)

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
EXAMPLE = "http://example.org/"


def quad(subject: str, term: str, value: str | NamedNode, graph: str = "") -> Quad:
    predicate = NamedNode(term if ":" in term else EXAMPLE + term)
    node = value if isinstance(value, NamedNode) else Literal(value)
    return Quad(NamedNode(EXAMPLE + subject), predicate, node, NamedNode(EXAMPLE + graph) if graph else DefaultGraph())


@pytest.fixture()
def graphs() -> Store:
    store = Store()
    store.extend(
        [
            quad("ferry", RDF_TYPE, NamedNode(EXAMPLE + "Ship")),
            quad("barge", RDF_TYPE, NamedNode(EXAMPLE + "Ship")),
            quad("pier", RDF_TYPE, NamedNode(EXAMPLE + "Place")),
            quad("ferry", "name", "Nordlys"),
            quad("ferry", "name", "Sydlys"),
            quad("barge", "name", "Nordlys"),
            quad("ferry", "name", "only here", "log"),
            quad("ferry", "name", "only here", "log/2"),
            quad("barge", "name", "only here", "log/2"),
        ]
    )
    return store


def test_the_default_graph_is_counted_and_no_other(graphs: Store) -> None:
    counted = statistics(graphs)
    assert (counted.triples, counted.subjects, counted.objects) == (6, 3, 4)


def test_classes_and_properties_are_counted_one_by_one(graphs: Store) -> None:
    counted = statistics(graphs)
    assert counted.classes == (ClassCount(EXAMPLE + "Place", 1), ClassCount(EXAMPLE + "Ship", 2))
    assert counted.properties == (PropertyCount(EXAMPLE + "name", 3, 2), PropertyCount(RDF_TYPE, 3, 3))


def test_named_graphs_are_listed_with_their_size(graphs: Store) -> None:
    assert statistics(graphs).graphs == (GraphCount(EXAMPLE + "log", 1), GraphCount(EXAMPLE + "log/2", 2))


def test_an_empty_graph_has_counts_too() -> None:
    store = Store()
    store.add_graph(NamedNode(EXAMPLE + "empty"))
    counted = statistics(store)
    assert (counted.triples, counted.classes, counted.properties, counted.graphs) == (0, (), (), (GraphCount(EXAMPLE + "empty", 0),))


def test_the_lists_are_bounded_and_the_totals_are_not(graphs: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "count_limit", lambda name, table: 1)
    counted = statistics(graphs)
    assert (counted.classes, counted.class_count) == ((ClassCount(EXAMPLE + "Ship", 2),), 2)
    assert (counted.graphs, counted.graph_count) == ((GraphCount(EXAMPLE + "log", 1),), 2)


@pytest.mark.parametrize(("most", "is_counted"), [(5, False), (6, True)])
def test_a_large_graph_is_not_counted_while_a_request_waits(
    graphs: Store, monkeypatch: pytest.MonkeyPatch, most: int, is_counted: bool
) -> None:
    monkeypatch.setattr(counting, "count_limit", lambda name, table: most)
    assert (small_statistics(graphs) is not None) is is_counted


def test_what_is_kept_is_what_is_read(graphs: Store, tmp_path: Path) -> None:
    generation = tmp_path / "000003"
    generation.mkdir()
    write_statistics(statistics(graphs), generation)
    assert read_statistics(generation) == statistics(graphs)
    assert [path.name for path in tmp_path.iterdir()] == ["000003"] and [path.name for path in generation.iterdir()] == ["statistics.json"]


def test_the_same_graph_gives_the_same_bytes(graphs: Store, tmp_path: Path) -> None:
    again = Store()
    again.extend(sorted(graphs, key=str))
    for name, store in (("000001", graphs), ("000002", again)):
        (tmp_path / name).mkdir()
        write_statistics(statistics(store), tmp_path / name)
    assert statistics_path(tmp_path / "000001").read_bytes() == statistics_path(tmp_path / "000002").read_bytes()


@pytest.mark.parametrize("content", [None, b"", b"{}", b'{"triples": "many"}', b"\xff"])
def test_counts_that_cannot_be_read_are_none(tmp_path: Path, content: bytes | None) -> None:
    generation = tmp_path / "000001"
    generation.mkdir()
    if content is not None:
        statistics_path(generation).write_bytes(content)
    assert read_statistics(generation) is None
