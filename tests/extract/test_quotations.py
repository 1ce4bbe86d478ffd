"""Quotation marks: pairing by alternation, stray marks, apostrophes, measures, quotations over paragraphs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extract.paragraphs import split_paragraphs
from kg.extract.quotations import find_quotations
from kg.records import TextSpan

PAIRED = {
    "curly": ("“We left,” he said. “It was cold.”", ["We left,", "It was cold."]),
    "straight": ('"We left," he said. "It was cold."', ["We left,", "It was cold."]),
    "typed": ("``We left,'' he said. ``It was cold.''", ["We left,", "It was cold."]),
    "doubled straight": ("He said, ''I saw it. And I left.''", ["I saw it. And I left."]),
    "doubled curly": ("‘‘We left,’’ he said.", ["We left,"]),
    "low and high": ("„We left“, he said.", ["We left"]),
    "guillemets": ("« We left », he said, and »it was cold«.", ["We left", "it was cold"]),
    "opening mark closes": ("“We left, “ he said. The men “ roam freely, “ he added.", ["We left,", "roam freely,"]),
    "closing mark opens": ("”We left,” he said.", ["We left,"]),
    "mixed shapes": ('"We left,” he said, “and it was cold".', ["We left,", "and it was cold"]),
    "single in double": ("“They told us ‘go home’ and left,” she said.", ["They told us ‘go home’ and left,", "go home"]),
    "straight single in double": ("\"He said 'no' twice,\" she said.", ["He said 'no' twice,", "no"]),
    "double in single": ("‘They told us “go home” and left,’ she said.", ["They told us “go home” and left,", "go home"]),
    "three marks at the end": ("``She told me 'go home.''' He left.", ["She told me 'go home.'", "go home."]),
    "single marks alone": ("'We left,' he said. 'It was cold.'", ["We left,", "It was cold."]),
    "single after s": ("The ‘rebels’ fled to the soldiers’ base.", ["rebels"]),
    "possessive in single": ("‘The soldiers’ base was hit,’ he said.", ["The soldiers’ base was hit,"]),
    "guillemets in double": ("“The sign says »open« now,” he said.", ["The sign says »open« now,", "open"]),
    "empty": ("He said “” and '' and left.", []),
}


def quoted(text: str) -> list[str]:
    return [text[found.content_start : found.content_end] for found in find_quotations(text, split_paragraphs(text, ()))]


@pytest.mark.parametrize(("text", "contents"), PAIRED.values(), ids=PAIRED)
def test_marks_are_paired(text: str, contents: list[str]) -> None:
    assert quoted(text) == contents


@pytest.mark.parametrize(
    "text",
    [
        "The soldiers' base isn't far from the ministers' house.",
        "The soldiers’ base isn’t far from the ministers’ house.",
        "In the '90s and in '04 they'd rock 'n' roll 'til dawn with the girls' band.",
        "The mayor 's office said the town 's streets weren 't safe.",
        "He is 6'2\" tall and she is 5'11\".",
        'A 12" pipe and a 7" pipe were found.',
        "They found 6' of rope and 4' of wire.",
    ],
)
def test_apostrophes_and_measures_are_no_quotations(text: str) -> None:
    assert quoted(text) == []


STRAY = {
    "before a quotation": ('It was a " mark. He said "we left" then.', ["we left"]),
    "after a quotation": ('He said "we left" then. It was cold." The end.', ["we left"]),
    "closing mark missing": ('"We left, he said. "It was cold."', ["It was cold."]),
    "inch sign inside": ('He said "a 12" pipe burst" today.', ['a 12" pipe burst']),
    "alone": ('It was a " mark.', []),
}


@pytest.mark.parametrize(("text", "contents"), STRAY.values(), ids=STRAY)
def test_a_stray_mark_is_left_out(text: str, contents: list[str]) -> None:
    assert quoted(text) == contents


def test_a_stray_mark_swallows_no_other_paragraph() -> None:
    assert quoted('He said "we left and went.\nIt rained.\nShe said "it was cold" then.') == ["we left and went.", "it was cold"]


OVER_PARAGRAPHS = {
    "mark before each": (
        "“We left.\n“It was cold.\n“We slept,” he said. He left.",
        [("We left.", False), ("It was cold.", False), ("We slept,", True)],
    ),
    "single mark before each": ("‘We left.\n‘It was cold,’ he said.", [("We left.", False), ("It was cold,", True)]),
    "no mark before the next": (
        "``We left.\nIt was cold.\nWe slept,'' he said.",
        [("We left.", False), ("It was cold.", False), ("We slept,", True)],
    ),
    "closed and opened again": ("“We left.\nIt was cold,” he said. “We", [("We left.", False), ("It was cold,", True), ("We", False)]),
    "lost space": ('"We left.\nIt was cold, "he said.', [("We left.", False), ("It was cold,", True)]),
}


@pytest.mark.parametrize(("text", "pieces"), OVER_PARAGRAPHS.values(), ids=OVER_PARAGRAPHS)
def test_a_quotation_goes_on_in_the_next_paragraph(text: str, pieces: list[tuple[str, bool]]) -> None:
    found = find_quotations(text, split_paragraphs(text, ()))
    assert [(text[piece.content_start : piece.content_end], piece.closed) for piece in found] == pieces


def test_an_unclosed_quotation_ends_with_its_paragraph() -> None:
    text = "He said: “We left.\n\nIt rained."
    (found,) = find_quotations(text, split_paragraphs(text, ()))
    assert (text[found.start : found.end], found.closed) == ("“We left.", False)


def test_marks_outside_of_paragraphs_are_not_read() -> None:
    text = "“Click,” it says. He said “we left”."
    assert [found.start for found in find_quotations(text, [TextSpan(18, len(text))])] == [26]


TEXTS = st.text(st.sampled_from("as 1.,\n“”\"'‘’`«»„‹›") | st.characters(), max_size=120)


@settings(max_examples=400)
@given(TEXTS)
def test_quotations_are_nested_or_disjoint_and_inside_paragraphs(text: str) -> None:
    spans = split_paragraphs(text, ())
    found = find_quotations(text, spans)
    assert all(item.start <= item.content_start < item.content_end <= item.end for item in found)
    assert all(any(span.start <= item.start and item.end <= span.end for span in spans) for item in found)
    for number, first in enumerate(found):
        assert all(second.start >= first.end or second.end <= first.end for second in found[number + 1 :])
