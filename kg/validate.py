"""The gate: checks each graph against shapes/ before it is stored and takes out what fails, with a report of why.

The fast engine (the `shacl` package) looks at every graph. pySHACL decides about each graph that does not conform and
its findings are the report; it also looks at a fixed sample of the article graphs that conform. Where the two disagree,
one of them or a shape is wrong, and that is an error. Node by node, what fails is removed until the rest conforms.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import pyoxigraph as ox

from kg.inspection import find_malformed_values, find_missing_version, find_nameless, find_wrong_words, name_blank_nodes
from kg.iris import DEFAULT_BASE, quarantine_of
from kg.shapes import ShapeSet
from kg.violations import Violation, report_quads

Engine = Literal["fast", "pyshacl"]


class EnginesDisagree(RuntimeError):
    """The two SHACL engines do not find the same failures in a graph."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What of a graph passed the gate and what did not, with the report; both sorted."""

    kept: tuple[ox.Quad, ...]
    quarantined: tuple[ox.Quad, ...]


class Gate:
    """The shapes, read once, and the policy by which graphs are held to them."""

    def __init__(self, *, engine: Engine = "fast", sample: int = 100, base: str = DEFAULT_BASE) -> None:
        """Read the shapes; both engines look at one in `sample` article graphs, even where it conforms."""
        self._engine, self._sample = engine, sample
        self._article, self._derived = ShapeSet("article", base=base), ShapeSet("derived", base=base)

    def check(self, version: str, quads: tuple[ox.Quad, ...], text: str | None) -> Checked:
        """Check one article graph, and each mention's words where the article's `text` is given.

        If the version's own node fails, nothing is kept. ValueError if a quad stands in another graph.
        """
        graph = ox.NamedNode(version)
        _require_graph(quads, graph)
        found = list(find_missing_version(quads, graph, self._article))
        if text is not None:
            found += find_wrong_words(quads, text, self._article)
        digest = hashlib.sha256(version.encode()).digest()
        sampled = int.from_bytes(digest[:8], "big") % self._sample == 0
        return self._settle(graph, quads, self._article, found=found, sampled=sampled)

    def check_derived(self, quads: tuple[ox.Quad, ...]) -> Checked:
        """Check a derived graph, or a part of one that has all quads of each of its subjects.

        ValueError if the quads stand in several graphs.
        """
        if not quads:
            return Checked((), ())
        graph = quads[0].graph_name
        if not isinstance(graph, ox.NamedNode):
            raise ValueError(f"{quads[0]} stands in no named graph; give it one of the derived graphs")
        _require_graph(quads, graph)
        return self._settle(graph, quads, self._derived, found=[], sampled=False)

    def _settle(
        self, graph: ox.NamedNode, quads: tuple[ox.Quad, ...], shapes: ShapeSet, *, found: list[Violation], sampled: bool
    ) -> Checked:
        """Take out what fails and what points to it, again and again, until the rest conforms."""
        kept, nameless = name_blank_nodes(quads)
        kept.sort(key=_order)
        found = [*found, *find_nameless(nameless, shapes), *find_malformed_values(kept, shapes)]
        violations: list[Violation] = []
        removed: list[ox.Quad] = []
        # What code has found goes first: the engines never see a value that they may read differently.
        while fresh := found or self._violations(kept, shapes, sampled=sampled):
            violations += fresh
            found, failing = [], {violation.focus for violation in fresh}
            out = [quad for quad in kept if quad.subject in failing or quad.object in failing]
            if graph in failing:
                out = kept
            elif not out:
                raise EnginesDisagree(
                    f"{graph.value}: {min(map(str, failing))} fails but is not in the graph; correct the shape's target in shapes/"
                )
            removed += out
            gone = set(out)
            kept = [quad for quad in kept if quad not in gone]
        quarantine = ox.NamedNode(quarantine_of(graph.value))
        quarantined = {ox.Quad(quad.subject, quad.predicate, quad.object, quarantine) for quad in removed}
        if violations:
            quarantined.update(report_quads(violations, of=graph, graph=quarantine))
        return Checked(tuple(kept), tuple(sorted(quarantined, key=_order)))

    def _violations(self, quads: Sequence[ox.Quad], shapes: ShapeSet, *, sampled: bool) -> list[Violation]:
        if self._engine == "pyshacl":
            return list(shapes.violations(quads))
        failing = shapes.failing(quads)
        if not failing and not sampled:
            return []
        violations = shapes.violations(quads, only=None if sampled else failing)
        # Nodes, not shapes: SHACL leaves open how a date compares with a dateTime, so a node may break one shape more in one engine.
        suspected, decided = {node for node, _ in failing}, {str(violation.focus) for violation in violations}
        if suspected != decided:
            raise EnginesDisagree(
                f"{quads[0].graph_name}: only the fast engine finds {sorted(suspected - decided)}, only pySHACL finds "
                f"{sorted(decided - suspected)}; word the shapes so that both say the same, and add the case to tests/shapes"
            )
        return list(violations)


def _require_graph(quads: Iterable[ox.Quad], graph: ox.NamedNode) -> None:
    stray = next((quad for quad in quads if quad.graph_name != graph), None)
    if stray is not None:
        raise ValueError(f"{stray} does not stand in the graph {graph.value}; check one graph at a time")


def _order(quad: ox.Quad) -> tuple[str, str, str]:
    """The order of kg.rdf."""
    subject = quad.subject
    return subject.value if isinstance(subject, ox.NamedNode) else str(subject), quad.predicate.value, str(quad.object)
