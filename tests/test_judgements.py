"""The ledger of decisions on who is who."""

from itertools import permutations
from pathlib import Path

import pytest
from judged_sample import VARDAL, VRDL, WARDAL, different, same, written

from kg.judgements import (
    BadJudgements,
    made_by_hand,
    read_judgements,
    with_decisions,
    write_judgements,
)


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
