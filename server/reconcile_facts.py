"""Facts of a thing for data extension and for previews: what the graph says, with the words it says it on."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import DefaultGraph, Literal, NamedNode

from kg.limits import count_limit
from kg.vocab import KG, KG_NAMESPACE
from server.reconcile_entries import Entry
from server.reconcile_index import NameIndex
from server.reconcile_manifest import Json, classes

_TABLE = "reconciliation_limits"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A reported statement about or by a thing: the words, the act, and where they stand; `words` is empty where a store keeps none."""

    words: str
    act: str
    article: str
    published: str


def values(entry: Entry, property_id: str, index: NameIndex) -> list[Json]:
    """Return the values of a property in the specification's form; none where nothing is known."""
    return list(_VALUES[property_id](entry, index))


def sentences(entry: Entry, index: NameIndex) -> list[Sentence]:
    """Return a few statements by the thing, then about it: the latest first, each sentence once."""
    if entry.source:
        return []
    node = NamedNode(index.base + entry.id)
    found: dict[str, Sentence] = {}
    for term in (KG.source, KG.about):
        pattern = index.generation.graphs.quads_for_pattern(None, term, node, DefaultGraph())
        subjects = {quad.subject for quad in islice(pattern, count_limit("statements-read", _TABLE)) if isinstance(quad.subject, NamedNode)}
        dated = sorted((_sentence(subject, index) for subject in subjects), key=lambda item: (item.words, item.article))
        for sentence in sorted(dated, key=lambda item: item.published, reverse=True):
            found.setdefault(sentence.words, sentence)
    return list(found.values())[: count_limit("statements-shown", _TABLE)]


def point_of(text: str) -> tuple[float, float] | None:
    """Return latitude and longitude of "36.7, 65.7", or None."""
    parts = text.split(",")
    try:
        lat, long = (float(part) for part in parts)
    except ValueError:
        return None
    return (lat, long) if abs(lat) <= 90 and abs(long) <= 180 else None


def _sentence(statement: NamedNode, index: NameIndex) -> Sentence:
    mention = _object(index, statement, KG.sentenceMention) or _object(index, statement, KG.contentMention)
    version = _object(index, statement, KG.inArticle)
    act = _text(_object(index, statement, KG.act)).removeprefix(f"{KG_NAMESPACE}Act")
    article = [_text(_object(index, version, term)) for term in (KG.outlet, KG.headline)] if version else []
    return Sentence(
        words=_text(_object(index, mention, KG.exact)) if mention else "",
        act=act,
        article=", ".join(filter(None, article)),
        published=_text(_object(index, version, KG.published)) if version else "",
    )


def _object(index: NameIndex, node: "NamedNode | Literal", term: NamedNode) -> "NamedNode | Literal | None":
    if not isinstance(node, NamedNode):
        return None
    found = index.generation.graphs.quads_for_pattern(node, term, None, DefaultGraph())
    return min((quad.object for quad in found if isinstance(quad.object, NamedNode | Literal)), key=str, default=None)


def _text(term: "NamedNode | Literal | None") -> str:
    return term.value if term else ""


def _strings(texts: Iterable[str | None]) -> Iterator[Json]:
    return ({"str": text} for text in texts if text)


def _coordinates(entry: Entry) -> str | None:
    return None if entry.lat is None or entry.long is None else f"{entry.lat},{entry.long}"


def _places(entry: Entry, index: NameIndex) -> Iterator[Json]:
    return ({"id": place.id, "name": place.name} for part in entry.parts_of if (place := index.entry(part)))


def _count(term: NamedNode) -> Callable[[Entry, NameIndex], Iterable[Json]]:
    return lambda entry, index: [] if entry.source else [{"int": index.count(term, entry.id)}]


_VALUES: dict[str, Callable[[Entry, NameIndex], Iterable[Json]]] = {
    "label": lambda entry, _: _strings([entry.name]),
    "alternativeName": lambda entry, _: _strings(entry.names),
    "kind": lambda entry, _: _strings(classes()[kind].name for kind in entry.kinds),
    "wikidata": lambda entry, _: _strings([entry.qid]),
    "geonames": lambda entry, _: _strings([entry.geonames]),
    "country": lambda entry, _: _strings([entry.country]),
    "partOf": _places,
    "coordinates": lambda entry, _: _strings([_coordinates(entry)]),
    "latitude": lambda entry, _: [] if entry.lat is None else [{"float": entry.lat}],
    "longitude": lambda entry, _: [] if entry.long is None else [{"float": entry.long}],
    "mentions": _count(KG.denotes),
    "statementsBy": _count(KG.source),
    "statementsAbout": _count(KG.about),
}
