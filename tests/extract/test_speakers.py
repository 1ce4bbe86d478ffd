"""Who speaks: which noun, with which of its words, and for whom."""

from collections.abc import Callable

import pytest
from spacy.tokens import Doc, Token

from kg.extract.named import NamedWords
from kg.extract.speakers import conjoined, lacks_doer, source_phrase, speaker_of, spoken_for
from kg.records import Entity, EntityMention

pytestmark = pytest.mark.model
Parse = Callable[[str], Doc]


def token(doc: Doc, word: str) -> Token:
    return next(token for token in doc if token.text == word)


def source(doc: Doc, cue: str) -> str | None:
    head = speaker_of(token(doc, cue))
    return source_phrase(head, token(doc, cue)).text if head is not None else None


@pytest.mark.parametrize(
    ("sentence", "cue", "expected"),
    [
        ("The mayor said that the bridge was closed.", "said", "The mayor"),
        ("Ana Lima, the mayor, said that the bridge was closed.", "said", "Ana Lima, the mayor"),
        ("The bridge was closed, said Ana Lima, the mayor.", "said", "Ana Lima, the mayor"),
        ("Ana Lima, who runs the port, said that the bridge was closed.", "said", "Ana Lima, who runs the port"),
        ("Engineers who saw the bridge said that it was unsafe.", "said", "Engineers who saw the bridge"),
        ("The mayor, speaking in Oslo, said that the bridge was closed.", "said", "The mayor"),
        ("Even the mayor said that the bridge was closed.", "said", "the mayor"),
        ("The rebels seized the town and claimed that the army had fled.", "claimed", "The rebels"),
        ("The minister praised the engineer, who said that the dam was safe.", "said", "who"),
        ("The flood was predicted by two engineers.", "predicted", "two engineers"),
        ("The mayor’s claim that the bridge was safe pleased nobody.", "claim", "The mayor"),
        ("The union voiced concerns about the bridge.", "concerns", "The union"),
        ("The union faces criticism over the bridge.", "criticism", None),
    ],
)
def test_source_is_the_noun_phrase_that_speaks(sentence: str, cue: str, expected: str | None, parse: Parse) -> None:
    assert source(parse(sentence), cue) == expected


def test_relative_clause_that_is_set_off_tells_who_somebody_is_only_at_the_first_name(parse: Parse) -> None:
    doc = parse("Lima left early. Lima, who runs the port, said that the bridge was closed.")
    assert source(doc, "said") == "Lima"


def test_relative_pronoun_stands_for_its_noun(parse: Parse) -> None:
    doc = parse("The minister praised the engineer, who said that the dam was safe.")
    assert [noun.text for noun in conjoined(token(doc, "who"))] == ["engineer"]


@pytest.mark.parametrize(
    ("sentence", "verb", "expected"),
    [
        ("When asked about the dam, the mayor smiled.", "asked", True),
        ("The mayor was asked about the dam.", "asked", True),
        ("The mayor asked about the dam.", "asked", False),
    ],
)
def test_verb_without_its_doer_has_the_subject_undergo_it(sentence: str, verb: str, expected: bool, parse: Parse) -> None:
    assert lacks_doer(token(parse(sentence), verb)) is expected


@pytest.mark.parametrize(
    "sentence",
    [
        "A Norway spokeswoman said that the talks had failed.",
        "A spokeswoman for Norway said that the talks had failed.",
        "Lawyers for Norway said that the talks had failed.",
        "Norway’s envoy said that the talks had failed.",
        "Ana Lima, speaking on behalf of Norway, said that the talks had failed.",
        "The lawyer, who speaks on behalf of Norway, said that the talks had failed.",
    ],
)
def test_spokespeople_speak_for_somebody(sentence: str, parse: Parse) -> None:
    doc = parse(sentence)
    start = sentence.index("Norway")
    norway = Entity("e1", "Country", "Norway", (EntityMention(start, start + len("Norway")),))
    head = speaker_of(token(doc, "said"))
    assert head is not None
    assert spoken_for(source_phrase(head, token(doc, "said")), (), NamedWords((norway,))) == "e1"


def test_others_speak_for_themselves(parse: Parse) -> None:
    doc = parse("The king of Norway said that the talks had failed.")
    norway = Entity("e1", "Country", "Norway", (EntityMention(12, 18),))
    head = speaker_of(token(doc, "said"))
    assert head is not None
    assert spoken_for(source_phrase(head, token(doc, "said")), (), NamedWords((norway,))) is None
