"""The counts that the description tells: those kept beside a generation, or made once where there are none."""

from pathlib import Path

import pytest
from described_sample import described, service_of, small_store
from pyoxigraph import Store
from rdflib.namespace import VOID

from kg.generations import open_current, publish
from kg.statistics import statistics, write_statistics
from server.description_answer import CurrentStatistics


@pytest.fixture()
def own_store(tmp_path: Path) -> Path:
    return small_store(tmp_path)


def test_counts_beside_the_generation_are_taken_as_they_are(own_store: Path) -> None:
    generation = open_current(own_store)
    kept = statistics(Store())
    write_statistics(kept, own_store / "generations" / "000001")
    assert CurrentStatistics(own_store).of(generation) == kept


def test_without_them_a_small_generation_is_counted_once(own_store: Path) -> None:
    counts, generation = CurrentStatistics(own_store), open_current(own_store)
    assert counts.known(generation) is None
    first = counts.of(generation)
    assert first is not None and first.triples == 2 and counts.of(generation) is first and counts.known(generation) is first


def test_a_large_generation_without_counts_is_described_all_the_same(own_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.statistics.count_limit", lambda name, table: 0)
    graph = described(own_store)
    assert service_of(graph) and not list(graph.subject_objects(VOID.triples))


def test_a_new_generation_has_counts_of_its_own(own_store: Path) -> None:
    counts = CurrentStatistics(own_store)
    assert counts.of(open_current(own_store)) == statistics(open_current(own_store).graphs)
    live = Store(str(own_store / "other"))
    publish(live, own_store)
    newer = counts.of(open_current(own_store))
    assert newer is not None and newer.triples == 0
