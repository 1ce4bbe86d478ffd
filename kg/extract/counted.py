"""Finds what a number counts, and tells numbers that count from years, ages, names and labels."""

import re
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Span, Token

from kg.extract.figures import Figure, UnitWord
from kg.extract.time_patterns import TimeWord
from kg.lexicon import read_table

SHARED = ""
"""Unit of a number whose noun stands elsewhere in the sentence."""
_TIME_LABELS = frozenset({"DATE", "TIME", "ORDINAL"})
_NAME_LABELS = frozenset({"PERSON", "ORG", "FAC", "PRODUCT", "LAW", "WORK_OF_ART", "GPE", "LOC", "EVENT"})
_ARGUMENTS = frozenset({"nsubj", "nsubjpass", "dobj"})
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_LETTER = re.compile(r"\d\s?[^\W\d_]{1,2}$")
_NOUNS = frozenset({"NOUN", "PROPN"})


@dataclass(frozen=True, slots=True)
class Counted:
    """The unit a number has from a noun; `end` is where its words end if they belong to the figure ("15 of the 34")."""

    unit: str
    end: int


def is_counting(tokens: Span, figure: Figure) -> bool:
    """Tell whether a number's words count something at all: no date, no ordinal, no part of a name."""
    before, after = _beside(tokens)
    if figure.unit is not None:
        return True
    if before is not None and before.text == "." and before.i:  # "No. 1" may be cut in three
        before = before.nbor(-1)
    if before is not None and before.lower_ in _words_at("label") and tokens[0].is_digit:
        return False
    if after is not None and after.text == "-":
        return False
    if any(token.ent_type_ in _NAME_LABELS for token in tokens):
        return False
    return not any(token.ent_type_ in _TIME_LABELS for token in tokens)


def counted_noun(tokens: Span) -> Counted | None:
    """Return what the number counts; None when it counts nothing that the sentence tells (a label, an age, a bare year)."""
    root, end = tokens.root, tokens.end_char
    noun, of_end = _noun(tokens, root), end
    if noun is None and not _is_one(tokens) and (whole := _whole(root)):
        noun = whole
        of_end = _before_noun(whole, end)
    if noun is not None:
        if _is_no_count(tokens, noun):
            return None
        if noun.lemma_.lower() in _time_units():
            return None
        return Counted(SHARED if noun.lower_ in _words_at("shared") or noun.pos_ == "PRON" else noun.lower_, of_end)
    if _is_one(tokens) or _LETTER.search(tokens.text):  # "50m" without a noun may be metres
        return None
    is_argument = root.dep_ in _ARGUMENTS or (root.dep_ == "conj" and root.head.dep_ in _ARGUMENTS)
    return Counted(SHARED, end) if is_argument or _is_elliptic(tokens) else None


def _noun(tokens: Span, root: Token) -> Token | None:
    """Return the noun that the number modifies, which stands behind it."""
    head = root.head
    if root.dep_ in ("nummod", "compound", "amod", "nmod", "quantmod") and head.i >= tokens.end and head.pos_ in _NOUNS:
        return head
    following = tokens.doc[tokens.end] if tokens.end < tokens.sent.end else None
    return following if following is not None and following.tag_ in ("NNS", "NNPS") else None


def _whole(root: Token) -> Token | None:
    """Return the noun of "dozens of men", "15 of the 34 provinces"."""
    of = next((child for child in root.rights if child.dep_ == "prep"), None)
    if of is None or of.lower_ != "of" or of.i != root.i + 1:
        return None
    return next((child for child in of.children if child.dep_ == "pobj" and child.pos_ in (*_NOUNS, "PRON")), None)


def _before_noun(noun: Token, end: int) -> int:
    """Return the end of a number that stands before the whole's noun: "15 of the 34" is one quantity."""
    numbers = [child for child in noun.lefts if child.dep_ == "nummod"]
    return max([end, *(child.idx + len(child) for child in numbers)])


def _is_no_count(tokens: Span, noun: Token) -> bool:
    """Tell whether a singular noun shows that nothing is counted: a season of a year, a three-million-member union, One Tower."""
    if _is_one(tokens):
        return noun.pos_ == "PROPN"
    if noun.tag_ not in ("NN", "NNP"):
        return False
    return _YEAR.fullmatch(tokens.text) is not None or any(token.pos_ in _NOUNS for token in tokens.doc[tokens.end : noun.i])


def _beside(tokens: Span) -> tuple[Token | None, Token | None]:
    doc = tokens.doc
    return (doc[tokens.start - 1] if tokens.start else None, doc[tokens.end] if tokens.end < tokens.sent.end else None)


def _is_elliptic(tokens: Span) -> bool:
    """Tell whether a number joined by "and" has a bare participle or adjective behind it: "and 210 wounded"."""
    before, after = _beside(tokens)
    return before is not None and before.pos_ == "CCONJ" and after is not None and after.tag_ in ("VBN", "VBD", "JJ")


def _is_one(tokens: Span) -> bool:
    """ "one said" counts nobody."""
    return len(tokens) == 1 and tokens[0].lemma_ == "one"


@cache
def _time_units() -> frozenset[str]:
    rows = (row for row in read_table("time_words", TimeWord) if row.slot in ("unit", "period", "part"))
    return frozenset(word for row in rows for word in row.words.split("|"))


@cache
def _words_at(place: str) -> frozenset[str]:
    return frozenset(word for row in read_table("quantity_units", UnitWord) if row.place == place for word in row.words.split("|"))
