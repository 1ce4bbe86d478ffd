"""Tells words that only look like a time from a time: "May" the verb or the minister, 2014 people, a newspaper's Sunday."""

import re
from collections.abc import Callable

from spacy.tokens import Span, Token

from kg.extract.time_clauses import event_behind, looks_forward
from kg.extract.time_patterns import is_word, time_word
from kg.extract.time_phrases import Phrase
from kg.limits import limit

_NAME_LABELS = frozenset({"PERSON", "ORG", "WORK_OF_ART", "PRODUCT", "FAC", "EVENT", "LAW"})
_NUMBER_LABELS = frozenset({"CARDINAL", "QUANTITY", "MONEY", "PERCENT"})
_TIME_LABELS = frozenset({"DATE", "TIME"})
_HYPHENATED = re.compile(r"[-‐][^\W\d]")
_POSSESSIVES = ("'s", "\u2019s")


def is_time(phrase: Phrase, paragraph: Span) -> bool:
    """Tell whether a phrase (offsets count from the paragraph's start) is a time where it stands."""
    span = paragraph.char_span(phrase.start, phrase.end, alignment_mode="expand")
    if span is None:
        return False
    if phrase.parts:
        if _is_operator(phrase) and paragraph.text.startswith(_POSSESSIVES, phrase.end):
            return False
        return phrase.rule.method != "from-start" or looks_forward(span)
    if _is_in_name(span, phrase):
        return False
    if _HYPHENATED.match(paragraph.text, phrase.end) and span[-1].pos_ not in ("PROPN", "NUM"):
        return False
    guard = _GUARDS.get(phrase.rule.method)
    return guard is None or guard(span, phrase)


def _is_operator(phrase: Phrase) -> bool:
    """ "before Monday's vote" tells no bound of Monday."""
    return phrase.rule.method in ("since", "until", "by", "before", "after", "from-start")


def _is_in_name(span: Span, phrase: Phrase) -> bool:
    """Tell whether the words belong to a longer name ("Sunday Herald"); a year may ("the 2019 Games")."""
    if phrase.rule.method in ("year", "decade"):
        return False
    return any(token.ent_type_ in _NAME_LABELS and _runs_over(token, span) for token in (span[0], span[-1]))


def _runs_over(token: Token, span: Span) -> bool:
    before, after = span.start - 1, span.end
    doc = token.doc
    return (token.i == span.start and token.ent_iob_ == "I" and before >= 0) or (
        token.i == span.end - 1 and after < len(doc) and doc[after].ent_iob_ == "I"
    )


def _is_month(span: Span, phrase: Phrase) -> bool:
    if len(phrase.words) > 1 or len(span) > 1:
        return True
    token = span[0]
    before = token.nbor(-1) if token.i else None
    following = token.nbor() if token.i + 1 < len(token.doc) else None
    if following is not None and is_word("people", following.lower_):
        return False  # "the May family"
    if before is not None and before.pos_ == "DET" and before.head == token:
        return False  # "the March on the capital"; "the May vote" has its article for the vote
    if before is not None and before.pos_ == "PROPN" and before.ent_type_ not in _TIME_LABELS and not before.is_sent_end:
        return False  # a surname
    return token.pos_ not in ("AUX", "VERB") and token.ent_type_ != "PERSON" and _is_plain(token, phrase, "month")


def _is_weekday(span: Span, phrase: Phrase) -> bool:
    token = span[0]
    if token.dep_ == "compound" and token.head.pos_ == "PROPN" and token.head not in span and token.head.ent_type_ not in _TIME_LABELS:
        return False  # a newspaper
    if _is_other_weekday(span):
        return False
    return len(span) > 1 or (token.ent_type_ != "PERSON" and _is_plain(token, phrase, "weekday"))


def _is_other_weekday(span: Span) -> bool:
    """Tell whether a weekday is not the one next to publication: "Super Tuesday", "on a Tuesday", "the last Friday of the fast"."""
    token = span[0]
    before = token.nbor(-1) if token.i else None
    if before is not None and is_word("feast", before.lower_):
        return True
    article = token if token.pos_ == "DET" else before
    if article is None or article.pos_ != "DET" or article.head not in span:
        return False
    return article.lower_ in ("a", "an") or _is_before_of(span)


def _is_season(span: Span, phrase: Phrase) -> bool:
    """ "this fall from grace" has a word below it that no season has."""
    return not any(child.dep_ == "prep" and child.i >= span.end for child in span.root.children) or span.root.dep_ == "npadvmod"


def _is_repeated(span: Span, phrase: Phrase) -> bool:
    """ "daily" tells how often something happens, not what kind of thing it is ("a daily newspaper")."""
    before = span[0].nbor(-1) if span[0].i else None
    if len(span) > 1:
        return span[-1].pos_ == "NOUN"
    return span[0].tag_ == "RB" and not (before is not None and before.pos_ == "PROPN")


def _is_unit_part(span: Span, phrase: Phrase) -> bool:
    """ "the end of the year of mourning" is another year."""
    return not _is_before_of(span)


def _is_before_of(span: Span) -> bool:
    return span.end < len(span.doc) and span.doc[span.end].lower_ == "of"


def _counts_from_event(span: Span, phrase: Phrase) -> bool:
    return event_behind(span) is not None


def _is_plain(token: Token, phrase: Phrase, slot: str) -> bool:
    """A short form alone ("Sun", "Mar") needs the entity recogniser's word that it is a date."""
    full = time_word(slot, phrase.words[slot]).words.split("|")[0]
    return token.lower_ == full.lower() or token.ent_type_ in _TIME_LABELS


def _is_date(span: Span, phrase: Phrase) -> bool:
    """ "In May 10 people": the number counts what follows, unless an article makes it a date ("the May 10 protests")."""
    if span[0].pos_ in ("AUX", "VERB"):
        return False
    last = span[-1]
    if "year" in phrase.words or not last.like_num:
        return True
    is_end = last.dep_ == "pobj" and last.head in span  # "July 13 to 17"
    return (is_end or last.ent_type_ not in _NUMBER_LABELS) and not _counts(last, span)


def _is_year(span: Span, phrase: Phrase) -> bool:
    year = span[-1]
    if "shortyear" in phrase.words:
        return int(phrase.words["shortyear"]) > int(phrase.words["year"]) % 100
    if len(phrase.words) > 1:
        return True
    if not limit("bare-year-first", "time_limits") <= int(phrase.words["year"]) <= limit("bare-year-last", "time_limits"):
        return False
    if len(span) > 1:
        return True
    following = year.nbor() if year.i + 1 < len(year.doc) else None
    if following is not None and following.tag_ == "NNS" and not _is_led(span):
        return False
    if year.dep_ == "nummod" and year.head.pos_ == "NOUN" and year.head.i < year.i:
        return False  # "page 2014"
    if year.ent_type_ in _NUMBER_LABELS or year.ent_type_ in ("ORDINAL", "PRODUCT", "FAC") or _counts(year, span):
        return False
    return year.ent_type_ != "" or year.dep_ == "pobj" or year.head.pos_ == "ADP"


def _counts(number: Token, span: Span) -> bool:
    """Tell whether a number counts a plural noun behind it, with no article before it."""
    noun = number.head
    if number.dep_ != "nummod" or noun.i < span.end or noun.tag_ not in ("NNS", "NNPS"):
        return False
    return not _is_led(span) or number.doc[span.start - 1].pos_ == "ADP"


def _is_led(span: Span) -> bool:
    """Tell whether an article, a possessive or a preposition stands before the words."""
    before = span.doc[span.start - 1] if span.start else None
    return before is not None and (before.pos_ in ("DET", "PRON", "ADP") or before.tag_ == "POS")


def _is_decade(span: Span, phrase: Phrase) -> bool:
    """ "in his 70s" is an age, "$20s" are notes."""
    before = span.doc[span.start - 1] if span.start else None
    return before is None or not (before.tag_ == "PRP$" or before.is_currency)


def _is_relative_day(span: Span, phrase: Phrase) -> bool:
    """A word written like the name before it is part of it."""
    before = span.doc[span.start - 1] if span.start else None
    if before is None or before.pos_ != "PROPN":
        return True
    return not ((span[0].is_upper and before.is_upper) or (span[0].is_title and not span[0].is_sent_start and before.is_title))


def _stands_alone(span: Span, phrase: Phrase) -> bool:
    """ "the day after the storm" counts from the storm, "that year" may begin a clause: only the bare phrase has a date."""
    last = span[-1]
    if span[0].pos_ == "SCONJ":
        return False
    return last.pos_ not in ("ADP", "SCONJ") or all(child in span for child in last.children)


_GUARDS: dict[str, Callable[[Span, Phrase], bool]] = {
    "event-offset": _counts_from_event,
    "repeated": _is_repeated,
    "unit-part": _is_unit_part,
    "unit-cut": _is_unit_part,
    "season": _is_season,
    "month": _is_month,
    "weekday": _is_weekday,
    "date": _is_date,
    "year": _is_year,
    "decade": _is_decade,
    "day": _is_relative_day,
    "anchored-day": _stands_alone,
    "anchored-unit": _stands_alone,
    "anchored-part": _stands_alone,
}
