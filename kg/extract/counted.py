"""Finds what a number counts, and tells numbers that count from years, ages, names and labels."""

import re
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Span, Token

from kg.extract.figures import Figure, UnitWord
from kg.extract.numbers import last_scale
from kg.extract.time_patterns import TimeWord
from kg.lexicon import read_table

SHARED = ""
"""Unit of a number whose noun stands elsewhere in the sentence."""
_TIME_LABELS = frozenset({"DATE", "TIME", "ORDINAL"})
_NAME_LABELS = frozenset({"PERSON", "ORG", "FAC", "PRODUCT", "LAW", "WORK_OF_ART", "GPE", "LOC", "EVENT"})
_ARGUMENTS = frozenset({"nsubj", "nsubjpass", "dobj"})
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_LETTER = re.compile(r"\d\s?[^\W\d_]{1,2}$")
_PLURALS = frozenset({"NNS", "NNPS"})
_NOUNS = frozenset({"NOUN", "PROPN"})


@dataclass(frozen=True, slots=True)
class Counted:
    """The unit a number has from a noun, None where nothing is named.

    `end` is where its words end if they belong to the figure ("15 of the 34"), `noun` the noun where one is counted.
    """

    unit: str | None
    end: int
    noun: Token | None = None


def is_counting(tokens: Span, figure: Figure) -> bool:
    """Tell whether a number's words count something at all: no date, no ordinal, no part of a name."""
    before, after = _beside(tokens)
    is_time = any(token.ent_type_ in _TIME_LABELS for token in tokens)
    if is_time and after is not None and after.tag_ in _PLURALS and last_scale(tokens.text):
        is_time = False  # the recogniser takes "a quarter" in "a quarter of a million people" for a part of a year
    if is_time and tokens.text.isalpha() and tokens.root.dep_ == "nummod" and not tokens.root.head.ent_type_:
        is_time = False  # "Eighty or so farmers"
    if figure.share:
        return not is_time and _is_part(tokens, figure)
    if figure.unit is not None:
        return True
    if before is not None and before.text == "." and before.i:  # "No. 1" may be cut in three
        before = before.nbor(-1)
    if before is not None and before.lower_ in words_at("label") and tokens[0].is_digit:
        return False
    if after is not None and after.text == "-":
        return False
    return not is_time and not any(token.ent_type_ in _NAME_LABELS for token in tokens)


def counted_noun(tokens: Span, figure: Figure) -> Counted | None:
    """Return what the number counts; None when it counts nothing that the sentence tells (a label, an age, a bare year)."""
    root, end = tokens.root, tokens.end_char
    noun, of_end = _noun(tokens, root), end
    if noun is None and not is_one(tokens) and (whole := whole_of(tokens)):
        noun = whole
        of_end = _before_noun(whole, end)
    if noun is not None:
        if _is_no_count(tokens, noun) or (figure.high == 0 and noun.tag_ not in _PLURALS):
            return None
        if noun.lemma_.lower() in _time_units("unit", "period", "part") or noun.text.lower() in _time_units("month", "weekday"):
            return None
        is_shared = noun.lower_ in words_at("shared") or noun.pos_ == "PRON"
        return Counted(SHARED, of_end) if is_shared else Counted(_unit(noun, end), of_end, noun)
    if figure.high == 0:
        return None
    if tally := tally_noun(tokens):
        return Counted(_counted_by(tally[0]), end)
    if _LETTER.search(tokens.text):  # "50m" without a noun may be metres
        return None
    is_argument = root.dep_ in _ARGUMENTS or (root.dep_ == "conj" and root.head.dep_ in _ARGUMENTS)
    return Counted(SHARED, end) if is_argument or is_elliptic(tokens) else None


def tally_noun(tokens: Span) -> tuple[Token, bool] | None:
    """Return the noun whose number this is ("the toll rose to 41": toll), and whether it is so now ("from 30": not)."""
    head, is_now = tokens.root, True
    while head.dep_ in ("pobj", "prep", "attr", "dobj"):
        if head.dep_ == "prep" and head.lower_ not in words_at("tally-joint"):
            if head.lower_ not in words_at("tally-change"):
                return None
            is_now = is_now and head.nbor() not in tokens
        head = head.head
        if _is_tally(head):
            return (head, is_now) if head.i < tokens.start else None
    if head.pos_ not in ("VERB", "AUX") or head == tokens.root:
        return None
    nouns = [child for child in head.children if child.dep_ in _ARGUMENTS and child.i < tokens.start]
    if head.dep_ == "acl":
        nouns.append(head.head)
    return next(((noun, is_now) for noun in nouns if _is_tally(noun)), None)


def whole_of(tokens: Span) -> Token | None:
    """Return the noun of "dozens of men", "hundreds of thousands of men", "15 of the 34 provinces"."""
    last = tokens[-1]
    of = next((child for child in last.rights if child.dep_ == "prep"), None)
    if of is None or of.lower_ != "of" or of.i != last.i + 1:
        return None
    return next((child for child in of.children if child.dep_ == "pobj" and child.pos_ in (*_NOUNS, "PRON")), None)


def is_elliptic(tokens: Span) -> bool:
    """Tell whether a number stands for people by what became of them: "3 dead", and behind "and" any: "and 210 wounded"."""
    before, after = _beside(tokens)
    if after is None or (tokens.root.dep_ == "nummod" and tokens.root.head.i > after.i):
        return False
    if after.lower_ in words_at("state"):
        return True
    return before is not None and before.pos_ == "CCONJ" and after.pos_ != "AUX" and after.tag_ in ("VBN", "VBD", "JJ")


def is_one(tokens: Span) -> bool:
    """ "one said" counts nobody."""
    return len(tokens) == 1 and tokens[0].lemma_ == "one"


def points_back(tokens: Span) -> bool:
    """Tell whether the number is a part of those named before: "six of them", "of whom six"."""
    before, whole = _beside(tokens)[0], whole_of(tokens)
    return (whole is not None and whole.pos_ == "PRON") or (before is not None and before.tag_ in ("WDT", "WP"))


def words_at(place: str) -> frozenset[str]:
    """Return the words of a place of quantity_units.csv."""
    return _words_by_place().get(place, frozenset())


def _is_tally(noun: Token) -> bool:
    return noun.lemma_.lower() in words_at("tally") or noun.lower_ in words_at("tally")


def _is_part(tokens: Span, figure: Figure) -> bool:
    """Tell whether a share is one of a whole that the words name, and no "first half" or "two-thirds majority"."""
    root, (_, after) = tokens.root, _beside(tokens)
    if figure.approximation == "Exact" and any(child.dep_ in ("amod", "det", "poss") for child in root.lefts if child not in tokens):
        return False
    if tokens[-1].tag_ == "CD":  # "one in five homes"
        return root.tag_ == "CD" or figure.approximation != "Exact"
    has_whole = after is not None and after.lower_ in words_at("whole")
    is_bare_ordinal = len(tokens) == 2 and tokens[0].lower_ in ("a", "an") and tokens[1].tag_ not in _PLURALS
    return has_whole or (root.dep_ in _ARGUMENTS and not (is_bare_ordinal and figure.approximation == "Exact"))


def _noun(tokens: Span, root: Token) -> Token | None:
    """Return the noun that the number modifies, which stands behind it."""
    head = root.head
    if root.dep_ in ("nummod", "compound", "amod", "nmod", "quantmod") and head.i >= tokens.end and head.pos_ in _NOUNS:
        return _hyphenated(head)
    following = tokens.doc[tokens.end] if tokens.end < tokens.sent.end else None
    return following if following is not None and following.tag_ in _PLURALS else None


def _hyphenated(noun: Token) -> Token:
    """Return the last part of a compound that was cut: "combatants" for "ex" in "ex-combatants" or "ex - combatants"."""
    if noun.i + 2 >= noun.sent.end or noun.nbor().text != "-":
        return noun
    last = noun.nbor(2)
    return last if last.tag_ in _PLURALS or (last.pos_ in _NOUNS and not noun.whitespace_) else noun


def _unit(noun: Token, after: int) -> str:
    """Return the noun in lower case, with its hyphened parts and what makes it another unit ("square kilometres")."""
    first, doc = noun.i, noun.doc
    while first > 1 and doc[first - 1].text == "-" and doc[first - 2].idx >= after:
        first -= 2
    if doc[first - 1].lower_ in words_at("measure") and doc[first - 1].idx >= after:
        first -= 1
    return doc[first : noun.i + 1].text.lower().replace(" - ", "-")


def _counted_by(tally: Token) -> str | None:
    """Return what a tally counts: "pupils" for "number of pupils", "deaths" for "deaths", None for "toll"."""
    if tally.tag_ in _PLURALS:
        return tally.lower_
    whole = next((noun for of in tally.children if of.lower_ == "of" for noun in of.children if noun.tag_ in _PLURALS), None)
    return whole.lower_ if whole is not None else None


def _before_noun(noun: Token, end: int) -> int:
    """Return the end of a number that stands before the whole's noun: "15 of the 34" is one quantity."""
    numbers = [child for child in noun.lefts if child.dep_ == "nummod"]
    return max([end, *(child.idx + len(child) for child in numbers)])


def _is_no_count(tokens: Span, noun: Token) -> bool:
    """Tell whether a singular noun shows that nothing is counted: a season of a year, a three-million-member union, One Tower."""
    if is_one(tokens):
        return noun.pos_ == "PROPN"
    if noun.tag_ not in ("NN", "NNP"):
        return False
    return _YEAR.fullmatch(tokens.text) is not None or any(token.pos_ in _NOUNS for token in tokens.doc[tokens.end : noun.i])


def _beside(tokens: Span) -> tuple[Token | None, Token | None]:
    doc = tokens.doc
    return (doc[tokens.start - 1] if tokens.start else None, doc[tokens.end] if tokens.end < tokens.sent.end else None)


@cache
def _time_units(*slots: str) -> frozenset[str]:
    rows = (row for row in read_table("time_words", TimeWord) if row.slot in slots)
    return frozenset(word.lower() for row in rows for word in row.words.split("|"))


@cache
def _words_by_place() -> dict[str, frozenset[str]]:
    rows = read_table("quantity_units", UnitWord)
    return {
        place: frozenset(word for row in rows if row.place == place for word in row.words.split("|"))
        for place in {row.place for row in rows}
    }
