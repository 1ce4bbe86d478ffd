"""Finds what pronouns and descriptions that speak stand for, inside one article: "she said", "the ministry said".

Precise before complete: where two antecedents fit about as well, or something without a name fits best, there is none.
"""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from kg.extract.cues import read_wordings
from kg.extract.descriptions import Description, SourceNoun, find_descriptions, read_source_nouns
from kg.extract.genders import Gender, Pronoun, genders_of, noun_gender, read_pronouns
from kg.extract.nouns import is_of_class
from kg.limits import limit
from kg.records import Entity, Form, Membership, Statement, TextSpan

_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_PASSED_OVER = frozenset({"compound", "appos", "attr", "amod", "nmod", "npadvmod"})
_PEOPLE = frozenset({"Person", "Group"})
_PLURALS = frozenset({"NNS", "NNPS"})
_LIMITS = "antecedent_limits"


@dataclass(frozen=True, slots=True)
class Antecedent:
    """Words of the article and the key of the entity that they stand for."""

    start: int
    end: int
    key: str
    form: Form


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A noun, name or pronoun that a later pronoun may go with; it has no key where the record has no such thing."""

    at: int
    key: str | None
    sort: str
    gender: Gender | None
    weight: float


def find_antecedents(
    doc: Doc, statements: Sequence[Statement], entities: Sequence[Entity], memberships: Sequence[Membership]
) -> tuple[Antecedent, ...]:
    """Return the sources that stand for an entity mentioned before, in text order.

    Entities are the named ones and those made of sources without a name; the latter may turn out to be one of the others.
    Example: "Ana Lima, a deputy, left. The lawmaker said … She added …" -> "The lawmaker" and "She" stand for Ana Lima.
    """
    article = _Article(doc, statements)
    nominals = tuple(_of_nominals(article, entities, memberships))
    pronouns = _of_pronouns(article, entities, genders_of(doc, entities, memberships), nominals) if article.has_pronouns() else ()
    return tuple(sorted((*nominals, *pronouns), key=lambda antecedent: antecedent.start))


class _Article:
    """The Doc with what its sources need: where sentences begin, which words speak, which are quoted."""

    def __init__(self, doc: Doc, statements: Sequence[Statement]) -> None:
        self.doc = doc
        quoted = (span for statement in statements if statement.quotation == "Direct" for span in statement.content)
        pieces = (doc.char_span(span.start, span.end, alignment_mode="expand") for span in quoted)
        self.quoted = frozenset(token.i for piece in pieces if piece is not None for token in piece)
        # Sentences that are quoted do not take a pronoun further from who spoke before them.
        starts = (at for at, start in enumerate(doc.to_array("SENT_START").tolist()) if start == 1)
        self._sentences = [start for start in starts if doc[start].tag_ != "_SP" and start not in self.quoted]
        self.contents: defaultdict[int, list[TextSpan]] = defaultdict(list)
        quoted = (span for statement in statements if statement.quotation == "Direct" for span in statement.content)
        pieces = (doc.char_span(span.start, span.end, alignment_mode="expand") for span in quoted)
        self.quoted = frozenset(token.i for piece in pieces if piece is not None for token in piece)
        # Sentences that are quoted do not take a pronoun further from who spoke before them.
        starts = (sentence.start for sentence in doc.sents)
        self._sentences = [start for start in starts if doc[start].tag_ != "_SP" and start not in self.quoted]
        for statement in statements:
            for span in statement.source:
                words = doc.char_span(span.start, span.end, alignment_mode="expand")
                if words is not None and (len(words) == 1 or words.root.pos_ != "PRON"):
                    self.contents[words.root.i] += statement.content

    def has_pronouns(self) -> bool:
        return any(self.doc[at].lower_ in read_pronouns() for at in self.contents)

    def is_of_own_content(self, at: int, speaker: int) -> bool:
        """Tell whether a token stands in what a speaker says: "Lima is late, he said" is not about himself."""
        place = self.doc[at].idx
        return any(span.start <= place < span.end for span in self.contents.get(speaker, ()))

    def distance(self, before: int, after: int) -> int:
        """Return how many sentences lie from one token to the other."""
        return bisect_right(self._sentences, after) - bisect_right(self._sentences, before)


# ---- descriptions: "the ministry", "the lawmaker"


def _of_nominals(article: _Article, entities: Sequence[Entity], memberships: Sequence[Membership]) -> Iterator[Antecedent]:
    """Yield what the definite ones among the sources without a name stand for."""
    doc = article.doc
    definite = tuple(_definite_ones(doc, entities))
    if not definite:
        return
    descriptions = tuple(find_descriptions(doc, entities, memberships))
    places = {entity.key: [doc.char_span(m.start, m.end, alignment_mode="expand") for m in entity.mentions] for entity in entities}
    mentions = {key: [span.root.i for span in spans if span is not None] for key, spans in places.items()}
    kinds = {entity.key: entity.kind for entity in entities}
    named = [entity.key for entity in entities if entity.mentions[0].form != "nominal"]
    same: dict[str, str] = {}
    for entity, phrase, noun in definite:
        called = _called(noun, phrase, descriptions, kinds, entity.key)
        reach = math.inf if called else limit("sentences-most", _LIMITS)
        fitting = called or ([] if _beside(phrase) else [key for key in named if kinds[key] in noun.names])
        before = {same.get(key, key): _last_before(phrase.start, mentions[same.get(key, key)]) for key in fitting}
        near = {key: at for key, at in before.items() if at is not None and article.distance(at, phrase.start) <= reach}
        key = _nearest(article, phrase.start, near)
        if key is not None:
            same[entity.key] = key
            mentions[key] = sorted((*mentions[key], phrase.root.i))
            yield Antecedent(entity.mentions[0].start, entity.mentions[0].end, key, "nominal")


def _definite_ones(doc: Doc, entities: Iterable[Entity]) -> Iterator[tuple[Entity, Span, SourceNoun]]:
    """Yield the entities that a definite description made, in text order, with its words and the row of its noun."""
    for entity in sorted(entities, key=lambda entity: entity.mentions[0].start):
        mention = entity.mentions[0]
        phrase = doc.char_span(mention.start, mention.end, alignment_mode="expand") if mention.form == "nominal" else None
        if phrase is not None and (noun := _definite(phrase)) is not None:
            yield entity, phrase, noun


def _definite(phrase: Span) -> SourceNoun | None:
    """Return the row of a description of something known: "the ministry", not "a ministry", "the ministry in Oslo", "his ministry"."""
    head = phrase.root
    row = read_source_nouns().get(head.lemma_.lower())
    if row is None or any(token.i > head.i and not token.is_punct for token in phrase):
        return None
    determined = any(child.lower_ in read_wordings()["definite"] for child in head.children)
    collective = row.kind == row.plural and len(phrase) == 1  # "police said"
    owned = any(child.dep_ == "poss" for child in head.children)
    return row if (determined or collective) and not owned else None


def _last_before(start: int, mentions: Sequence[int]) -> int | None:
    return max((at for at in mentions if at < start), default=None)


def _called(noun: SourceNoun, phrase: Span, descriptions: Iterable[Description], kinds: Mapping[str, str], own: str) -> list[str]:
    """Return the keys of what was described by the same noun or one of its sense before, with all the words beside it."""
    beside = _beside(phrase)
    wanted = noun.plural if phrase.root.tag_ in _PLURALS else noun.kind
    keys = [
        description.key
        for description in descriptions
        if description.sense == noun.sense
        and description.start < phrase.start_char
        and description.key != own
        and beside <= description.words
    ]
    # One person is not several; other kinds are not told apart so surely.
    return [key for key in keys if kinds[key] == wanted or kinds[key] not in _PEOPLE]


def _beside(phrase: Span) -> set[str]:
    return {token.lower_ for token in phrase if token.dep_ != "det" and token.i != phrase.root.i and not token.is_punct}


def _nearest(article: _Article, at: int, last_mentions: Mapping[str, int]) -> str | None:
    """Return the only one of several things, or the one spoken of much nearer than the next."""
    near = sorted((article.distance(before, at), key) for key, before in last_mentions.items())
    if len(near) < 2:
        return near[0][1] if near else None
    clear = near[0][0] <= limit("sentences-most", _LIMITS) and near[1][0] - near[0][0] >= limit("margin-least", _LIMITS)
    return near[0][1] if clear else None


# ---- pronouns: "she", "they"


def _of_pronouns(
    article: _Article, entities: Sequence[Entity], genders: dict[str, Gender], nominals: Iterable[Antecedent]
) -> Iterator[Antecedent]:
    """Yield what pronouns that speak stand for; pronouns for persons that do not speak carry the talk from sentence to sentence."""
    doc = article.doc
    same = {antecedent.start: antecedent.key for antecedent in nominals}
    kinds = {entity.key: entity.kind for entity in entities}
    heads: dict[int, str] = {}
    for entity in entities:
        for mention in entity.mentions:
            span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
            if span is not None and mention.form != "demonym":
                heads[span.root.i] = same.get(mention.start, entity.key) if mention.form == "nominal" else entity.key
    talk: list[_Candidate] = []
    for token in _nouns_and_pronouns(doc):
        pronoun = read_pronouns().get(token.lower_) if token.pos_ == "PRON" else None
        if pronoun is not None:
            speaks = token.i in article.contents
            if not speaks and (pronoun.sort != "person" or token.dep_ not in _SUBJECTS):
                continue
            if token.i in article.quoted:
                continue
            fellows = {heads.get(word.i) for word in _fellows(token)} - {None}
            key = _best(article, token, pronoun, [candidate for candidate in talk if candidate.key not in fellows], genders)
            if key is not None and pronoun.gender is not None:
                genders.setdefault(key, pronoun.gender)
            if key is not None and speaks:
                yield Antecedent(token.idx, token.idx + len(token), key, "pronoun")
            talk.append(_Candidate(token.i, key, pronoun.sort, pronoun.gender, _weight(article, token)))
        elif token.pos_ != "PRON" and (candidate := _candidate(article, token, heads, kinds, genders)) is not None:
            talk.append(candidate)


def _fellows(pronoun: Token) -> Iterator[Token]:
    """Yield what else takes part in what a pronoun does: whom "he" told is not himself."""
    for child in pronoun.head.children if pronoun.dep_ in _SUBJECTS else ():
        if child.dep_ in ("dobj", "dative"):
            yield child
        elif child.dep_ in ("prep", "agent"):
            yield from (word for word in child.children if word.dep_ == "pobj")


def _nouns_and_pronouns(doc: Doc) -> Iterator[Token]:
    # One look at an array is much faster than one at each token.
    wanted = [doc.vocab.strings[part] for part in ("NOUN", "PROPN", "PRON")]
    return (doc[at] for at, part in enumerate(doc.to_array("POS").tolist()) if part in wanted)


def _candidate(
    article: _Article, token: Token, heads: Mapping[int, str], kinds: Mapping[str, str], genders: Mapping[str, Gender]
) -> _Candidate | None:
    if token.dep_ in _PASSED_OVER:
        return None
    key = heads.get(token.i) or next((heads[child.i] for child in token.children if child.dep_ == "appos" and child.i in heads), None)
    weight = _weight(article, token)
    if key is not None:
        sort = {"Person": "person", "Group": "several"}.get(kinds[key], "thing")
        return _Candidate(token.i, key, sort, genders.get(key), weight)
    if token.i in article.quoted:
        return None
    if not is_of_class(token, "person"):
        return _Candidate(token.i, None, "several" if token.tag_ in _PLURALS else "thing", None, weight)
    return _Candidate(token.i, None, "several" if token.tag_ in _PLURALS else "person", noun_gender(token.lemma_), weight)


def _weight(article: _Article, token: Token) -> float:
    role = limit("subject", _LIMITS) if token.dep_ in _SUBJECTS else limit("other", _LIMITS)
    speaking = limit("source", _LIMITS) if token.i in article.contents else 0
    return role + speaking + (limit("quoted", _LIMITS) if token.i in article.quoted else 0)


def _best(article: _Article, token: Token, pronoun: Pronoun, talk: Sequence[_Candidate], genders: Mapping[str, Gender]) -> str | None:
    """Return the key of the candidate that fits a pronoun best, None when another fits about as well or it has no key."""
    scores: dict[tuple[str | None, int], float] = {}
    for candidate in reversed(talk):
        distance = article.distance(candidate.at, token.i)
        if distance > limit("sentences-most", _LIMITS):
            break
        gender = _gender(candidate, genders)
        if not _agrees(pronoun, candidate, gender) or article.is_of_own_content(candidate.at, token.i):
            continue
        # An owner is as likely any noun near by as the subject: "Lima asked Moe to keep his promise".
        weight = limit("subject", _LIMITS) if token.dep_ == "poss" else candidate.weight
        score = weight - distance * limit("distance", _LIMITS) + (limit("gender", _LIMITS) if gender is not None else 0)
        thing = (candidate.key, 0 if candidate.key else candidate.at)
        scores[thing] = max(score, scores.get(thing, score))
    ordered = sorted(scores.items(), key=lambda item: -item[1])
    if not ordered:
        return None
    (key, _), best = ordered[0]
    told = key in genders or pronoun.gender is None
    margin = limit("margin-least" if told else "margin-unknown-least", _LIMITS)
    return key if len(ordered) == 1 or best - ordered[1][1] >= margin else None


def _gender(candidate: _Candidate, genders: Mapping[str, Gender]) -> Gender | None:
    return genders.get(candidate.key, candidate.gender) if candidate.key else candidate.gender


def _agrees(pronoun: Pronoun, candidate: _Candidate, gender: Gender | None) -> bool:
    if pronoun.sort == "several":
        return candidate.sort == "several"
    return pronoun.sort == candidate.sort and (pronoun.gender is None or gender is None or pronoun.gender == gender)
