"""What the article keeps its distance from in words of their own: "The claim could not be verified." after the claim."""

from collections.abc import Iterator, Mapping, Sequence

from spacy.tokens import Doc, Token

from kg.extract.cues import read_wordings
from kg.extract.named import NamedWords
from kg.extract.pointers import Standpoint, antecedent
from kg.extract.tellings import Telling, response_words
from kg.records import Caution

_CAUTIONS: Mapping[str, Caution] = {"Unconfirmed": "Unconfirmed", "Alleged": "Alleged", "Disputed": "Disputed"}
_OBJECTS = frozenset({"nsubjpass", "dobj"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_PREDICATES = frozenset({"acomp", "attr", "oprd"})
_NOBODY: frozenset[str] = frozenset()


def find_doubts(doc: Doc, tellings: Sequence[Telling], named: NamedWords) -> dict[str, Caution]:
    """Return key -> caution of the statements that the article, in its own voice, calls unverified or untrue afterwards."""
    statements = [telling for telling in tellings if telling.statement is not None]
    said = frozenset(i for telling in statements for i in telling.inside)
    found: dict[str, Caution] = {}
    for token in doc:
        for noun, value in _doubted(token) if token.i not in said else ():
            other = _reported_by(statements, noun) or antecedent(_standpoint(token, statements, named), noun)
            if other is not None:
                found.setdefault(other.key, _CAUTIONS[value])
    return found


def _doubted(token: Token) -> Iterator[tuple[Token, str]]:
    """Yield the noun or pronoun that a word casts doubt on, and how: "verified", "false", "evidence" with their company."""
    words, lemma = response_words(), token.lemma_.lower()
    if lemma in words["verifying"] and any(child.dep_ == "neg" for child in token.children):
        yield from ((child, words["verifying"][lemma]) for child in token.children if child.dep_ in _OBJECTS)
    elif lemma in read_wordings()["proof"] and any(child.lower_ in words["missing"] for child in token.children):
        yield from ((word, read_wordings()["proof"][lemma]) for word in token.subtree if word.i > token.i and word.pos_ == "NOUN")
    elif token.lower_ in read_wordings()["caution"]:
        verb = token.head if token.dep_ in _PREDICATES else token
        if not any(child.dep_ == "neg" for child in verb.children):
            subjects = (child for child in verb.children if child.dep_ in _SUBJECTS and child.pos_ == "NOUN")  # "it is false": what is?
            yield from ((child, read_wordings()["caution"][token.lower_]) for child in subjects)


def _reported_by(statements: Sequence[Telling], noun: Token) -> Telling | None:
    """Return the statement that the noun itself reports: "The claim that the dam had burst could not be verified"."""
    return next((telling for telling in statements if telling.head.i == noun.i), None)


def _standpoint(token: Token, statements: Sequence[Telling], named: NamedWords) -> Standpoint:
    """Return the article's own standpoint at a word: the statements before it, whoever made them."""
    number = sum(sentence.start <= token.i for sentence in token.doc.sents) - 1
    here = Telling("", token, frozenset(), number, number, _NOBODY, _NOBODY)
    return Standpoint(here, tuple(telling for telling in reversed(statements) if telling.head.i < token.i), named)
