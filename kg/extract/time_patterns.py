"""Patterns of time expressions, compiled from the tables time_rules, time_words and time_slots.

A pattern is a row of words with single blanks. `[x]` may be missing, `(a|b)` is a choice, `{slot}` is a word of
time_words.csv or an expression of time_slots.csv, `<a|b>` must stand before the phrase but is no part of it, `-` is any
dash. `{time}` is a phrase that a rule of a lower level has found. A digit ends the name of a second slot of one kind.
"""

import re
from dataclasses import dataclass
from functools import cache

from kg.extract.numbers import number_value, number_words, small_number_expression
from kg.lexicon import BadLexicon, read_table
from kg.records import Precision

TIME_START, TIME_REST = "\ue000", "\ue001"
"""Characters that stand for the words of a phrase once it is found; private use, so that no word matches them."""
DIGIT = "0"
"""First-word key of all tokens that begin with a digit."""

_ITEM = re.compile(r"\s*(\{\w+\}|[\[\]()<>|,-]|['’]s|['’]|[^\s\[\](){}<>|,]+)")
_DASH = r"\s?[-–—]\s?"
_BLANK = r"\s+"
_TIGHT = (",", "'s", "’s", "'", "’")


@dataclass(frozen=True, slots=True)
class TimeRule:
    """A row of time_rules.csv; `level` orders the rules, `method` names a function of kg/extract/time_methods.py."""

    id: str
    level: int
    pattern: str
    method: str
    shift: int | None
    precision: "Precision | None"  # as text, since `Optional` of a Literal hides from the reader that it may be empty
    example: str
    counterexample: str
    note: str | None


@dataclass(frozen=True, slots=True)
class TimeWord:
    """A row of time_words.csv: words of a slot (|-separated, the full form first) and what they stand for.

    `low` and `high` are: the number of a weekday or month; first and last month of a season; month and day of a holiday;
    first and last hour of a part of the day; the share of a period for a fraction; the least and most of a count;
    the hours a zone is ahead of UTC, least and most where summer and winter share its name.
    For a unit, `low` is how many of them "recent" reaches back.
    """

    id: str
    slot: str
    words: str
    value: str | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class TimeSlot:
    """A row of time_slots.csv: a regular expression."""

    id: str
    pattern: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled rule: its expression has a group `phrase` and one group a slot; `firsts` are the words it may begin with."""

    rule: TimeRule
    expression: re.Pattern[str]
    firsts: frozenset[str]


@cache
def patterns_by_first_word(level: int) -> dict[str, tuple[Pattern, ...]]:
    """Return the patterns of one level by the lower-case word they may begin with, in the order of the table."""
    index: dict[str, list[Pattern]] = {}
    for rule in read_table("time_rules", TimeRule):
        if rule.level == level:
            pattern = _compiled(rule)
            for word in sorted(pattern.firsts):
                index.setdefault(word, []).append(pattern)
    return {word: tuple(found) for word, found in index.items()}


@cache
def levels() -> tuple[int, ...]:
    """Return the levels of the rules, lowest first."""
    return tuple(sorted({rule.level for rule in read_table("time_rules", TimeRule)}))


@cache
def time_word(slot: str, words: str) -> TimeWord:
    """Return what the words of a slot stand for; KeyError for words that are not in the table."""
    key = re.sub(r"\s+", " ", words).lower().rstrip(".")
    return _words_of(slot)[key]


def is_word(slot: str, words: str) -> bool:
    """Tell whether a slot has these words, in lower case."""
    return words in _words_of(slot)


def count_bounds(words: str) -> tuple[float, float]:
    """Return the least and most that a count may mean ("3": 3, 3; "a few": as the table says)."""
    value = number_value(words)
    if value is not None:
        return value, value
    word = time_word("count", words)
    return (word.low or 0.0), (word.high or word.low or 0.0)


@cache
def _words_of(slot: str) -> dict[str, TimeWord]:
    rows = (row for row in read_table("time_words", TimeWord) if row.slot == slot)
    return {word.lower(): row for row in rows for word in row.words.split("|")}


def _compiled(rule: TimeRule) -> Pattern:
    items = _ITEM.findall(rule.pattern)
    context: tuple[str, frozenset[str]] | None = None
    if items[0] == "<":
        close = items.index(">")
        context = _choice(items[1:close], rule)
        items = items[close + 1 :]
    body, firsts = _choice(items, rule)
    before, firsts = (f"{context[0]}{_BLANK}", context[1]) if context else ("", firsts)
    return Pattern(rule, re.compile(rf"{before}(?P<phrase>{body})(?!\w)"), frozenset(firsts))


def _choice(items: list[str], rule: TimeRule) -> tuple[str, frozenset[str]]:
    """Return expression and first words of alternatives separated by | outside brackets."""
    parts: list[list[str]] = [[]]
    depth = 0
    for item in items:
        depth += (item in "[(") - (item in "])")
        if item == "|" and depth == 0:
            parts.append([])
        else:
            parts[-1].append(item)
    if depth or [] in parts:
        raise BadLexicon(f"time_rules.csv: row {rule.id!r}: brackets or | do not pair in {rule.pattern!r}; close each bracket")
    built = [_sequence(part, rule) for part in parts]
    return "(?:" + "|".join(text for text, _ in built) + ")", frozenset().union(*(firsts for _, firsts in built))


def _sequence(items: list[str], rule: TimeRule) -> tuple[str, frozenset[str]]:
    """Return expression and first words of items that follow one another."""
    text, firsts, at_start, glued = "", frozenset[str](), True, True
    while items:
        piece, optional, items = _next_piece(items)
        if piece[0] == "-":  # a dash stands without blanks, the words in its place and a missing dash do not
            text += _dash(piece[2:], optional, rule)
            glued = True
            continue
        expression, words = _piece(piece, rule)
        if at_start:
            firsts |= words
            at_start = optional
        blank = "" if glued or piece[0] in _TIGHT else _BLANK
        if not optional:
            text += blank + expression
            glued = False
        elif glued:  # a missing piece takes the blank behind it along
            text += f"(?:{expression}{_BLANK})?"
        else:
            text += f"(?:{blank}{expression})?"
    return text, firsts


def _dash(instead: list[str], optional: bool, rule: TimeRule) -> str:
    choices = [_DASH]
    if instead:
        choices.append(_BLANK + _choice(instead, rule)[0] + _BLANK)
    if optional:
        choices.append(_BLANK)
    return "(?:" + "|".join(choices) + ")"


def _next_piece(items: list[str]) -> tuple[list[str], bool, list[str]]:
    """Split off the first item or bracket; the bracket's marks are dropped."""
    if items[0] not in "[(":
        return items[:1], False, items[1:]
    depth = 0
    for position, item in enumerate(items):
        depth += (item in "[(") - (item in "])")
        if depth == 0:
            return items[1:position], items[0] == "[", items[position + 1 :]
    raise BadLexicon(f"time_rules.csv: bracket {items[0]!r} is never closed in {' '.join(items)!r}; close it")


def _piece(piece: list[str], rule: TimeRule) -> tuple[str, frozenset[str]]:
    if len(piece) > 1:
        return _choice(piece, rule)
    item = piece[0]
    if item.startswith("{"):
        return _slot(item[1:-1], rule)
    return f"(?i:{re.escape(item)})", frozenset({item.lower()})


def _slot(name: str, rule: TimeRule) -> tuple[str, frozenset[str]]:
    if name.rstrip("2") == "time":
        return f"(?P<{name}>{TIME_START}{TIME_REST}*)", frozenset({TIME_START})
    expressions = {row.id: row.pattern for row in read_table("time_slots", TimeSlot)}
    if name in expressions:
        starts = {DIGIT} | ({"'", "’"} if "'" in expressions[name] else set())
        return f"(?P<{name}>{expressions[name]})", frozenset(starts)
    rows = _words_of(name.rstrip("2"))
    if not rows:
        raise BadLexicon(
            f"time_rules.csv: row {rule.id!r}: slot {{{name}}} is in neither time_words.csv nor time_slots.csv; add it or correct the name"
        )
    words = [word for row in dict.fromkeys(rows.values()) for word in row.words.split("|")]
    full = {row.words.split("|")[0] for row in rows.values()}
    choices = [_word(word, word in full) for word in sorted(words, key=len, reverse=True)]
    firsts = {re.split(r"\W", word.lower())[0] for word in words}
    if name == "count":
        choices += [expressions["digits"], small_number_expression()]
        firsts |= {DIGIT, *number_words()}
    return f"(?P<{name}>{'|'.join(choices)})", frozenset(firsts)


def _word(word: str, full: bool) -> str:
    """A capital in the table stands for a name, which is written with one or all in capitals; a short form may end in a dot."""
    if word == word.lower():
        return r"(?i:" + r"\s+".join(re.escape(part) for part in word.split()) + r")\b"
    text = re.escape(word)
    dot = "" if full or " " in word or word.isupper() else r"\.?"
    return rf"(?:{text}|{re.escape(word.upper())})\b{dot}"
