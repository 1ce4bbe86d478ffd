"""Who speaks: the noun phrase behind a reporting word, read off the parse, also when another verb carries it."""

from collections.abc import Iterator

from spacy.tokens import Span, Token

from kg.extract.complements import goes_on_reporting
from kg.extract.cues import read_wordings
from kg.extract.named import NamedWords
from kg.limits import count_limit
from kg.records import TextSpan

_SUBJECT = ("nsubj", "csubj")
_CARRIED = frozenset({"conj", "xcomp", "advcl", "pcomp", "prep", "aux", "dep", "parataxis"})
_RELATIVES = frozenset({"WP", "WDT"})
_LEFT_OUT = frozenset({"parataxis"})
_MODIFIES = frozenset({"compound", "poss", "nmod", "amod"})


def speaker_of(cue: Token) -> Token | None:
    """Return the head of the source of a verb, noun, adjective or adverb; None when the words give none."""
    if cue.pos_ in ("NOUN", "PROPN"):
        return _owner(cue)
    if cue.pos_ == "ADJ":
        return _subject(cue.head) if cue.dep_ == "acomp" else cue.head if cue.dep_ in ("amod", "acl") else _subject(cue)
    return _subject(cue) if cue.pos_ in ("VERB", "AUX") else None


def source_phrase(head: Token, cue: Token) -> Span:
    """Return the noun phrase of a source on its side of the cue, with its appositions and relative clauses."""
    start, end = head.left_edge.i, head.right_edge.i + 1
    if head.i < cue.i:
        end = min(end, cue.i)
    elif cue.i < head.i:
        start = max(start, cue.i + 1)
    for child in head.children:
        if child.i > head.i and _is_inserted(child, head):
            end = min(end, child.left_edge.i)
    while start < head.i and (_is_loose(head.doc[start : head.i + 1], 0) or head.doc[start].lower_ in read_wordings()["focus"]):
        start += 1
    while end - 1 > head.i and _is_loose(head.doc[head.i : end], -1):
        end -= 1
    return head.doc[start:end]


def _is_inserted(child: Token, head: Token) -> bool:
    """Tell whether a part of a source does not say who it is: "the mayor, speaking in Oslo, said".

    A relative clause that is set off says so where it introduces a name ("Ana Lima, who runs the port,"), not later on.
    """
    if child.dep_ in _LEFT_OUT:
        return True
    if not child.left_edge.nbor(-1).is_punct:
        return False
    if child.dep_ == "relcl":
        return head.pos_ != "PROPN" or any(token.orth == head.orth for token in head.doc[: head.left_edge.i])
    return child.dep_ == "acl" and child.tag_ == "VBG"


def _is_loose(phrase: Span, edge: int) -> bool:
    """Tell whether a token at an edge of a phrase is no part of it: a comma, a possessive, a quotation mark without its partner."""
    token = phrase[edge]
    if token.is_quote:
        return sum(other.is_quote for other in phrase) % 2 == 1
    return token.tag_ == "POS" or token.is_space or (token.is_punct and not token.is_bracket)


def conjoined(head: Token) -> Iterator[Token]:
    """Yield the head and what is joined to it by "and"."""
    noun = _antecedent(head) if head.tag_ in _RELATIVES else head
    yield noun
    for child in noun.children:
        if child.dep_ == "conj":
            yield from conjoined(child)


def _antecedent(pronoun: Token) -> Token:
    """Return the noun that a relative pronoun stands for; the pronoun itself where it asks ("who said …?")."""
    verb = pronoun.head
    for _ in range(count_limit("climb-most", "reporting_limits")):
        if verb.dep_ == "relcl":
            return verb.head
        verb = verb.head
    return pronoun


def spoken_for(phrase: Span, source_entities: tuple[str, ...], named: NamedWords) -> str | None:
    """Return the entity a spokesman speaks for: "X spokesman", "X's envoy", "a spokeswoman for X", "speaking on behalf of X"."""
    root = _antecedent(phrase.root) if phrase.root.tag_ in _RELATIVES else phrase.root
    words = read_wordings()
    inserted = (
        token for child in root.head.children if child.dep_ == "advcl" and root.i < child.i < root.head.i for token in child.subtree
    )
    for token in (*root.subtree, *inserted):
        speaks_for = token.lower_ in words["proxy"] or (token.lemma_.lower() in words["spokesman"] and not _is_further(token, phrase))
        for word in _principals(token) if speaks_for else ():
            if (key := named.at(word)) is not None and key not in source_entities:
                return key
    return None


def _is_further(token: Token, phrase: Span) -> bool:
    """Tell whether a token stands behind a source, in what is left out of it: "Lima, answering a spokesman for Norway,"."""
    return token.i >= phrase.end and phrase.root.tag_ not in _RELATIVES


def _principals(token: Token) -> Iterator[Token]:
    """Yield the names beside a word for somebody who speaks for another: "Norway envoy", "lawyers for Norway"."""
    represents = read_wordings()["represents"]
    near = [*token.children, *(child for child in token.head.children if token.dep_ in _MODIFIES)]
    yield from (child for child in near if child.dep_ in _MODIFIES and child.i < token.i)
    for phrase in near:
        if phrase.dep_ == "prep" and phrase.lower_ in represents:
            yield from (word for word in phrase.children if word.dep_ == "pobj")


def text_span(phrase: Span) -> TextSpan:
    """Return a phrase's place in the article."""
    return TextSpan(phrase.start_char, phrase.end_char)


def _subject(verb: Token) -> Token | None:
    """Return who acts in a verb; a verb without subject takes it from the verb it hangs on ("seized the town and said …")."""
    for climbed in range(count_limit("climb-most", "reporting_limits")):
        children = list(verb.children)
        agent = next((word for child in children if child.dep_ == "agent" for word in child.children if word.dep_ == "pobj"), None)
        if agent is not None:
            return agent
        subject = next((child for child in children if child.dep_ in _SUBJECT), None)
        if subject is not None:
            return subject
        if lacks_doer(verb):  # "was quoted as saying": whoever is quoted says it; "was said": nobody is named
            return next((child for child in children if climbed and child.dep_ == "nsubjpass"), None)
        if verb.dep_ == "relcl" or (verb.dep_ == "acl" and verb.tag_ == "VBG"):
            return _carrier(verb.head) if verb.dep_ == "acl" else verb.head
        if verb.dep_ not in _CARRIED or verb.head.i == verb.i:
            return None
        verb = verb.head.head if goes_on_reporting(verb) else verb.head
    return None


def lacks_doer(verb: Token) -> bool:
    """Tell whether the subject of a verb does not do it, also where there is none: "asked about the dam, the mayor said"."""
    children = list(verb.children)
    if any(child.dep_ in ("nsubjpass", "auxpass") for child in children):
        return True
    if verb.dep_ != "advcl" or any(child.dep_ in ("aux", *_SUBJECT) for child in children):
        return False
    return verb.tag_ == "VBN" or (verb.tag_ == "VBD" and any(child.tag_ == "WRB" for child in children))


def _carrier(noun: Token) -> Token:
    """Return who stands behind a noun that says something: the issuer of "a statement saying …", else the noun itself."""
    if noun.lemma_.lower() in read_wordings()["medium"]:
        return _owner(noun) or noun
    return noun


def _owner(noun: Token) -> Token | None:
    """Return whose claim, promise or statement it is: "X's claim", "a claim by X", "government claims", "X made the claim"."""
    for child in noun.children:
        if child.dep_ == "poss":
            return child
    for child in noun.children:
        if child.dep_ == "prep" and child.lower_ in read_wordings()["author"]:
            found = next((word for word in child.children if word.dep_ == "pobj"), None)
            if found is not None:
                return found
    for child in noun.children:
        if child.dep_ in ("compound", "amod", "nmod") and child.ent_type_ in ("GPE", "ORG", "NORP", "PERSON"):
            return child
    words = read_wordings()
    if noun.dep_ in ("dobj", "attr", "conj") and noun.head.lemma_.lower() not in words["undergoing"]:
        return _subject(noun.head)
    if noun.dep_ == "pobj" and noun.head.lower_ in words["holding"] and noun.head.head.pos_ in ("VERB", "AUX"):
        return _subject(noun.head.head)
    return None
