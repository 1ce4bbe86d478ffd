"""Says how two names are alike: the same but for titles, spelling, initials, an acronym, or one a part of the other."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import product

from kg.folding import fold, near_key
from kg.lexicon import read_table
from kg.limits import count_limit, limit
from kg.title_words import leading_title

_LIMITS = "identity_limits"
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnwrittenRow:
    """Letters (a regular expression) of a near key that one writer puts down and another leaves out or exchanges."""

    id: str
    letters: str
    note: str


def untitled(name: str) -> Words:
    """Return the folded words of a name without the titles before it; a name of titles only keeps its last word.

    >>> untitled("Deputy Governor Ana Ilić")
    ('ana', 'ilic')
    """
    words = tuple(fold(name).split())
    start = 0
    while size := leading_title(words[start:]):
        start += size
    return words[start:]


def spelling_key(words: Iterable[str]) -> str:
    """Return what the spellings of a name share: the consonants of its near key, but for those that often go unwritten.

    >>> spelling_key(["shibirghan"]) == spelling_key(["sheberghan"])
    True
    """
    key = _unwritten().sub("", near_key(" ".join(words)))
    return "".join(letter for before, letter in zip(" " + key, key, strict=False) if letter != before)


def is_spelled_alike(one: Words, other: Words) -> bool:
    """Tell whether two names have the same consonants, begin alike, and are alike as written, however their words are parted."""
    key = spelling_key(one)
    near, other_near = sorted((near_key(" ".join(one)), near_key(" ".join(other))))  # the ratio depends on the order
    begins_alike = spelling_key(near[:1]) == spelling_key(other_near[:1])
    if not begins_alike or len(key) < count_limit("spelling-letters-least", _LIMITS) or key != spelling_key(other):
        return False
    is_long = len(key) >= count_limit("spelling-long-least", _LIMITS)
    alike = SequenceMatcher(None, near, other_near, autojunk=False).ratio()
    return alike >= limit("spelling-alike-long-least" if is_long else "spelling-alike-least", _LIMITS)


def is_spelled_alike_by_word(one: Words, other: Words) -> bool:
    """Tell whether two names are spelled alike word by word: the words of a place's name join and part more freely."""
    if len(one) != len(other) or not is_spelled_alike(one, other):
        return False
    keys = [
        (spelling_key([a]), spelling_key([b]), spelling_key(a[:1]), spelling_key(b[:1])) for a, b in zip(one, other, strict=True) if a != b
    ]
    return all(key == other_key != "" and first == other_first for key, other_key, first, other_first in keys)


def without_middle(words: Words) -> Words:
    """Return a name without the initials in its middle: ("ana", "k", "ilic") is ("ana", "ilic")."""
    return tuple(word for number, word in enumerate(words) if len(word) > 1 or number in (0, len(words) - 1))


def is_abbreviated(one: Words, other: Words) -> bool:
    """Tell whether two people's names end alike and one has initials where the other has first names: "A. Ilic", "Ana Ilic"."""
    firsts, other_firsts = one[:-1], other[:-1]
    if not firsts or not other_firsts or one[-1:] != other[-1:] or len(one[-1]) == 1 or firsts == other_firsts:
        return False
    fits = all(first.startswith(second) or second.startswith(first) for first, second in zip(firsts, other_firsts, strict=False))
    return fits and any(len(first) == 1 for first in (*firsts, *other_firsts))


def is_part(part: Words, whole: Words) -> bool:
    """Tell whether all words of one name stand in the other, in their order, with some left over."""
    rest = iter(whole)
    return len(part) < len(whole) and all(word in rest for word in part) and any(len(word) > 1 for word in part)


def acronyms(name: str) -> set[str]:
    """Return the acronyms a long name may have, folded: of all its words, and of those that are written with a capital."""
    words = name.replace("-", " ").split()
    if len(words) < count_limit("acronym-letters-least", _LIMITS):
        return set()
    return {"".join(fold(word)[:1] for word in chosen) for chosen in (words, [word for word in words if word[0].isupper()])}


def is_acronym(name: str) -> bool:
    """Tell whether a name is one word of capitals: "NDRC", "N.D.R.C."."""
    letters = name.replace(".", "")
    return letters.isalpha() and letters.isupper() and len(letters) >= count_limit("acronym-letters-least", _LIMITS)


def person_rules(one: str, other: str) -> Iterable[str]:
    """Return the rules by which two people's names may be one name."""
    left, right = untitled(one), untitled(other)
    if left == right:
        yield "title"
    elif without_middle(left) == without_middle(right):
        # Two people of a family may differ in nothing but these initials.
        yield from ["middle"] if without_middle(left) in (left, right) else []
        return
    elif is_spelled_alike_by_word(left, right):
        yield _spelling(left)
    elif is_abbreviated(left, right):
        yield "initials"
    for part, whole in ((left, right), (right, left)):
        if is_part(part, whole):
            yield "part" if len(part) == 1 else "parts"


def organisation_rules(one: str, other: str) -> Iterable[str]:
    """Return the rules by which two organisations' names may be one name."""
    for short, long in ((one, other), (other, one)):
        if is_acronym(short) and fold(short).replace(" ", "") in acronyms(long):
            yield "acronym"
    left, right = tuple(fold(one).split()), tuple(fold(other).split())
    if left != right and is_spelled_alike_by_word(left, right):
        yield _spelling(left)


def place_rules(one: str, other: str) -> Iterable[str]:
    """Return the rules by which two names of places, or of works, may be one name."""
    left, right = tuple(fold(one).split()), tuple(fold(other).split())
    if left != right and is_spelled_alike(left, right):
        yield _spelling(left)


def _spelling(words: Words) -> str:
    """Return the rule of a name that is spelled alike: a few consonants are shared by many names."""
    is_long = len(spelling_key(words)) >= count_limit("spelling-long-least", _LIMITS)
    return "spelling" if is_long else "spelling-short"


def pairs_of(names: Iterable[str], others: Iterable[str]) -> list[tuple[str, str]]:
    """Return each name of one thing with each of another, sorted."""
    return sorted(product(sorted(names), sorted(others)))


@cache
def _unwritten() -> re.Pattern[str]:
    return re.compile("|".join(row.letters for row in read_table("unwritten_letters", UnwrittenRow)))
