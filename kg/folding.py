"""Folds names for comparing and for IRIs; what is shown and stored is never folded."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from kg.lexicon import read_table


@dataclass(frozen=True, slots=True)
class SpellingRule:
    """A row of spelling_rules.csv: what spellings of one foreign name differ in, and what stands for all of them."""

    id: str
    pattern: str
    replacement: str
    note: str


def fold(name: str) -> str:
    """Return a name without case, marks and punctuation: `fold("Pol-e Khomrī’s")` is `"pol e khomri s"`.

    Letters of all scripts stay; everything that is no letter or digit becomes one blank.
    """
    return " ".join(re.findall(r"[^\W_]+", without_marks(name)))


def without_marks(name: str) -> str:
    """Return a name without case and combining marks, its punctuation kept."""
    return "".join(character for character in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(character))


def near_key(name: str) -> str:
    """Return what the transliterations of a foreign name have in common: `near_key("Shahr-e Kord") == near_key("Shahri Kurd")`."""
    key = fold(name)
    for pattern, replacement in _spelling_rules():
        key = pattern.sub(replacement, key)
    return key


@cache
def _spelling_rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the rules in their order: each is applied to what the ones before it left."""
    return tuple((re.compile(rule.pattern), rule.replacement) for rule in read_table("spelling_rules", SpellingRule))
