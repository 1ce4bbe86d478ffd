"""Finds things by the words of their names; built once for a generation.

Memory holds words and ids only; names, classes and links are read from the snapshot, so that a thing costs some
hundred bytes whatever is said of it.
"""

import logging
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from pyoxigraph import DefaultGraph, Literal, NamedNode

from kg.candidates import acronym, edits_allowed, initials, name_words, word_similarity
from kg.catalogue import Catalogue
from kg.folding import near_key
from kg.generations import Generation
from kg.limits import count_limit
from kg.vocab import KG
from server.reconcile_entries import (
    GEONAMES_ID,
    RDFS,
    SKOS,
    WIKIDATA_ID,
    Entry,
    catalogue_item,
    is_named,
    qid_of,
    read_entry,
)

_TABLE = "reconciliation_limits"
Numbers: TypeAlias = "array[int]"  # of 3.11 no subscript


class NameIndex:
    """The names of one generation."""

    def __init__(self, generation: Generation, catalogue: Catalogue) -> None:
        self.generation, self.catalogue = generation, catalogue
        self.base = generation.base
        self.ids = _ids(generation, self.base)
        self._postings: dict[str, Numbers] = {}
        self.by_item: dict[str, list[str]] = {}
        self._fill()
        self._words = sorted(self._postings)
        self._trigrams = _trigram_index(self._words)
        self._near = _near_index(self._words)
        self.entry = lru_cache(count_limit("entries-kept", _TABLE))(self._entry)
        self.mentions = lru_cache(count_limit("entries-kept", _TABLE))(self._mentions)

    def candidates(self, name: str) -> list[Entry]:
        """Return the things that share words with a name, misspelt ones too, most letters shared first."""
        keys = [self._spellings(word) for word in self._asked(name)]
        found: Counter[int] = Counter()
        common = count_limit("common-word-things", _TABLE)
        for spellings in sorted(keys, key=lambda group: sum(len(self._postings[word]) for word in group)):
            reached: dict[int, int] = {}
            for word in spellings:
                posting = self._postings[word]
                if len(posting) <= common or not found:
                    reached.update(dict.fromkeys(posting[:common], len(word)))
                else:
                    reached.update({number: len(word) for number in found if _holds(posting, number)})
            found.update(reached)
        best = sorted(found, key=lambda number: (-found[number], number))[: count_limit("compared-most", _TABLE)]
        return self._entries(best)

    def prefixed(self, prefix: str) -> list[Entry]:
        """Return the things with a name one of whose words begins with the prefix's last and that holds its others."""
        *whole, start = name_words(prefix) or ("",)
        if not start:
            return []
        most = count_limit("suggestions-most", _TABLE)
        others = [self._postings.get(word, array("I")) for word in whole]
        numbers: dict[int, None] = {}
        for at in range(bisect_left(self._words, start), len(self._words)):
            if not self._words[at].startswith(start) or len(numbers) >= most:
                break
            for number in self._postings[self._words[at]]:
                if len(numbers) < most and all(_holds(other, number) for other in others):
                    numbers[number] = None
        return self._entries(numbers)

    def identified(self, text: str) -> list[Entry]:
        """Return what an identifier means: our id or IRI, an item's id or IRI; things of the graph go before items."""
        text = text.strip()
        if qid := qid_of(text):
            text = WIKIDATA_ID + qid
        text = text.removeprefix(self.base)
        if things := self.by_item.get(text):
            return [entry for thing in things if (entry := self.entry(thing))]
        if text.startswith((WIKIDATA_ID, GEONAMES_ID)):
            item = catalogue_item(self.catalogue, text)
            return [item] if item else []
        entry = self.entry(text) if "/" in text else None
        return [entry] if entry else []

    def _entry(self, entry_id: str) -> Entry | None:
        return read_entry(self.generation, self.catalogue, base=self.base, thing_id=entry_id)

    def _mentions(self, entry_id: str) -> int:
        return self.count(KG.denotes, entry_id)

    def count(self, term: NamedNode, entry_id: str) -> int:
        """Return how many nodes point to a thing by a property."""
        return sum(1 for _ in self.generation.graphs.quads_for_pattern(None, term, NamedNode(self.base + entry_id), DefaultGraph()))

    def _entries(self, numbers: Iterable[int]) -> list[Entry]:
        return [entry for number in numbers if (entry := self.entry(self.ids[number]))]

    def _asked(self, name: str) -> list[str]:
        """Return the words to look for: the name's own, neighbours written as one, one written as two, acronyms both ways."""
        words = name_words(name)
        asked = [*words, *(one + other for one, other in pairwise(words)), *sorted(initials(name)), *filter(None, (acronym(name),))]
        for word in words:
            halves = ((word[:at], word[at:]) for at in range(2, len(word) - 1) if word not in self._postings)
            asked += next((pair for pair in halves if pair[0] in self._postings and pair[1] in self._postings), ())
        return list(dict.fromkeys(asked))

    def _spellings(self, word: str) -> list[str]:
        """Return the indexed words that a word may be, itself first."""
        exact = [word] if word in self._postings else []
        alike = list(dict.fromkeys((*exact, *self._near.get(near_key(word), ()))))
        most = edits_allowed(len(word))
        if not most:
            return alike
        shared: Counter[int] = Counter()
        for trigram in _trigrams(word):
            shared.update(self._trigrams.get(trigram, ()))
        # A misspelling spoils three trigrams, a swap of neighbours four.
        least = max(1, len(word) - 3 * most - 1)
        near = [self._words[at] for at, count in shared.items() if count >= least and abs(len(self._words[at]) - len(word)) <= most]
        return list(dict.fromkeys((*alike, *sorted(other for other in near if word_similarity(word, other)))))

    def _fill(self) -> None:
        for thing, name in _names(self.generation, self.base):
            self._add_name(thing, name)
        for term, prefix in ((KG.wikidata, WIKIDATA_ID), (KG.geonames, GEONAMES_ID)):
            for thing, value in _objects(self.generation, self.base, term):
                item = prefix + (qid_of(value) or value)
                self.by_item.setdefault(item, []).append(thing)
                if linked := catalogue_item(self.catalogue, item):
                    for name in (linked.name, *linked.names):
                        self._add_name(thing, name)
        for things in self.by_item.values():
            things.sort()
        self._postings = {word: array("I", sorted(set(posting))) for word, posting in self._postings.items()}

    def _add_name(self, thing: str, name: str) -> None:
        number = bisect_left(self.ids, thing)
        if number == len(self.ids) or self.ids[number] != thing:
            return
        for key in _keys(name):
            self._postings.setdefault(key, array("I")).append(number)


def _ids(generation: Generation, base: str) -> list[str]:
    ids = sorted({thing for thing, _ in _objects(generation, base, RDFS.label) if is_named(thing)})
    most = count_limit("things-most", _TABLE)
    if len(ids) > most:
        logging.getLogger(__name__).warning("the graph names %d things, the index holds the first %d by their ids", len(ids), most)
    return ids[:most]


def _names(generation: Generation, base: str) -> Iterator[tuple[str, str]]:
    for term in (RDFS.label, SKOS.altLabel):
        yield from _objects(generation, base, term)


def _objects(generation: Generation, base: str, term: NamedNode) -> Iterator[tuple[str, str]]:
    """Yield the things below the base that have a property, as ids, with its values."""
    for quad in generation.graphs.quads_for_pattern(None, term, None, DefaultGraph()):
        subject, value = quad.subject, quad.object
        if isinstance(subject, NamedNode) and subject.value.startswith(base) and isinstance(value, NamedNode | Literal):
            yield subject.value.removeprefix(base), value.value


def _keys(name: str) -> set[str]:
    """Return what a name is filed under: its words and its acronyms."""
    return {*name_words(name), *initials(name)}


def _near_index(words: list[str]) -> dict[str, list[str]]:
    """Return the words by what their transliterations have in common."""
    index: dict[str, list[str]] = {}
    for word in words:
        index.setdefault(near_key(word), []).append(word)
    return index


def _trigram_index(words: list[str]) -> dict[str, Numbers]:
    index: dict[str, Numbers] = {}
    for at, word in enumerate(words):
        for trigram in _trigrams(word) if edits_allowed(len(word)) else ():
            index.setdefault(trigram, array("I")).append(at)
    return index


def _trigrams(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[at : at + 3] for at in range(len(word))}


def _holds(posting: Numbers, number: int) -> bool:
    at = bisect_left(posting, number)
    return at < len(posting) and posting[at] == number
