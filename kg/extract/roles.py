"""Fills the roles of an event from the parse: which noun phrases are its agent, patient, place and so on.

Which slot gives which role stands in data/lexicon/event_roles.csv by kind and part of speech, `slot:class=role` each; a
trigger row may put its own before them. Verbs that carry a noun ("launched an attack", "came under attack") give it their
subject: data/lexicon/light_verbs.csv.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import cast

from spacy.tokens import Token

from kg.extract.named import NamedWords
from kg.extract.nouns import is_of_class
from kg.extract.phrases import entity_of, phrase_span
from kg.extract.powers import speaker_meant
from kg.extract.slots import clause_verb, is_passive, slot
from kg.extract.triggers import Trigger
from kg.lexicon import BadLexicon, read_table
from kg.limits import count_limit
from kg.records import Role, RoleName
from kg.vocab import KG

_QUESTION_TAGS = {"WP", "WDT"}  # "whatever he needs"; a relative pronoun stands for its antecedent before it comes here
_NAMING_PARTS = {"NOUN", "PROPN", "PRON", "NUM"}
_ANY = "Event"


@dataclass(frozen=True, slots=True)
class RoleRow:
    """Which slots give which roles to events of a kind, for triggers of a part of speech."""

    id: str
    kind: str
    pos: str
    roles: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class LightVerbRow:
    """A verb that carries an event noun, where the noun stands, and the role that the verb's subject has in the event."""

    id: str
    lemma: str
    slot: str
    role: str
    example: str
    counterexample: str


@dataclass(frozen=True, slots=True)
class RoleRule:
    """One compiled `slot:class=role`."""

    slot: str
    noun_class: str | None
    role: RoleName


@dataclass(frozen=True, slots=True)
class Filler:
    """The head of the noun phrase that fills a role."""

    role: RoleName
    token: Token


def find_fillers(trigger: Trigger) -> tuple[Filler, ...]:
    """Return the heads that fill the roles of a trigger, in text order, each word once."""
    found: dict[int, Filler] = {}
    used = {trigger.token.i, *(word.i for word in trigger.words)}
    own_rules = tuple(compile_rule(text, trigger.row.id) for text in trigger.row.roles)
    kind_rules = _kind_rules(trigger.row.kind, trigger.row.pos)
    is_carried = light_verb_row(trigger.token) is not None
    for filler in (*_by_rules(trigger, own_rules), *_carried(trigger), *_by_rules(trigger, kind_rules)):
        filler = replace(filler, token=speaker_meant(filler.token))
        if filler.token.i in found or filler.token.i in used or not _names_something(filler.token):
            continue
        # "the rebels completed their withdrawal": "their" adds nothing to "the rebels".
        if filler.token.tag_ != "PRP$" or not (is_carried or any(other.role == filler.role for other in found.values())):
            found[filler.token.i] = filler
    for filler in _places_nearby(trigger, tuple(found.values())):
        found.setdefault(filler.token.i, filler)
    places = [filler.token.i for filler in found.values() if filler.role == "place"]
    return tuple(
        filler for i, filler in sorted(found.items()) if filler.role != "place" or i in places[: count_limit("most-places", "event_limits")]
    )


def role_of(filler: Filler, named: NamedWords) -> Role:
    """Return the filler as a role: the words of its noun phrase and the entity that they name."""
    start, end = phrase_span(filler.token)
    return Role(filler.role, start, end, entity_of(filler.token, named))


def carrier(trigger: Trigger) -> Token | None:
    """Return the verb that carries an event noun ("staged a protest": staged), None where no light verb does."""
    row = light_verb_row(trigger.token)
    return _carrying_verb(trigger.token) if row else None


def _by_rules(trigger: Trigger, rules: tuple[RoleRule, ...]) -> Iterator[Filler]:
    sources = [trigger.token, *trigger.words]
    if trigger.token.dep_ == "compound":
        sources.append(trigger.token.head)  # "a mediation mission between Spain and Norway"
    if verb := carrier(trigger):
        sources.append(verb)
    for rule in rules:
        for source in sources:
            if source is not trigger.token and rule.slot in ("subject", "object", "modifier", "owner", "governor"):
                continue
            for token in slot(source, rule.slot):
                if _fits(token, rule):
                    yield Filler(rule.role, token)


def _fits(token: Token, rule: RoleRule) -> bool:
    """Tell whether a noun is of the rule's class; a plan, price or law is nobody's agent."""
    if rule.noun_class is None:
        return rule.role != "agent" or not is_of_class(token, "abstract")
    if is_of_class(token, rule.noun_class):
        return True
    # Names joined to a place are places: the recogniser often knows one of them only.
    return token.dep_ == "conj" and token.pos_ == "PROPN" and _fits(token.head, rule)


def _carried(trigger: Trigger) -> Iterator[Filler]:
    row = light_verb_row(trigger.token)
    verb = _carrying_verb(trigger.token)
    # "his lawyer announced his death": nobody does what has no such role.
    if row and verb and _can_have(trigger.row.kind, row.role):
        for token in slot(verb, "subject"):
            yield Filler(cast(RoleName, row.role), token)


@cache
def _can_have(kind: str, role: str) -> bool:
    return any(rule.role == role for pos in ("VERB", "NOUN") for rule in _kind_rules(kind, pos))


def _places_nearby(trigger: Trigger, fillers: tuple[Filler, ...]) -> Iterator[Filler]:
    """Yield places of the known places; without any, those hung on an argument, a joined verb or the verb of the noun's clause."""
    known = [filler.token for filler in fillers if filler.role == "place"]
    if known:  # "rioted at a jail in Bergen"
        yield from (Filler("place", place) for inner in known for place in slot(inner, "in") if is_of_class(place, "place"))
        return
    around = [filler.token for filler in fillers if filler.token.i > trigger.token.i]
    token = trigger.token
    if token.pos_ == "VERB":
        around += (child for child in token.children if child.dep_ == "conj" and child.pos_ == "VERB" and not _is_own_clause(child))
        if token.dep_ in ("conj", "xcomp") and token.head.pos_ == "VERB":
            around.append(token.head)
    elif token.dep_ in ("nsubj", "nsubjpass", "dobj"):
        around.append(clause_verb(token))
    rules = tuple(rule for rule in _table()[(_ANY, "")] if rule.role == "place")
    for source in around:
        for rule in rules:
            for place in slot(source, rule.slot):
                if (rule.noun_class is None or is_of_class(place, rule.noun_class)) and _names_something(place):
                    yield Filler("place", place)
                    return


def _is_own_clause(verb: Token) -> bool:
    """Tell whether a joined verb has a subject or auxiliary of its own: "died at home and was buried in Bergen"."""
    return any(child.dep_ in ("nsubj", "nsubjpass", "aux", "auxpass") for child in verb.children)


def _names_something(token: Token) -> bool:
    if is_of_class(token, "empty") or token.is_punct or token.tag_ in _QUESTION_TAGS:
        return False
    # "the wounded" are people, "an official protest" has nobody in it.
    return token.pos_ in _NAMING_PARTS or (token.dep_ != "amod" and is_of_class(token, "person")) or bool(token.ent_type_)


def _first_of_phrase(token: Token) -> Token:
    """Return the noun that a verb governs: the first of those joined, the last of a compound ("a mediation mission")."""
    while token.dep_ in ("conj", "compound") and token.head.pos_ == token.pos_:
        token = token.head
    return token


def _carrying_verb(token: Token) -> Token | None:
    token = _first_of_phrase(token)
    head = token.head
    if head.pos_ == "ADP" and token.dep_ == "pobj":
        head = head.head
    return head if head.pos_ in ("VERB", "AUX") and head != token else None


def light_verb_row(token: Token) -> LightVerbRow | None:
    """Return the row of the verb that carries the noun: as its object, its passive subject, or after a preposition."""
    verb = _carrying_verb(token) if token.pos_ == "NOUN" else None
    if verb is None:
        return None
    token = _first_of_phrase(token)
    if token.dep_ == "pobj":
        where = token.head.lower_
    elif token.dep_ == "dobj" or (token.dep_ == "nsubjpass" and is_passive(verb)):
        where = "object"
    elif token.dep_ == "relcl" or (token.dep_ == "nsubj" and not is_passive(verb)):
        where = "subject"
    else:
        return None
    return _light_verbs().get((verb.lemma_.lower(), where))


@cache
def _kind_rules(kind: str, pos: str) -> tuple[RoleRule, ...]:
    """Return the rules of the row for the kind or its nearest superclass that has one, then those for every event."""
    table = _table()
    known = [ancestor for ancestor in sorted(KG.ancestors(kind)) if (ancestor, pos) in table]
    nearest = max(known, key=lambda ancestor: len(KG.ancestors(ancestor)))
    return table[(nearest, pos)] + table[(_ANY, "")]


@cache
def _table() -> dict[tuple[str, str], tuple[RoleRule, ...]]:
    return {(row.kind, row.pos): tuple(compile_rule(text, row.id) for text in row.roles) for row in read_table("event_roles", RoleRow)}


@cache
def _light_verbs() -> dict[tuple[str, str], LightVerbRow]:
    return {(row.lemma, row.slot): row for row in read_table("light_verbs", LightVerbRow)}


@cache
def compile_rule(text: str, row_id: str) -> RoleRule:
    where, _, role = text.partition("=")
    name, _, noun_class = where.partition(":")
    if role not in RoleName.__args__:  # type: ignore[attr-defined]
        raise BadLexicon(f"row {row_id!r}: {text!r} gives the role {role!r}; the roles are {', '.join(RoleName.__args__)}")  # type: ignore[attr-defined]
    return RoleRule(name, noun_class or None, cast(RoleName, role))
