"""What people decide about links to Wikidata: it is done at once, taken back to the byte, and followed by later articles."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from judged_sample import GATE, VARDAL, WARDAL, built, different, dump, graphs, kg, named_in, same, store_of
from named import record

from kg.decided_links import DecidedLink, decided_links
from kg.decisions import settle
from kg.generations import open_current
from kg.identity import LEDGER, choose_view
from kg.iris import DEFAULT_BASE as BASE
from kg.joins import join
from kg.judgements import BadJudgements, Judgement, read_judgements, without_decisions
from kg.publish import publish
from kg.records import Extraction
from kg.store import Store

BY = ("--by", "Ada", "--on", "2024-05-31")


def linked(article: str, *things: str) -> Extraction:
    """Return a record in which Vardal is linked to Q1, and lies somewhere."""
    made = record(article, *things, items={"Vardal": "Q1"})
    placed = (replace(e, lat=60.5, long=5.25, geonames="77") if e.wikidata else e for e in made.entities)
    return replace(made, entities=tuple(placed), catalogue="places 7")


NEWS = (
    linked("harbour-1", "City: Vardal @ no", "Person: Ana Ilic"),
    record("harbour-2", "City: Vardal @ no", "Person: Bo Lund"),
    record("inland-1", "City: Storfjell @ no", "City: Wardal @ no"),
)


def told(path: Path, thing: str) -> dict[str, set[str]]:
    """Return what the union of all current graphs says of a thing, by the last word of each property."""
    query = f"SELECT ?p ?o {{ <{BASE}{thing}> ?p ?o }}"
    found: dict[str, set[str]] = {}
    for row in open_current(path).query(query):
        found.setdefault(row["p"].value.rpartition("/")[2].rpartition("#")[2], set()).add(row["o"].value.rpartition("/")[2])
    return found


def verdicts(path: Path, item: str) -> set[tuple[str, str, str]]:
    """Return who judged an item: the graph, the verdict, and the person."""
    query = f"""PREFIX kg: <https://w3id.org/news-kg/ontology#> SELECT ?g ?v ?by {{ GRAPH ?g {{
      ?j kg:item <http://www.wikidata.org/entity/{item}> ; kg:verdict ?v OPTIONAL {{ ?j kg:decidedBy ?by }} }} }}"""
    return {
        (row["g"].value.removeprefix(BASE).split("/")[1], row["v"].value.rpartition("#")[2], row["by"].value if row["by"] else "")
        for row in open_current(path).query(query)
    }


def test_a_rejected_link_is_gone_with_the_places_it_gave_and_its_judgements_stay(tmp_path: Path) -> None:
    store = store_of(tmp_path, NEWS)
    assert told(tmp_path, VARDAL)["wikidata"] == {"Q1"}
    settle(store, tmp_path / LEDGER, (different(VARDAL, "Q1"),))
    assert not told(tmp_path, VARDAL).keys() & {"wikidata", "sameAs", "lat", "long", "geonames"}
    assert verdicts(tmp_path, "Q1") == {("harbour-1", "VerdictMachine", ""), ("identity", "VerdictRejected", "Ada")}


def test_an_accepted_link_stands_in_every_article_with_the_persons_judgement(tmp_path: Path) -> None:
    store = store_of(tmp_path, NEWS)
    settle(store, tmp_path / LEDGER, (same(VARDAL, "Q1"),))
    found = told(tmp_path, VARDAL)
    assert (found["wikidata"], found["sameAs"], found["lat"]) == ({"Q1"}, {"Q1"}, {"60.5"})
    assert ("identity", "VerdictAccepted", "Ada") in verdicts(tmp_path, "Q1")
    assert all(any("/Q1>" in quad for quad in quads) for graph, quads in graphs(tmp_path).items() if graph.startswith("article/harbour"))
    assert [graph for graph in graphs(tmp_path) if "quarantine" in graph] == []


def test_another_item_takes_the_place_of_the_programs(tmp_path: Path) -> None:
    store = store_of(tmp_path, NEWS)
    settle(store, tmp_path / LEDGER, (same(VARDAL, "Q2"),))
    found = told(tmp_path, VARDAL)
    assert (found["wikidata"], found["sameAs"]) == ({"Q2"}, {"Q2"}) and "lat" not in found
    assert verdicts(tmp_path, "Q1") == {("harbour-1", "VerdictMachine", "")}


def test_undecided_changes_nothing_but_the_graph_identity(tmp_path: Path) -> None:
    store = store_of(tmp_path, NEWS)
    before = graphs(tmp_path)
    settle(store, tmp_path / LEDGER, (replace(same(VARDAL, "Q1"), judgement="undecided"),))
    after = graphs(tmp_path)
    assert {graph for graph in after if after[graph] != before.get(graph)} == {"graph/identity"}


def test_only_articles_that_name_the_thing_are_touched_and_taking_back_restores_the_bytes(tmp_path: Path) -> None:
    store = store_of(tmp_path, NEWS)
    before, bytes_before = graphs(tmp_path), dump(tmp_path)
    rows = (same(VARDAL, "Q2"), different(VARDAL, "Q1"), different("city/storfjell.no", "Q9"))
    settle(store, tmp_path / LEDGER, rows)
    after = graphs(tmp_path)
    changed = {graph.split("/")[1] for graph in after if graph.startswith("article/") and after[graph] != before.get(graph)}
    assert changed == {"harbour-1", "harbour-2"}
    settle(store, tmp_path / LEDGER, without_decisions(rows, VARDAL, "Q2"))
    assert "wikidata" not in told(tmp_path, VARDAL)
    settle(store, tmp_path / LEDGER, ())
    assert dump(tmp_path) == bytes_before


@pytest.mark.parametrize("rows", [(different(VARDAL, "Q1"),), (same(VARDAL, "Q2"),), (same(WARDAL, VARDAL), same(WARDAL, "Q2"))])
def test_later_articles_follow_and_nothing_is_mapped_twice(
    tmp_path: Path, rows: tuple[Judgement, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, late = store_of(tmp_path / "whole", NEWS), store_of(tmp_path / "late", NEWS[1:2])
    settle(whole, tmp_path / "whole" / LEDGER, rows)
    settle(late, tmp_path / "late" / LEDGER, rows)
    for each in (NEWS[2], NEWS[0]):
        late.add([built(each)])
        publish(late, GATE)
    assert dump(tmp_path / "late") == dump(tmp_path / "whole")
    monkeypatch.setattr(Store, "replace", None)
    late.touch()
    publish(late, GATE)
    assert dump(tmp_path / "late") == dump(tmp_path / "whole")


def test_a_change_that_was_cut_off_is_finished_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_of(tmp_path, NEWS)
    before = dump(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr("kg.identity._BATCH", 1)
        replaced = iter([Store.replace])
        broken.setattr(Store, "replace", lambda store, batch: next(replaced)(store, batch))
        with pytest.raises(StopIteration):
            settle(store, tmp_path / LEDGER, (same(VARDAL, "Q2"),))
    settle(store, tmp_path / LEDGER, ())
    assert dump(tmp_path) == before


def test_the_link_of_a_joined_thing_is_that_of_its_name(tmp_path: Path) -> None:
    store = store_of(tmp_path, NEWS)
    settle(store, tmp_path / LEDGER, (same(WARDAL, VARDAL), same(WARDAL, "Q2")))
    assert VARDAL in named_in(store, "inland-1") and told(tmp_path, VARDAL)["wikidata"] == {"Q2"}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["a,Q1,same", "a,Q2,same"], r"city/a.no is Q1 \(decisions.csv:2\), but city/a.no is Q2 \(decisions.csv:3\); take one back with"),
        (["a,Q1,same", "b,Q1,different", "a,b,same"], r"city/a.no is Q1 \(decisions.csv:2\), but city/b.no is not Q1"),
        (["a,Q1,same", "a,Q1,different"], r"city/a.no and Q1 are different"),
        (["Q1,Q2,same"], "left 'Q[12]' is no thing"),
    ],
)
def test_a_thing_is_one_item_and_no_rejected_one(tmp_path: Path, lines: Sequence[str], message: str) -> None:
    with pytest.raises(BadJudgements, match=message):
        rows = decisions(tmp_path, *lines)
        decided_links(rows, join(rows))


def test_the_item_stands_right_however_it_was_written(tmp_path: Path) -> None:
    rows = decisions(tmp_path, "http://www.wikidata.org/entity/Q3,a,different", "a,Q1,same", "b,a,same")
    assert decided_links(rows, join(rows)) == {"city/a.no": DecidedLink("Q1", frozenset({"Q3"}))}


def decisions(folder: Path, *lines: str) -> tuple[Judgement, ...]:
    def thing(name: str) -> str:
        return name if "Q" in name else f"city/{name}.no"

    path = folder / "decisions.csv"
    cells = [line.split(",") for line in lines]
    rows = [f"{thing(left)},{thing(right)},{verdict},Ada,2024-05-31" for left, right, verdict in cells]
    path.write_text("\n".join(["left,right,judgement,by,on", *rows]) + "\n", encoding="utf-8")
    return read_judgements(path)


def test_a_program_joins_no_thing_with_an_item_that_it_is_not(tmp_path: Path) -> None:
    store = store_of(tmp_path, [NEWS[0], NEWS[2]])
    settle(store, tmp_path / LEDGER, (different(WARDAL, "Q1"),))
    choose_view(store, "loose")
    publish(store, GATE)
    assert {VARDAL, WARDAL} <= named_in(store, "harbour-1") | named_in(store, "inland-1")
    settle(store, tmp_path / LEDGER, ())
    assert not {VARDAL, WARDAL} <= named_in(store, "harbour-1") | named_in(store, "inland-1")


def test_one_command_decides_and_one_takes_back(tmp_path: Path) -> None:
    store_of(tmp_path, NEWS).close()
    before = dump(tmp_path)
    assert kg(tmp_path, "judge", "different", "Vardal", "Q1", *BY) == (0, f"recorded: {VARDAL} is not Q1\n")
    assert kg(tmp_path, "judge", "same", "Vardal", "http://www.wikidata.org/entity/Q2", *BY) == (0, f"recorded: {VARDAL} is Q2\n")
    assert "wikidata" in told(tmp_path, VARDAL)
    assert kg(tmp_path, "judge", "--take-back", "Vardal", "Q1").code == kg(tmp_path, "judge", "--take-back", "Vardal", "Q2").code == 0
    assert dump(tmp_path) == before


def test_a_link_cannot_be_decided_for_one_article(tmp_path: Path) -> None:
    store_of(tmp_path, NEWS).close()
    refused = kg(tmp_path, "judge", "same", "Vardal", "Q2", "--in", "harbour-1", *BY)
    assert refused.code == 2 and "a link holds in all articles" in refused.words
