"""Paragraphs: what ends one, and how hard-wrapped text is told from text with a paragraph a line."""

import textwrap
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.paragraphs import Dateline, split_paragraphs
from kg.lexicon import read_table
from kg.limits import limit
from kg.records import Furniture

FIRST = (
    "The ferry sank on Tuesday while it was crossing the strait between the two islands, and divers searched the wreck for the "
    "eleven people who had been on board when it left the harbour in the early morning, the coast guard said in a statement."
)
SECOND = (
    "Families of the missing waited at the harbour throughout the night. A spokesman for the company said that the crew had "
    "reported a leak shortly before the ship went down, and that two boats had been sent at once to bring the passengers ashore."
)


def paragraphs(text: str, *furniture: tuple[int, int]) -> list[str]:
    spans = split_paragraphs(text, [Furniture(start, end, "test") for start, end in furniture])
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\f", "\v", "\u2028", "\u2029", "\n\n", " \n\t\n\u00a0"])
def test_a_line_break_ends_a_paragraph(line_break: str) -> None:
    assert paragraphs(f"The ferry sank.{line_break}Eleven died.{line_break}") == ["The ferry sank.", "Eleven died."]


def test_next_line_control_stays_in_its_line() -> None:
    assert paragraphs("He waited\x85 and left.") == ["He waited\x85 and left."]


@pytest.mark.parametrize("width", [60, 72, 80])
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_hard_wrapped_lines_are_joined_up_to_the_blank_line(width: int, line_break: str) -> None:
    wrapped = [line_break.join(textwrap.wrap(paragraph, width)) for paragraph in (FIRST, SECOND)]
    assert paragraphs((line_break * 2).join(wrapped)) == wrapped


def test_hard_wrapped_paragraphs_without_blank_lines_end_at_a_short_line() -> None:
    wrapped = ["\n".join(textwrap.wrap(paragraph, 70)) for paragraph in (FIRST, SECOND)]
    assert paragraphs("\n".join(wrapped)) == wrapped


def test_an_indented_line_begins_a_paragraph_of_hard_wrapped_text() -> None:
    full = FIRST + " It gave no more details."  # the last line has 68 characters: no short line shows the end
    wrapped = ["\n".join(textwrap.wrap(paragraph, 60)) for paragraph in (full, SECOND)]
    assert paragraphs(f"  {wrapped[0]}\n  {wrapped[1]}") == wrapped


def test_a_headline_over_hard_wrapped_text_stays_alone() -> None:
    wrapped = "\n".join(textwrap.wrap(FIRST, 70))
    assert paragraphs(f"Ferry sinks in the strait\n{wrapped}") == ["Ferry sinks in the strait", wrapped]


def test_headings_and_lists_in_lower_case_are_no_wrapped_text() -> None:
    lines = ["The union asked for:", "higher pay", "safer ships with two crews on board", "give up", "a new harbour", "rest", "boats"]
    assert paragraphs("\n".join(lines)) == lines


def test_a_paragraph_a_line_stays_so_where_one_line_begins_in_lower_case() -> None:
    lines = [FIRST, SECOND, "give up", FIRST, "to me the harbour master said that all was well and that", "nobody was missing", SECOND]
    assert paragraphs("\n".join(lines)) == lines


def test_furniture_is_left_out_and_ends_a_paragraph() -> None:
    text = "The ferry sank.\nRead also: Storm\nEleven died. Photo: Doe"
    assert paragraphs(text, (16, 32), (46, 56)) == ["The ferry sank.", "Eleven died."]


def test_furniture_inside_a_line_leaves_what_is_before_and_after() -> None:
    assert paragraphs("Smoke (Photo: Doe) over the harbour.", (6, 18)) == ["Smoke", "over the harbour."]


def test_a_huge_paragraph_is_cut_at_sentence_ends() -> None:
    text = "The ferry sank on Tuesday. " * 2000
    pieces = paragraphs(text)
    assert len(pieces) > 1
    assert all(len(piece) <= limit("paragraph-most") and piece.endswith("Tuesday.") for piece in pieces)
    assert " ".join(pieces) == text.strip()


TEXTS = st.text(st.sampled_from('ab A.,\n\r\t\f\u2028\u00a0-"') | st.characters(), max_size=200)


@given(TEXTS, st.lists(st.tuples(st.integers(0, 200), st.integers(0, 60)), max_size=3))
def test_paragraphs_hold_all_but_white_space_and_furniture(text: str, pieces: list[tuple[int, int]]) -> None:
    furniture = [Furniture(min(start, len(text)), min(start + length, len(text)), "test") for start, length in pieces]
    spans = split_paragraphs(text, furniture)
    inside = {at for span in spans for at in range(span.start, span.end)}
    marked = {at for piece in furniture for at in range(piece.start, piece.end)}
    assert all(text[span.start : span.end].strip() == text[span.start : span.end] != "" for span in spans)
    assert all(first.end <= second.start for first, second in pairwise(spans))
    assert not inside & marked
    assert all(text[at].isspace() for at in range(len(text)) if at not in inside | marked)


@pytest.mark.parametrize("row", read_table("datelines", Dateline), ids=lambda row: row.id)
def test_dateline_is_a_paragraph_of_its_own(row: Dateline) -> None:
    assert len(split_paragraphs(row.example, ())) == 2
    assert len(split_paragraphs(row.counterexample, ())) == 1
