"""Finds what the article says happened: triggers of the lexicon with their roles, time, quantities, polarity and modality."""

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc

from kg.extract.circumstances import QuantitiesByNoun, TimesByClause
from kg.extract.modality import modality_of
from kg.extract.named import NamedWords
from kg.extract.occurrences import joined_occurrences, main_event
from kg.extract.roles import carrier, find_fillers, role_of
from kg.extract.triggers import find_triggers
from kg.records import EventMention, Quantity, TextSpan, Time

__all__ = ["find_events", "main_event"]


def find_events(doc: Doc, named: NamedWords, times: Sequence[Time], quantities: Sequence[Quantity]) -> tuple[EventMention, ...]:
    """Return the event mentions of an article in the order of their triggers, with keys v1, v2 …; `voice` is left None."""
    times_by_clause = TimesByClause(doc, times)
    quantities_by_noun = QuantitiesByNoun(doc, quantities)
    mentions: list[EventMention] = []
    for number, trigger in enumerate(find_triggers(doc), 1):
        fillers = find_fillers(trigger)
        verb = carrier(trigger)
        modality, polarity = modality_of(trigger.token)
        start, end = trigger.span
        mentions.append(
            EventMention(
                key=f"v{number}",
                kind=trigger.row.kind,
                trigger=TextSpan(start, end),
                rule=trigger.row.id,
                polarity=polarity,
                modality=modality,
                roles=tuple(role_of(filler, named) for filler in fillers),
                time=times_by_clause.of(trigger, verb),
                quantities=quantities_by_noun.of(fillers),
            )
        )
    return joined_occurrences(doc, _with_places_of_the_sentence(doc, tuple(mentions)))


def _with_places_of_the_sentence(doc: Doc, mentions: tuple[EventMention, ...]) -> tuple[EventMention, ...]:
    """Give an event without a place the one of the sentence, where the sentence names a single one for its events."""
    sentence_starts = [sentence.start_char for sentence in doc.sents]
    by_sentence: dict[int, list[EventMention]] = {}
    at = 0
    for mention in mentions:
        while at + 1 < len(sentence_starts) and sentence_starts[at + 1] <= mention.trigger.start:
            at += 1
        by_sentence.setdefault(at, []).append(mention)
    completed: list[EventMention] = []
    for group in by_sentence.values():
        places = {(role.start, role.end): role for mention in group for role in mention.roles if role.name == "place" and role.entity}
        place = next(iter(places.values())) if len(places) == 1 else None
        for mention in group:
            if place and not any(role.name in ("place", "origin", "destination") for role in mention.roles):
                mention = replace(mention, roles=(*mention.roles, replace(place, inherited=True)))
            completed.append(mention)
    return tuple(completed)
