"""Joining what was found: voices, sources without a name, keys in text order."""

from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from kg.extract.collect import collect, voice_of
from kg.records import Article, Entity, EntityMention, EventMention, Extraction, Membership, Role, Statement, TextSpan

TEXT = "Two officials who asked for silence told Ana Lima that a spokesman had warned of floods."


def statement(key: str, *content: str, source: str = "", cue: str = "told", entities: tuple[str, ...] = ()) -> Statement:
    return Statement(
        key, "Assert", "rule", tuple(map(span, content)), (span(source),) if source else (), (span(cue),), source_entities=entities
    )


def span(words: str) -> TextSpan:
    return TextSpan(TEXT.index(words), TEXT.index(words) + len(words))


def collected(parse: Callable[[str], Doc], *statements: Statement) -> Extraction:
    ana = Entity("e1", "Person", "Ana Lima", (EntityMention(span("Ana Lima").start, span("Ana Lima").end),))
    warned = EventMention("v1", "Disaster", span("floods"), "rule", "v1", roles=(Role("agent", entity="e1"),))
    return collect(
        Article("a", TEXT, "v"),
        parse(TEXT),
        furniture=(),
        entities=(ana,),
        memberships=(Membership("e1", span("spokesman")),),
        events=(warned,),
        main="v1",
        statements=statements,
        pipeline="test",
    )


def test_voice_is_the_innermost_statement() -> None:
    outer, inner = statement("s1", "that a spokesman had warned of floods"), statement("s2", "of floods", cue="warned")
    assert voice_of(span("floods"), (outer, inner)) == "s2"
    assert voice_of(span("spokesman"), (outer, inner)) == "s1"
    assert voice_of(span("silence"), (outer, inner)) is None


@pytest.mark.model
def test_sources_without_a_name_become_things_of_the_article(parse: Callable[[str], Doc]) -> None:
    outer = statement("s1", "that a spokesman had warned of floods", source="Two officials who asked for silence")
    inner = statement("s2", "of floods", source="a spokesman", cue="warned")
    found = collected(parse, outer, inner)
    assert [(e.key, e.kind, e.mentions[0].form) for e in found.entities] == [
        ("e1", "Group", "nominal"),
        ("e2", "Person", "name"),
        ("e3", "Person", "nominal"),
    ]
    assert [s.source_entities for s in found.statements] == [("e1",), ("e3",)]
    assert found.memberships[0].person == found.events[0].roles[0].entity == "e2"


@pytest.mark.model
def test_second_statement_on_the_same_words_is_left_out(parse: Callable[[str], Doc]) -> None:
    first, again = statement("s1", "that a spokesman had warned of floods"), statement("s2", "that a spokesman had warned of floods")
    assert [s.key for s in collected(parse, first, again).statements] == ["s1"]


@pytest.mark.model
def test_statement_stands_in_the_sentence_of_its_cue(parse: Callable[[str], Doc]) -> None:
    (found,) = collected(parse, statement("s1", "of floods", cue="warned")).statements
    assert found.sentence == TextSpan(0, len(TEXT))
