"""Knows the countries, regions, provinces and larger cities of the world by name, and the words for what is theirs ("Norwegian").

Names are compared folded: without case, diacritics, apostrophes, hyphens and full stops.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from kg.folding import without_marks
from kg.lexicon import read_table
from kg.records import Form


@dataclass(frozen=True, slots=True)
class CountryRow:
    """One name of a country or territory; the first row of an ISO 3166-1 code holds its usual name."""

    id: str
    alpha2: str
    name: str


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A well-known part of the world that is no country."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class ProvinceRow:
    """A first-level subdivision of a country that shares its name with no city of note."""

    id: str
    alpha2: str
    name: str


@dataclass(frozen=True, slots=True)
class CityRow:
    """The most populous place of a name in a country, by its GeoNames id."""

    id: str
    name: str
    country: str
    population: int


@dataclass(frozen=True, slots=True)
class DemonymRow:
    """A word for what belongs to a place; `place` is a country's code or a region's id."""

    id: str
    word: str
    place: str


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place of the tables: its code or id, usual name and kind, and how the words that were looked up stand for it."""

    id: str
    name: str
    kind: str
    form: Form
    words: tuple[str, ...]
    """The row's words, as written there."""


Words = tuple[str, ...]
_NO_CITIES: Mapping[str, int] = {}
_SEPARATORS = str.maketrans(dict.fromkeys("'’ʼ‘`´ʿʾ.-‐‑–", " "))


@lru_cache(maxsize=65536)
def folded(text: str) -> Words:
    """Return the words of a name for comparison.

    >>> folded("Saint-Étienne")
    ('saint', 'etienne')
    >>> folded("U.S.")
    ('us',)
    """
    words = without_marks(text).translate(_SEPARATORS).split()
    if words and all(len(word) == 1 for word in words):
        return ("".join(words),)
    return tuple(words)


@cache
def known_places() -> dict[Words, KnownPlace]:
    """Return countries and regions, and their demonyms, by folded words."""
    places: dict[Words, KnownPlace] = {}
    usual: dict[str, tuple[str, str]] = {}
    for country in read_table("countries", CountryRow):
        name, _ = usual.setdefault(country.alpha2, (country.name, "Country"))
        places.setdefault(folded(country.name), KnownPlace(country.alpha2, name, "Country", "name", tuple(country.name.split())))
    for region in read_table("regions", RegionRow):
        usual[region.id] = (region.name, region.kind)
        places.setdefault(folded(region.name), KnownPlace(region.id, region.name, region.kind, "name", tuple(region.name.split())))
    for row in read_table("demonyms", DemonymRow):
        name, kind = usual[row.place]
        places.setdefault(folded(row.word), KnownPlace(row.place, name, kind, "demonym", tuple(row.word.split())))
    return places


@cache
def lower_case_beginnings() -> frozenset[str]:
    """Return the first words of known places that are written without a capital ("sub-Saharan Africa")."""
    return frozenset(word for place in known_places().values() for word in re.split("[ -]", place.words[0])[:1] if word.islower())


def longest_known_place(first_word: str) -> int:
    """Return the number of folded words of the longest known place that begins with a word; 0 where none does."""
    return _longest_by_first_word().get(first_word, 0)


@cache
def _longest_by_first_word() -> dict[str, int]:
    longest: dict[str, int] = {}
    for words in known_places():
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return longest


@cache
def province_names() -> frozenset[Words]:
    """Return the folded names of provinces."""
    return frozenset(folded(row.name) for row in read_table("provinces", ProvinceRow))


def city_population(words: Words) -> int:
    """Return how many people live in the most populous city of a folded name; 0 where no larger city has the name."""
    return max(cities_named(words).values(), default=0)


def cities_named(words: Words) -> Mapping[str, int]:
    """Return the population of the most populous city of a folded name in each country, by the country's ISO 3166-1 code."""
    return _cities().get(words, _NO_CITIES)


@cache
def _cities() -> dict[Words, dict[str, int]]:
    cities: dict[Words, dict[str, int]] = {}
    for row in read_table("cities", CityRow):
        # Not through the memory of `folded`: the names of articles stay in it.
        cities.setdefault(folded.__wrapped__(row.name), {})[row.country] = row.population
    return cities
