"""The shapes that a kind of graph is held to, ready for either SHACL engine."""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import pyoxigraph as ox
from shacl import Shapes

from kg.iris import DEFAULT_BASE
from kg.resources import resource
from kg.violations import Term, Violation, shacl

if TYPE_CHECKING:
    from kg.oracle import Oracle

SHAPE_NAMESPACE = "https://w3id.org/news-kg/shapes#"

Kind = Literal["article", "derived"]
Failing = frozenset[tuple[str, str]]
"""Nodes that fail, each with a shape that it breaks, in N-Triples syntax."""


class ShapeSet:
    """The shapes for one kind of graph; the form that an engine needs is made once, when it is first needed."""

    def __init__(self, kind: Kind, *, base: str = DEFAULT_BASE) -> None:
        """Read shapes/; the nodes of a graph must have IRIs that begin with `base`."""
        # The shapes of derived graphs look at a node's own triples only (tests/test_shapes.py), so a part is enough for them.
        self._is_local = kind == "derived"
        text = "\n".join(resource("shapes", f"{name}.shapes.ttl").read_text(encoding="utf-8") for name in ("news", kind))
        pattern = re.escape(base).replace("\\", "\\\\")  # a Turtle string needs its backslashes doubled
        self._turtle = text if base == DEFAULT_BASE else text.replace(f'"^{DEFAULT_BASE}"', f'"^{pattern}"')

    def violation(
        self, shape: str, focus: Term, *, component: str, path: ox.NamedNode | None = None, value: Term | None = None
    ) -> Violation:
        """Return the violation of a shape that code checks, with the message of that shape."""
        node = ox.NamedNode(SHAPE_NAMESPACE + shape)
        return Violation(focus, node, shacl(component), self._values[shape]["message"].value, path, value)

    def failing(self, quads: Sequence[ox.Quad]) -> Failing:
        """Return what fails according to the fast engine."""
        triples = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""
        report = self._compiled.validate_text(triples.decode(), format="ntriples")
        return frozenset((result.focus_node, result.source_shape or "") for result in report.results)

    def violations(self, quads: Sequence[ox.Quad], *, only: Failing | None = None) -> tuple[Violation, ...]:
        """Return what pySHACL finds in a graph; with `only`, it looks at these nodes alone, which is 20 times faster."""
        if only is None:
            return tuple(self._oracle.violations(quads))
        nodes = {node for node, _ in only}
        if self._is_local:
            return tuple(self._oracle.violations(_triples_of(nodes, quads)))
        return tuple(self._oracle.violations(quads, nodes=sorted(nodes)))

    @cached_property
    def literal_forms(self) -> dict[str, tuple[str, re.Pattern[str]]]:
        """How the values of a data type are written: the shape that says so and its pattern, by the data type's IRI."""
        return {
            values["datatype"].value: (shape, re.compile(values["pattern"].value))
            for shape, values in self._values.items()
            if shape.startswith("Literal-")
        }

    @cached_property
    def _compiled(self) -> Shapes:
        return Shapes.from_turtle(self._turtle)

    @cached_property
    def _oracle(self) -> "Oracle":
        # Importing pySHACL and rdflib takes 0.4 s, and most runs need neither.
        from kg.oracle import Oracle

        return Oracle(self._turtle)

    @cached_property
    def _values(self) -> dict[str, dict[str, ox.NamedNode | ox.Literal]]:
        """The plain values of each named shape: its message, pattern, data type …, by their local names."""
        found: defaultdict[str, dict[str, ox.NamedNode | ox.Literal]] = defaultdict(dict)
        for triple in ox.parse(self._turtle, format=ox.RdfFormat.TURTLE):
            if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode | ox.Literal):
                name = triple.predicate.value.rpartition("#")[2]
                found[triple.subject.value.removeprefix(SHAPE_NAMESPACE)][name] = triple.object
        return found


def _triples_of(nodes: set[str], quads: Sequence[ox.Quad]) -> list[ox.Quad]:
    """Return all quads of the nodes; a text that fails stands for the nodes that have it."""
    texts = {node for node in nodes if node.startswith('"')}
    subjects = {q.subject for q in quads if str(q.subject) in nodes or (texts and str(q.object) in texts)}
    return [quad for quad in quads if quad.subject in subjects]
