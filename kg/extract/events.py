"""Finds what the article says happened: triggers of the lexicon with their roles, time, quantities, polarity and modality."""

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from kg.extract.circumstances import QuantitiesByNoun, TimesByClause
from kg.extract.modality import modality_of
from kg.extract.named import NamedWords
from kg.extract.occurrences import joined_occurrences, main_event
from kg.extract.roles import carrier, find_fillers, role_of
from kg.extract.triggers import find_triggers
from kg.records import EventMention, Quantity, Role, TextSpan, Time

__all__ = ["find_events", "main_event"]

_SUBJECTS = ("nsubj", "nsubjpass")  # "an attack in Bergen killed two": the place of the attack is that of the killing
_RELATIVE_CLAUSES = ("relcl", "acl")


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
                quantities=quantities_by_noun.of(fillers, trigger),
            )
        )
    return joined_occurrences(doc, _with_places_of_the_sentence(doc, tuple(mentions)))


def _with_places_of_the_sentence(doc: Doc, mentions: tuple[EventMention, ...]) -> tuple[EventMention, ...]:
    """Give an event without a place the one of the sentence, where the sentence names a single one and it holds for the event's clause."""
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
        clause = _clause_of_place(doc, place, group) if place else None
        for mention in group:
            if (
                place
                and not any(role.name in ("place", "origin", "destination") for role in mention.roles)
                and _stands_in(doc, mention, clause)
            ):
                mention = replace(mention, roles=(*mention.roles, replace(place, inherited=True)))
            completed.append(mention)
    return tuple(completed)


def _clause_of_place(doc: Doc, place: Role, group: Sequence[EventMention]) -> Token | None:
    """Return the verb of the clause that the place stands in, None where it belongs to another event's noun ("the attack on Bergen")."""
    span = doc.char_span(place.start, place.end, alignment_mode="expand") if place.start is not None and place.end is not None else None
    if span is None:
        return None
    triggers = {mention.trigger.start for mention in group}
    token = span.root
    while token.pos_ not in ("VERB", "AUX") and token.head != token:
        token = token.head
        if token.pos_ in ("NOUN", "PROPN") and token.idx in triggers and token.dep_ not in _SUBJECTS:
            return None
    return token


def _stands_in(doc: Doc, mention: EventMention, clause: Token | None) -> bool:
    """Tell whether an event is told by the clause of a verb or one below it, but for relative clauses."""
    span = doc.char_span(mention.trigger.start, mention.trigger.end, alignment_mode="expand")
    token = span.root if span is not None else doc[0]
    while token != clause and token.head != token and token.dep_ not in _RELATIVE_CLAUSES:
        token = token.head
    return token == clause
