"""What a reporting word takes as its content, read off the parse: frame names and the tokens that fill them.

Frames of verbs, adjectives and nouns: `clause` (that …, whether …, "…", inverted and "as X said"), `infinitive` (promise
to go), `object-infinitive` (urge X to go), `gerund` (deny killing), `object` (deny the attack; accuse X of Y), `predicate`
(call X a liar), a preposition (`of`, `for`, `on` …: warn of a flood); of passives `passive-clause` (it is feared that),
`passive-infinitive` (is said to have fled), `passive` (was condemned), `passive-of` and the like.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from spacy.tokens import Token

from kg.extract.cues import read_cues, read_wordings

Words = tuple[int, ...]
"""Indices of tokens in a Doc, ascending."""

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl", "csubj"})
_PASSIVE = frozenset({"nsubjpass", "csubjpass", "auxpass"})
_INSERTED = frozenset({"parataxis", "advcl"})
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_RELATIVES = frozenset({"WDT", "WP", "WP$", "WRB"})


@dataclass(frozen=True, slots=True)
class Complement:
    """The content a token takes in one frame; `root` heads it, `preposition` links it where the frame is a preposition."""

    frame: str
    words: Words
    root: Token
    preposition: Token | None = None


def complements(token: Token) -> Iterator[Complement]:
    """Yield the complements of a verb, noun, adjective or adverb, the most telling one first."""
    finder = _FINDERS.get(token.pos_)
    if finder is not None:
        yield from finder(token)


def extent(token: Token) -> Words:
    """Return the token's subtree."""
    return tuple(sorted(word.i for word in token.subtree))


def clause_around(token: Token, inserted: Token) -> Words:
    """Return the clause that `token` heads without the inserted part ("X, he said, Y" without "he said")."""
    left_out = {word.i for word in inserted.subtree}
    return tuple(i for i in extent(token) if i not in left_out)


def goes_on_reporting(verb: Token) -> bool:
    """Tell whether a verb that the parser joins to a content clause goes on the reporting: "said it was late and warned …"."""
    if verb.dep_ != "conj" or verb.head.dep_ != "ccomp" or verb.tag_ not in _FINITE or verb.head.i < verb.head.head.i:
        return False
    if any(child.dep_ in _SUBJECTS for child in verb.children) or verb.tag_ != verb.head.head.tag_:
        return False
    return read_cues().frames_of(verb) is not None


def _without_reporting(clause: Token) -> Words:
    """Return a content clause without the reporting verbs joined to it and the conjunction before them."""
    words = extent(clause)
    joined = next((child for child in clause.children if goes_on_reporting(child)), None)
    if joined is None:
        return words
    end = joined.left_edge.i
    while end - 1 > clause.i and clause.doc[end - 1].dep_ in ("cc", "punct", "advmod"):
        end -= 1
    return tuple(i for i in words if i < end or i > joined.right_edge.i)


def _of_verb(verb: Token) -> Iterator[Complement]:
    children = list(verb.children)
    passive = any(child.dep_ in _PASSIVE for child in children)
    subject = next((child for child in children if child.dep_ in _SUBJECTS), None)
    target = next((child for child in children if child.dep_ in ("dobj", "dative") and child.i > verb.i), None)
    clauses = [child for child in children if child.dep_ in ("ccomp", "xcomp", "oprd", "acomp", "attr")]
    yield from _split_clause(verb, clauses)
    yield from _clauses(verb, clauses, passive=passive, subject=subject, target=target)
    yield from _told_clause(children)
    yield from _host_clause(verb, children, subject)
    for child in children:
        if child.dep_ == "prep" and child.i > verb.i and (target is None or not _belongs_to_object(child)):
            yield from _in_phrase(child, "passive-" if passive else "", subject if passive else None)
    if target is not None and target.dep_ == "dobj" and target.tag_ not in _RELATIVES:
        linked = [child for child in children if child.i > target.i and _belongs_to_object(child)]
        words = sorted({i for part in (target, *linked) for i in extent(part)})
        if any(child.lower_ == "as" for child in linked):
            yield Complement("object-as", tuple(words), target)
        yield Complement("object", tuple(words), target)
    if passive and subject is not None and subject.dep_ == "nsubjpass":
        yield Complement("passive", extent(subject), subject)


def _belongs_to_object(child: Token) -> bool:
    """Tell whether what is parsed beside an object goes with it: "accuse X of Y", "praise X for Y", "announce plans to go"."""
    if child.dep_ == "prep":
        return child.lower_ in read_wordings()["object-link"]
    return child.dep_ == "xcomp" and any(word.tag_ == "TO" for word in child.children)


def _split_clause(verb: Token, clauses: list[Token]) -> Iterator[Complement]:
    """Yield the content of a verb with a clause on both sides: both for "X, he said, Y", the second for "(…, he said X)"."""
    before = next((clause for clause in clauses if clause.dep_ == "ccomp" and clause.i < verb.i), None)
    after = next((clause for clause in clauses if clause.dep_ == "ccomp" and clause.i > verb.i), None)
    if before is None or after is None:
        return
    set_off = any(token.is_punct for token in verb.doc[verb.i + 1 : max(after.left_edge.i, verb.i + 1)])
    yield Complement("clause", _joined(extent(before), extent(after)) if set_off else extent(after), before if set_off else after)


def _clauses(verb: Token, clauses: list[Token], *, passive: bool, subject: Token | None, target: Token | None) -> Iterator[Complement]:
    for clause in clauses:
        marked = any(child.tag_ == "TO" and child.dep_ == "aux" for child in clause.children)
        own_subject = any(child.dep_ in _SUBJECTS for child in clause.children)
        words = _without_reporting(clause)
        if passive and subject is not None and clause.dep_ != "ccomp":
            yield Complement("passive-infinitive" if marked else "passive-predicate", _joined(extent(subject), words), clause)
        elif marked and (own_subject or target is not None):
            yield Complement(
                "object-infinitive", _joined(extent(target), words) if target is not None and not own_subject else words, clause
            )
        elif marked:
            yield Complement("infinitive", words, clause)
        elif clause.dep_ == "ccomp" and passive and (subject is None or subject.lower_ == "it" or subject.i > clause.i):
            yield Complement("passive-clause", words, clause)
        elif clause.dep_ == "ccomp" and (own_subject or clause.tag_ != "VBG"):
            yield Complement("clause", words, clause)
        elif clause.tag_ == "VBG":
            yield Complement("gerund", words, clause)
        elif target is not None or clause.dep_ == "oprd":
            yield Complement("predicate", _joined(extent(target), words) if target is not None else words, clause)


def _told_clause(children: list[Token]) -> Iterator[Complement]:
    """Yield the clause that the parser hangs on those told or on the occasion: "told the crew that …", "said in a speech that …"."""
    told = [child for child in children if child.dep_ in ("dobj", "dative") and not _takes_clause(child)]
    through = [noun for child in children for noun in child.children if child.dep_ == "prep" and _carries_clause(noun)]
    for target in (*told, *through):
        for clause in target.children:
            if clause.dep_ in ("relcl", "acl") and any(mark.dep_ == "mark" and mark.lower_ == "that" for mark in clause.children):
                yield Complement("clause", extent(clause), clause)


def _carries_clause(noun: Token) -> bool:
    """Tell whether a clause on a noun is what its verb reports through it: "said in a statement that", "claimed without evidence that"."""
    preposition, verb = noun.head, noun.head.head
    if noun.dep_ != "pobj" or preposition.i < verb.i or preposition.lower_ not in read_wordings()["carrying"]:
        return False
    found = read_cues().frames_of(verb)
    return found is not None and ("VERB", "clause") in found[1] and not any(child.dep_ == "ccomp" for child in verb.children)


def _takes_clause(noun: Token) -> bool:
    found = read_cues().frames_of(noun)
    return found is not None and ("NOUN", "clause") in found[1]


def _host_clause(verb: Token, children: list[Token], subject: Token | None) -> Iterator[Complement]:
    """Yield the clause that a subject and verb are inserted into: "X, he said, Y", "as he said, X"."""
    if subject is None or verb.dep_ not in _INSERTED or verb.head.i == verb.i:
        return
    marks = [child for child in children if child.dep_ in ("mark", "advmod") and child.i < subject.i]
    if any(child.dep_ in ("ccomp", "dobj") for child in children):
        return
    if verb.dep_ == "parataxis" or any(mark.lower_ == "as" for mark in marks):
        yield Complement("clause", clause_around(verb.head, verb), verb.head)


def _in_phrase(preposition: Token, prefix: str, subject: Token | None) -> Iterator[Complement]:
    for child in preposition.children:
        if child.dep_ in ("pobj", "pcomp") and child.tag_ not in ("WDT", "WP"):
            words = extent(child)
            if subject is not None:
                words = _joined(extent(subject), extent(preposition))
            elif preposition.dep_ == "prep" and child.dep_ == "pobj":
                words = _with_infinitive(preposition, words)
            yield Complement(prefix + preposition.lower_, words, child, preposition)


def _with_infinitive(preposition: Token, words: Words) -> Words:
    """Add the infinitive of "call on X to go", "call for X to go", which is parsed beside the phrase."""
    for sibling in preposition.head.children:
        if sibling.dep_ in ("xcomp", "advcl") and sibling.i > preposition.i and any(child.tag_ == "TO" for child in sibling.children):
            return _joined(words, extent(sibling))
    return words


def _of_noun(noun: Token) -> Iterator[Complement]:
    children = list(noun.children)
    for child in children:
        if child.dep_ in ("acl", "relcl", "ccomp") and child.i > noun.i:
            marks = {mark.lower_ for mark in child.children if mark.dep_ == "mark"}
            if ("that" in marks or "whether" in marks) and not _carries_clause(noun):
                yield Complement("clause", extent(child), child)
            elif any(mark.tag_ == "TO" and mark.dep_ == "aux" for mark in child.children) and child.dep_ == "acl":
                yield Complement("infinitive", extent(child), child)
    if noun.dep_ == "nsubj" and noun.head.lemma_ == "be":
        for child in noun.head.children:
            if child.dep_ == "ccomp" and child.i > noun.head.i:
                yield Complement("clause", extent(child), child)
    for child in children:
        if child.dep_ == "prep" and child.i > noun.i:
            yield from _in_phrase(child, "", None)


def _of_adjective(adjective: Token) -> Iterator[Complement]:
    siblings = list(adjective.head.children) if adjective.dep_ == "acomp" else []
    for child in (*adjective.children, *siblings):
        if child.dep_ in ("ccomp", "xcomp") and child.i > adjective.i:
            marked = any(mark.tag_ == "TO" and mark.dep_ == "aux" for mark in child.children)
            yield Complement("infinitive" if marked else "clause", extent(child), child)
        elif child.dep_ == "prep" and child.i > adjective.i and child.head.i == adjective.i:
            yield from _in_phrase(child, "", None)


def _of_adverb(adverb: Token) -> Iterator[Complement]:
    head = adverb.head
    if adverb.dep_ == "advmod" and head.i != adverb.i:
        yield Complement("clause" if head.pos_ in ("VERB", "AUX") else "word", clause_around(head, adverb), head)


def _joined(*parts: Words) -> Words:
    return tuple(sorted({i for part in parts for i in part}))


_FINDERS: Mapping[str, Callable[[Token], Iterator[Complement]]] = {
    "VERB": _of_verb,
    "AUX": _of_verb,
    "NOUN": _of_noun,
    "PROPN": _of_noun,
    "ADJ": _of_adjective,
    "ADV": _of_adverb,
}
