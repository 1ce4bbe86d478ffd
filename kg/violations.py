"""A validation report as quads: what failed, where and why, in the terms of SHACL, with names made from content."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from kg.vocab import FOREIGN

_SHACL = "http://www.w3.org/ns/shacl#"
_TYPE, _BOOLEAN = FOREIGN["rdf"].type, FOREIGN["xsd"].boolean

Term = NamedNode | Literal


@dataclass(frozen=True, slots=True)
class Violation:
    """One node that breaks one shape."""

    focus: Term
    shape: NamedNode
    component: NamedNode
    """The kind of constraint, such as sh:MinCountConstraintComponent."""
    message: str
    path: NamedNode | None = None
    value: Term | None = None


def shacl(name: str) -> NamedNode:
    """Return the term of the SHACL vocabulary with this local name."""
    return NamedNode(_SHACL + name)


def report_quads(violations: Iterable[Violation], *, of: NamedNode, graph: NamedNode) -> Iterator[Quad]:
    """Return a sh:ValidationReport on the graph `of`, to stand in `graph`; the same violations give the same quads."""
    results = {_result_name(facts, of): facts for facts in map(_facts, violations)}
    report = NamedNode(f"{of.value}/report/{_digest(''.join(sorted(result.value for result in results)))}")
    yield Quad(report, _TYPE, shacl("ValidationReport"), graph)
    yield Quad(report, shacl("conforms"), Literal("false", datatype=_BOOLEAN), graph)
    for result, facts in results.items():
        yield Quad(report, shacl("result"), result, graph)
        for predicate, value in facts:
            yield Quad(result, predicate, value, graph)


def _facts(violation: Violation) -> tuple[tuple[NamedNode, Term], ...]:
    facts: list[tuple[NamedNode, Term]] = [
        (_TYPE, shacl("ValidationResult")),
        (shacl("focusNode"), violation.focus),
        (shacl("resultMessage"), Literal(violation.message)),
        (shacl("resultSeverity"), shacl("Violation")),
        (shacl("sourceConstraintComponent"), violation.component),
        (shacl("sourceShape"), violation.shape),
    ]
    if violation.path is not None:
        facts.append((shacl("resultPath"), violation.path))
    if violation.value is not None:
        facts.append((shacl("value"), violation.value))
    return tuple(facts)


def _result_name(facts: tuple[tuple[NamedNode, Term], ...], of: NamedNode) -> NamedNode:
    lines = serialize((Triple(of, predicate, value) for predicate, value in facts), format=RdfFormat.N_TRIPLES) or b""
    return NamedNode(f"{of.value}/report/{_digest(lines.decode())}")


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:12]
