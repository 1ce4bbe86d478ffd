"""pySHACL, the engine that decides; importing it takes 0.4 s, so kg.shapes does so only when a graph asks for it."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox
import pyshacl
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from kg.violations import Term, Violation

_STRING = ox.NamedNode("http://www.w3.org/2001/XMLSchema#string")


class Oracle:
    """The shapes in the form that pySHACL takes."""

    def __init__(self, turtle: str) -> None:
        self._shapes = Graph().parse(data=turtle, format="turtle")

    def violations(self, quads: Iterable[ox.Quad], *, nodes: Iterable[str] = ()) -> Iterator[Violation]:
        """Yield what fails in a graph without blank nodes; if `nodes` (IRIs in N-Triples syntax) are given, in these alone."""
        data = Graph()
        for quad in quads:
            data.add((_to_rdflib(quad.subject), _to_rdflib(quad.predicate), _to_rdflib(quad.object)))
        focus_nodes: list[str | URIRef] = [URIRef(node[1:-1]) for node in nodes]
        _, report, _ = pyshacl.validate(data, shacl_graph=self._shapes, inplace=True, focus_nodes=focus_nodes or None)
        if not isinstance(report, Graph):
            raise RuntimeError(f"pySHACL gave no report but {report!r}; look for an error in shapes/")
        # Not every sh:ValidationResult: those below another one (sh:detail) explain it and are none of their own.
        for result in report.objects(None, SH.result):
            yield Violation(
                focus=_to_oxigraph(_value(report, result, SH.focusNode)),
                shape=ox.NamedNode(str(_value(report, result, SH.sourceShape))),
                component=ox.NamedNode(str(_value(report, result, SH.sourceConstraintComponent))),
                message=str(_value(report, result, SH.resultMessage)),
                path=ox.NamedNode(str(path)) if (path := report.value(result, SH.resultPath)) else None,
                value=_to_oxigraph(value) if (value := report.value(result, SH.value)) is not None else None,
            )


def _value(report: Graph, result: Node, term: URIRef) -> Node:
    value = report.value(result, term)
    if value is None:
        raise RuntimeError(f"a result of pySHACL has no {term}; give each shape in shapes/ a name and a message")
    return value


def _to_rdflib(term: object) -> URIRef | Literal:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if not isinstance(term, ox.Literal):
        raise ValueError(f"{term} in a graph for the gate; name blank nodes and write no triple terms")
    datatype = None if term.language or term.datatype == _STRING else URIRef(term.datatype.value)
    # rdflib would make "+00:00" of "Z" and "7" of "007", and so report what does not stand in the graph.
    return Literal(term.value, lang=term.language, datatype=datatype, normalize=False)


def _to_oxigraph(term: Node) -> Term:
    if not isinstance(term, Literal):
        return ox.NamedNode(str(term))
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)) if term.datatype else None)
