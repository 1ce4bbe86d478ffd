"""The store folder: whole articles or none, replacement, removal, publication, and bytes that forget their history."""

import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat
from sample import extraction, later

from kg.dump import Format, write_dump
from kg.generations import NotPublished, current_number, open_current
from kg.iris import DEFAULT_BASE
from kg.publish import publish
from kg.rdf import n_quads, quads
from kg.records import Built, Extraction, to_json
from kg.store import BadStore, Store, StoreBusy, is_stale
from kg.validate import Gate

SETTINGS = {"base": DEFAULT_BASE, "text": "evidence"}


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate()


def built(record: Extraction) -> Built:
    record_quads = quads(record)
    return Built(record_quads[0].graph_name.value, n_quads(record_quads), to_json(record))


def dump(path: Path, form: Format) -> bytes:
    target = path / f"dump.{form}"
    write_dump(open_current(path), form, target, base=DEFAULT_BASE, stdout=None)  # type: ignore[arg-type]
    return target.read_bytes()


def store_of(path: Path, gate: Gate, *batches: list[Extraction]) -> dict[Format, bytes]:
    store = Store(path, **SETTINGS)
    for batch in batches:
        store.add([built(record) for record in batch])
        publish(store, gate)
    store.close()
    return {form: dump(path, form) for form in ("ttl", "trig", "nq")}


def test_history_leaves_no_trace_in_the_bytes(tmp_path: Path, gate: Gate) -> None:
    first, second = extraction("a"), extraction("b")
    newer, older = later(first, "2021-08-11", "bbbbbbbbbbbb"), later(first, "2021-08-01", "aaaaaaaaaaaa")
    whole = store_of(tmp_path / "whole", gate, [first, second, newer, older])
    orders = itertools.permutations([[first], [second], [newer], [older]])
    assert all(store_of(tmp_path / str(n), gate, *order) == whole for n, order in enumerate(itertools.islice(orders, 0, 24, 5)))


def test_removing_an_article_is_as_if_it_had_never_been_there(tmp_path: Path, gate: Gate) -> None:
    first, second = extraction("a"), extraction("b")
    alone = store_of(tmp_path / "alone", gate, [first])
    store_of(tmp_path / "both", gate, [first, second, later(second, "2022-01-01", "cccccccccccc")])
    store = Store(tmp_path / "both", **SETTINGS)
    assert len(store.remove(["b"])) == 2
    publish(store, gate)
    assert {form: dump(tmp_path / "both", form) for form in alone} == alone
    assert len(list((tmp_path / "both" / "records").rglob("*.json.gz"))) == 1


def test_storing_twice_is_storing_once(tmp_path: Path, gate: Gate) -> None:
    once = store_of(tmp_path / "once", gate, [extraction()])
    assert store_of(tmp_path / "twice", gate, [extraction()], [extraction()]) == once


def test_superseded_version_is_out_of_the_union_and_within_reach(tmp_path: Path, gate: Gate) -> None:
    record = extraction()
    store_of(tmp_path, gate, [record, later(record, "2021-08-12T00:00:00Z", "ffffffffffff")])
    generation = open_current(tmp_path)
    versions = "SELECT ?v WHERE { ?v a <https://w3id.org/news-kg/ontology#ArticleVersion> }"
    assert [str(row["v"]) for row in generation.query(versions)] == [f"<{DEFAULT_BASE}article/wire%2F1/ffffffffffff>"]
    everywhere = versions.replace("{", "{ GRAPH ?g {", 1) + " }"
    assert len(list(generation.query(everywhere))) == 2


def test_batch_that_was_cut_off_is_taken_back(tmp_path: Path, gate: Gate) -> None:
    store_of(tmp_path, gate, [extraction("a")])
    store = Store(tmp_path, **SETTINGS)
    cut = built(extraction("b"))
    (tmp_path / "batch.json").write_text(json.dumps([cut.version]))
    store.graphs.load(cut.n_quads[: cut.n_quads.index(b"\n") + 1], format=RdfFormat.N_QUADS)
    store.close()
    assert list(Store(tmp_path, **SETTINGS).versions()) == [f"{DEFAULT_BASE}article/a/0123456789ab"]


def test_store_is_stale_from_the_first_write_to_publication(tmp_path: Path, gate: Gate) -> None:
    store = Store(tmp_path, **SETTINGS)
    assert not is_stale(tmp_path)
    store.add([built(extraction())])
    assert is_stale(tmp_path)
    publish(store, gate)
    assert not is_stale(tmp_path)


def test_second_writer_is_told_to_wait(tmp_path: Path) -> None:
    first = Store(tmp_path, **SETTINGS)
    with pytest.raises(StoreBusy, match="another process writes"):
        Store(tmp_path, **SETTINGS)
    first.close()


def test_other_settings_are_refused(tmp_path: Path) -> None:
    Store(tmp_path, **SETTINGS).close()
    with pytest.raises(BadStore, match="made with text 'evidence', not 'full'"):
        Store(tmp_path, base=DEFAULT_BASE, text="full")


def test_folder_without_publication_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotPublished, match="kg build"):
        open_current(tmp_path)


def test_only_the_last_two_generations_are_kept(tmp_path: Path, gate: Gate) -> None:
    store_of(tmp_path, gate, [extraction("a")], [extraction("b")], [extraction("c")])
    assert current_number(tmp_path) == 3
    assert sorted(path.name for path in (tmp_path / "generations").iterdir()) == ["000002", "000003", "CURRENT"]


def test_kept_records_are_the_records(tmp_path: Path) -> None:
    store = Store(tmp_path, **SETTINGS)
    store.add([built(extraction("b")), built(extraction("a"))])
    assert list(store.records()) == [to_json(extraction("a")), to_json(extraction("b"))]


def test_quads_without_a_record_leave_no_record(tmp_path: Path) -> None:
    store = Store(tmp_path, **SETTINGS)
    whole = built(extraction())
    for record in (whole, replace(whole, record=b"")):
        store.add([record])
    assert list(store.records()) == [] and list(store.versions()) == [whole.version]
