"""Decides which place of the catalogue each place of an article is: candidates, evidence, and a calibrated score.

Evidence is a row of data/lexicon/place_evidence.csv with a learned weight (`bench/place_weights.py`); the score of a
candidate is its share of the exponentials of all candidates' sums and of "none of them", so that it reads as a
probability. Two rounds: the first knows the candidate alone, the second also the countries and places of the first.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from kg.catalogue import Catalogue, Item
from kg.folding import fold
from kg.globe import kilometres
from kg.lexicon import read_table
from kg.limits import count_limit, limit
from kg.records import Entity, EntityMention
from kg.shares import shares
from kg.vocab import KG

_COUNTRY = "Country"
_CONTAINERS = frozenset({_COUNTRY, "Province"})
_LIMITS = "link_limits"
_PLACED = re.compile(r"\b(?:in|at|near|from|to|around|outside|across) (?:the )?$", re.IGNORECASE)
_LIST = re.compile(r"(?:,? (?:and )?[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,2})*? (?P<last>[A-Za-z]+s|[A-Za-z]+ies)\b")
_UNIVERSITY_STATES = ("us",)


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A kind of evidence and its weight in each round (log-odds)."""

    id: str
    first: float
    second: float
    note: str


@dataclass(frozen=True, slots=True)
class ClassWord:
    """A word that tells of what kind a place is, beside its name ("Toledo District", "the city of Toledo")."""

    id: str
    word: str
    plural: str
    kind: str
    note: str


@dataclass(frozen=True, slots=True)
class PatternRow:
    """A pattern of words: between a place and what it lies in, or of news of sport."""

    id: str
    word: str
    note: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate for an entity and the share of right answers that its score promises."""

    item: Item
    score: float


@dataclass(frozen=True, slots=True)
class Place:
    """An entity that may be a place of the catalogue: its names, its candidates, what the text says it lies in."""

    entity: Entity
    candidates: tuple[Item, ...]
    told_kind: str | None
    containers: tuple[Item, ...]

    @property
    def people(self) -> int:
        """The people of all candidates together."""
        return sum(item.population for item in self.candidates)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the first round found: shares of countries and provinces, and the places that are likely."""

    countries: Mapping[str, float]
    provinces: Mapping[str, float]
    likely: tuple[tuple[str, Item], ...]


def place_choices(entities: Sequence[Entity], text: str, catalogue: Catalogue) -> dict[str, tuple[Choice, ...]]:
    """Return the candidates of each place by entity key, best first; an entity without candidates is left out."""
    places = [place for entity in entities if (place := find_place(entity, text, catalogue))]
    first = {place.entity.key: scored(place, "first", None) for place in places}
    around = surroundings(first)
    return {place.entity.key: scored(place, "second", without_own(around, place, first)) for place in places}


def evidence(place: Place, item: Item, around: Surroundings | None) -> Iterator[tuple[str, float]]:
    """Yield what speaks for an item by name of the evidence row, with its strength."""
    yield "any", 1.0
    yield f"kind-{item.kind}", 1.0
    yield "population", math.log10(max(item.population, 100)) - 4
    yield "population-share", item.population / max(1, place.people)
    if item.kind == place.entity.kind or item.kind == place.told_kind:
        yield "kind-agrees", 1.0
    elif place.told_kind or place.entity.kind in (_COUNTRY, "Province", "City"):
        yield "kind-differs", 1.0
    if _folded(item.name) != _folded(place.entity.name):
        yield "alias", 1.0
    if place.containers:
        yield ("container-agrees" if any(_lies_in(item, container) for container in place.containers) else "container-differs"), 1.0
    if around is not None:
        yield "country-share", around.countries.get(item.country or "", 0.0)
        yield "province-share", around.provinces.get(item.admin1 or "", 0.0)
        distance = min((kilometres_apart(item, other) for key, other in around.likely if key != place.entity.key), default=None)
        if distance is not None:
            yield "near", 1.0 if distance < limit("near", _LIMITS) else 0.0
            yield "far", 1.0 if distance > limit("far", _LIMITS) else 0.0


def find_place(entity: Entity, text: str, catalogue: Catalogue) -> Place | None:
    """Return an entity with its candidates and what the words say of it; None where the catalogue has none, or it is a team."""
    if _is_team(entity, text):
        return None
    told = next((kind for mention in entity.mentions if (kind := _kind_of_list(text[mention.end :][: _reach()]))), None)
    found: dict[str, Item] = {}
    for name in _names(entity, text):
        bare, kind = _without_class_word(name)
        told = told or kind
        for item in (*catalogue.named(name), *(catalogue.named(bare) if bare != name else ())):
            if _may_be(entity, item) and not _is_university(name, item):
                key = item.qid or item.geonames or item.name
                if key not in found or item.kind == entity.kind:  # a city that is a province too is what the article calls it
                    found[key] = item
        if len(found) >= count_limit("most-candidates", _LIMITS):
            break
    if not found:
        return None
    fitting = tuple(item for item in found.values() if item.kind == told) or tuple(found.values())
    containers = tuple(item for mention in entity.mentions if mention.form == "name" for item in _container(mention, text, catalogue))
    return Place(entity, fitting, told, containers)


def _reach() -> int:
    return count_limit("container-reach", _LIMITS)


def _kind_of_list(behind: str) -> str | None:
    """Return the kind that the end of a list tells of its members: "Lugo, Orense and Zamora provinces"."""
    match = _LIST.match(behind)
    last = match["last"].lower() if match else ""
    return next((row.kind for row in _class_words() if row.plural == last), None) if last else None


def _may_be(entity: Entity, item: Item) -> bool:
    """Tell whether a thing of the entity's kind may be the item: a country is no town of the same name."""
    return "Place" in KG.ancestors(item.kind) and not (entity.kind == _COUNTRY and item.kind in ("City", "District"))


def _is_university(name: str, item: Item) -> bool:
    """Tell whether a name is that of a university rather than of the state ("Toledo State")."""
    return item.country in _UNIVERSITY_STATES and name.split()[-1].lower() == "state"


def _is_team(entity: Entity, text: str) -> bool:
    if not _tells_of_sport(text):
        return False
    named = [mention for mention in entity.mentions if mention.form == "name"]
    placed = sum(1 for mention in named if _PLACED.search(text[max(0, mention.start - 12) : mention.start]))
    return placed <= limit("placed-least", _LIMITS) * len(named)


@lru_cache(maxsize=1)  # asked for each place of one article
def _tells_of_sport(text: str) -> bool:
    return len(_sport_pattern().findall(text)) * count_limit("sport-words-in", _LIMITS) >= text.count(" ")


@cache
def _sport_pattern() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(row.word for row in read_table('sport_words', PatternRow))})s?\b", re.IGNORECASE)


@lru_cache(maxsize=20_000)
def _folded(name: str) -> str:
    return fold(name)


def _names(entity: Entity, text: str) -> tuple[str, ...]:
    """Return the names of an entity, its chief name first."""
    others = (text[mention.start : mention.end] for mention in entity.mentions if mention.form == "name")
    return tuple(dict.fromkeys((entity.name, *others)))


def _without_class_word(name: str) -> tuple[str, str | None]:
    words = name.split()
    for row in _class_words():
        if len(words) > 1 and words[-1].lower() == row.word:
            return " ".join(words[:-1]), row.kind
        if len(words) > 2 and words[0].lower() == row.word and words[1].lower() == "of":
            return " ".join(words[2:]), row.kind
    return name, None


def _container(mention: EntityMention, text: str, catalogue: Catalogue) -> tuple[Item, ...]:
    """Return the countries and provinces that the words behind a name say it lies in ("Toledo, Ohio", "Zaranj in Nimroz province")."""
    behind = text[mention.end : mention.end + _reach()]
    match = _container_pattern().match(behind)
    if match is None:
        return ()
    words = match["name"].split()
    for length in range(len(words), 0, -1):
        name, _ = _without_class_word(" ".join(words[:length]).rstrip(",;:)"))
        for variant in dict.fromkeys((name, name.rstrip("."))):
            if held := tuple(item for item in catalogue.named(variant) if item.kind in _CONTAINERS):
                return held
    return ()


@cache
def _container_pattern() -> re.Pattern[str]:
    links = "|".join(row.word for row in read_table("container_words", PatternRow))
    return re.compile(rf"(?:’s|'s)?(?:,| \(|,? (?:{links})) (?:the )?(?P<name>[^\W\d_][\w.’'-]*(?: [^\W\d_][\w.’'-]*){{0,3}})")


def _lies_in(item: Item, container: Item) -> bool:
    if item.country != container.country:
        return False
    return container.kind == _COUNTRY or item.admin1 == container.admin1


def scored(place: Place, turn: str, around: Surroundings | None) -> tuple[Choice, ...]:
    """Return the candidates with their scores in a round ("first", "second"), best first."""
    weights = weights_of(turn)
    sums = [sum(weights[name] * strength for name, strength in evidence(place, item, around)) for item in place.candidates]
    choices = [Choice(item, share) for item, share in zip(place.candidates, shares(sums), strict=True)]
    return tuple(sorted(choices, key=lambda choice: (-choice.score, choice.item.qid or "", choice.item.geonames or "")))


def surroundings(chosen: Mapping[str, tuple[Choice, ...]]) -> Surroundings:
    """Return what the choices of the first round say together of countries, provinces and likely places."""
    countries: Counter[str] = Counter()
    provinces: Counter[str] = Counter()
    for choices in chosen.values():
        for choice in choices:
            countries[choice.item.country or ""] += choice.score  # type: ignore[assignment]
            provinces[choice.item.admin1 or ""] += choice.score  # type: ignore[assignment]
    likely = tuple(
        (key, choices[0].item)
        for key, choices in chosen.items()
        if choices[0].score >= limit("likely", _LIMITS) and choices[0].item.kind != _COUNTRY and choices[0].item.lat is not None
    )
    return Surroundings(countries, provinces, likely)


def without_own(around: Surroundings, place: Place, first: Mapping[str, tuple[Choice, ...]]) -> Surroundings:
    """Return the surroundings without what the place itself gave to them, as shares."""
    countries, provinces = Counter(around.countries), Counter(around.provinces)
    for choice in first[place.entity.key]:
        countries[choice.item.country or ""] -= choice.score  # type: ignore[assignment]
        provinces[choice.item.admin1 or ""] -= choice.score  # type: ignore[assignment]
    return Surroundings(_shares(countries), _shares(provinces), around.likely)


def _shares(counts: Counter[str]) -> dict[str, float]:
    named = {name: max(0.0, count) for name, count in counts.items() if name}
    # Where no other place is left, the remainder of a subtraction must not become a whole.
    total = sum(named.values()) + limit("surroundings-prior", _LIMITS)
    return {name: count / total for name, count in named.items()}


def kilometres_apart(one: Item, other: Item) -> float:
    """Return the distance of two items, infinite where one has no point."""
    if one.lat is None or one.long is None or other.lat is None or other.long is None:
        return math.inf
    return kilometres(one.lat, one.long, other.lat, other.long)


@cache
def weights_of(turn: str) -> dict[str, float]:
    """Return the weight of each kind of evidence in a round."""
    return {row.id: row.first if turn == "first" else row.second for row in read_table("place_evidence", EvidenceRow)}


@cache
def _class_words() -> tuple[ClassWord, ...]:
    return read_table("place_class_words", ClassWord)
