"""Furniture: each rule's own example and counterexample, and where in an article a rule may fire."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.furniture import FurnitureRule, find_furniture, match_rule
from kg.lexicon import read_table

RULES = read_table("furniture", FurnitureRule)
NEWS = "The ferry sank on Tuesday, and divers searched the harbour for the eleven people who were on board.\n\n"


def furniture(text: str) -> list[tuple[str, str]]:
    return [(found.reason, text[found.start : found.end]) for found in find_furniture(text)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_example_fires_its_rule_and_the_counterexample_none(rule: FurnitureRule) -> None:
    fired = match_rule(rule.example)
    assert fired is not None
    assert fired[0].id == rule.id
    assert match_rule(rule.counterexample) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Read the statement carefully, she urged voters.",
        "By Monday evening, rebels held the bridge.",
        "By Harbour Road, two cars burned.",
        "Follow the smoke, the old man said.",
        "Share of the vote: 41 per cent",
        "Ferry sinks off Port Alder",
        "More than forty people were rescued",
        "Updated on the talks, the president left for home.",
        "The photo shows a burning ship.",
        "“Join us,” the rebels told the soldiers.",
        "What to know about the storm",
        "Published figures show that prices fell in 2019.",
        "Related parties signed the deal in 2019.",
        "Download speeds fell by half.",
        "The company’s app was removed from the App Store on Friday.",
        "Reuters reported that two men had died.",
        "Comment was not available from the ministry.",
    ],
)
def test_news_is_no_furniture(sentence: str) -> None:
    assert match_rule(sentence) is None


def test_only_the_line_is_marked() -> None:
    text = f"{NEWS}  Read also: Storm nears coast \r\n\r\n{NEWS}"
    assert furniture(text) == [("read-also", "Read also: Storm nears coast")]


def test_a_tail_rule_takes_all_that_follows() -> None:
    text = f"{NEWS * 5}Related articles\n\nStorm nears coast\n\nHarbour workers end their strike\n"
    assert furniture(text) == [("read-also", "Related articles\n\nStorm nears coast\n\nHarbour workers end their strike")]


def test_a_tail_rule_in_the_middle_takes_its_line_only() -> None:
    assert furniture(f"{NEWS}Related articles\n\n{NEWS * 3}") == [("read-also", "Related articles")]


def test_of_a_caption_only_the_credit_is_marked() -> None:
    assert furniture(f"{NEWS}Smoke over the harbour. Photo: Jane Doe.") == [("credit", "Photo: Jane Doe.")]


def test_a_line_that_goes_on_with_a_sentence_is_news() -> None:
    assert furniture("The minister told the crowd in the harbour that they should\nread more about the strike\nand then decide.") == []


@given(st.text(st.sampled_from("aB. :©@/\n\r(ReadShare By"), max_size=80))
def test_spans_are_disjoint_and_in_order(text: str) -> None:
    spans = [(found.start, found.end) for found in find_furniture(text)]
    assert all(start < end for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
