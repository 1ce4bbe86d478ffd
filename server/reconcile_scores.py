"""Scores what a query may mean: likeness of names, classes and properties, each told as a feature of the candidate."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from kg.candidates import name_similarity, name_words
from kg.catalogue import LINKED_KIND
from kg.globe import kilometres
from kg.iris import home_of
from kg.limits import count_limit, limit
from kg.vocab import KG
from server.reconcile_entries import Entry, catalogue_named, country_codes, qid_of
from server.reconcile_facts import point_of
from server.reconcile_index import NameIndex
from server.reconcile_manifest import classes, properties
from server.reconcile_queries import PropertyValue, Query

_TABLE = "reconciliation_limits"
_FULL = 100.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry, its score from 0 to 100, and what the score is made of; `plain` leaves population out."""

    entry: Entry
    score: float
    features: tuple[tuple[str, float], ...]
    plain: float = 0.0
    match: bool = False


def reconcile(query: Query, index: NameIndex) -> list[Candidate]:
    """Return the candidates of a query, the likeliest first; at most one of them is flagged as a match."""
    found = {entry.id: (entry, 1.0) for entry in _identified(query, index)}
    if not found:
        found = {entry.id: (entry, name) for entry, name in _named(query, index)}
    scored = [_scored(query, entry, name=name, index=index) for entry, name in found.values() if _wanted(query, entry)]
    scored = [_against_namesakes(candidate, scored) for candidate in scored]
    ordered = sorted(scored, key=lambda candidate: (-candidate.score, *_rank(candidate.entry, index)))
    if ordered and _is_match(query, ordered):
        ordered[0] = replace(ordered[0], match=True)
    return ordered[: query.limit]


def _identified(query: Query, index: NameIndex) -> list[Entry]:
    """Return what the query's text means as an identifier; without a text, what its identifying properties mean."""
    if query.text:
        return index.identified(query.text)
    values = [
        f"{item.id}/{qid_of(value) or value}"
        for item in query.properties
        if properties()[item.id].matched == "identifier"
        for value in item.values
    ]
    return [entry for value in values for entry in index.identified(value)]


def _named(query: Query, index: NameIndex) -> list[tuple[Entry, float]]:
    """Return the entries whose names are like the query's, with the likeness; no item stands beside a thing linked to it."""
    names = [query.text] if query.text else [v for item in query.properties if properties()[item.id].matched == "name" for v in item.values]
    found: dict[str, tuple[Entry, float]] = {}
    for name in names:
        things = index.candidates(name)
        linked = {entry.qid for entry in things if entry.qid}
        items = [
            item for spelling in _without_class_words(name) for item in catalogue_named(index.catalogue, spelling) if item.qid not in linked
        ]
        for entry in _merged((*things, *items)):
            likeness = _likeness(name, entry)
            if likeness >= max(limit("name-least", _TABLE), found.get(entry.id, (entry, 0.0))[1]):
                found[entry.id] = (entry, likeness)
    return list(found.values())


def _merged(entries: Iterable[Entry]) -> list[Entry]:
    """Join the entries of one id: a capital that is a province too is one item of two classes."""
    found: dict[str, Entry] = {}
    for entry in entries:
        other = found.get(entry.id)
        found[entry.id] = replace(other, kinds=tuple(dict.fromkeys((*other.kinds, *entry.kinds)))) if other else entry
    return list(found.values())


def _likeness(name: str, entry: Entry) -> float:
    """Return the likeness of a name to the nearest of an entry's names, with or without the word of its class."""
    of_class = {word for kind in entry.classes for word in name_words(classes()[kind].name)}
    words = name_words(name)
    bare = " ".join(word for word in words if word not in of_class)
    spellings = (name, bare) if len(bare.split()) < len(words) else (name,)
    return max(name_similarity(spelling, own) for spelling in spellings for own in (entry.name, *entry.names))


def _without_class_words(name: str) -> list[str]:
    """Return a name, and what is left of it without the last word if that names a class of places ("Province")."""
    words = name.split()
    places = {kind.name for kind in classes().values() if "Place" in KG.ancestors(kind.id)}
    return [name, " ".join(words[:-1])] if len(words) > 1 and words[-1].lower() in places else [name]


def _wanted(query: Query, entry: Entry) -> bool:
    """Return whether an entry has the classes that a query demands."""
    if not query.types or query.strict == "should":
        return True
    return (all if query.strict == "all" else any)(name in entry.classes for name in query.types)


def _scored(query: Query, entry: Entry, *, name: float, index: NameIndex) -> Candidate:
    features, score = [("name", name)], _FULL * name
    if query.types:
        kind = _class_feature(query, entry)
        features.append(("type", kind))
        score *= {1.0: 1.0, 0.5: limit("type-broader", _TABLE)}.get(kind, limit("type-other", _TABLE))
    certain = False
    for item in query.properties:
        matched = properties()[item.id].matched
        if not matched or not item.values or (matched == "name" and not query.text):
            continue
        value = _COMPARED[matched](item, entry, index)
        if value is None:
            score *= limit("property-unknown", _TABLE)
            continue
        features.append((f"property/{item.id}", round(value, 4)))
        if matched == "identifier":
            certain |= value == 1.0
            score *= 1.0 if value else limit("identifier-differs", _TABLE)
        else:
            score *= limit("property-differs", _TABLE) + (1.0 - limit("property-differs", _TABLE)) * value
    if certain:
        score = _FULL
    if entry.source and not certain:
        score *= limit("catalogue-item", _TABLE)
    return Candidate(entry, score, tuple(features), plain=score)


def _class_feature(query: Query, entry: Entry) -> float:
    """Return 1 for a class asked for, 0.5 where the entry's class is broader than that, 0 for another."""
    if any(name in entry.classes for name in query.types):
        return 1.0
    wider = frozenset().union(*(KG.ancestors(name) for name in query.types))
    return 0.5 if any(kind in wider for kind in entry.kinds) else 0.0


def _against_namesakes(candidate: Candidate, others: list[Candidate]) -> Candidate:
    """Take from a catalogue item what a more populous one of its kind is ahead by."""
    entry = candidate.entry
    populations = [other.entry.population for other in others if other.entry.source and set(other.entry.kinds) & set(entry.kinds)]
    if not entry.source or not populations or max(populations) <= entry.population:
        return replace(candidate, score=round(candidate.score, 1))
    behind = math.log10(max(populations) / max(entry.population, 1)) / limit("much-less-populous", _TABLE)
    loss = limit("less-populous", _TABLE) * min(1.0, behind)
    return replace(
        candidate, score=round(candidate.score * (1.0 - loss), 1), features=(*candidate.features, ("population", round(1.0 - loss, 4)))
    )


def _rank(entry: Entry, index: NameIndex) -> tuple[int, int, str]:
    return (0 if entry.source else -index.mentions(entry.id), -entry.population, entry.id)


def _is_match(query: Query, ordered: list[Candidate]) -> bool:
    """Return whether the first candidate is good, ahead of all others, and of the classes asked for.

    Population tells two cities apart, never a city from a province. A family name or one word is no one's full name.
    """
    best, margin = ordered[0], limit("match-margin", _TABLE)
    if best.score < limit("match-least", _TABLE) or dict(best.features).get("type") == 0.0:
        return False
    if best.entry.source and LINKED_KIND not in best.entry.kinds and len(best.features) == 1:
        return False  # the news do not name it, and nothing but the name speaks for it
    if "Person" in best.entry.classes and _is_part(name_words(query.text), name_words(best.entry.name)):
        return False
    return all(
        best.score - other.score >= margin and (set(other.entry.kinds) & set(best.entry.kinds) or best.plain - other.plain >= margin)
        for other in ordered[1:]
    )


def _is_part(words: tuple[str, ...], full: tuple[str, ...]) -> bool:
    return 0 < len(words) < len(full) and (len(words) == 1 or full[-len(words) :] == words)


def _same_name(item: PropertyValue, entry: Entry, index: NameIndex) -> float | None:
    names = (entry.name,) if item.id == "label" else entry.names
    return max((name_similarity(value, name) for value in item.values for name in names), default=None)


def _same_class(item: PropertyValue, entry: Entry, index: NameIndex) -> float | None:
    names = {name.lower() for kind in entry.classes for name in (kind, classes()[kind].name)}
    return float(any(value.lower() in names for value in item.values))


def _same_identifier(item: PropertyValue, entry: Entry, index: NameIndex) -> float | None:
    own = entry.qid if item.id == "wikidata" else entry.geonames
    return None if own is None else float(any((qid_of(value) or value) == own for value in item.values))


def _same_country(item: PropertyValue, entry: Entry, index: NameIndex) -> float | None:
    codes = {code for value in item.values for code in country_codes(index.catalogue, home_of(value) if "/" in value else value)}
    return None if entry.country is None or not codes else float(entry.country in codes)


def _same_place(item: PropertyValue, entry: Entry, index: NameIndex) -> float | None:
    if not entry.parts_of:
        return None
    # An id ends in ".af": the words before it are the folded name.
    names = [part.rpartition("/")[2].partition(".")[0] for part in entry.parts_of]
    return max(float(value in entry.parts_of) or name_similarity(value, name) for value in item.values for name in names)


def _near(item: PropertyValue, entry: Entry, index: NameIndex) -> float | None:
    if entry.lat is None or entry.long is None:
        return None
    points = [point for value in item.values if (point := point_of(value))]
    if not points:
        return None
    return float(any(kilometres(*point, entry.lat, entry.long) <= count_limit("near-kilometres", _TABLE) for point in points))


_COMPARED: dict[str, Callable[[PropertyValue, Entry, NameIndex], float | None]] = {
    "name": _same_name,
    "class": _same_class,
    "identifier": _same_identifier,
    "country": _same_country,
    "place": _same_place,
    "point": _near,
}
