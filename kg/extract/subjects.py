"""Finds the subject and the object of a verb, noun or adjective through the constructions that move them or leave them out:
passives, relative clauses, shared subjects, control ("agreed to leave"), participles and light verbs.
"""

from spacy.tokens import Token

from kg.extract.nouns import is_of_class

_SUBJECTS = {"nsubj", "csubj"}
_PASSIVE_SUBJECTS = {"nsubjpass", "csubjpass"}
_RELATIVE_TAGS = {"WDT", "WP", "WP$"}
_PARTICIPLE_ROOMS = {"acl", "amod", "advcl"}
_CLAUSES_OF_A_NOUN = {"acl", "relcl"}
_LONGEST_CONTROL = 6


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


def clause_verb(token: Token) -> Token:
    """Return the verb of the clause that the token stands in; a verb is its own, a verbless sentence gives its root."""
    while token.pos_ not in ("VERB", "AUX") and token.head != token:
        token = token.head
    return token


def subjects(token: Token) -> tuple[Token, ...]:
    """Return who does what a word names, in a passive what follows "by"."""
    if token.pos_ not in ("VERB", "AUX"):
        return _subjects_of_noun(token)
    if is_passive(token):
        agents = [child for child in token.children if child.dep_ == "agent"]
        return tuple(grand for agent in agents for grand in agent.children if grand.dep_ == "pobj")
    return surface_subjects(token)


def objects(token: Token) -> tuple[Token, ...]:
    """Return what a verb is done to, in a passive its subject."""
    if token.pos_ not in ("VERB", "AUX"):
        return ()
    if is_passive(token):
        return surface_subjects(token)
    own = tuple(antecedent(child, token) for child in token.children if child.dep_ in ("dobj", "dative") and child.pos_ != "ADP")
    if own:
        return own
    # "the town that rebels took" without "that": a relative clause with a subject of its own and no object.
    if (
        token.dep_ == "relcl"
        and token.tag_ != "VBG"
        and any(child.dep_ == "nsubj" and child.tag_ not in _RELATIVE_TAGS for child in token.children)
    ):
        return (token.head,)
    joined = next((child for child in token.children if child.dep_ == "conj" and child.pos_ == "VERB"), None)
    if (
        joined is not None
        and not is_of_class(token, "intransitive")
        and all(word.dep_ in ("cc", "advmod", "punct") for word in token.doc[token.i + 1 : joined.i])
    ):
        return objects(joined)  # "killed and wounded dozens": the object hangs on the last verb
    return ()


def surface_subjects(token: Token) -> tuple[Token, ...]:
    """Return the subject in the sentence, active or passive, through the constructions that leave it out."""
    for _ in range(_LONGEST_CONTROL):
        own = [child for child in token.children if child.dep_ in _SUBJECTS | _PASSIVE_SUBJECTS]
        if own:
            return tuple(antecedent(child, token) for child in own)
        head = token.head
        if head == token:
            return ()
        if token.dep_ in _CLAUSES_OF_A_NOUN or token.dep_ == "amod":
            return _noun_before(token)
        if token.dep_ == "xcomp" and head.dep_ == "acomp":
            token = head.head  # "the army is ready to leave"
        elif token.dep_ == "pcomp":
            governor = head.head
            if governor.pos_ not in ("VERB", "AUX"):
                return _subjects_of_noun(governor) if governor != head else ()
            held = objects(governor)
            if held and not is_of_class(head, "adjunct"):
                return held  # "accused the mayor of selling"
            token = governor
        elif token.dep_ == "xcomp" and not is_passive(head) and (held := tuple(filter(_acts, objects(head)))):
            return held  # "ordered the troops to leave", but "used tear gas to disperse the crowd"
        elif token.dep_ == "advcl" and token.tag_ == "VB" and is_passive(head) and (doers := subjects(head)):
            return doers  # "a march staged by nurses to protest"
        elif token.dep_ in ("xcomp", "conj", "advcl", "ccomp", "dep") and head.pos_ in ("VERB", "AUX"):
            if token.dep_ == "ccomp" and token.tag_ not in ("VB", "VBG"):
                return ()
            if token.dep_ != "conj" and is_passive(head) and not surface_subjects(head):
                return ()
            token = head
        else:
            return ()
    return ()


def counted(token: Token) -> tuple[Token, ...]:
    """Return the noun whose state an adjective is: "20 people dead", "20 people were dead", "the dead people"."""
    head = token.head
    if token.dep_ in ("acomp", "ROOT", "attr", "conj") and (subject := surface_subjects(head if token.dep_ == "acomp" else token)):
        return subject
    if token.dep_ in ("amod", "relcl", "acl") and head.pos_ in ("NOUN", "PROPN", "NUM"):
        return (head,)
    before = [child for child in token.children if child.dep_ in ("nsubj", "nummod", "npadvmod")]
    return tuple(before) if before else objects(head) if token.dep_ in ("oprd", "acomp", "ccomp") else ()


def antecedent(token: Token, verb: Token) -> Token:
    """Return the noun that "who", "which" or "that" stands for in a relative clause, else the token."""
    if token.tag_ in _RELATIVE_TAGS or (token.lemma_ == "that" and token.pos_ in ("PRON", "SCONJ")):
        while verb.dep_ == "conj":
            verb = verb.head
        if verb.dep_ == "relcl":
            return verb.head
    return token


def _noun_before(token: Token) -> tuple[Token, ...]:
    """Return whose doing a clause on a noun is: the noun ("troops who left"), or who has or carries it ("their plan to leave")."""
    head = token.head
    if token.tag_ == "VB" and head.pos_ == "NOUN" and not is_of_class(head, "actor"):
        return tuple(child for child in head.children if child.dep_ == "poss") or _subjects_of_noun(head)
    return (head,) if head.pos_ in ("NOUN", "PROPN", "PRON", "NUM") else ()


def _subjects_of_noun(token: Token) -> tuple[Token, ...]:
    """Return who does what a noun names when a verb carries it ("launched an attack": who launched)."""
    head = token.head
    if token.dep_ in ("dobj", "attr") and head.pos_ in ("VERB", "AUX"):
        return surface_subjects(head) if not is_passive(head) else ()
    if token.dep_ in ("nsubjpass", "nsubj") and head.pos_ in ("VERB", "AUX") and is_passive(head):
        return subjects(head)
    if token.dep_ == "pobj" and head.head.pos_ == "AUX":
        return surface_subjects(head.head)  # "the port is in the hands of …"
    return ()


def _acts(token: Token) -> bool:
    return token.pos_ in ("PRON", "PROPN") or is_of_class(token, "actor")
