"""Finds the powers that an act comes from and is aimed at: states, peoples, bodies, forces, and those who speak for them.

An accusation, a demand or a threat is an event only between such actors. Whom it is aimed at stands anywhere below the verb:
in "Oslo rejected a Spanish plan", "Oslo called for sanctions on Spain" and "Oslo demanded that Spain leave", it is Spain.
"""

from spacy.tokens import Token

from kg.extract.nouns import is_of_class
from kg.extract.subjects import counted, is_passive, subjects, surface_subjects

_POWERS = ("norp", "force", "organisation")
_MODIFIERS = {"compound", "amod", "nmod", "poss", "appos"}
_SUBJECTS = {"nsubj", "nsubjpass", "csubj"}
_PREPOSITIONS = {"prep", "agent"}
_OBJECTS = {"dobj", "dative"}
_COMPLEMENTS = {"dobj", "dative", "ccomp", "xcomp", "acl", "pobj", "pcomp", "acomp", "oprd"}


def sources(token: Token) -> tuple[Token, ...]:
    """Return the subjects that are powers or belong to one ("Spanish doctors"), also behind the pronoun of reported speech."""
    found = counted(token) if token.pos_ == "ADJ" else subjects(token)
    return tuple(subject for subject in found if _speaks_for_power(speaker_meant(subject)))


def targets(token: Token) -> tuple[Token, ...]:
    """Return the powers that stand nearest below a word, without those of its subject."""
    own = {token.i, *(subject.i for subject in subjects(token))}
    level = tuple(word for word in _below(token) if word.dep_ not in _SUBJECTS | _MODIFIERS)
    if is_passive(token):
        level = (*surface_subjects(token), *level)
    if token.dep_ == "dobj":  # "made an offer to Spain": "to" hangs on the verb
        level += tuple(word for word in _below(token.head) if word.i > token.i and word.dep_ == "pobj")
    nearest = level
    while level:
        if found := tuple(word for word in level if _is_power(word) or _is_named_person(word, level is nearest)):
            return found
        if people := tuple(word for word in level if word.dep_ in _OBJECTS | _SUBJECTS and is_of_class(word, "person")):
            return tuple(word for word in people if word.tag_ == "NNS")  # "urged the miners to leave", not "urged him to leave Spain"
        level = tuple(child for word in level for child in _below(word) if child.i not in own)
    return ()


def speaker_meant(pronoun: Token) -> Token:
    """Return whom a pronoun of reported speech takes up ("Oslo said it would": Oslo), the token itself where it is none."""
    verb = pronoun.head
    if pronoun.pos_ != "PRON" or pronoun.dep_ != "nsubj":
        return pronoun
    while verb.dep_ in ("xcomp", "conj", "acomp"):
        verb = verb.head
    if verb.dep_ != "ccomp":
        return pronoun
    return next((subject for subject in subjects(verb.head) if _agrees(pronoun, subject)), pronoun)


def _below(token: Token) -> tuple[Token, ...]:
    """Return the next words down: complements, modifiers, what stands after a preposition, and clauses of purpose."""
    found: list[Token] = []
    for child in token.children:
        if child.dep_ in _PREPOSITIONS or (child.dep_ == "dative" and child.pos_ == "ADP"):
            if not is_of_class(child, "setting"):
                found += _below(child)
        elif child.dep_ in _COMPLEMENTS | _MODIFIERS | _SUBJECTS or (child.dep_ == "advcl" and child.tag_ == "VB"):
            found.append(child)
    return tuple(found)


def _is_power(token: Token) -> bool:
    if any(child.tag_ == "PRP$" for child in token.children):
        return False  # "its troops" are no other side
    if token.dep_ == "compound" and is_of_class(token, "generic"):
        return False  # "state executions"
    if any(is_of_class(token, noun_class) for noun_class in _POWERS):
        return not is_of_class(token, "vehicle")
    if is_of_class(token, "place"):
        return is_of_class(token, "actor")
    if not is_of_class(token, "person") or token.pos_ == "PRON":
        return False
    return is_of_class(token, "office") or _is_modified_by_power(token)


def _is_named_person(token: Token, is_nearest: bool) -> bool:
    """Tell whether a person is named as the other side: as an argument or owner, after a preposition only right below the act."""
    return token.ent_type_ == "PERSON" and (is_nearest or token.dep_ != "pobj")


def _speaks_for_power(token: Token) -> bool:
    return _is_power(token) or (_is_modified_by_power(token) and token.tag_ in ("NNS", "NNPS"))


def _is_modified_by_power(token: Token) -> bool:
    return any(child.dep_ in _MODIFIERS and _is_power(child) for child in token.children)


def _agrees(pronoun: Token, noun: Token) -> bool:
    """Tell whether a pronoun can stand for a noun: "they" for several or for a body, "he" for a person, "it" for the rest."""
    if noun.pos_ == "PRON" or "Person=3" not in pronoun.morph:
        return False
    several = noun.tag_ in ("NNS", "NNPS")
    if pronoun.lower_ == "they":
        return several or is_of_class(noun, "organisation")
    return not several and is_of_class(noun, "person") != is_of_class(pronoun, "empty")
