"""The words that report speech or thought: rows of data/lexicon/reporting_cues.csv and its small companions, indexed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from spacy.tokens import Token

from kg.lexicon import read_table
from kg.records import Caution, Certainty

CuePart = Literal["VERB", "NOUN", "ADJ", "ADV", "ADP", "PUNCT"]


@dataclass(frozen=True, slots=True)
class Cue:
    """One rule: this lemma in this frame reports its complement by this act.

    `frame` names the complement (see kg.extract.complements); `negated_act` is the act when the cue is negated ("has not
    confirmed": NotConfirm), None when a negated cue keeps its act and turns the polarity. `hits` of the `seen` times that
    the lemma had this frame in annotated news, it reported (bench/reporting_counts.py counts them).
    """

    id: str
    lemma: str
    pos: CuePart
    frame: str
    act: str
    negated_act: str | None
    certainty: Certainty
    caution: Caution
    hits: int
    seen: int
    example: str
    counterexample: str
    note: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A word near a cue, by the question it answers, which is `field`.

    How sure the speaker is (`certainty`), how far the article keeps off (`caution`), what carried the words (`medium`), who
    speaks for another (`spokesman`) or at all (`speaker`) or never (`mute`); words that negate (`negation`), suppose
    (`condition`) or carry out (`carrier`) the saying, pairs of words that say nothing (`idiom`), and prepositions by use.
    """

    id: str
    lemma: str
    field: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class CueIndex:
    """Cues by lemma, then by part of speech and frame; phrases ("according to") by their first word."""

    words: Mapping[str, Mapping[tuple[str, str], Cue]]
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], Cue], ...]]

    def frames_of(self, token: Token) -> tuple[str, Mapping[tuple[str, str], Cue]] | None:
        """Return the lemma and rows for a token: those of verb and particle ("point out") before those of the verb alone."""
        rows = self.words.get(token.lemma_.lower())
        if token.pos_ == "VERB":
            for child in token.children:
                if child.dep_ == "prt" and (phrasal := self.words.get(f"{token.lemma_.lower()} {child.lower_}")) is not None:
                    return f"{token.lemma_.lower()} {child.lower_}", phrasal
        return (token.lemma_.lower(), rows) if rows is not None else None


@cache
def read_cues() -> CueIndex:
    """Read and index reporting_cues.csv once a process."""
    words: dict[str, dict[tuple[str, str], Cue]] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], Cue]]] = {}
    for cue in read_table("reporting_cues", Cue):
        if cue.pos == "ADP":
            parts = tuple(cue.lemma.split())
            phrases.setdefault(parts[0], []).append((parts, cue))
        else:
            words.setdefault(cue.lemma, {})[cue.pos, cue.frame] = cue
    return CueIndex(words, {first: tuple(found) for first, found in phrases.items()})


@cache
def read_wordings() -> Mapping[str, Mapping[str, str]]:
    """Read reporting_words.csv once a process: field -> lemma -> value."""
    table: dict[str, dict[str, str]] = {}
    for row in read_table("reporting_words", Wording):
        table.setdefault(row.field, {})[row.lemma] = row.value
    return table
