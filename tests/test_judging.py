"""`kg judge` and the views of `kg build`."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from judged_sample import GATE, VARDAL, VRDL, WARDAL, dump, kg, named_in, same, store_of
from named import record

from kg.decisions import prepare
from kg.identity import LEDGER, choose_view, read_view
from kg.judgements import (
    BadJudgements,
    as_csv,
    read_judgements,
    write_judgements,
)
from kg.publish import publish
from kg.store import is_stale

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
