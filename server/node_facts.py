"""Reads what the graph says of a node, for pages: each node once a request, in the order of its text.

Queries see the union of the current graphs; a page can be of a node that is not in it, too: one of a superseded version,
or one in quarantine. Such a node is read from its own graph, and the page says so.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import overload

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from kg.generations import Generation
from kg.iris import QUARANTINE
from kg.limits import count_limit
from kg.vocab import FOREIGN, KG, KG_NAMESPACE
from server.addresses import Link, link
from server.terms import term_label

RDF, RDFS, SKOS, PROV = (FOREIGN[prefix] for prefix in ("rdf", "rdfs", "skos", "prov"))
Term = NamedNode | BlankNode | Literal | Triple
_VERSION = re.compile(r"article/[^/]+/[0-9a-f]{12}(?![^/])")
_NUMBERS = re.compile(r"\d+")
_TELLING = (KG.agent, KG.patient, KG.place)  # what tells an event from others of its class
_WORDS_OF = (KG.exact, RDFS.label, SKOS.prefLabel, KG.headline, KG.name)


class Facts:
    """The facts of one generation as one request reads them; not for use by several threads."""

    def __init__(self, generation: Generation, base: str) -> None:
        self.generation, self.base = generation, base
        self._known: dict[str, dict[NamedNode, list[Term]]] = {}
        self._labels: dict[str, str] = {}
        self._superseded: dict[str, bool] = {}
        self._standing: dict[str, str] = {}
        self.is_cut = False  # whether a list was too long to read whole

    def of(self, node: str) -> dict[NamedNode, list[Term]]:
        """Return the values of each property of a node, sorted; empty where the graph says nothing of it."""
        if node not in self._known:
            found: dict[NamedNode, set[Term]] = {}
            for quad in self._quads(node):
                found.setdefault(quad.predicate, set()).add(quad.object)
            self._known[node] = {
                term: sorted(values, key=term_order) for term, values in sorted(found.items(), key=lambda item: str(item[0]))
            }
        return self._known[node]

    def values(self, node: str, term: NamedNode) -> list[str]:
        """Return the words or IRIs that a property of a node has."""
        return [value.value for value in self.of(node).get(term, ()) if isinstance(value, NamedNode | Literal)]

    def nodes(self, node: str, term: NamedNode) -> list[str]:
        """Return the IRIs that a property of a node has."""
        return [value.value for value in self.of(node).get(term, ()) if isinstance(value, NamedNode)]

    def first(self, node: str, term: NamedNode) -> str:
        """Return the first value of a property, or an empty text."""
        return next(iter(self.values(node, term)), "")

    def pointing(self, node: str, *terms: NamedNode) -> list[str]:
        """Return the nodes that point to a node by one of some properties, in no order; so many at most by each."""
        found: dict[str, None] = {}
        most = count_limit("list-read", "page_limits")
        for term in terms:
            for number, quad in enumerate(self._pointing(node, term)):
                if number == most:
                    self.is_cut = True
                    break
                if isinstance(quad.subject, NamedNode):
                    found[quad.subject.value] = None
        return list(found)

    def pointers(self, node: str, most: int) -> tuple[dict[NamedNode, list[str]], bool]:
        """Return the nodes that point to a node by property, at most so many; and whether there are more."""
        quads = list(islice(self._pointing(node, None), most + 1))
        found: dict[NamedNode, set[str]] = {}
        for quad in quads[:most]:
            if isinstance(quad.subject, NamedNode):
                found.setdefault(quad.predicate, set()).add(quad.subject.value)
        return {term: sorted(found[term], key=iri_order) for term in sorted(found, key=str)}, len(quads) > most

    def kinds(self, node: str) -> list[str]:
        """Return the local names of a node's classes of ours, the most specific only, sorted."""
        names = {iri.removeprefix(KG_NAMESPACE) for iri in self.values(node, RDF.type) if iri.startswith(KG_NAMESPACE)}
        known = {name for name in names if name in KG}
        above = frozenset().union(*(KG.ancestors(name) - {name} for name in known))
        return sorted(known - above, key=lambda name: (-len(KG.ancestors(name)), name))

    def classes(self, node: str) -> frozenset[str]:
        """Return the local names of all classes of ours that a node is of, superclasses too."""
        names = {iri.removeprefix(KG_NAMESPACE) for iri in self.values(node, RDF.type) if iri.startswith(KG_NAMESPACE)}
        return frozenset().union(*(KG.ancestors(name) for name in names if name in KG))

    def label(self, node: str) -> str:
        """Return the words that a reader knows a node by, or the end of its IRI."""
        if node not in self._labels:
            self._labels[node] = self._label(node)
        return self._labels[node]

    def link(self, node: str) -> Link:
        """Return a link to a node by its words."""
        return link(node, self.label(node), self.base)

    def links(self, node: str, term: NamedNode) -> tuple[Link, ...]:
        """Return links to the values of a property."""
        return tuple(self.link(value) for value in self.nodes(node, term))

    def version_of(self, node: str) -> str:
        """Return the article version that a node is of, as its IRI or its facts tell; empty for none."""
        return self.version_of_iri(node) or self.first(node, KG.inArticle)

    def version_of_iri(self, iri: str) -> str:
        """Return the article version that an IRI is built on, or an empty text."""
        found = _VERSION.match(iri.removeprefix(self.base)) if iri.startswith(self.base) else None
        return self.base + found[0] if found else ""

    def published(self, node: str) -> str:
        """Return when the article of a node was published, or an empty text."""
        version = self.version_of(node)
        return self.first(version, KG.published) if version else ""

    def in_order(self, nodes: Iterable[str], *, newest_first: bool = True) -> "InOrder":
        """Return nodes by the time of their article, those of one article in the order of its text."""
        versions: dict[str, list[str]] = {}
        for node in nodes:
            versions.setdefault(self.version_of(node), []).append(node)
        by_time = sorted(sorted(versions), key=lambda version: self.first(version, KG.published), reverse=newest_first)
        return InOrder(tuple(versions[version] for version in by_time))

    def is_superseded(self, version: str) -> bool:
        """Return whether a newer version stands for an article version."""
        if version not in self._superseded:
            own = node_of(version)
            newer = self.generation.graphs.quads_for_pattern(own, KG.supersededBy, None, DefaultGraph()) if own else ()
            self._superseded[version] = any(True for _ in newer)
        return self._superseded[version]

    def standing(self, node: str) -> str:
        """Return "superseded" or "quarantine" for a node that queries do not see, an empty text for one that they see."""
        if node not in self._standing:
            self._standing[node] = self._read_standing(node)
        return self._standing[node]

    def _read_standing(self, node: str) -> str:
        if self.is_superseded(self.version_of(node)):
            return "superseded"
        graphs, own = self.generation.graphs, node_of(node)
        if own is None or any(True for _ in graphs.quads_for_pattern(own, None, None, DefaultGraph())):
            return ""
        return "quarantine" if any(_is_quarantine(quad) for quad in graphs.quads_for_pattern(own, None, None, None)) else ""

    def _label(self, node: str) -> str:
        if not node.startswith(self.base):
            return term_label(node)
        for term in _WORDS_OF:
            if words := self.first(node, term):
                return words
        if kind := self.first(node, KG.eventClass):
            return f"{term_label(kind)}: {self.label(self.first(node, KG.triggerMention))}"
        for term in (KG.phraseMention, KG.titleMention, KG.currentVersion, KG.contentMention):
            if other := self.first(node, term):
                return self.label(other)
        if self.first(node, KG.evidencedBy):
            kinds = " / ".join(term_label(KG[kind].value) for kind in self.kinds(node))
            told = [self.label(value) for term in _TELLING for value in self.nodes(node, term)[:1]]
            return f"{kinds}: {', '.join(told)}" if told else kinds
        return node.removeprefix(self.base)

    def _quads(self, iri: str) -> Iterator[Quad]:
        graphs = self.generation.graphs
        if (node := node_of(iri)) is None:
            return iter(())
        found = list(graphs.quads_for_pattern(node, None, None, DefaultGraph()))
        version = self.version_of_iri(iri)
        if self.is_superseded(version):
            found += graphs.quads_for_pattern(node, None, None, NamedNode(version))
        return iter(found or graphs.quads_for_pattern(node, None, None, None))

    def _pointing(self, node: str, term: NamedNode | None) -> Iterator[Quad]:
        graphs, own = self.generation.graphs, node_of(node)
        if own is None:
            return
        yield from graphs.quads_for_pattern(None, term, own, DefaultGraph())
        version = self.version_of_iri(node)
        if self.is_superseded(version):
            yield from graphs.quads_for_pattern(None, term, own, NamedNode(version))


class InOrder(Sequence[str]):
    """Nodes of many articles in order; those of an article are put in the order of its text when somebody comes to them."""

    def __init__(self, articles: tuple[list[str], ...]) -> None:
        self._articles, self._length = articles, sum(map(len, articles))

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        """Return some of the nodes; only forward slices."""
        if isinstance(at, int):
            return self[at : at + 1][0]
        start, end, _ = at.indices(self._length)
        found: list[str] = []
        first = 0
        for nodes in self._articles:
            if first < end and first + len(nodes) > start:
                found += sorted(nodes, key=iri_order)[max(start - first, 0) : end - first]
            first += len(nodes)
        return found


def term_order(value: Term) -> tuple[bool, list[int], str]:
    """Sort values: words before nodes, nodes in the order of the text they stand on."""
    return isinstance(value, NamedNode), _text_order(value.value) if isinstance(value, NamedNode) else [], str(value)


def iri_order(iri: str) -> tuple[list[int], str]:
    """Sort nodes of one article in the order of its text: the offsets stand at the end of their IRIs."""
    return _text_order(iri), iri


def distinct_counts(rows: Iterator[tuple[str, ...]]) -> list[tuple[tuple[str, ...], int]]:
    """Return equal rows once each, with how many there are, the most frequent first."""
    return sorted(Counter(rows).items(), key=lambda item: (-item[1], item[0]))


def node_of(iri: str) -> NamedNode | None:
    """Return the node of an IRI, or None for a text that is none: data that others wrote may have words where a node is meant."""
    try:
        return NamedNode(iri)
    except ValueError:
        return None


def _text_order(iri: str) -> list[int]:
    return [int(number) for number in _NUMBERS.findall(iri.rpartition("/")[2])]


def _is_quarantine(quad: Quad) -> bool:
    return isinstance(quad.graph_name, NamedNode) and quad.graph_name.value.endswith(QUARANTINE)
