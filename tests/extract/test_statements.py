"""Reported statements: rows of the cue lexicon test themselves, and tables of sentences test what rows share."""

from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from kg.extract.cues import Cue
from kg.extract.named import NamedWords
from kg.extract.parse import PARAGRAPHS
from kg.extract.quotations import find_quotations
from kg.extract.statements import find_statements
from kg.lexicon import read_table
from kg.records import Entity, EntityMention, Statement, TextSpan, Time

pytestmark = pytest.mark.model
Parse = Callable[[str], Doc]
CUES = read_table("reporting_cues", Cue)


def statements_in(doc: Doc, entities: tuple[Entity, ...] = (), times: tuple[Time, ...] = ()) -> tuple[Statement, ...]:
    paragraphs = [TextSpan(span.start_char, span.end_char) for span in doc.spans[PARAGRAPHS]]
    return find_statements(doc, find_quotations(doc.text, paragraphs), NamedWords(entities), times)


def words(doc: Doc, pieces: tuple[TextSpan, ...]) -> list[str]:
    return [doc.text[piece.start : piece.end] for piece in pieces]


def named(doc: Doc, *names: str) -> tuple[Entity, ...]:
    """Entities e1, e2 … for names that stand in the text."""
    starts = [doc.text.index(name) for name in names]
    return tuple(
        Entity(f"e{number}", "Person", name, (EntityMention(start, start + len(name)),))
        for number, (name, start) in enumerate(zip(names, starts, strict=True), 1)
    )


@pytest.fixture(scope="module")
def fired(parse: Parse) -> dict[str, frozenset[str]]:
    """Sentence -> ids of the rules that fire in it, over all examples and counterexamples of the lexicon."""
    sentences = sorted({sentence for cue in CUES for sentence in (cue.example, cue.counterexample)})
    return {sentence: frozenset(statement.rule for statement in statements_in(parse(sentence))) for sentence in sentences}


@pytest.mark.parametrize("cue", CUES, ids=[cue.id for cue in CUES])
def test_example_fires_its_row_and_counterexample_does_not(cue: Cue, fired: dict[str, frozenset[str]]) -> None:
    assert cue.id in fired[cue.example]
    assert cue.id not in fired[cue.counterexample]


@pytest.mark.parametrize(
    "sentence",
    [
        "The country said goodbye to its king.",
        "The law says nothing about fishing.",
        "All told, twelve people died.",
        "The work went according to plan.",
        "The mayor would say that the bridge is closed.",
        "If he says that the bridge is closed, traffic will stop.",
        "Twelve people died on the ferry.",
        "He called his mother and left.",
    ],
)
def test_nothing_is_reported(sentence: str, parse: Parse) -> None:
    assert statements_in(parse(sentence)) == ()


@pytest.mark.parametrize(
    ("sentence", "act", "source", "content"),
    [
        ("The minister said that the bridge was closed.", "Assert", "The minister", ["that the bridge was closed"]),
        ("The minister said the bridge was closed.", "Assert", "The minister", ["the bridge was closed"]),
        ("The branch manager was fired, the union said.", "Assert", "the union", ["The branch manager was fired"]),
        ("The dam, the engineer said on Monday, was about to break.", "Assert", "the engineer", ["The dam", "was about to break"]),
        ("The bridge is unsafe, according to the engineer.", "Assert", "the engineer", ["The bridge is unsafe"]),
        ("The rebels seized the town and claimed that the army had fled.", "Claim", "The rebels", ["that the army had fled"]),
        ("The army has not confirmed the deaths.", "NotConfirm", "The army", ["the deaths"]),
        ("The agency could not independently verify the report.", "NotConfirm", "The agency", ["the report"]),
        ("The spokeswoman declined to comment.", "DeclineToComment", "The spokeswoman", ["to comment"]),
        ("The ministry denied the attack.", "Deny", "The ministry", ["the attack"]),
        ("Norway accused Sweden of spying.", "Accuse", "Norway", ["Sweden of spying"]),
        ("The senator called on the king to resign.", "Demand", "The senator", ["the king to resign"]),
        ("The agency warned of famine.", "Warn", "The agency", ["famine"]),
        ("The rebels assured residents, officials and members of the army that they had nothing to fear.", "Assert", "The rebels", None),
        ("The mayor’s promise to rebuild the bridge pleased the town.", "Promise", "The mayor", ["to rebuild the bridge"]),
        ("He was quoted as saying that the bridge was safe.", "Assert", "He", ["that the bridge was safe"]),
        ("The mayor asked whether the road was safe.", "Ask", "The mayor", ["whether the road was safe"]),
        ("Minister: We will win the war", "Assert", "Minister", ["We will win the war"]),
    ],
)
def test_statement_has_act_source_and_content(sentence: str, act: str, source: str, content: list[str] | None, parse: Parse) -> None:
    doc = parse(sentence)
    (statement,) = statements_in(doc)
    assert (statement.act, words(doc, statement.source)) == (act, [source])
    assert content is None or words(doc, statement.content) == content


@pytest.mark.parametrize(
    "sentence",
    [
        "The captain is said to have left the country.",
        "It is feared that many sailors drowned.",
        "The captain was reported to have left the country.",
        "The captain allegedly sold the ship.",
        "It was announced that the talks had failed.",
    ],
)
def test_statement_without_a_source_is_hearsay(sentence: str, parse: Parse) -> None:
    (statement,) = statements_in(parse(sentence))
    assert (statement.act, statement.source) == ("Hearsay", ())


@pytest.mark.parametrize(
    ("text", "quotation", "content"),
    [
        ("“We won,” she told reporters.", "Direct", ["“We won,”"]),
        ("He said: “We are ready. We will go.”", "Direct", ["“We are ready. We will go.”"]),
        ("“We are tired,” the captain said. “We want to go home.”", "Direct", ["“We are tired,”", "“We want to go home.”"]),
        ("The mayor said that the flood was “a warning to us all”.", "Mixed", ["that the flood was “a warning to us all”"]),
        ("The mayor said that the flood was a warning.", "Indirect", ["that the flood was a warning"]),
        ("“The sea took everything we had.” — Anna Lund, fisherwoman", "Direct", ["“The sea took everything we had.”"]),
        ("The captain wrote:\n“The ship is lost.”", "Direct", ["“The ship is lost.”"]),
    ],
)
def test_quotation_belongs_to_the_cue_beside_it(text: str, quotation: str, content: list[str], parse: Parse) -> None:
    doc = parse(text)
    (statement,) = statements_in(doc)
    assert (statement.quotation, words(doc, statement.content)) == (quotation, content)


def test_unclosed_quotation_goes_on_in_the_next_paragraph(parse: Parse) -> None:
    doc = parse("“The road is closed,” the mayor said. “It will stay closed.\n“Nobody may use it.”")
    (statement,) = statements_in(doc)
    assert words(doc, statement.content) == ["“The road is closed,”", "“It will stay closed.", "“Nobody may use it.”"]


def test_verb_joined_to_the_content_goes_on_the_reporting(parse: Parse) -> None:
    doc = parse("The general said it was too late and warned that the dam would break.")
    assert [(statement.act, words(doc, statement.source)) for statement in statements_in(doc)] == [
        ("Assert", ["The general"]),
        ("Warn", ["The general"]),
    ]


def test_statement_in_a_statement_names_the_one_around_it(parse: Parse) -> None:
    doc = parse("The minister said that the mayor had told reporters the bridge was unsafe.")
    assert [(statement.key, statement.within) for statement in statements_in(doc)] == [("s1", None), ("s2", "s1")]


@pytest.mark.parametrize(
    ("sentence", "polarity", "certainty", "caution"),
    [
        ("The mayor did not say when the road would open.", "Negative", "Certain", "None"),
        ("The envoy said the talks may fail.", "Positive", "Possible", "None"),
        ("The envoy said the talks would probably fail.", "Positive", "Probable", "None"),
        ("He falsely claimed that the bank was empty.", "Positive", "Certain", "Disputed"),
        ("The group claimed that it had shot down a plane.", "Positive", "Certain", "Unconfirmed"),
        ("According to unconfirmed reports, the bridge was closed.", "Positive", "Certain", "Unconfirmed"),
    ],
)
def test_wording_gives_polarity_certainty_and_caution(sentence: str, polarity: str, certainty: str, caution: str, parse: Parse) -> None:
    (statement,) = statements_in(parse(sentence))
    assert (statement.polarity, statement.certainty, statement.caution) == (polarity, certainty, caution)


def test_spokeswoman_speaks_on_behalf_of_whom_she_is_of(parse: Parse) -> None:
    doc = parse("A spokeswoman for Norway said that the talks had failed.")
    (statement,) = statements_in(doc, named(doc, "Norway"))
    assert (statement.source_entities, statement.on_behalf_of) == ((), "e1")


def test_joint_sources_are_several_entities(parse: Parse) -> None:
    doc = parse("Norway and Sweden said that the talks had failed.")
    (statement,) = statements_in(doc, named(doc, "Norway", "Sweden"))
    assert statement.source_entities == ("e1", "e2")


@pytest.mark.parametrize(
    "sentence", ["Anna Lund told Erik Dahl that the bridge was closed.", "Anna Lund urged Erik Dahl to leave the town."]
)
def test_addressee_is_who_is_told_or_urged(sentence: str, parse: Parse) -> None:
    doc = parse(sentence)
    (statement,) = statements_in(doc, named(doc, "Anna Lund", "Erik Dahl"))
    assert (statement.source_entities, statement.addressees) == (("e1",), ("e2",))


@pytest.mark.parametrize(
    ("sentence", "medium"),
    [
        ("The mayor said on Twitter that the bridge was closed.", "Twitter"),
        ("The mayor said in a written statement that the bridge was closed.", "written statement"),
    ],
)
def test_medium_is_what_carried_the_words(sentence: str, medium: str, parse: Parse) -> None:
    doc = parse(sentence)
    (statement,) = statements_in(doc)
    assert statement.medium is not None
    assert words(doc, (statement.medium,)) == [medium]


@pytest.mark.parametrize(
    ("sentence", "is_stated"),
    [("The mayor said on Monday that the bridge was closed.", True), ("The mayor said that the bridge was closed on Monday.", False)],
)
def test_time_of_the_saying_is_not_the_time_of_what_was_said(sentence: str, is_stated: bool, parse: Parse) -> None:
    doc = parse(sentence)
    start = sentence.index("on Monday")
    (statement,) = statements_in(doc, times=(Time(start, start + 9, "weekday"),))
    assert (statement.time is not None) is is_stated


def test_gaps_between_paragraphs_are_in_no_statement(parse: Parse) -> None:
    doc = parse("The mayor said that the bridge was closed.\n\n\nNobody was hurt.")
    (statement,) = statements_in(doc)
    assert "\n" not in "".join(words(doc, statement.content))
