"""Finds furniture: text on the page that is not news. The rules are the rows of data/lexicon/furniture.csv.

A rule is a regular expression on a whole line without surrounding white space; where it has a group `mark`, only that
part of the line is furniture. A rule of scope `tail` opens what a page puts under its articles (links, comments):
all from there on is furniture, if it is not too large a part of the article.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from kg.extract.paragraphs import find_lines, is_mid_sentence
from kg.lexicon import BadLexicon, read_table
from kg.limits import limit
from kg.records import Furniture, TextSpan

_ADDRESS = re.compile(r"https?\b|www\b")  # the furniture that begins with a small letter


@dataclass(frozen=True, slots=True)
class FurnitureRule:
    """A row of data/lexicon/furniture.csv."""

    id: str
    reason: str
    scope: Literal["line", "tail"]
    pattern: str
    example: str
    counterexample: str
    note: str


def find_furniture(text: str) -> tuple[Furniture, ...]:
    """Return the spans of a text that are not news, in text order, disjoint.

    >>> find_furniture("Ferry sinks off the coast.\\n\\nRead also: Harbour workers end their strike")
    (Furniture(start=28, end=71, reason='read-also'),)
    """
    found: list[Furniture] = []
    before: TextSpan | None = None  # the line directly above, if it is not blank
    for line in find_lines(text):
        matched = None if before and _is_continuation(text, before, line) else match_rule(text[line.start : line.end])
        before = line if line.start < line.end else None
        if matched is None:
            continue
        rule, start, end = matched
        if rule.scope == "tail" and len(text) - line.start <= limit("furniture-tail-most") * len(text):
            found.append(Furniture(line.start, len(text.rstrip()), rule.reason))
            break
        found.append(Furniture(line.start + start, line.start + end, rule.reason))
    return tuple(found)


def match_rule(line: str) -> tuple[FurnitureRule, int, int] | None:
    """Return the first rule that fires on a stripped line, and the part of the line that it marks."""
    if not line or len(line) > limit("furniture-line-most"):
        return None
    for rule, pattern in _rules():
        if found := pattern.fullmatch(line):
            return (rule, *found.span("mark" if "mark" in pattern.groupindex else 0))
    return None


def _is_continuation(text: str, before: TextSpan, line: TextSpan) -> bool:
    """Tell whether a line goes on with the sentence above it, as in hard-wrapped text: then it is news."""
    return line.start < line.end and is_mid_sentence(text, before, line) and not _ADDRESS.match(text, line.start)


@cache
def _rules() -> tuple[tuple[FurnitureRule, re.Pattern[str]], ...]:
    return tuple((rule, _compiled(rule)) for rule in read_table("furniture", FurnitureRule))


def _compiled(rule: FurnitureRule) -> re.Pattern[str]:
    try:
        return re.compile(rule.pattern)
    except re.error as error:
        raise BadLexicon(f"furniture.csv: the pattern of {rule.id!r} is no regular expression: {error}") from error
