"""Decisions on who is who in a store: what they change, and that taking them back restores every byte."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judged_sample import GATE, NEWS, VARDAL, VRDL, WARDAL, built, different, dump, graphs, named_in, same, store_of
from named import record
from pyoxigraph import NamedNode

from kg.decisions import settle
from kg.generations import open_current
from kg.identity import LEDGER
from kg.iris import DEFAULT_BASE as BASE
from kg.judgements import (
    with_decisions,
    without_decisions,
)
from kg.publish import publish
from kg.store import Store
from kg.vocab import KG


def test_decisions_join_at_once_and_touch_no_other_article(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    before = graphs(tmp_path)
    settle(store, tmp_path / LEDGER, (same(VRDL, VARDAL), same(WARDAL, VARDAL)))
    after = graphs(tmp_path)
    changed = {graph for graph in before.keys() | after.keys() if before.get(graph) != after.get(graph)}
    assert {graph.split("/")[1] for graph in changed if graph.startswith("article/")} == {"harbour-2", "harbour-3"}
    assert {graph for graph in changed if graph.startswith("graph/")} == {"graph/entities", "graph/identity", "graph/dataset"}
    assert all(VARDAL in named_in(store, article) for article in ("harbour-1", "harbour-2", "harbour-3"))


def test_taking_back_restores_the_bytes(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    before = dump(tmp_path)
    rows = (same(VRDL, VARDAL), same(WARDAL, VARDAL))
    settle(store, tmp_path / LEDGER, rows)
    assert dump(tmp_path) != before
    settle(store, tmp_path / LEDGER, without_decisions(rows, VARDAL, VRDL))
    settle(store, tmp_path / LEDGER, ())
    assert dump(tmp_path) == before and not (tmp_path / LEDGER).exists()


def test_a_link_keeps_its_catalogue_while_its_thing_is_joined(tmp_path: Path) -> None:
    linked = replace(record("a", "City: Vardal @ no", items={"Vardal": "Q1"}), catalogue="places 7")
    store = store_of(tmp_path, [linked, NEWS[2]])
    before = dump(tmp_path)
    settle(store, tmp_path / LEDGER, (same(VARDAL, WARDAL),))
    assert b'"places 7"' in dump(tmp_path) and KG.wikidata.value.encode() not in dump(tmp_path)
    settle(store, tmp_path / LEDGER, ())
    assert dump(tmp_path) == before


def test_articles_are_not_parsed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_of(tmp_path)
    monkeypatch.setattr("kg.extract.extractor.Extractor.extract", None)
    settle(store, tmp_path / LEDGER, (same(VRDL, VARDAL),))
    assert VRDL not in named_in(store, "harbour-2")


def test_a_joined_thing_takes_kind_and_label_of_what_it_was_joined_with(tmp_path: Path) -> None:
    store = store_of(tmp_path, [*NEWS, record("harbour-4", "Organisation: VRDL @ no", "Country: Norway @ no")])
    settle(store, tmp_path / LEDGER, (same(VRDL, VARDAL),))
    told = {quad.predicate.value.rpartition("#")[2]: quad.object.value for quad in about(tmp_path, VARDAL, "entities")}
    kinds = {quad.object for quad in about(tmp_path, VARDAL, "entities") if quad.predicate.value.endswith("#type")}
    assert (told["label"], told["altLabel"], kinds) == ("Vardal", "VRDL", {KG.City, KG.Place})


def about(path: Path, thing: str, graph: str) -> list:  # type: ignore[type-arg]
    return list(open_current(path).graphs.quads_for_pattern(NamedNode(BASE + thing), None, None, NamedNode(f"{BASE}graph/{graph}")))


def test_the_graph_identity_says_who_decided_what_and_when(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    settle(store, tmp_path / LEDGER, (same(VRDL, VARDAL, note="a garbled name"), different(WARDAL, VARDAL)))
    query = """PREFIX kg: <https://w3id.org/news-kg/ontology#>
      SELECT ?left ?verdict ?by ?on ?why { GRAPH ?g { ?j a kg:Judgement ; kg:judges ?left ; kg:comparedWith ?right ; kg:verdict ?verdict ;
        kg:decidedBy ?by ; kg:decidedOn ?on . OPTIONAL { ?j kg:evidence ?why } } } ORDER BY ?left"""
    rows = [[term.value.removeprefix(BASE) if term else "" for term in row] for row in open_current(tmp_path).query(query)]
    assert rows == [
        [WARDAL, KG.VerdictRejected.value, "Ada", "2024-05-31", ""],
        [VRDL, KG.VerdictAccepted.value, "Ada", "2024-05-31", "a garbled name"],
    ]
    assert [quad.object.value for quad in about(tmp_path, VRDL, "identity")] == [BASE + VARDAL]


def test_the_graph_identity_has_nothing_in_quarantine(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    settle(
        store, tmp_path / LEDGER, (same(VRDL, VARDAL), different(WARDAL, VARDAL), same(WARDAL, "city/wardal-old.no", article="harbour-3"))
    )
    assert [graph for graph in graphs(tmp_path) if "quarantine" in graph] == []


def test_a_decision_for_one_article_changes_that_article_alone(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    before = graphs(tmp_path)
    settle(store, tmp_path / LEDGER, (same("person/ana-ilic.no", "person/ana-ilic-judge.no", article="inland-1"),))
    assert "person/ana-ilic-judge.no" in named_in(store, "inland-1")
    assert {graph: before[graph] for graph in before if "harbour-1" in graph} == {
        g: q for g, q in graphs(tmp_path).items() if "harbour-1" in g
    }


def test_a_decision_for_one_article_overrules_one_that_holds_everywhere(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    settle(store, tmp_path / LEDGER, (same(WARDAL, VARDAL), different(WARDAL, VARDAL, article="harbour-3")))
    assert WARDAL in named_in(store, "harbour-3")


def test_articles_that_come_later_follow_the_decisions(tmp_path: Path) -> None:
    rows = (same(VRDL, VARDAL), same("person/ana-ilic.no", "person/ana-ilic-judge.no", article="inland-1"))
    whole = store_of(tmp_path / "whole")
    settle(whole, tmp_path / "whole" / LEDGER, rows)
    late = store_of(tmp_path / "late", NEWS[2:3])
    settle(late, tmp_path / "late" / LEDGER, rows)
    for each in (NEWS[3], NEWS[1], NEWS[0]):
        late.add([built(each)])
        publish(late, GATE)
    assert dump(tmp_path / "late") == dump(tmp_path / "whole")


def test_what_lies_in_a_joined_place_lies_in_what_it_was_joined_with(tmp_path: Path) -> None:
    made = record("harbour-4", "City: Vestby @ no", "Country: Norway @ no")
    inside = replace(made, entities=(replace(made.entities[0], part_of=("city/wardal.no", "country/norway.no")), made.entities[1]))
    store = store_of(tmp_path, [*NEWS, inside])
    before = dump(tmp_path)
    settle(store, tmp_path / LEDGER, (same(WARDAL, VARDAL), same("country/norway.no", "city/vestby.no")))
    within = {quad.object.value.removeprefix(BASE) for quad in about(tmp_path, "city/vestby.no", "entities") if quad.predicate == KG.partOf}
    assert within == {VARDAL}
    settle(store, tmp_path / LEDGER, ())
    assert dump(tmp_path) == before


def test_superseded_versions_follow_as_well(tmp_path: Path) -> None:
    older = record("harbour-2", "Organisation: VRDL @ no", published="2022-01-01")
    store = store_of(tmp_path, [*NEWS, older])
    settle(store, tmp_path / LEDGER, (same(VRDL, VARDAL),))
    assert VRDL not in named_in(store, "harbour-2")


def test_a_change_that_was_cut_off_is_finished_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = store_of(tmp_path / "whole")
    settle(whole, tmp_path / "whole" / LEDGER, (same(VRDL, VARDAL),))
    cut = store_of(tmp_path / "cut")
    with monkeypatch.context() as broken:
        broken.setattr("kg.identity._BATCH", 1)
        replaced = iter([Store.replace])
        broken.setattr(Store, "replace", lambda store, batch: next(replaced)(store, batch))
        with pytest.raises(StopIteration):
            settle(cut, tmp_path / "cut" / LEDGER, (same(WARDAL, VARDAL), same(VRDL, VARDAL)))
    settle(cut, tmp_path / "cut" / LEDGER, (same(VRDL, VARDAL),))
    assert dump(tmp_path / "cut") == dump(tmp_path / "whole")


def test_a_replacement_that_was_cut_off_is_done_when_the_store_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_of(tmp_path)
    before = dump(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(Store, "_do_replace", lambda store: store._remove_graphs(built(NEWS[0]).version))
        store.replace([built(NEWS[0])])
    store.close()
    publish(Store(tmp_path, base=BASE, text="evidence"), GATE)
    assert dump(tmp_path) == before


@pytest.fixture(scope="module")
def restored(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store that each example changes and restores: making one for each takes most of a second."""
    return store_of(tmp_path_factory.mktemp("restored"))


@settings(max_examples=6, deadline=None)
@given(st.data())
def test_any_decisions_taken_back_one_by_one_restore_the_bytes(restored: Store, data: st.DataObject) -> None:
    things = [VARDAL, VRDL, WARDAL, "city/storfjell.no", "person/ana-ilic.no", "person/bo-lund.no"]
    scopes = st.sampled_from(["", "", "harbour-2", "inland-1"])
    pairs = data.draw(st.lists(st.tuples(st.permutations(things).map(lambda some: some[:2]), scopes), min_size=1, max_size=3))
    rows = with_decisions((), {frozenset(pair): same(*pair, article=scope) for pair, scope in pairs}.values())
    before = dump(restored.path)
    settle(restored, restored.path / LEDGER, rows)
    for row in data.draw(st.permutations(rows)):
        rows = without_decisions(rows, row.left, row.right, article=row.article)
        settle(restored, restored.path / LEDGER, rows)
    assert dump(restored.path) == before
