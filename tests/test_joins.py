"""What follows from decisions: which things are one, under which name, and which contradictions are refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judged_sample import different, same, written

from kg.joins import Hints, Pair, join
from kg.judgements import (
    BadJudgements,
    with_decisions,
)

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
