"""Tells the gender of persons as an article's words give it: "Mrs Lima", "the spokesman", "Anna", "Lima said she …"."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from spacy.tokens import Doc, Span

from kg.lexicon import read_table
from kg.records import Entity, Membership

Gender = str
"""As in the tables: "masculine" or "feminine"."""
_REACH = 3  # tokens before a name that may hold its titles


@dataclass(frozen=True, slots=True)
class GenderedWord:
    """A noun, title or given name that is said of one gender only."""

    id: str
    word: str
    gender: Literal["masculine", "feminine"]
    sort: Literal["noun", "given-name"]


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A pronoun of the third person, what it can stand for, and its gender."""

    id: str
    word: str
    sort: Literal["person", "thing", "several"]
    gender: str | None


def noun_gender(word: str) -> Gender | None:
    """Return the gender of a noun or title, None for most."""
    return _words("noun").get(word.lower().rstrip("."))


@cache
def read_pronouns() -> Mapping[str, Pronoun]:
    """Read pronouns.csv once a process: word -> row."""
    return {row.word: row for row in read_table("pronouns", Pronoun)}


def genders_of(doc: Doc, entities: Iterable[Entity], memberships: Iterable[Membership]) -> dict[str, Gender]:
    """Return the genders of persons by key, where words tell: titles and descriptions first, then pronouns, then given names."""
    votes: defaultdict[str, Counter[Gender]] = defaultdict(Counter)
    names: dict[str, Gender] = {}
    persons_in: defaultdict[int, dict[str, Span]] = defaultdict(dict)
    for membership in memberships:
        title = doc.char_span(membership.title.start, membership.title.end, alignment_mode="expand")
        _vote(votes[membership.person], (token.text for token in title) if title is not None else ())
    for entity in entities:
        if entity.kind != "Person":
            continue
        if (gender := _words("given-name").get(entity.name.split()[0].lower())) is not None:
            names[entity.key] = gender
        for mention in entity.mentions:
            span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
            if span is None:
                continue
            persons_in[span.sent.start].setdefault(entity.key, span)
            floor = max(span.sent.start, span.start - _REACH)
            before = [token.text for token in doc[floor : span.start] if token.head.i >= span.start]
            described = [child.text for child in span.root.children if child.dep_ == "appos"]
            _vote(votes[entity.key], [*before, *described, *(span.text.split() if mention.form == "nominal" else ())])
    for persons in persons_in.values():
        if len(persons) == 1:
            key, span = next(iter(persons.items()))
            _vote_by_pronouns(votes[key], span)
    told = {key: votes[key].most_common(1)[0][0] for key in votes if len(votes[key]) == 1}
    return {**names, **told}


def _vote(votes: Counter[Gender], words: Iterable[str]) -> None:
    for word in words:
        if (gender := noun_gender(word)) is not None:
            votes[gender] += 1


def _vote_by_pronouns(votes: Counter[Gender], span: Span) -> None:
    """Count the pronouns after the only person of a sentence, where that person is its subject."""
    if span.root.dep_ != "nsubj":
        return
    for token in span.doc[span.end : span.sent.end]:
        if token.is_quote or (token.pos_ == "NOUN" and noun_gender(token.lemma_) is not None):
            return
        row = read_pronouns().get(token.lower_) if token.pos_ == "PRON" else None
        if row is not None and row.gender is not None:
            votes[row.gender] += 1
            return


@cache
def _words(sort: str) -> dict[str, Gender]:
    return {row.word: row.gender for row in read_table("gendered_words", GenderedWord) if row.sort == sort}
