"""What a statement answers: the statement or event that a denial, confirmation, refusal or reply is about, in the same article.

Tried in this order, and nothing is tied where nothing is plain: reported words in its own content ("denied claims that …"),
what a noun or pronoun points back to ("rejected the accusation"), the occurrence it names ("has not confirmed the fall of
the town"), an earlier statement of the same content, what concerns the speaker who will not comment, the words replied to.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from spacy.tokens import Doc, Token

from kg.extract.doubts import find_doubts
from kg.extract.named import NamedWords
from kg.extract.pointers import Standpoint, antecedent, is_definite
from kg.extract.tellings import Telling, are_related, content_heads, find_tellings, key_words, kinds_of_noun, response_words
from kg.lexicon import read_table
from kg.limits import count_limit, limit
from kg.records import Caution, Extraction, Statement

_LIMITS = "reporting_limits"
_REPLY = "reply"
_VERBS = frozenset({"VERB", "AUX"})
_ASIDES = frozenset({"relcl", "acl"})


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """An act that answers something; `id` is the act's name in lower case, or "reply" for words that reply by any act.

    It answers what others said, with `own` what the speaker said, and with `topic` also what was told of the speaker.
    """

    id: str
    act: str
    own: bool
    topic: bool
    note: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A statement that answers: `heads` are the heads of what it answers, `inner` the tellings in its content."""

    standpoint: Standpoint
    row: ResponseRow
    heads: tuple[Token, ...]
    inner: tuple[Telling, ...]

    @property
    def telling(self) -> Telling:
        """The answering statement itself."""
        return self.standpoint.telling

    @property
    def earlier(self) -> tuple[Telling, ...]:
        """The tellings before it, the nearest first."""
        return self.standpoint.earlier


def with_responses(doc: Doc, extraction: Extraction) -> Extraction:
    """Return the record with `responds_to` filled by keys of statements and events in text order, and doubts noted as cautions.

    Both stay as they were where nothing is plain. A caution that the statement's own words give stands, but for one that is
    disputed afterwards.
    """
    tellings = find_tellings(doc, extraction)
    named = NamedWords(extraction.entities)
    position = {telling.key: number for number, telling in enumerate(tellings)}
    found: dict[str, tuple[str, ...]] = {}
    for number, telling in enumerate(tellings):
        if telling.statement is None:
            continue
        keys = {other.key for other in _asked(telling, tellings)}
        if (row := _row_of(telling)) is not None:
            inner = tuple(other for other in tellings if other.head.i in telling.inside)
            earlier = tuple(other for other in reversed(tellings[:number]) if not _nested(other, telling))
            standpoint = Standpoint(telling, earlier, named, row.own)
            keys |= {other.key for other in _answered(Answer(standpoint, row, _heads(telling), inner))}
        found[telling.key] = tuple(sorted(keys, key=position.__getitem__))
    doubts = find_doubts(doc, tellings, named)
    statements = (replace(s, responds_to=found.get(s.key, ())) for s in extraction.statements)
    return replace(extraction, statements=tuple(_cautioned(statement, doubts.get(statement.key)) for statement in statements))


def _cautioned(statement: Statement, doubt: Caution | None) -> Statement:
    return replace(statement, caution=doubt) if doubt == "Disputed" or (doubt and statement.caution == "None") else statement


@cache
def _rows() -> dict[str, ResponseRow]:
    return {row.act or row.id: row for row in read_table("responses", ResponseRow)}


def _row_of(telling: Telling) -> ResponseRow | None:
    """Return the row of a statement's act, or that of words that reply by any act ("he replied that …", "said in response")."""
    if telling.statement is None:
        return None
    row = _rows().get(telling.statement.act)
    replies = telling.head.lemma_.lower() in response_words()["reply"] or _response_noun(telling) is not None
    return row if row is not None else _rows()[_REPLY] if replies else None


def _response_noun(telling: Telling) -> Token | None:
    """Return "response" of "said in response (to …)"."""
    for phrase in telling.head.children:
        for noun in phrase.children if phrase.dep_ == "prep" and phrase.i not in telling.inside else ():
            if noun.lemma_.lower() in response_words()["response"]:
                return noun
    return None


def _heads(telling: Telling) -> tuple[Token, ...]:
    """Return the heads of the content, or of what follows "in response to"; "comment on X", "a request for comment on X" give X."""
    noun = _response_noun(telling)
    if noun is not None:
        return tuple(_objects(noun))
    heads = content_heads(telling.head.doc, telling.inside)
    return tuple(thing for head in heads for thing in _things(head))


def _things(head: Token) -> Iterator[Token]:
    if head.lemma_.lower() not in response_words()["wrapping"]:
        yield head
        return
    for word in _objects(head):
        yield from _things(word)


def _objects(head: Token) -> Iterator[Token]:
    for child in head.children:
        if child.dep_ in ("dobj", "ccomp") and child.i > head.i:
            yield child
        elif child.dep_ == "prep" and child.i > head.i:
            yield from (word for word in child.children if word.dep_ == "pobj")


def _nested(other: Telling, telling: Telling) -> bool:
    """Tell whether one stands in the other's content."""
    return other.head.i in telling.inside or (other.statement is not None and telling.head.i in other.inside)


def _asked(telling: Telling, tellings: Iterable[Telling]) -> Iterator[Telling]:
    """Yield the question of "Asked whether …, she said no"."""
    clauses = {child.i for child in telling.head.children if child.dep_ == "advcl"}
    for other in tellings:
        asks = other.statement is not None and other.head.tag_ == "VBN" and other.head.lemma_.lower() in response_words()["asking"]
        if asks and other.head.i in clauses:
            yield other


def _answered(answer: Answer) -> tuple[Telling, ...]:
    """Return what is answered by the first way that finds something."""
    replies = answer.row.id == _REPLY
    ways = [_reported, _pointed, *([_before] if replies else [_occurrences, _same_content]), *([_concerning] if answer.row.topic else [])]
    return next((found for way in ways if (found := tuple(way(answer)))), ())


def _reported(answer: Answer) -> Iterator[Telling]:
    """Yield the statement that a noun of the content reports ("denied claims that …"), and an earlier one of that content."""
    heads = {head.i for head in answer.heads}
    for other in answer.inner:
        if other.statement is not None and other.head.pos_ == "NOUN" and other.head.i in heads:
            yield other
            yield from _told_before(answer, other.words)


def _pointed(answer: Answer) -> Iterator[Telling]:
    """Yield the statement that "the claim", "her accusation of theft", "those reports", "it" points back to."""
    found = (antecedent(answer.standpoint, head) for head in answer.heads)
    yield from (other for other in found if other is not None)


def _occurrences(answer: Answer) -> Iterator[Telling]:
    """Yield, for each thing named with an occurrence, the nearest statement and the nearest event that tell of it.

    "the fall of either town" names all that the article calls a town.
    """
    for head in answer.heads:
        events = [other for other in answer.inner if other.statement is None and other.head.i == head.i]
        kinds = {kind for event in events for kind in event.kinds} or _named_kinds(head)
        if not kinds:
            continue
        told = tuple(other for other in answer.earlier if _tells_of(answer, other, kinds, head))
        inside = [word for word in head.subtree if word.i != head.i and word.i in answer.telling.inside]
        words = key_words(inside, answer.standpoint.named)
        if head.pos_ in _VERBS:
            yield from _nearest(_closest_in_words(told, words | {head.lemma_.lower()}))
        elif things := _named_things(answer, inside) or [words] * bool(words):
            for thing in things:
                yield from _nearest(other for other in told if thing & other.words)
        elif is_definite(head):
            most = count_limit("response-reach-most", _LIMITS)
            yield from _nearest(other for other in told if answer.standpoint.distance(other) <= most)
        firsts = {event.same for event in events}
        yield from (other for other in answer.earlier if other.key in firsts)


def _closest_in_words(told: Iterable[Telling], words: frozenset[str]) -> list[Telling]:
    """Return the tellings that share enough words with a clause, those that share most first."""
    least = count_limit("response-clause-least", _LIMITS)
    enough = [(len(words & other.words), other) for other in told if len(words & other.words) >= least]
    return [other for _, other in sorted(enough, key=lambda pair: -pair[0])]


def _tells_of(answer: Answer, other: Telling, kinds: Iterable[str], head: Token) -> bool:
    """Tell whether another telling is of an occurrence of such a kind, or in the same word."""
    if other.statement is not None and not answer.standpoint.is_meant(other):
        return False
    return are_related(kinds, other.kinds) or head.lemma_.lower() in other.words


def _named_things(answer: Answer, inside: Iterable[Token]) -> list[frozenset[str]]:
    """Return the entities among words, one by one, those called by a plural noun included; not the speaker."""
    named, found = answer.standpoint.named, dict[str, None]()
    for word in inside:
        keys = (key,) if (key := named.at(word)) is not None else _called(answer, word)
        found.update((key, None) for key in keys if key not in answer.telling.side)
    return [frozenset((key,)) for key in found]


def _named_kinds(head: Token) -> frozenset[str]:
    return kinds_of_noun(head.lemma_.lower()) if head.pos_ == "NOUN" else frozenset()


def _nearest(told: Iterable[Telling]) -> Iterator[Telling]:
    """Yield the first statement and the first event of tellings in order of nearness."""
    found = tuple(told)
    yield from [other for other in found if other.statement is not None][:1]
    yield from [other for other in found if other.statement is None][:1]


def _called(answer: Answer, noun: Token) -> Iterator[str]:
    """Yield the entities that the article calls so before: "both towns" after "Bergen, a town in the west" and "the town of Moss"."""
    if noun.tag_ != "NNS" or not any(word.lower_ in response_words()["several"] for word in (*noun.subtree, *noun.ancestors)):
        return
    for token in noun.doc[: answer.telling.head.i]:
        if token.lemma_.lower() != noun.lemma_.lower() or token.tag_ != "NN":
            continue
        names = [token.head] if token.dep_ == "appos" else [child for child in token.children if child.dep_ == "appos"]
        names += [word for phrase in token.children if phrase.lower_ == "of" for word in phrase.children]
        yield from (key for word in names if (key := answer.standpoint.named.at(word)) is not None)


def _same_content(answer: Answer) -> Iterator[Telling]:
    """Yield the earlier statement that says the same as a clause of this one ("denied that she had met the envoy")."""
    if any(head.pos_ in _VERBS for head in answer.heads):
        yield from _told_before(answer, answer.telling.words)


def _told_before(answer: Answer, words: frozenset[str]) -> Iterator[Telling]:
    """Yield the earlier statement by the other side that shares most words, where it shares enough of them; the nearest of equals."""
    shared = [(len(words & other.words), other) for other in answer.earlier if answer.standpoint.is_meant(other)]
    best = max((count for count, _ in shared), default=0)
    if best >= limit("response-words-least", _LIMITS) and best >= limit("response-share-least", _LIMITS) * len(words):
        yield next(other for count, other in shared if count == best)


def _concerning(answer: Answer) -> Iterator[Telling]:
    """Yield the nearest telling of who will not comment: a statement about them or to them, else what they did or suffered."""
    near = [other for other in answer.earlier if answer.standpoint.distance(other) <= count_limit("response-reach-most", _LIMITS)]
    about = [other for other in near if _is_about(other, answer.telling.side, answer.telling.words - answer.telling.side)]
    nearest = [other for other in about if other.last == about[0].last]
    yield from sorted(nearest, key=lambda other: other.statement is None)[:1]


def _is_about(other: Telling, side: frozenset[str], words: frozenset[str]) -> bool:
    """Tell whether another telling names or addresses a side, is not its own, and shares a word with what is left unsaid."""
    told = other.words | (frozenset(other.statement.addressees) if other.statement is not None else frozenset())
    return bool(side & told) and not side & other.side and (not words or bool(words & told))


def _before(answer: Answer) -> Iterator[Telling]:
    """Yield the nearest statement of somebody else to which a verb such as "replied" can reply; a relative clause is no turn."""
    most = count_limit("response-near-most", _LIMITS)
    if answer.telling.head.lemma_.lower() not in response_words()["turn"] and _response_noun(answer.telling) is None:
        return
    for other in answer.earlier:
        is_turn = other.head.dep_ not in _ASIDES and 0 <= answer.standpoint.distance(other) <= most
        if is_turn and answer.standpoint.is_meant(other):
            yield other
            return
