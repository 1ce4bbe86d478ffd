"""Finds which things of an article a definite description may stand for: "the ministry", "the lawmaker", "the militants"."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Span, Token

from kg.lexicon import read_table
from kg.records import Entity, Membership


@dataclass(frozen=True, slots=True)
class SourceNoun:
    """A noun that can speak ("official") and the kind of thing it is; `plural` is the kind of several of them.

    Nouns of one `sense` may stand for each other ("the lawmaker", "the deputy"). `names` are the kinds of named things
    that the noun may stand for without their being called so ("the group": an ArmedGroup).
    """

    id: str
    lemma: str
    kind: str
    plural: str
    sense: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """What an article says a thing is, from a character offset on: the sense of a noun, and the words beside it."""

    start: int
    key: str
    sense: str
    words: frozenset[str]


@cache
def read_source_nouns() -> Mapping[str, SourceNoun]:
    """Read source_nouns.csv once a process: lemma -> row."""
    return {row.lemma: row for row in read_table("source_nouns", SourceNoun)}


def find_descriptions(doc: Doc, entities: Iterable[Entity], memberships: Iterable[Membership]) -> Iterator[Description]:
    """Yield the descriptions of things: posts, words of a name ("Health Ministry"), nouns before, in apposition to or said of it."""
    for membership in memberships:
        title = doc.char_span(membership.title.start, membership.title.end, alignment_mode="expand")
        if title is not None:
            yield from _of_nouns(membership.person, title, title.root.subtree)
    for entity in entities:
        for mention in entity.mentions:
            span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
            if span is None or mention.form == "demonym":
                continue
            if mention.form == "nominal":
                yield from _of_nouns(entity.key, (span.root,), span)
            else:
                yield from _of_nouns(entity.key, (*_said_of(span), *(span if entity.kind != "Person" else ())), span.root.subtree)


def _said_of(name: Span) -> Iterator[Token]:
    """Yield the nouns that say what a name is: "spokesman Ana Lima", "Ana Lima, a lawyer", "Ana Lima is a lawyer"."""
    root = name.root
    for child in root.children:
        if child.i not in range(name.start, name.end) and child.dep_ in ("appos", "compound") and child.pos_ in ("NOUN", "PROPN"):
            yield child
    if root.dep_ == "appos":
        yield root.head
    if root.dep_ == "nsubj" and root.head.lemma_ == "be":
        yield from (child for child in root.head.children if child.dep_ == "attr")


def _of_nouns(key: str, nouns: Iterable[Token], phrase: Iterable[Token]) -> Iterator[Description]:
    words = frozenset(word.lower_ for word in phrase)
    for noun in nouns:
        if (row := read_source_nouns().get(noun.lemma_.lower())) is not None:
            yield Description(noun.idx, key, row.sense, words | {word.lower_ for word in noun.subtree})
