"""How alike two names are: for proposing candidates and for judging them. Reads nothing but the two names."""

import re
from functools import lru_cache

from kg.folding import fold, near_key, without_marks
from kg.limits import count_limit, limit

_TABLE = "name_limits"
_ARTICLE = "the"
_KEPT = 10_000  # names are compared many times over
_WORD = re.compile(r"[^\W_]+")


def name_similarity(one: str, other: str) -> float:
    """Return how alike two names are, from 0 to 1, whichever comes first.

    Case, marks, punctuation and a leading article do not count; misspelt long words, other orders of the words, initials,
    transliterations and acronyms count less than equal words; words that only one of the names has count against it by their letters.

    >>> name_similarity("VELMAR, Ilse", "Ilse Velmar")
    0.97
    >>> name_similarity("Dorvan Relief Board", "DRB")
    0.88
    """
    left, right = name_words(one), name_words(other)
    if not left or not right:
        return 0.0
    if left == right:
        return 1.0
    if "".join(left) == "".join(right):
        return limit("joined", _TABLE)
    aligned = _aligned(left, right)
    if _numbers(left) != _numbers(right):
        aligned *= limit("numbers-differ", _TABLE)
    near = _near(one)
    if near == _near(other) and len(near) >= limit("spelling-letters-least", _TABLE):
        aligned = max(aligned, limit("spelling", _TABLE))
    short, long = sorted((left, right), key=len)
    if short in (long[: len(short)], long[-len(short) :]):
        aligned = max(aligned, limit("part", _TABLE))
    fits = acronym(one) in initials(other) or acronym(other) in initials(one)
    return round(max(aligned, limit("acronym", _TABLE) if fits else 0.0), 4)


@lru_cache(_KEPT)
def name_words(name: str) -> tuple[str, ...]:
    """Return the folded words of a name without a leading article, as many as are compared."""
    words = fold(name).split()
    if len(words) > 1 and words[0] == _ARTICLE:
        del words[0]
    return tuple(words[: count_limit("words-most", _TABLE)])


def acronym(name: str) -> str | None:
    """Return the folded letters of a name that is written as an acronym ("HRW", "U.N."), else None."""
    letters = name.replace(".", "")
    if 2 <= len(letters) <= limit("acronym-letters-most", _TABLE) and letters.isalpha() and letters.isupper():
        return fold(letters) or None
    return None


@lru_cache(_KEPT)
def initials(name: str) -> frozenset[str]:
    """Return the acronyms that a name of several words may have: of all its words, and of those with a capital."""
    capitals = without_marks("".join(word[0] for word in _WORD.findall(name) if word[0].isupper() and word.casefold() != _ARTICLE))
    return frozenset(letters for letters in ("".join(word[0] for word in name_words(name)), capitals) if len(letters) > 1)


@lru_cache(_KEPT)
def _near(name: str) -> str:
    return near_key(name)


def word_similarity(one: str, other: str) -> float:
    """Return how alike two folded words are: 0 where more letters differ than a misspelling explains."""
    if one == other:
        return 1.0
    if 1 in (len(one), len(other)):
        return limit("initial", _TABLE) if one[0] == other[0] else 0.0
    most = edits_allowed(min(len(one), len(other)))
    if not most or abs(len(one) - len(other)) > most or any(character.isdigit() for character in one + other):
        return 0.0
    edits = _edits(one, other, most)
    # The second letter costs three times the first: northern and southern differ by two.
    return 1.0 - edits**2 / max(len(one), len(other)) if edits <= most else 0.0


def edits_allowed(letters: int) -> int:
    """Return how many letters of a word of this length may be misspelt."""
    return (letters >= limit("edit-letters", _TABLE)) + (letters >= limit("two-edit-letters", _TABLE))


def _aligned(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    """Pair the words, most alike first; weigh pairs and lonely words by their letters."""
    pairs = [(word_similarity(a, b), max(len(a), len(b)), -i, -j) for i, a in enumerate(left) for j, b in enumerate(right)]
    taken: dict[int, int] = {}
    alike, weight = 0.0, 0
    for similarity, letters, i, j in sorted(pairs, reverse=True):
        if similarity and -i not in taken and -j not in taken.values():
            taken[-i] = -j
            alike += similarity * letters
            weight += letters
    lonely = [word for i, word in enumerate(left) if i not in taken] + [word for j, word in enumerate(right) if j not in taken.values()]
    weight += sum(count_limit("lonely-initial", _TABLE) if len(word) == 1 else len(word) for word in lonely)
    order = [taken[i] for i in sorted(taken)]
    return alike / weight * (1.0 if order == sorted(order) else limit("reordered", _TABLE))


def _numbers(words: tuple[str, ...]) -> list[str]:
    return sorted(word for word in words if any(character.isdigit() for character in word))


def _edits(one: str, other: str, most: int) -> int:
    """Return how many letters to change, add, drop or swap with their neighbour, and `most` + 1 where that is more than `most`."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(before) >= most:
            return most + 1
    return min(row[-1], most + 1)
