"""Decisions on who is who: the ledger, what follows from it, and that taking them back restores every byte."""

from collections.abc import Iterable, Sequence
from itertools import permutations
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from named import record
from pyoxigraph import NamedNode

from kg.cli import main
from kg.decisions import prepare, settle
from kg.dump import write_dump
from kg.generations import open_current
from kg.identity import LEDGER, choose_view, read_view
from kg.iris import DEFAULT_BASE as BASE
from kg.joins import Hints, Pair, join
from kg.judgements import (
    BadJudgements,
    Judgement,
    as_csv,
    made_by_hand,
    read_judgements,
    with_decisions,
    without_decisions,
    write_judgements,
)
from kg.publish import publish
from kg.rdf import n_quads, quads
from kg.records import Built, Extraction, to_json
from kg.store import Store, is_stale
from kg.validate import Gate
from kg.vocab import KG

GATE = Gate()
NEWS = (
    record("harbour-1", "City: Vardal @ no", "Person: Ana Ilic", "Country: Norway @ no"),
    record("harbour-2", "Organisation: VRDL @ no", "Person: Bo Lund", "Country: Norway @ no"),
    record("harbour-3", "City: Wardal @ no", "Country: Norway @ no"),
    record("inland-1", "City: Storfjell @ no", "Person: Ana Ilic", "Country: Norway @ no"),
)
VARDAL, VRDL, WARDAL = "city/vardal.no", "organisation/vrdl.no", "city/wardal.no"


def same(left: str, right: str, *, article: str = "", by: str = "Ada", note: str = "") -> Judgement:
    return made_by_hand(left, right, "same", by=by, on="2024-05-31", article=article, note=note)


def different(left: str, right: str, *, article: str = "") -> Judgement:
    return made_by_hand(left, right, "different", by="Ada", on="2024-05-31", article=article)


def store_of(path: Path, records: Iterable[Extraction] = NEWS) -> Store:
    store = Store(path, base=BASE, text="evidence")
    store.add([built(each) for each in records])
    publish(store, GATE)
    return store


def built(each: Extraction) -> Built:
    article_quads = quads(each)
    return Built(article_quads[0].graph_name.value, n_quads(article_quads), to_json(each))


def dump(path: Path) -> bytes:
    target = path / "dump.nq"
    write_dump(open_current(path), "nq", target, base=BASE, stdout=None)  # type: ignore[arg-type]
    return target.read_bytes()


def graphs(path: Path) -> dict[str, list[str]]:
    """Return the sorted quads of each named graph of the newest generation."""
    published = open_current(path).graphs
    return {
        graph.value.removeprefix(BASE): sorted(map(str, published.quads_for_pattern(None, None, None, graph)))
        for graph in published.named_graphs()
    }


def named_in(store: Store, article: str) -> set[str]:
    """Return the things that the graphs of an article name, without the base."""
    found = store.graphs.quads_for_pattern(None, KG.name, None, None)
    return {quad.subject.value.removeprefix(BASE) for quad in found if quad.graph_name.value.startswith(f"{BASE}article/{article}/")}


# --- in a store


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
    linked = quads(record("a", "City: Vardal @ no", items={"Vardal": "Q1"}), catalogue="places 7")
    each = record("a", "City: Vardal @ no", items={"Vardal": "Q1"})
    store = Store(tmp_path, base=BASE, text="evidence")
    store.add([Built(linked[0].graph_name.value, n_quads(linked), to_json(each)), built(NEWS[2])])
    publish(store, GATE)
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


# --- what follows from decisions


THINGS = [f"city/{letter}.no" for letter in "abcdefg"]
PAIRS = st.permutations(THINGS).map(lambda some: tuple(some[:2]))


@given(st.lists(PAIRS, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_decisions_leaves_no_trace(pairs: list[tuple[str, str]], chance) -> None:  # type: ignore[no-untyped-def]
    rows = [same(*pair) for pair in pairs]
    shuffled = rows.copy()
    chance.shuffle(shuffled)
    assert join(shuffled) == join(rows)


@given(st.lists(PAIRS, max_size=8))
def test_joined_things_go_by_one_name_that_is_one_of_theirs(pairs: list[tuple[str, str]]) -> None:
    names = join([same(*pair) for pair in pairs]).everywhere
    assert all(names.get(left, left) == names.get(right, right) for left, right in pairs)
    assert all(name not in names for name in names.values())


@given(st.lists(PAIRS, max_size=5), st.lists(st.tuples(PAIRS, st.integers(1, 100)), max_size=8), st.lists(PAIRS, max_size=2))
def test_a_program_never_joins_what_a_person_holds_apart(
    pairs: list[tuple[str, str]], proposed: list[tuple[tuple[str, str], int]], apart: list[tuple[str, str]]
) -> None:
    try:
        rows = with_decisions((), [*(same(*pair) for pair in pairs), *(different(*pair) for pair in apart)])
        join(rows)
    except BadJudgements:
        return
    names = join(rows, Hints([Pair(*pair, score / 100) for pair, score in proposed])).everywhere
    assert all(names.get(left, left) != names.get(right, right) for left, right in apart)


def test_the_second_of_a_pair_gives_the_name() -> None:
    names = join([same("city/a.no", "city/b.no"), same("city/c.no", "city/a.no")]).everywhere
    assert names == {"city/a.no": "city/b.no", "city/c.no": "city/b.no"}


def test_two_catalogue_items_are_never_joined_by_a_program() -> None:
    items = {"city/a.no": frozenset({"Q1"}), "city/c.no": frozenset({"Q2"})}
    pairs = [Pair("city/a.no", "city/b.no", 0.9), Pair("city/b.no", "city/c.no", 0.8)]
    assert join([], Hints(pairs, items=items)).everywhere == {"city/b.no": "city/a.no"}


def test_a_contradiction_names_the_chain(tmp_path: Path) -> None:
    rows = written(tmp_path, "a,b,same", "b,c,same", "c,a,different")
    with pytest.raises(BadJudgements) as error:
        join(rows)
    assert str(error.value).startswith("decisions.csv:4: city/c.no and city/a.no are said to be different, but city/b.no is city/c.no ")
    assert "(decisions.csv:3) and city/a.no is city/b.no (decisions.csv:2)" in str(error.value)


# --- the ledger


def written(folder: Path, *lines: str) -> tuple[Judgement, ...]:
    path = folder / "decisions.csv"
    rows = [f"city/{left}.no,city/{right}.no,{rest},Ada,2024-05-31" for left, right, rest in (line.split(",") for line in lines)]
    path.write_text("\n".join(["left,right,judgement,by,on", *rows]) + "\n", encoding="utf-8")
    return read_judgements(path)


def test_opposite_decisions_on_one_pair_are_an_error_that_names_both_lines(tmp_path: Path) -> None:
    with pytest.raises(BadJudgements, match=r"same \(decisions.csv:2, Ada on 2024-05-31\) and different \(decisions.csv:3,"):
        written(tmp_path, "a,b,same", "b,a,different")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("city/a.no,city/b.no,yes,Ada,2024-05-31", "bad.csv:2: judgement 'yes' is none of same, different, undecided"),
        ("Vardal,city/b.no,same,Ada,2024-05-31", "bad.csv:2: left 'Vardal' is no thing"),
        ("town/a.no,city/b.no,same,Ada,2024-05-31", "bad.csv:2: left 'town/a.no' is no thing"),
        ("city/a.no,city/a.no,same,Ada,2024-05-31", "bad.csv:2: 'city/a.no' stands on both sides"),
        ("city/a.no,city/b.no,same,,2024-05-31", "bad.csv:2: nobody is named who decided"),
        ("city/a.no,city/b.no,same,Ada,yesterday", "bad.csv:2: on 'yesterday' is no day"),
        ("city/a.no,city/b.no,same,Ada", "bad.csv:2: not 5 cells"),
    ],
)
def test_a_bad_row_is_refused_with_its_place(tmp_path: Path, row: str, message: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(f"left,right,judgement,by,on\n{row}\n", encoding="utf-8")
    with pytest.raises(BadJudgements, match=message):
        read_judgements(path)


def test_other_columns_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("left,right,verdict\n", encoding="utf-8")
    with pytest.raises(BadJudgements, match=r"bad\.csv:1: the header .* lacks or adds \['judgement', 'verdict'\]"):
        read_judgements(tmp_path / "bad.csv")


def test_a_ledger_is_the_same_bytes_for_any_order(tmp_path: Path) -> None:
    rows = [same(VRDL, VARDAL), different(WARDAL, VARDAL), same(VRDL, VARDAL, by="Bo", note='says "so", twice')]
    found = set()
    for order in permutations(rows):
        write_judgements(tmp_path / "decisions.csv", order)
        found.add((tmp_path / "decisions.csv").read_bytes())
        assert set(read_judgements(tmp_path / "decisions.csv")) == set(rows)
    assert len(found) == 1


def test_a_decision_taken_again_replaces_the_old_one() -> None:
    again = made_by_hand(VRDL, VARDAL, "same", by="Ada", on="2024-06-30")
    assert with_decisions([same(VRDL, VARDAL)], [again]) == (again,)


# --- the command


class Told(NamedTuple):
    code: int
    words: str


def kg(store: Path, *words: str) -> Told:
    result: Result = CliRunner().invoke(main, [words[0], "--store", str(store), *words[1:]])
    return Told(result.exit_code, result.output)


BY = ("--by", "Ada", "--on", "2024-05-31")


def test_one_command_joins_and_one_takes_back(tmp_path: Path) -> None:
    store_of(tmp_path).close()
    before = dump(tmp_path)
    assert kg(tmp_path, "judge", "same", "VRDL", "Wardal", "Vardal", *BY) == (
        0,
        f"recorded: {WARDAL} is {VARDAL}\nrecorded: {VRDL} is {VARDAL}\n",
    )
    assert kg(tmp_path, "judge").words.splitlines()[1].startswith(f"{WARDAL},{VARDAL},same,Ada,2024-05-31,")
    assert kg(tmp_path, "judge", "--take-back", "VRDL", "Wardal", "Vardal").code == 0
    assert dump(tmp_path) == before


def test_the_linked_one_gives_the_name(tmp_path: Path) -> None:
    store_of(tmp_path, [record("a", "City: Vardal @ no", items={"Vardal": "Q1"}), record("b", "City: Wardal @ no")]).close()
    assert kg(tmp_path, "judge", "same", "Vardal", "Wardal", *BY).words == f"recorded: {WARDAL} is {VARDAL}\n"


def test_a_ledger_elsewhere_is_followed_and_written(tmp_path: Path) -> None:
    store_of(tmp_path / "store").close()
    ledger = tmp_path / "decisions.csv"
    assert kg(tmp_path / "store", "judge", "same", "VRDL", "Vardal", *BY, "--judgements", str(ledger)).code == 0
    assert ledger.read_bytes() == (tmp_path / "store" / LEDGER).read_bytes()


def test_filled_in_proposals_are_taken_over_and_the_rest_is_left(tmp_path: Path) -> None:
    store_of(tmp_path / "store").close()
    proposed = kg(tmp_path / "store", "dedupe", "-o", str(tmp_path / "pairs.csv"))
    assert proposed.words == "1 pairs proposed\n"
    filled = (tmp_path / "pairs.csv").read_text().replace(f"{VARDAL},{WARDAL},,", f"{VARDAL},{WARDAL},same,")
    (tmp_path / "pairs.csv").write_text(filled)
    assert kg(tmp_path / "store", "judge", "--from", str(tmp_path / "pairs.csv"), *BY).words == f"recorded: {VARDAL} is {WARDAL}\n"
    (row,) = read_judgements(tmp_path / "store" / LEDGER)
    assert (row.by, row.method) == ("Ada", "spelling") and float(row.score) > 0.5
    assert kg(tmp_path / "store", "dedupe").words.splitlines()[1:] == ["0 pairs proposed"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("same", "Vardal", *BY), "a decision is about two things"),
        (("same", "Vardall", "Vardal", *BY), "no article names 'Vardall'; it names Vardal"),
        (("same", "city/vardall.no", VARDAL, *BY), "no article names city/vardall.no; near it are city/vardal.no"),
        (("same", "Vardal", "VRDL", "--by", "Ada"), "no day"),
        (("same", "Vardal", "VRDL", "--on", "2024-05-31"), "nobody is named"),
        (("equal", "Vardal", "VRDL", *BY), "none of same, different, undecided"),
        (("--take-back", "Vardal", "VRDL"), "nobody has decided on"),
    ],
)
def test_a_wrong_command_says_what_to_do(tmp_path: Path, words: Sequence[str], message: str) -> None:
    store_of(tmp_path).close()
    told = kg(tmp_path, "judge", *words)
    assert told.code == 2 and message in told.words


def test_a_contradiction_changes_nothing(tmp_path: Path) -> None:
    store_of(tmp_path).close()
    kg(tmp_path, "judge", "same", "VRDL", "Vardal", *BY)
    before = dump(tmp_path), (tmp_path / LEDGER).read_bytes()
    assert "take one back with" in kg(tmp_path, "judge", "different", "VRDL", "Vardal", *BY).words
    assert (dump(tmp_path), (tmp_path / LEDGER).read_bytes()) == before
    assert as_csv(read_judgements(tmp_path / LEDGER)).encode() == before[1]


def test_a_build_can_follow_a_ledger_from_elsewhere(tmp_path: Path) -> None:
    store = store_of(tmp_path / "store")
    write_judgements(tmp_path / "decisions.csv", [same(VRDL, VARDAL)])
    prepare(store, tmp_path / "decisions.csv", "balanced")
    assert is_stale(tmp_path / "store") and read_view(tmp_path / "store") == "balanced"
    publish(store, GATE)
    assert VARDAL in named_in(store, "harbour-2")
    with pytest.raises(BadJudgements, match=r"none\.csv: there is no such file"):
        prepare(store, tmp_path / "none.csv", None)


def test_views_are_thresholds_that_can_be_changed_and_changed_back(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    strict = dump(tmp_path)
    choose_view(store, "loose")
    publish(store, GATE)
    assert named_in(store, "harbour-1") & {VARDAL, WARDAL} == named_in(store, "harbour-3") & {VARDAL, WARDAL}
    choose_view(store, "strict")
    publish(store, GATE)
    assert dump(tmp_path) == strict
