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
_LEFT_OUT = frozenset({"relcl", "parataxis"})
_MODIFIES = frozenset({"compound", "poss", "nmod", "amod"})


def speaker_of(cue: Token) -> Token | None:
    """Return the head of the source of a verb, noun, adjective or adverb; None when the words give none."""
    if cue.pos_ in ("NOUN", "PROPN"):
        return _owner(cue)
    if cue.pos_ == "ADJ":
        return _subject(cue.head) if cue.dep_ == "acomp" else cue.head if cue.dep_ in ("amod", "acl") else _subject(cue)
    return _subject(cue) if cue.pos_ in ("VERB", "AUX") else None


def source_phrase(head: Token, cue: Token) -> Span:
    """Return the noun phrase of a source on its side of the cue, without relative and inserted clauses: they say more than who."""
    start, end = head.left_edge.i, head.right_edge.i + 1
    if head.i < cue.i:
        end = min(end, cue.i)
    elif cue.i < head.i:
        start = max(start, cue.i + 1)
    for child in head.children:
        if child.dep_ in _LEFT_OUT and child.i > head.i:
            end = min(end, child.left_edge.i)
    while end - 1 > head.i and _is_edge(head.doc[end - 1]):
        end -= 1
    return head.doc[start:end]


def _is_edge(token: Token) -> bool:
    return token.tag_ == "POS" or token.is_space or (token.is_punct and not token.is_right_punct)


def conjoined(head: Token) -> Iterator[Token]:
    """Yield the head and what is joined to it by "and"."""
    yield head
    for child in head.children:
        if child.dep_ == "conj":
            yield from conjoined(child)


def spoken_for(phrase: Span, source_entities: tuple[str, ...], named: NamedWords) -> str | None:
    """Return the entity a spokesman speaks for: "X spokesman", "X's envoy", "a spokeswoman for X"."""
    words = read_wordings()
    speakers, represents = words["spokesman"], words["represents"]
    for token in phrase:
        if token.lemma_.lower() not in speakers:
            continue
        near = [*token.children, *(child for child in token.head.children if token.dep_ in _MODIFIES)]
        before = [child for child in near if child.dep_ in _MODIFIES and child.i < token.i]
        behind = [child for p in near if p.dep_ == "prep" and p.lower_ in represents for child in p.children if child.dep_ == "pobj"]
        for word in (*before, *behind):
            if (key := named.at(word)) is not None and key not in source_entities:
                return key
    return None


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
        passive = any(child.dep_ in ("nsubjpass", "auxpass") for child in children)
        subject = next((child for child in children if child.dep_ in _SUBJECT and child.tag_ not in _RELATIVES), None)
        if subject is not None:
            return subject
        if passive:  # "was quoted as saying": whoever is quoted says it; "was said": nobody is named
            return next((child for child in children if climbed and child.dep_ == "nsubjpass" and child.tag_ not in _RELATIVES), None)
        if verb.dep_ == "relcl" or (verb.dep_ == "acl" and verb.tag_ == "VBG"):
            return _carrier(verb.head) if verb.dep_ == "acl" else verb.head
        if verb.dep_ not in _CARRIED or verb.head.i == verb.i:
            return None
        verb = verb.head.head if goes_on_reporting(verb) else verb.head
    return None


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
    if noun.dep_ in ("dobj", "attr", "conj"):
        return _subject(noun.head)
    if noun.dep_ == "pobj" and noun.head.head.pos_ in ("VERB", "AUX"):
        return _subject(noun.head.head)
    return None
