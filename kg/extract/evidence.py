"""Weighs whether a reporting word reports here: how often its rule did in annotated news, and what stands around it.

The weights are those of a logistic regression; bench/reporting_counts.py learns them and writes them as a readable table
(data/lexicon/reporting_evidence.csv: one row a piece of evidence) beside the counts in reporting_cues.csv. The idea of
counting frames is that of PolNeAR's cue lexicons (Newell, Margolin and Ruths, LREC 2018).
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Token

from kg.extract.complements import Words
from kg.extract.cues import Cue, read_cues, read_wordings
from kg.extract.descriptions import read_source_nouns
from kg.lexicon import read_table
from kg.limits import limit

PRIOR = "prior"
BIAS = "bias"
_SPEAKER_TYPES: Mapping[str, str] = {"PERSON": "person", "ORG": "organisation", "NORP": "organisation", "GPE": "country"}
_RELATIVES = frozenset({"WP", "WDT"})
_LENGTHS = ((1, "one"), (2, "two"), (5, "few"), (10, "some"))


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence and its weight in log-odds: positive speaks for a report, negative against one."""

    id: str
    weight: float
    note: str


def log_odds(cue: Cue, word: Token, content: Words, root: Token | None, speaker: Token | None) -> float:
    """Return the log-odds that the word reports this content, headed by `root`, by this rule: 0 is as likely as not."""
    weights = _weights()
    return (
        weights[BIAS]
        + weights[PRIOR] * prior(cue.hits, cue.seen)
        + sum(weights.get(found, 0.0) for found in evidence(cue, word, content, root, speaker))
    )


def prior(hits: int, seen: int) -> float:
    """Return the log-odds of a rule by its counts, drawn towards even odds where there are few."""
    drawn = limit("evidence-even-counts", "reporting_limits")
    share = (hits + drawn / 2) / (seen + drawn)
    return math.log(share / (1 - share))


def evidence(cue: Cue, word: Token, content: Words, root: Token | None, speaker: Token | None) -> Iterator[str]:
    """Yield the names of the evidence around a reporting word, each as group:value."""
    yield f"frame:{cue.pos.lower()}-{cue.frame.partition(':')[0]}"
    yield f"speaker:{_kind(speaker)}"
    yield f"form:{word.tag_}"
    yield f"role:{word.dep_}"
    if word.dep_ in ("xcomp", "pcomp", "advcl", "conj", "ccomp", "relcl", "acl", "prep"):
        yield "under:reporting" if read_cues().words.get(word.head.lemma_.lower()) else "under:other"
    for child in word.children:
        if child.dep_ == "neg":
            yield "around:negation"
        elif child.tag_ == "MD":
            yield f"modal:{child.lemma_.lower()}"
        elif child.dep_ == "auxpass":
            yield "around:passive"
        elif child.dep_ == "mark" or child.tag_ == "WRB":
            yield f"opened-by:{child.lower_}"
        elif child.tag_ == "TO" and child.dep_ == "aux":
            yield f"infinitive:{word.dep_}"
    if word.is_sent_start:
        yield "around:sentence-start"
    if root is not None:
        yield f"content:{root.pos_}"
        if root.ent_type_:
            yield f"content-type:{root.ent_type_}"
    yield f"length:{next((name for most, name in _LENGTHS if len(content) <= most), 'long')}"


def _kind(speaker: Token | None) -> str:
    """Return what kind of words the speaker is: nobody, a pronoun by itself, a person, an office, a document, some other noun."""
    if speaker is None:
        return "nobody"
    if speaker.tag_ in _RELATIVES:
        return "relative"
    if speaker.pos_ == "PRON":
        return speaker.lower_
    if speaker.ent_type_ in _SPEAKER_TYPES:
        return _SPEAKER_TYPES[speaker.ent_type_]
    words, lemma = read_wordings(), speaker.lemma_.lower()
    if lemma in read_source_nouns() or lemma in words["spokesman"] or lemma in words["speaker"]:
        return "office"
    if lemma in words["medium"]:
        return "document"
    return "name" if speaker.pos_ == "PROPN" else "noun"


@cache
def _weights() -> Mapping[str, float]:
    return {row.id: row.weight for row in read_table("reporting_evidence", Evidence)}
