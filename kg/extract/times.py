"""Finds time expressions and resolves them against the date of publication.

The rules are data (time_rules.csv); they are matched level by level: what one level finds stands in the text of the
next as one word, so that "since early on Friday afternoon" is a weekday with a part, its early part, and since.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Doc, Span, Token

from kg.extract.parse import PARAGRAPHS
from kg.extract.time_bounds import is_day, read_moment, write_moment
from kg.extract.time_clauses import clause_words, event_behind
from kg.extract.time_directions import UNKNOWN, verb_time
from kg.extract.time_guards import is_time
from kg.extract.time_methods import COUNTED_FROM_EVENT, DATING, fits, resolve
from kg.extract.time_patterns import DIGIT, TIME_REST, TIME_START, Pattern, levels, patterns_by_first_word
from kg.extract.time_phrases import Earlier, Phrase, Surroundings
from kg.limits import count_limit
from kg.records import Time

_NOT_LETTERS = re.compile(r"[\W\d_]")


def find_times(doc: Doc, published: str | None) -> tuple[Time, ...]:
    """Return the time expressions in text order, not overlapping; those that cannot be resolved have no bounds.

    A span holds the words that decide the bounds: "since May", "for three weeks", but "Monday" of "on Monday".
    `published` is an xsd:dateTime or a date; ValueError names one that is neither. Times without a zone are read as UTC.

    "The mill burned on Monday morning." published 2021-08-10 -> 2021-08-09T05:00:00Z to 2021-08-09T11:59:59Z.
    """
    reference = read_moment(published) if published else None
    starts = [paragraph.start_char for paragraph in doc.spans[PARAGRAPHS]]
    found: list[Time] = []
    earlier: list[Earlier] = []
    for phrase in _phrases(doc):
        paragraph = bisect_right(starts, phrase.start) - 1
        span = doc.char_span(phrase.start, phrase.end, alignment_mode="expand")
        verb = verb_time(span, count_limit("verb-distance", "time_limits")) if span else UNKNOWN
        near = tuple(one for one in earlier if paragraph - one.paragraph <= count_limit("anchor-paragraphs", "time_limits"))
        day = next((one.bounds for one in reversed(earlier) if one.paragraph == paragraph and is_day(one.bounds)), None)
        around = Surroundings(reference, direction=verb.direction, perfect=verb.perfect, earlier=near, day=day)
        bounds = resolve(phrase, around)
        if bounds is None:
            found.append(Time(phrase.start, phrase.end, phrase.rule.id))
            continue
        if phrase.rule.method in DATING:
            earlier.append(Earlier(paragraph, bounds, clause_words(span) if span else frozenset()))
        found.append(
            Time(
                phrase.start,
                phrase.end,
                phrase.rule.id,
                earliest=write_moment(bounds.earliest),
                latest=write_moment(bounds.latest),
                precision=bounds.precision,
                anchor=bounds.anchor,
            )
        )
    return tuple(found)


def _phrases(doc: Doc) -> Iterator[Phrase]:
    """Yield the largest phrases in text order, paragraph by paragraph."""
    for paragraph in doc.spans[PARAGRAPHS]:
        found: dict[int, Phrase] = {}
        text = paragraph.text.replace(TIME_START, " ").replace(TIME_REST, " ")
        places = [(token.idx - paragraph.start_char, _key(token)) for token in paragraph if not token.is_space]
        for level in levels():
            for phrase in _matches(paragraph, text, places, found, level):
                for part in phrase.parts:
                    del found[part.start]
                found[phrase.start] = phrase
                text = _masked(text, phrase)
        for start in sorted(found):
            yield _moved(found[start], paragraph.start_char)


def _matches(paragraph: Span, text: str, places: list[tuple[int, str]], found: dict[int, Phrase], level: int) -> list[Phrase]:
    """Return what the rules of one level match, from left to right, the longest at each place."""
    index, matches, at = patterns_by_first_word(level), list[Phrase](), 0
    for start, key in places:
        if start < at or text[start] == TIME_REST:
            continue
        patterns = index.get(TIME_START if text[start] == TIME_START else key)
        if patterns and (phrase := _longest(paragraph, text, patterns, start, found)):
            matches.append(phrase)
            at = phrase.end
    return matches


def _longest(paragraph: Span, text: str, patterns: tuple[Pattern, ...], start: int, found: dict[int, Phrase]) -> Phrase | None:
    hits = [(pattern, match) for pattern in patterns if (match := pattern.expression.match(text, start))]
    for pattern, match in sorted(hits, key=lambda hit: -hit[1].end()):
        words = {slot: words for slot, words in match.groupdict().items() if words and slot != "phrase"}
        parts = tuple(found[match.start(slot)] for slot in ("time", "time2") if slot in words)
        phrase = Phrase(pattern.rule, *match.span("phrase"), words, parts)
        if fits(pattern.rule, parts) and is_time(phrase, paragraph):
            return _with_event(phrase, paragraph)
    return None


def _with_event(phrase: Phrase, paragraph: Span) -> Phrase:
    """Return a phrase that counts from an event together with the noun of the event."""
    span = paragraph.char_span(phrase.start, phrase.end, alignment_mode="expand")
    event = event_behind(span) if phrase.rule.method == COUNTED_FROM_EVENT and span else None
    if event is None:
        return phrase
    end = event.idx + len(event) - paragraph.start_char
    return replace(phrase, end=end, words={**phrase.words, "event": event.lemma_.lower()})


def _key(token: Token) -> str:
    """Return the word by which patterns are looked up: "aug" for "Aug.", one key for all digits."""
    word = token.lower_
    if word[0].isdigit():
        return DIGIT
    return word if word.isalpha() else _NOT_LETTERS.split(word, maxsplit=1)[0] or word[0]


def _masked(text: str, phrase: Phrase) -> str:
    return text[: phrase.start] + TIME_START + TIME_REST * (phrase.end - phrase.start - 1) + text[phrase.end :]


def _moved(phrase: Phrase, by: int) -> Phrase:
    return replace(phrase, start=phrase.start + by, end=phrase.end + by)
