"""Finds the entity that words stand for: from character offsets to an entity's key."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from spacy.tokens import Span, Token

from kg.records import Entity


def _ends_before(mentions: Iterable[tuple[int, int, str]]) -> Iterator[int]:
    """Yield, for each mention, the furthest end of those before it."""
    furthest = 0
    for _, end, _ in mentions:
        yield furthest
        furthest = max(furthest, end)


class NamedWords:
    """The mentions of an article's entities, searchable by position."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        mentions = sorted(((m.start, m.end, entity.key) for entity in entities for m in entity.mentions), key=lambda m: (m[0], -m[1]))
        # A place inside the name of an organisation stands for nothing by itself.
        self._mentions = [m for m, end in zip(mentions, _ends_before(mentions), strict=True) if m[1] > end]
        self._starts = [start for start, _, _ in self._mentions]

    def at(self, token: Token) -> str | None:
        """Return the key of the entity whose mention holds the token."""
        position = bisect_right(self._starts, token.idx) - 1
        if position < 0:
            return None
        _, end, key = self._mentions[position]
        return key if token.idx < end else None

    def head_of(self, span: Span) -> str | None:
        """Return the key of the entity that the head of a noun phrase names ("the deputy, Karim Jawzjani": Karim Jawzjani).

        A head in apposition counts ("spokesman Zabihullah Mujahid" is parsed either way round); a modifier does not
        ("a Taliban spokesman" names nobody).
        """
        head = span.root
        candidates = [head, *(child for child in head.children if child.dep_ == "appos" and child in span)]
        return next((key for token in candidates if (key := self.at(token))), None)

    def within(self, start: int, end: int) -> tuple[str, ...]:
        """Return the keys of all entities named between two offsets, in text order, each once."""
        return tuple(dict.fromkeys(key for s, e, key in self._mentions if start <= s and e <= end))
