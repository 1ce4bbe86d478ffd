"""Statements in the making: a reporting word, its rule, its content as tokens, its speaker; nothing is settled yet about quotes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from kg.extract.complements import Words, clause_around, complements
from kg.extract.cues import Cue, CueIndex, read_cues, read_wordings
from kg.extract.evidence import log_odds
from kg.extract.labels import find_labels
from kg.extract.speakers import lacks_doer, speaker_of
from kg.limits import limit

_CLAUSES = frozenset({"ROOT", "ccomp", "advcl", "relcl", "conj", "parataxis", "acl"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement as found by one rule; `words` are the tokens of its content, `root` the head of the content."""

    cue: Cue
    head: Token
    words: Words
    root: Token | None = None
    speaker: Token | None = None
    preposition: Token | None = None
    negated: bool = False
    weight: float = 0.0
    """Log-odds that the word reports its content here (kg.extract.evidence); 0 where no word is weighed."""


def find_drafts(doc: Doc) -> Iterator[Draft]:
    """Yield a draft for each reporting word that has content, in text order of the words."""
    index = read_cues()
    settled: set[int] = set()
    for token in doc:
        if token.tag_ == "_SP" or token.i in settled:
            continue
        draft = _by_word(token, index) or _by_phrase(token, index)
        if draft is None:
            continue
        if ":" in draft.cue.frame and draft.root is not None:
            settled.add(draft.root.i)  # "declined to say whether …" is one statement, not two
        yield draft
    for cue, colon, words, speaker in find_labels(doc):
        yield Draft(cue, colon, words, None, speaker)


def is_negated(token: Token) -> bool:
    """Tell whether a reporting word is negated: "did not say", "refused to say", "nobody said"."""
    negations = read_wordings()["negation"]
    if any(child.dep_ == "neg" or (child.dep_ == "nsubj" and child.lower_ in negations) for child in token.children):
        return True
    return token.dep_ in ("xcomp", "pcomp") and token.head.lemma_.lower() in negations


def candidates(token: Token, index: CueIndex) -> Iterator[Draft]:
    """Yield a draft for each complement of a token that a rule knows, whether or not the evidence speaks for it."""
    found = index.frames_of(token)
    if found is None or _is_idiom(token):
        return
    _, rows = found
    idioms = read_wordings()["idiom"]  # "claim life": a bomb that claimed ten lives asserts nothing
    part = "VERB" if token.pos_ == "AUX" else "NOUN" if token.pos_ == "PROPN" else token.pos_
    negated, speaker = is_negated(token), speaker_of(token)
    taken: set[Words] = set()
    for complement in complements(token):
        cue = rows.get((part, f"{complement.frame}:{complement.root.lemma_.lower()}")) or rows.get((part, complement.frame))
        if cue is None or complement.words in taken or f"{token.lemma_} {complement.root.lemma_}".lower() in idioms:
            continue
        taken.add(complement.words)
        if part != "VERB" or _is_report(token, cue, negated=negated, speaker=speaker):
            yield Draft(cue, token, complement.words, complement.root, speaker, complement.preposition, negated)


def _by_word(token: Token, index: CueIndex) -> Draft | None:
    """Return the candidate with the most evidence, if that is enough."""
    weighed = [replace(draft, weight=_weight(draft)) for draft in candidates(token, index)]
    best = max(weighed, key=lambda draft: draft.weight, default=None)
    return best if best is not None and best.weight >= limit("evidence-least", "reporting_limits") else None


def _weight(draft: Draft) -> float:
    """Return the evidence for a draft; refusals and non-confirmations are too seldom to be counted and never idle words."""
    if ":" in draft.cue.frame or (draft.negated and draft.cue.negated_act):
        return 0.0
    return log_odds(draft.cue, draft.head, draft.words, draft.root, draft.speaker)


def _is_idiom(token: Token) -> bool:
    """Tell whether a reporting word and the word before it mean something else: "all told", "that said"."""
    return bool(token.i) and f"{token.nbor(-1).lower_} {token.lower_}" in read_wordings()["idiom"]


def _is_report(verb: Token, cue: Cue, *, negated: bool, speaker: Token | None) -> bool:
    """Tell whether a verb says that something was said: not "would say", "if he says", "Say that …"."""
    passive = cue.frame.startswith("passive") or any(child.dep_ == "auxpass" for child in verb.children) or lacks_doer(verb)
    if speaker is None and not passive:
        return False
    for child in verb.children:
        if child.tag_ == "MD" and not (negated and cue.negated_act):
            return False
        if child.dep_ == "mark" and child.lower_ in read_wordings()["condition"]:
            return False
    return True


def _by_phrase(token: Token, index: CueIndex) -> Draft | None:
    """Return the draft of a prepositional phrase: "according to X", "in the words of X"."""
    for parts, cue in index.phrases.get(token.lower_, ()):
        phrase = token.doc[token.i : token.i + len(parts)]
        if tuple(word.lower_ for word in phrase) != parts:
            continue
        speaker = next((child for child in phrase[-1].children if child.dep_ in ("pobj", "pcomp", "dobj")), None)
        if speaker is None or speaker.lemma_.lower() in read_wordings()["mute"]:
            return None
        host = _host(token)
        words = clause_around(host, token) if host is not None else ()
        return Draft(cue, token, words, host, speaker) if words else None
    return None


def _host(token: Token) -> Token | None:
    """Return the head of what a phrase is the source of: the sentence where it stands at an end of it, else its clause."""
    sentence = token.sent
    last = sentence[-1]
    end = token.right_edge.i
    at_an_end = token.left_edge.i <= sentence.start + 1 or end >= last.i - 1
    host = token.head
    if host.i == token.i:
        return None
    if at_an_end:
        return sentence.root if sentence.root.i != token.i else None
    while host.dep_ not in _CLAUSES and host.head.i != host.i:
        host = host.head
    return host
