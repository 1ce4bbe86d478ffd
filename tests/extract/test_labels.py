"""Labels of speakers: paragraphs and quotations that a name and a colon open or close."""

from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from kg.extract.labels import find_labels, label_after

pytestmark = pytest.mark.model
Parse = Callable[[str], Doc]


@pytest.mark.parametrize(
    ("text", "speaker", "content"),
    [
        ("Mayor Anna Lund: The bridge will stay closed", "Lund", "The bridge will stay closed"),
        ("Minister: We will win", "Minister", "We will win"),
        ("Historians: The dam was built in a hurry", "Historians", "The dam was built in a hurry"),
        ("REPORTER: When will you begin?", "REPORTER", "When will you begin?"),
    ],
)
def test_speaker_and_colon_open_a_statement(text: str, speaker: str, content: str, parse: Parse) -> None:
    doc = parse(text)
    ((_, colon, words, head),) = find_labels(doc)
    assert (colon.text, head.text, doc[words[0] : words[-1] + 1].text) == (":", speaker, content)


def test_headline_names_a_speaker_whom_only_the_text_shows(parse: Parse) -> None:
    doc = parse("Berglund: Bridge stays closed\nMayor Anna Berglund told reporters on Monday that the bridge was unsafe.")
    assert [head.text for _, _, _, head in find_labels(doc)] == ["Berglund"]


@pytest.mark.parametrize(
    "text",
    [
        "Opening hours: from nine to five",
        "He wrote: the bridge is closed",
        "The Latest: bridge closed after storm",
        "Q: When will you begin?",
        "Minister:",
    ],
)
def test_other_colons_are_no_labels(text: str, parse: Parse) -> None:
    assert list(find_labels(parse(text))) == []


@pytest.mark.parametrize(
    ("text", "speaker"),
    [(": Minister", "Minister"), (": Mayor Anna Lund", "Lund"), (": a bad day", None), (": Minister says so", None), ("- Minister", None)],
)
def test_speaker_may_follow_the_colon(text: str, speaker: str | None, parse: Parse) -> None:
    found = label_after(parse(text)[:])
    assert (found[1].text if found is not None else None) == speaker
