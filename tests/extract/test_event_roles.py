"""Roles of events through the constructions of English: passive, nominal, relative, shared, controlled, participial."""

from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from kg.extract.events import find_events
from kg.extract.named import NamedWords
from kg.extract.roles import compile_rule
from kg.lexicon import BadLexicon
from kg.records import Entity, EntityMention, EventMention, Quantity, Time

Parse = Callable[[str], Doc]


def _events(doc: Doc) -> dict[str, EventMention]:
    """Events of a text by the words of their triggers."""
    named = NamedWords(
        Entity(f"e{number}", "City", ent.text, (EntityMention(ent.start_char, ent.end_char),)) for number, ent in enumerate(doc.ents, 1)
    )
    return {doc.text[e.trigger.start : e.trigger.end]: e for e in find_events(doc, named, (), ())}


def _roles(doc: Doc, event: EventMention) -> set[tuple[str, str]]:
    return {(role.name, doc.text[role.start : role.end]) for role in event.roles if not role.inherited}


ROLES = [
    ("active", "Gunmen killed two drivers in Bergen.", "killed", {("agent", "Gunmen"), ("patient", "two drivers"), ("place", "Bergen")}),
    ("passive", "Two drivers were killed by gunmen.", "killed", {("agent", "gunmen"), ("patient", "Two drivers")}),
    ("passive without agent", "Two drivers were arrested in Bergen.", "arrested", {("patient", "Two drivers"), ("place", "Bergen")}),
    ("nominal", "The killing of a nurse by gunmen shocked Bergen.", "killing", {("patient", "a nurse"), ("agent", "gunmen")}),
    ("possessive", "Norway's withdrawal from the island took a week.", "withdrawal", {("agent", "Norway's"), ("origin", "the island")}),
    (
        "shared subject",
        "Rebels entered the port and seized the customs office.",
        "seized",
        {("agent", "Rebels"), ("place", "the customs office")},
    ),
    (
        "joined subjects",
        "Soldiers and rebels clashed near the dam.",
        "clashed",
        {("agent", "Soldiers"), ("agent", "rebels"), ("place", "the dam")},
    ),
    ("relative clause", "The men who attacked the farm fled.", "attacked", {("agent", "The men"), ("patient", "the farm")}),
    (
        "object of a relative clause",
        "Police freed the nurse that gunmen had abducted.",
        "abducted",
        {("agent", "gunmen"), ("patient", "the nurse")},
    ),
    ("subject control", "The rebels agreed to withdraw from the port.", "withdraw", {("agent", "The rebels"), ("origin", "the port")}),
    (
        "object control",
        "The general ordered the marines to attack the fort.",
        "attack",
        {("agent", "the marines"), ("patient", "the fort")},
    ),
    ("participle of consequence", "A storm hit the coast, injuring six farmers.", "injuring", {("patient", "six farmers")}),
    ("participle on a noun", "The farmers wounded in the blast went home.", "wounded", {("patient", "The farmers")}),
    ("light verb", "Rebels launched an attack on the barracks.", "attack", {("agent", "Rebels"), ("patient", "the barracks")}),
    ("light verb with a suffering subject", "The barracks came under attack.", "attack", {("patient", "The barracks")}),
    ("fall to", "The port fell to the rebels.", "fell", {("place", "The port"), ("agent", "the rebels")}),
    ("in the hands of", "The port is in the hands of the rebels.", "hands", {("place", "The port"), ("agent", "the rebels")}),
    ("control of", "Rebels took control of the port.", "took control", {("agent", "Rebels"), ("place", "the port")}),
    ("recipient", "The militia surrendered to the army.", "surrendered", {("agent", "The militia"), ("recipient", "the army")}),
    ("destination", "Madrid sent troops to the island.", "sent troops", {("agent", "Madrid"), ("destination", "the island")}),
    ("instrument", "A roadside bomb killed two drivers.", "killed", {("instrument", "A roadside bomb"), ("patient", "two drivers")}),
    ("no trailing clause", "Police arrested a man who had fled the island.", "arrested", {("agent", "Police"), ("patient", "a man")}),
    (
        "accusation",
        "Norway accused Spain of spying on ministers.",
        "accused",
        {("agent", "Norway"), ("patient", "Spain")},
    ),
    ("accusation without accuser", "Spain was accused of spying.", "accused", {("patient", "Spain")}),
    ("owner of what is rejected", "Norway rejected Spain's offer.", "rejected", {("agent", "Norway"), ("recipient", "Spain's")}),
    ("people of what is rejected", "Norway rejected a Spanish plan.", "rejected", {("agent", "Norway"), ("recipient", "Spanish")}),
    (
        "author of what is rejected",
        "Norway rejected a proposal by the Spanish minister.",
        "rejected",
        {("agent", "Norway"), ("recipient", "the Spanish minister")},
    ),
    (
        "subject of what is demanded",
        "Norway demanded that Spain open the dam.",
        "demanded",
        {("agent", "Norway"), ("recipient", "Spain")},
    ),
    ("called on", "Norway called on Spain to open the dam.", "called on", {("agent", "Norway"), ("recipient", "Spain")}),
    (
        "called for",
        "Norway called for sanctions against Spain.",
        "called for",
        {("agent", "Norway"), ("recipient", "Spain")},
    ),
    (
        "condition of a threat",
        "Norway threatened to stop the talks if Spain built the dam.",
        "threatened",
        {("agent", "Norway"), ("recipient", "Spain")},
    ),
    ("people told", "Norway urged miners to go home.", "urged", {("agent", "Norway"), ("recipient", "miners")}),
    ("noun of a stance", "Norway issued a warning to Spain.", "warning", {("agent", "Norway"), ("recipient", "Spain")}),
    ("willing to", "Norway is willing to help Spain.", "willing", {("agent", "Norway"), ("recipient", "Spain")}),
    (
        "own forces are no other side",
        "Norway is willing to withdraw its troops from Spain.",
        "willing",
        {("agent", "Norway"), ("recipient", "Spain")},
    ),
    (
        "control by an adjective",
        "The rebels are ready to withdraw from the port.",
        "withdraw",
        {("agent", "The rebels"), ("origin", "the port")},
    ),
    (
        "pronoun of reported speech",
        "Norway said it had expelled two Spanish diplomats.",
        "expelled two Spanish diplomats",
        {("agent", "Norway"), ("recipient", "Spanish")},
    ),
    (
        "pronoun of someone else",
        "The minister said they arrested two drivers.",
        "arrested",
        {("agent", "they"), ("patient", "two drivers")},
    ),
    (
        "tool that acts on nobody's order",
        "Police used water cannon to disperse the marchers.",
        "disperse",
        {("agent", "Police"), ("patient", "the marchers")},
    ),
    (
        "purpose of a passive",
        "A march was staged by nurses to free two prisoners.",
        "free",
        {("patient", "two prisoners"), ("agent", "nurses")},
    ),
    ("shared object", "Gunmen killed or wounded six drivers.", "killed", {("agent", "Gunmen"), ("patient", "six drivers")}),
    (
        "compound",
        "The envoy undertook a mediation mission between Spain and Norway.",
        "mediation",
        {("agent", "The envoy"), ("recipient", "Spain"), ("recipient", "Norway")},
    ),
    (
        "place of a place",
        "Prisoners rioted at a jail in Bergen.",
        "rioted",
        {("agent", "Prisoners"), ("place", "a jail"), ("place", "Bergen")},
    ),
    (
        "investigation against",
        "A judge opened an investigation against two ministers.",
        "investigation",
        {("agent", "A judge"), ("patient", "two ministers")},
    ),
    ("expletive", "It was a protest against the dam.", "protest", {("patient", "the dam")}),
]


@pytest.mark.model
@pytest.mark.parametrize(("text", "trigger", "roles"), [case[1:] for case in ROLES], ids=[case[0] for case in ROLES])
def test_event_has_the_roles_its_words_give(text: str, trigger: str, roles: set[tuple[str, str]], parse: Parse) -> None:
    doc = parse(text)
    assert _roles(doc, _events(doc)[trigger]) == roles


SPEECH = [
    ("no other side", "The poet rejected the soup."),
    ("no power speaks", "Nurses demanded that Anna open the door."),
    ("answers", "The minister demanded answers."),
    ("a single unnamed person", "The minister urged him to praise Spain."),
    ("no comment", "The ministry refused to comment on Spain."),
    ("a figure of speech", "The hotel offered a view of the sea."),
]


@pytest.mark.model
@pytest.mark.parametrize("text", [case[1] for case in SPEECH], ids=[case[0] for case in SPEECH])
def test_speech_that_no_power_aims_at_another_is_no_event(text: str, parse: Parse) -> None:
    assert not _events(parse(text))


@pytest.mark.model
def test_role_names_the_entity_of_its_head_only(parse: Parse) -> None:
    doc = parse("Gunmen from Norway killed two drivers in the city of Bergen.")
    roles = {role.name: role.entity for role in _events(doc)["killed"].roles}
    assert roles["agent"] is None
    assert roles["place"] is not None


@pytest.mark.model
def test_event_without_place_inherits_the_one_of_its_sentence(parse: Parse) -> None:
    doc = parse("Rebels bombed a bridge in Bergen, and two drivers were killed.")
    assert [(role.name, role.inherited) for role in _events(doc)["killed"].roles] == [("patient", False), ("place", True)]


@pytest.mark.model
def test_event_takes_the_time_of_its_own_clause(parse: Parse) -> None:
    text = "The mayor said on Friday that gunmen killed two drivers on Monday."
    doc = parse(text)
    times = tuple(Time(at, at + len(day), "day") for day in ("on Friday", "on Monday") for at in (text.index(day),))
    event = find_events(doc, NamedWords(()), times, ())[0]
    assert event.time == times[1]


@pytest.mark.model
def test_quantity_takes_the_role_of_what_it_counts(parse: Parse) -> None:
    text = "Gunmen killed 12 drivers and two nurses in Bergen."
    quantities = tuple(Quantity(text.index(number), text.index(number) + len(number)) for number in ("12", "two"))
    event = find_events(parse(text), NamedWords(()), (), quantities)[0]
    assert [(quantity.start, quantity.role) for quantity in event.quantities] == [(text.index(n), "patient") for n in ("12", "two")]


@pytest.mark.model
def test_gap_between_paragraphs_holds_no_event(parse: Parse) -> None:
    doc = parse("Rebels seized the port.\n\nPolice arrested two men.")
    assert list(_events(doc)) == ["seized", "arrested"]


@pytest.mark.model
def test_text_without_words_holds_no_event(parse: Parse) -> None:
    assert find_events(parse(""), NamedWords(()), (), ()) == ()


def test_unknown_role_in_the_lexicon_is_refused_with_its_row() -> None:
    with pytest.raises(BadLexicon, match=r"'seize'.*'victim'"):
        compile_rule("object=victim", "seize")
