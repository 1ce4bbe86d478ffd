"""Mentions of one occurrence, the main event, modality and polarity of events in running text."""

from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from kg.extract.events import find_events, main_event
from kg.extract.named import NamedWords
from kg.records import EventMention, Quantity

Parse = Callable[[str], Doc]


def _events(doc: Doc, quantities: tuple[Quantity, ...] = ()) -> tuple[EventMention, ...]:
    return find_events(doc, NamedWords(()), (), quantities)


SAME = [
    ("definite noun", "Rebels attacked the fort. The attack lasted an hour.", ["v1", "v1"]),
    ("wider kind", "An explosion shook the bazaar. The blast woke the town.", ["v1", "v1"]),
    ("indefinite noun", "Rebels attacked the fort. Another attack failed.", ["v1", "v2"]),
    ("other kind", "Rebels attacked the fort. The election was calm.", ["v1", "v2"]),
    ("planned and done", "Rebels attacked the fort. They will attack the port.", ["v1", "v2"]),
    ("told again in the next sentence", "Rebels shelled the port. Shelling went on until noon.", ["v1", "v1"]),
    ("told as another in the next sentence", "Rebels shelled the port. More shelling hit the mill.", ["v1", "v2"]),
    ("one word, less of its sense", "Rebels ambushed soldiers. The ambush took an hour.", ["v1", "v1"]),
    ("two deeds in one sentence", "Gunmen killed a judge and murdered a nurse.", ["v1", "v2"]),
    ("other victims", "Gunmen killed a judge. The killing of a nurse was another matter.", ["v1", "v2"]),
]


@pytest.mark.model
@pytest.mark.parametrize(("text", "same"), [case[1:] for case in SAME], ids=[case[0] for case in SAME])
def test_mentions_are_joined_when_they_point_back(text: str, same: list[str], parse: Parse) -> None:
    assert [event.same for event in _events(parse(text))] == same


@pytest.mark.model
def test_mentions_with_other_numbers_of_victims_stay_apart(parse: Parse) -> None:
    text = "Gunmen killed 12 drivers on the road. Gunmen killed 30 drivers on the road."
    numbers = tuple(Quantity(text.index(n), text.index(n) + 2, float(n), float(n)) for n in ("12", "30"))
    assert [event.same for event in _events(parse(text), numbers)] == ["v1", "v2"]


MODALITY = [
    ("actual", "Rebels attacked the port.", ("Actual", "Positive")),
    ("negated", "Rebels did not attack the port.", ("Actual", "Negative")),
    ("planned", "Rebels plan to attack the port.", ("Planned", "Positive")),
    ("possible", "Rebels may have attacked the port.", ("Possible", "Positive")),
    ("hypothetical", "If rebels attack the port, ships will leave.", ("Hypothetical", "Positive")),
    ("failed", "Rebels failed to attack the port.", ("Actual", "Negative")),
    ("not denied is still said", "The mayor denied that rebels attacked the port.", ("Actual", "Positive")),
    ("shared auxiliary", "Rebels may surround and attack the port.", ("Possible", "Positive")),
]


@pytest.mark.model
@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in MODALITY], ids=[case[0] for case in MODALITY])
def test_words_around_the_trigger_decide_modality_and_polarity(text: str, expected: tuple[str, str], parse: Parse) -> None:
    event = next(event for event in _events(parse(text)) if event.rule == "attack")
    assert (event.modality, event.polarity) == expected


MAIN = [
    ("lead before background", "Rebels seized the port on Monday. The mayor met traders in May.", "Seizure"),
    ("attack before its victims", "A suicide bombing killed six farmers.", "SuicideBombing"),
    ("deed before its toll", "Six farmers were killed when a dam burst.", "Accident"),
    ("done before planned", "The envoy will visit Oslo. Gunmen attacked the hospital.", "Attack"),
]


@pytest.mark.model
@pytest.mark.parametrize(("text", "kind"), [case[1:] for case in MAIN], ids=[case[0] for case in MAIN])
def test_main_event_is_early_weighty_and_actual(text: str, kind: str, parse: Parse) -> None:
    doc = parse(text)
    events = _events(doc)
    assert {event.key: event.kind for event in events}[main_event(doc, events) or ""] == kind


@pytest.mark.model
def test_text_without_events_has_no_main_event(parse: Parse) -> None:
    assert main_event(parse("The lake is deep."), ()) is None


@pytest.mark.model
def test_keys_follow_the_order_of_triggers(parse: Parse) -> None:
    events = _events(parse("Fire was opened on the crowd. Two nurses died, and a judge was wounded."))
    assert [event.key for event in events] == [f"v{number}" for number in range(1, len(events) + 1)]
    assert [event.trigger.start for event in events] == sorted(event.trigger.start for event in events)
