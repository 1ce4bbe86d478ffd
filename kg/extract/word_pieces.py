"""Splits words into the pieces that a transformer knows (WordPiece: Wu et al. 2016), without capitals and accents (Devlin et al. 2019)."""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

BEGIN, END, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_MOST = 8  # pieces of a word; what follows says little
_MOST_LETTERS = 100  # a longer word is unknown
_REMEMBERED = 50_000  # words


class WordPieces:
    """The pieces that are known, by their place in the list; one that goes on within a word begins with ##."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._numbers = {piece: number for number, piece in enumerate(pieces)}
        self.begin, self.end = self._numbers[BEGIN], self._numbers[END]
        self.of = lru_cache(_REMEMBERED)(self._of)

    def _of(self, word: str) -> tuple[int, ...]:
        """Return the numbers of a word's pieces, at least one."""
        pieces = [piece for part in _parts(_plain(word)) for piece in self._longest(part) or [UNKNOWN]] or [UNKNOWN]
        return tuple(self._numbers[piece] for piece in pieces[:_MOST])

    def _longest(self, part: str) -> list[str]:
        """Return the pieces of a part, from the left the longest known first; none if some of it is unknown."""
        if len(part) > _MOST_LETTERS:
            return []
        pieces: list[str] = []
        start = 0
        while start < len(part):
            mark = "##" if start else ""
            end = next((end for end in range(len(part), start, -1) if mark + part[start:end] in self._numbers), None)
            if end is None:
                return []
            pieces.append(mark + part[start:end])
            start = end
        return pieces


def _plain(word: str) -> str:
    """Return a word without capitals, accents and control characters."""
    letters = (letter for letter in unicodedata.normalize("NFD", word.lower()))
    return "".join(letter for letter in letters if letter.isspace() or unicodedata.category(letter) not in ("Mn", "Cc", "Cf"))


def _parts(word: str) -> Iterator[str]:
    """Yield what stands between the punctuation of a word, and each mark of punctuation, in their order."""
    start = 0
    for position, letter in enumerate(word):
        if letter.isspace() or _is_punctuation(letter):
            if start < position:
                yield word[start:position]
            if not letter.isspace():
                yield letter
            start = position + 1
    if start < len(word):
        yield word[start:]


def _is_punctuation(letter: str) -> bool:
    return unicodedata.category(letter).startswith("P") or (letter.isascii() and not letter.isalnum())
