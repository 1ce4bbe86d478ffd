"""What an article tells, made comparable: each statement and each event mention with its words, its kinds and its speaker's side.

Two tellings are compared by key words: keys of entities, and lemmas of the other content words ("e3", "bridge", "close").
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token

from kg.extract.cues import Wording
from kg.extract.named import NamedWords
from kg.extract.triggers import read_trigger_rows
from kg.lexicon import read_table
from kg.records import EventMention, Extraction, Statement, TextSpan
from kg.vocab import KG

_CONTENT_WORDS = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "NUM"})
_PHRASES = frozenset({"NOUN", "PROPN", "PRON", "VERB", "AUX"})


@dataclass(frozen=True, slots=True)
class Telling:
    """A statement, or an event mention with `statement` None.

    `head` is its cue or trigger, `inside` the tokens of its content; `first` and `last` are the numbers of its sentences;
    `side` holds the entities that speak and for which they speak, and the words for who speaks and is no known entity;
    `same` is the key of an event's first mention.
    """

    key: str
    head: Token
    inside: frozenset[int]
    first: int
    last: int
    kinds: frozenset[str]
    words: frozenset[str]
    side: frozenset[str] = frozenset()
    statement: Statement | None = None
    same: str = ""


@cache
def response_words() -> Mapping[str, Mapping[str, str]]:
    """Read response_words.csv once a process: field -> lemma -> value."""
    table: dict[str, dict[str, str]] = {}
    for row in read_table("response_words", Wording):
        table.setdefault(row.field, {})[row.lemma] = row.value
    return table


def find_tellings(doc: Doc, extraction: Extraction) -> tuple[Telling, ...]:
    """Return statements and event mentions in the order of their cues and triggers; one whose words are no tokens is left out."""
    named = NamedWords(extraction.entities)
    sentences = [number for number, sentence in enumerate(doc.sents) for _ in sentence]
    found = [
        *(_of_statement(doc, statement, extraction.events, named, sentences) for statement in extraction.statements),
        *(_of_event(doc, event, named, sentences) for event in extraction.events),
    ]
    return tuple(sorted((telling for telling in found if telling is not None), key=lambda telling: (telling.head.i, telling.key)))


def key_words(tokens: Iterable[Token], named: NamedWords) -> frozenset[str]:
    """Return the keys of the entities named and the lemmas of the other content words."""
    light = response_words()["light"]
    found = set()
    for token in tokens:
        lemma = token.lemma_.lower()
        if (key := named.at(token)) is not None:
            found.add(key)
        elif token.pos_ in _CONTENT_WORDS and not token.is_stop and lemma not in light:
            found.add(lemma)
    return frozenset(found)


def content_heads(doc: Doc, inside: frozenset[int]) -> tuple[Token, ...]:
    """Return the heads of the content with what is joined to them: nouns of a noun phrase, the verbs of clauses."""
    found: dict[int, Token] = {}
    for i in sorted(inside):
        token = doc[i]
        free = token.head.i == i or token.head.i not in inside
        joined = token.dep_ == "conj" and token.head.i in found
        if (free or joined) and token.pos_ in _PHRASES:
            found[i] = token
    return tuple(found.values())


@cache
def kinds_of_noun(lemma: str) -> frozenset[str]:
    """Return the kinds of event that a noun can name by the trigger lexicon ("fall" of a town), or whose outcome it names ("control")."""
    outcome = response_words()["outcome"].get(lemma)
    named = (row.kind for row in read_trigger_rows() if row.lemma == lemma and row.pos == "NOUN" and row.kind)
    return frozenset((*named, *((outcome,) if outcome else ())))


def are_related(ones: Iterable[str], others: Iterable[str]) -> bool:
    """Tell whether a kind of the one is a kind of the other, or a subclass or superclass of it."""
    others = tuple(others)
    return any(one in KG.ancestors(other) or other in KG.ancestors(one) for one in ones for other in others)


def _of_statement(
    doc: Doc, statement: Statement, events: Iterable[EventMention], named: NamedWords, sentences: list[int]
) -> Telling | None:
    head = _head(doc, (*statement.cue, *statement.content)[0])
    inside = frozenset(i for piece in statement.content for i in _tokens(doc, piece))
    if head is None or not inside:
        return None
    kinds = {event.kind for event in events if any(piece.start <= event.trigger.start < piece.end for piece in statement.content)}
    for noun in content_heads(doc, inside):
        kinds |= kinds_of_noun(noun.lemma_.lower())
    spoken_for = (statement.on_behalf_of,) if statement.on_behalf_of else ()
    unnamed = () if statement.source_entities else statement.source
    described = (" ".join(doc[i].lower_ for i in _tokens(doc, piece)) for piece in unnamed)
    return Telling(
        statement.key,
        head,
        inside,
        sentences[min(head.i, *inside)],
        sentences[max(head.i, *inside)],
        frozenset(kinds),
        key_words((doc[i] for i in sorted(inside)), named),
        frozenset((*statement.source_entities, *spoken_for, *described)),
        statement,
    )


def _of_event(doc: Doc, event: EventMention, named: NamedWords, sentences: list[int]) -> Telling | None:
    head = _head(doc, event.trigger)
    if head is None:
        return None
    spans = [TextSpan(role.start, role.end) for role in event.roles if role.start is not None and role.end is not None]
    inside = frozenset((head.i, *(i for span in spans for i in _tokens(doc, span))))
    words = key_words((doc[i] for i in sorted(inside)), named) | {role.entity for role in event.roles if role.entity}
    number = sentences[head.i]
    return Telling(event.key, head, inside, number, number, frozenset((event.kind,)), frozenset(words), same=event.same)


def _tokens(doc: Doc, span: TextSpan) -> Iterator[int]:
    words = doc.char_span(span.start, span.end, alignment_mode="expand")
    if words is not None:
        yield from (token.i for token in words if token.tag_ != "_SP")


def _head(doc: Doc, span: TextSpan) -> Token | None:
    words = doc.char_span(span.start, span.end, alignment_mode="expand")
    return words.root if words is not None and len(words) else None
