"""Quotations and who gives them: the word before, after, around and above, turns of scripts, signatures, dashes, continuation."""

from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from kg.extract.named import NamedWords
from kg.extract.parse import PARAGRAPHS
from kg.extract.quotations import find_quotations
from kg.extract.statements import find_statements
from kg.records import TextSpan

pytestmark = pytest.mark.model
Parse = Callable[[str], Doc]
Said = tuple[str, str, list[str]]


def said(doc: Doc) -> list[Said]:
    """Source, cue and content of each statement."""
    paragraphs = [TextSpan(span.start_char, span.end_char) for span in doc.spans[PARAGRAPHS]]
    found = find_statements(doc, find_quotations(doc.text, paragraphs), NamedWords(()), ())

    def words(pieces: tuple[TextSpan, ...]) -> list[str]:
        return [doc.text[piece.start : piece.end] for piece in pieces]

    return [(" ".join(words(s.source)), " ".join(words(s.cue)), words(s.content)) for s in found]


GIVEN = {
    "verb after": (
        "“We will rebuild the bridge,” the mayor said in an interview with Radio North.",
        ("the mayor", "said", ["“We will rebuild the bridge,”"]),
    ),
    "verb after, its subject misread in the quotation": (
        "“The ferry is our life. Our whole life,” said Anna Lund, a captain from Bergen.",
        ("Anna Lund, a captain from Bergen", "said", ["“The ferry is our life. Our whole life,”"]),
    ),
    "verb of no rule after": (
        "“You lost,” the judge exclaimed, “and you know it.”",
        ("the judge", "exclaimed", ["“You lost,”", "“and you know it.”"]),
    ),
    "verb before, words between": (
        "The mayor said in an interview with Radio North, “We will rebuild the bridge before the winter.”",
        ("The mayor", "said", ["“We will rebuild the bridge before the winter.”"]),
    ),
    "verb of no rule and colon before": (
        "The captain put it this way: “Nobody sails in this weather.”",
        ("The captain", "put", ["“Nobody sails in this weather.”"]),
    ),
    "noun and colon before": ("Her answer: “Nobody sails in this weather.”", ("Her", "answer", ["“Nobody sails in this weather.”"])),
    "name and colon before": ("More from Anna Lund: “It must stay open.”", ("Anna Lund", ":", ["“It must stay open.”"])),
    "speaker and colon after": ("‘The dam is safe’: Minister", ("Minister", ":", ["‘The dam is safe’"])),
    "narration after the cue": (
        "“The dam is safe,” the engineer said and left the room before the reporters could ask more.",
        ("the engineer", "said", ["“The dam is safe,”"]),
    ),
    "statement in the sentence before": (
        "The union said it would wait. “We have time.”",
        ("The union", "said", ["it would wait. “We have time.”"]),
    ),
    "object of a verb of no rule": (
        "Anna Lund attacked “the endless waste of money” in the town.",
        ("Anna Lund", "attacked", ["“the endless waste of money” in the town"]),
    ),
}


@pytest.mark.parametrize(("text", "expected"), GIVEN.values(), ids=GIVEN)
def test_quotation_goes_to_the_word_that_gives_it(text: str, expected: Said, parse: Parse) -> None:
    assert said(parse(text)) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "She bought “The Old Harbour” on the train.",
        "“The Old Harbour” was the play of the year.",
        "The ferry stopped at the “old” harbour.",
    ],
)
def test_titles_and_words_in_passing_are_no_statements(text: str, parse: Parse) -> None:
    assert said(parse(text)) == []


CONTINUED = {
    "sentences between": (
        "“The dam is safe,” the engineer said. “It will hold for fifty years.”",
        ["“The dam is safe,”", "“It will hold for fifty years.”"],
    ),
    "paragraphs of nothing but quotation": (
        "“The dam is safe,” the engineer said.\n“It will hold for fifty years.”\n“Nobody needs to leave.”",
        ["“The dam is safe,”", "“It will hold for fifty years.”", "“Nobody needs to leave.”"],
    ),
    "cut off before the cue": (
        "“The dam is safe. It will hold for fifty years.\n“Nobody needs to leave,” the engineer said.",
        ["“The dam is safe. It will hold for fifty years.", "“Nobody needs to leave,”"],
    ),
}


@pytest.mark.parametrize(("text", "content"), CONTINUED.values(), ids=CONTINUED)
def test_quotation_goes_on_with_the_same_speaker(text: str, content: list[str], parse: Parse) -> None:
    assert said(parse(text)) == [("the engineer", "said", content)]


def test_sentence_after_a_full_stop_introduces_the_next_quotation(parse: Parse) -> None:
    assert said(parse("“We have left.” Anna Lund said, “The road was closed.”")) == [("Anna Lund", "said", ["“The road was closed.”"])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "– We have complete control of the harbour, tweets Commander Hult.",
            ("Commander Hult", "tweets", ["We have complete control of the harbour"]),
        ),
        (
            "– We are tired of waiting. Nobody helps us, says Anna Lund to the agency.",
            ("Anna Lund", "says", ["We are tired of waiting. Nobody helps us"]),
        ),
        ("— Where is the boat? asked Anna Lund.", ("Anna Lund", "asked", ["Where is the boat?"])),
    ],
)
def test_dash_opens_speech_that_a_verb_closes(text: str, expected: Said, parse: Parse) -> None:
    assert said(parse(text)) == [expected]


def test_signatures_name_the_speakers_of_a_list(parse: Parse) -> None:
    doc = parse("“The sea took everything we had.” ― Anna Lund\n“We start again.”\n— Erik Dahl")
    assert [(source, content) for source, _, content in said(doc)] == [
        ("Anna Lund", ["“The sea took everything we had.”"]),
        ("Erik Dahl", ["“We start again.”"]),
    ]


def test_lines_of_a_quoted_script_have_their_speakers(parse: Parse) -> None:
    doc = parse('"MAYOR: We will rebuild the bridge.\n"REPORTER: When will you begin?\n"MAYOR: Before the winter, if the money comes.')
    assert said(doc) == [
        ("MAYOR", ":", ["We will rebuild the bridge"]),
        ("REPORTER", ":", ["When will you begin?"]),
        ("MAYOR", ":", ["Before the winter, if the money comes"]),
    ]
