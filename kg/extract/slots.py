"""Finds what stands in the grammatical places around a word: its subject, its object, the noun after a preposition.

A slot is named by a word: `subject`, `object`, `owner` ("Norway's"), `modifier`, `complement`, `infinitive` ("agreed to
leave"), `particle`, `counted` (for "dead" in "left 20 dead": 20), `governor` (the word it depends on), `under` (the
preposition it depends on), `verb` (the verb of its clause), `next` (the word after it); any other name is a preposition.
Slots follow the parse through passives, relative clauses, shared subjects, control and participles, and give the heads of
all conjoined noun phrases.
"""

from collections.abc import Callable, Iterator

from spacy.tokens import Token

from kg.extract.nouns import is_of_class

_SUBJECTS = {"nsubj", "csubj"}
_PASSIVE_SUBJECTS = {"nsubjpass", "csubjpass"}
_RELATIVE_TAGS = {"WDT", "WP", "WP$"}
_PARTICIPLE_ROOMS = {"acl", "amod", "advcl"}
_CLAUSES_OF_A_NOUN = {"acl", "relcl"}


def slot(token: Token, name: str) -> tuple[Token, ...]:
    """Return the heads that fill the slot of a verb, noun or adjective, in text order; empty when nothing does."""
    finder = _FINDERS.get(name)
    found = finder(token) if finder else _after_preposition(token, name)
    return tuple(with_conjuncts(token, found))


def is_passive(token: Token) -> bool:
    """Tell whether a verb form is passive: with an auxiliary, as a participle on a noun, or joined to such a verb."""
    if token.tag_ != "VBN":
        return False
    children = {child.dep_ for child in token.children}
    if "auxpass" in children or _PASSIVE_SUBJECTS & children:
        return True
    if "aux" in children or _SUBJECTS & children:
        return False
    if token.dep_ == "conj" and token.head.tag_ in ("VBN", "VBD"):
        return is_passive(token.head)
    return token.dep_ in _PARTICIPLE_ROOMS or (token.dep_ == "ROOT" and "dobj" not in children)


def with_conjuncts(token: Token, heads: tuple[Token, ...]) -> Iterator[Token]:
    """Yield the heads and what is joined to them by "and", without the token that asks."""
    for head in heads:
        yield head
        for child in head.children:
            if child.dep_ == "conj" and child != token and child.pos_ in ("NOUN", "PROPN", "PRON", "NUM"):
                yield from with_conjuncts(token, (child,))


def clause_verb(token: Token) -> Token:
    """Return the verb of the clause that the token stands in; a verb is its own, a verbless sentence gives its root."""
    while token.pos_ not in ("VERB", "AUX") and token.head != token:
        token = token.head
    return token


def _subject(token: Token) -> tuple[Token, ...]:
    if token.pos_ not in ("VERB", "AUX"):
        return _subject_of_noun(token)
    if is_passive(token):
        agents = [child for child in token.children if child.dep_ == "agent"]
        return tuple(grand for agent in agents for grand in agent.children if grand.dep_ == "pobj")
    return _surface_subject(token)


def _object(token: Token) -> tuple[Token, ...]:
    if token.pos_ not in ("VERB", "AUX"):
        return ()
    if is_passive(token):
        return _surface_subject(token)
    own = tuple(_antecedent(child, token) for child in token.children if child.dep_ in ("dobj", "dative") and child.pos_ != "ADP")
    if own:
        return own
    if token.dep_ == "conj" and not any(child.dep_ in ("prep", "ccomp", "xcomp") for child in token.children):
        return ()
    # "the town that rebels took" without "that": a relative clause with a subject of its own and no object.
    if (
        token.dep_ == "relcl"
        and token.tag_ != "VBG"
        and any(child.dep_ == "nsubj" and child.tag_ not in _RELATIVE_TAGS for child in token.children)
    ):
        return (token.head,)
    # "killed and wounded dozens": the object hangs on the last verb.
    return ()


def _surface_subject(token: Token) -> tuple[Token, ...]:
    """Return the subject in the sentence, active or passive, through the constructions that leave it out."""
    seen = 0
    while seen < 6:
        seen += 1
        own = [child for child in token.children if child.dep_ in _SUBJECTS | _PASSIVE_SUBJECTS]
        if own:
            return tuple(_antecedent(child, token) for child in own)
        head = token.head
        if head == token:
            return ()
        if token.dep_ in _CLAUSES_OF_A_NOUN or token.dep_ == "amod":
            return _noun_before(token)
        if token.dep_ == "pcomp":
            governor = head.head
            if governor.pos_ not in ("VERB", "AUX"):
                return _subject_of_noun(governor) if governor != head else ()
            held = _object(governor)
            if held and not is_of_class(head, "adjunct"):
                return held  # "accused the mayor of selling"
            token = governor
        elif token.dep_ == "xcomp" and (held := _object(head)) and not is_passive(head):
            return held  # "ordered the troops to leave"
        elif token.dep_ in ("xcomp", "conj", "advcl", "ccomp", "dep") and head.pos_ in ("VERB", "AUX"):
            if token.dep_ == "ccomp" and token.tag_ not in ("VB", "VBG"):
                return ()
            if token.dep_ != "conj" and is_passive(head) and not _surface_subject(head):
                return ()
            token = head
        else:
            return ()
    return ()


def _noun_before(token: Token) -> tuple[Token, ...]:
    """Return whose doing a clause on a noun is: the noun ("troops who left"), or who has or carries it ("their plan to leave")."""
    head = token.head
    if token.tag_ == "VB" and head.pos_ == "NOUN" and not is_of_class(head, "actor"):
        return tuple(child for child in head.children if child.dep_ == "poss") or _subject_of_noun(head)
    return (head,) if head.pos_ in ("NOUN", "PROPN", "PRON", "NUM") else ()


def _subject_of_noun(token: Token) -> tuple[Token, ...]:
    """Return who does what a noun names when a verb carries it ("launched an attack": who launched)."""
    head = token.head
    if token.dep_ in ("dobj", "attr") and head.pos_ in ("VERB", "AUX"):
        return _surface_subject(head) if not is_passive(head) else ()
    if token.dep_ in ("nsubjpass", "nsubj") and head.pos_ in ("VERB", "AUX") and is_passive(head):
        return _subject(head)
    if token.dep_ == "pobj" and head.head.pos_ == "AUX":
        return _surface_subject(head.head)  # "the port is in the hands of …"
    return ()


def _antecedent(token: Token, verb: Token) -> Token:
    """Return the noun that "who", "which" or "that" stands for in a relative clause, else the token."""
    if token.tag_ in _RELATIVE_TAGS or (token.lemma_ == "that" and token.pos_ in ("PRON", "SCONJ")):
        while verb.dep_ == "conj":
            verb = verb.head
        if verb.dep_ == "relcl":
            return verb.head
    return token


def _after_preposition(token: Token, preposition: str) -> tuple[Token, ...]:
    """Return the nouns after a preposition of the token, also after one on its particle or behind another ("out of")."""
    found: list[Token] = []
    for child in token.children:
        if child.dep_ in ("prep", "agent", "dative", "prt", "advmod") and child.pos_ in ("ADP", "ADV", "SCONJ"):
            if child.lower_ == preposition:
                found += (_antecedent(grand, token) for grand in child.children if grand.dep_ in ("pobj", "pcomp"))
            found += (
                grand
                for inner in child.children
                if inner.dep_ == "prep" and inner.lower_ == preposition
                for grand in inner.children
                if grand.dep_ == "pobj"
            )
    return tuple(found)


def _children(*deps: str) -> Callable[[Token], tuple[Token, ...]]:
    def children(token: Token) -> tuple[Token, ...]:
        return tuple(child for child in token.children if child.dep_ in deps)

    return children


def _counted(token: Token) -> tuple[Token, ...]:
    """Return the noun whose state an adjective is: "20 people dead", "20 people were dead", "the dead people"."""
    head = token.head
    if token.dep_ in ("acomp", "ROOT", "attr", "conj") and (subject := _surface_subject(head if token.dep_ == "acomp" else token)):
        return subject
    if token.dep_ in ("amod", "relcl", "acl") and head.pos_ in ("NOUN", "PROPN", "NUM"):
        return (head,)
    before = [child for child in token.children if child.dep_ in ("nsubj", "nummod", "npadvmod")]
    return tuple(before) if before else _object(head) if token.dep_ in ("oprd", "acomp", "ccomp") else ()


def _governor(token: Token) -> tuple[Token, ...]:
    return (token.head,) if token.head != token else ()


def _under(token: Token) -> tuple[Token, ...]:
    return (token.head,) if token.dep_ in ("pobj", "pcomp") else ()


def _verb(token: Token) -> tuple[Token, ...]:
    return (clause_verb(token),)


def _next(token: Token) -> tuple[Token, ...]:
    return (token.nbor(),) if token.i + 1 < len(token.doc) else ()


_FINDERS: dict[str, Callable[[Token], tuple[Token, ...]]] = {
    "subject": _subject,
    "object": _object,
    "owner": _children("poss"),
    "modifier": _children("compound", "amod", "nmod"),
    "complement": _children("acomp", "oprd", "attr", "xcomp", "ccomp", "advmod"),
    "particle": _children("prt", "advmod", "prep"),
    "counted": _counted,
    "governor": _governor,
    "under": _under,
    "verb": _verb,
    "infinitive": _children("xcomp"),
    "next": _next,
}
