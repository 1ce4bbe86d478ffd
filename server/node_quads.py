"""The RDF answer for a node: what is said of it, the words and numbers that stands on, and a bounded part of what points to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.dump import PREFIXES
from kg.generations import Generation
from kg.limits import count_limit
from kg.vocab import FOREIGN, KG
from server.node_facts import RDF, Facts, node_of
from server.page_formats import RdfAnswer

_TABLE = "page_limits"
# What a node stands on: it comes with the answer, so that nobody needs a second request to read the words.
_EVIDENCE = frozenset(KG[name].value for name in ("Mention", "TimeSpan", "Quantity"))
_DESCRIPTION = FOREIGN["dcterms"].description
_LED_TO = (KG.evidencedBy, KG.reports)


@dataclass(frozen=True, slots=True)
class NodeQuads:
    """The quads of an answer, in order; `more` is whether nodes point to it that are on the next page, `cut` whether a graph is larger."""

    quads: tuple[Quad, ...]
    more: bool
    cut: bool


def read_quads(facts: Facts, node: NamedNode, *, page: int, with_graphs: bool) -> NodeQuads:
    """Return one page of a node's answer; later pages hold further triples that point to the node only.

    With graphs, every named graph that says something is told, else what queries see. A version is a graph, too: its
    answer is what it holds.
    """
    read = _Reading(facts.generation, with_graphs, facts.version_of_iri(node.value) if facts.standing(node.value) else "")
    most = count_limit("objects-linked", _TABLE)
    pointing = list(islice(read.pattern(None, node), (page - 1) * most, page * most + 1))
    graph: list[Quad] = []
    own: list[Quad] = []
    if page == 1:
        graph = list(islice(_graph_quads(facts.generation, node), count_limit("graph-triples", _TABLE) + 1))
        own = _ordered(node, [*read.pattern(node, None), *_evidence(facts, node, read)])
    held = graph[: count_limit("graph-triples", _TABLE)]
    quads = dict.fromkeys((*own, *(quad if with_graphs else _plain(quad) for quad in (*held, *pointing[:most]))))
    return NodeQuads(tuple(quads), len(pointing) > most, len(graph) > len(held))


def written(answer: NodeQuads, form: RdfAnswer, *, address: str, notice: str) -> bytes:
    """Return an answer as bytes; a notice on what is left out is said of the answer's own address."""
    quads = list(answer.quads)
    own = node_of(address)
    if notice and own is not None:
        quads.append(Quad(own, _DESCRIPTION, Literal(notice, language="en"), DefaultGraph()))
    return form.serialized(quads, PREFIXES)


class _Reading:
    """How the quads of an answer are looked up: in the union that queries see or, for what it does not hold, in the graphs."""

    def __init__(self, generation: Generation, with_graphs: bool, version: str) -> None:
        self._graphs, self._with_graphs, self._version = generation.graphs, with_graphs, version

    def pattern(self, subject: NamedNode | None, value: NamedNode | None) -> Iterator[Quad]:
        """Yield the quads with this subject or object."""
        if self._with_graphs:
            named = set()
            for quad in self._graphs.quads_for_pattern(subject, None, value, None):
                if not isinstance(quad.graph_name, DefaultGraph):
                    if subject is not None:
                        named.add(quad.triple)
                    yield quad
            # The default graph of a generation repeats the named ones; what it alone has was written into it over HTTP.
            if subject is not None:
                own = self._graphs.quads_for_pattern(subject, None, value, DefaultGraph())
                yield from (quad for quad in own if quad.triple not in named)
            return
        seen = False
        for quad in self._graphs.quads_for_pattern(subject, None, value, DefaultGraph()):
            seen = True
            yield quad
        graph = NamedNode(self._version) if self._version else None
        if graph is not None or (not seen and subject is not None):
            yield from (_plain(quad) for quad in self._graphs.quads_for_pattern(subject, None, value, graph))


def _evidence(facts: Facts, node: NamedNode, read: _Reading) -> Iterator[Quad]:
    todo, seen = [node], {node}
    most = count_limit("evidence-nodes", _TABLE)
    while todo and len(seen) <= most:
        here = todo.pop()
        for term, values in facts.of(here.value).items():
            for value in values:
                if isinstance(value, NamedNode) and value not in seen and (term in _LED_TO or _is_evidence(facts, value)):
                    seen.add(value)
                    todo.append(value)
                    yield from read.pattern(value, None)


def _is_evidence(facts: Facts, node: NamedNode) -> bool:
    return node.value.startswith(facts.base) and not _EVIDENCE.isdisjoint(facts.values(node.value, RDF.type))


def _graph_quads(generation: Generation, node: NamedNode) -> Iterator[Quad]:
    if generation.graphs.contains_named_graph(node):
        yield from generation.graphs.quads_for_pattern(None, None, None, node)


def _plain(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, DefaultGraph())


def _ordered(node: NamedNode, quads: Iterable[Quad]) -> list[Quad]:
    """Return quads by subject, the node itself first, its type first."""
    return sorted(quads, key=lambda quad: (quad.subject != node, str(quad.subject), quad.predicate != RDF.type, str(quad)))
