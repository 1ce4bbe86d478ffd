"""Finds what stands in the grammatical places around a word: its subject, its object, the noun after a preposition.

A slot is named by a word: `subject`, `object`, `owner` ("Norway's"), `modifier`, `complement`, `infinitive` ("agreed to
leave"), `clause` (that, or a clause with "that"), `particle`, `counted` (for "dead" in "left 20 dead": 20), `governor`
(the word it depends on), `under` (the preposition it depends on), `verb` (the verb of its clause), `next` (the word after
it), `sentence` (every other word of its sentence: "chlorine" beside an attack makes it a chemical one), `proviso` (the
verb after "if" or "unless"), `source` and `target` (the powers that an act comes from and is aimed at); any other name is
a preposition. "object.by" is the slot `by` of the object. Slots follow the parse through passives, relative clauses,
shared subjects, control and participles, and give the heads of all conjoined noun phrases.
"""

from collections.abc import Callable, Iterator

from spacy.tokens import Token

from kg.extract.nouns import is_of_class
from kg.extract.powers import sources, targets
from kg.extract.subjects import antecedent, clause_verb, counted, is_passive, objects, subjects

__all__ = ["clause_verb", "is_passive", "slot", "with_conjuncts"]


def slot(token: Token, name: str) -> tuple[Token, ...]:
    """Return the heads that fill the slot of a verb, noun or adjective, in text order; empty when nothing does."""
    first, _, rest = name.partition(".")
    if rest:
        return tuple(filler for head in slot(token, first) for filler in slot(head, rest))
    finder = _FINDERS.get(name)
    found = finder(token) if finder else _after_preposition(token, name)
    return tuple(with_conjuncts(token, found))


def with_conjuncts(token: Token, heads: tuple[Token, ...]) -> Iterator[Token]:
    """Yield the heads and what is joined to them by "and", without the token that asks."""
    for head in heads:
        yield head
        for child in head.children:
            if child.dep_ == "conj" and child != token and child.pos_ in ("NOUN", "PROPN", "PRON", "NUM"):
                yield from with_conjuncts(token, (child,))


def _after_preposition(token: Token, preposition: str) -> tuple[Token, ...]:
    """Return the nouns after a preposition of the token, also after one on its particle or behind another ("out of")."""
    found: list[Token] = []
    for child in token.children:
        if child.dep_ in ("prep", "agent", "dative", "prt", "advmod") and child.pos_ in ("ADP", "ADV", "SCONJ"):
            if child.lower_ == preposition:
                found += (antecedent(grand, token) for grand in child.children if grand.dep_ in ("pobj", "pcomp"))
            found += (
                grand
                for inner in child.children
                if inner.dep_ == "prep" and inner.lower_ == preposition and not is_of_class(child, "citing")
                for grand in inner.children
                if grand.dep_ == "pobj"
            )
    return tuple(found)


def _children(*deps: str) -> Callable[[Token], tuple[Token, ...]]:
    def children(token: Token) -> tuple[Token, ...]:
        return tuple(child for child in token.children if child.dep_ in deps)

    return children


def _proviso(token: Token) -> tuple[Token, ...]:
    """Return the verb of the "if" or "unless" that a threat or a promise depends on."""
    clauses = [child for child in token.children if child.dep_ in ("advcl", "xcomp", "ccomp")]
    return tuple(
        verb
        for clause in clauses
        for verb in (clause, *_proviso(clause))
        if any(mark.dep_ == "mark" and is_of_class(mark, "proviso") for mark in verb.children)
    )


def _governor(token: Token) -> tuple[Token, ...]:
    return (token.head,) if token.head != token else ()


def _under(token: Token) -> tuple[Token, ...]:
    return (token.head,) if token.dep_ in ("pobj", "pcomp") else ()


def _verb(token: Token) -> tuple[Token, ...]:
    return (clause_verb(token),)


def _sentence(token: Token) -> tuple[Token, ...]:
    return tuple(word for word in token.sent if word.i != token.i)


def _next(token: Token) -> tuple[Token, ...]:
    return (token.nbor(),) if token.i + 1 < len(token.doc) else ()


_FINDERS: dict[str, Callable[[Token], tuple[Token, ...]]] = {
    "subject": subjects,
    "object": objects,
    "owner": _children("poss"),
    "modifier": _children("compound", "amod", "nmod"),
    "complement": _children("acomp", "oprd", "attr", "xcomp", "ccomp", "advmod"),
    "particle": _children("prt", "advmod", "prep"),
    "counted": counted,
    "governor": _governor,
    "under": _under,
    "verb": _verb,
    "infinitive": _children("xcomp"),
    "clause": _children("ccomp", "xcomp", "acl"),
    "proviso": _proviso,
    "next": _next,
    "sentence": _sentence,
    "source": sources,
    "target": targets,
}
