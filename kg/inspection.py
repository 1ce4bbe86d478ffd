"""What of a graph is checked in code: what SHACL cannot express, and what SHACL engines read differently."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

import pyoxigraph as ox

from kg.shapes import ShapeSet
from kg.violations import Violation
from kg.vocab import FOREIGN, KG

_TYPE, _XSD = FOREIGN["rdf"].type, FOREIGN["xsd"]
_TIMES = (_XSD.date.value, _XSD.dateTime.value)
_NAMELESS = "urn:blank:"
_START, _END, _EXACT = KG.start, KG.end, KG.exact


def find_missing_version(quads: Iterable[ox.Quad], version: ox.NamedNode, shapes: ShapeSet) -> Iterator[Violation]:
    """Yield a violation if an article graph does not describe its own version."""
    if ox.Quad(version, _TYPE, KG.ArticleVersion, version) not in quads:
        yield shapes.violation("ArticleVersion-present", version, component="ClassConstraintComponent", path=_TYPE)


def find_wrong_words(quads: Iterable[ox.Quad], text: str, shapes: ShapeSet) -> Iterator[Violation]:
    """Yield the mentions that lie outside the article's text, or whose exact words are not those of the text."""
    positions: defaultdict[ox.NamedNode | ox.BlankNode | ox.Triple, list[int | None]] = defaultdict(lambda: [None, None])
    exact: dict[ox.NamedNode | ox.BlankNode | ox.Triple, ox.Literal] = {}
    for quad in quads:
        predicate = quad.predicate
        if predicate == _EXACT and isinstance(quad.object, ox.Literal):
            exact[quad.subject] = quad.object
        elif predicate in (_START, _END):
            value = quad.object.value if isinstance(quad.object, ox.Literal) else ""
            # The shapes report a position that is no number.
            positions[quad.subject][predicate == _END] = int(value) if value.isdecimal() and value.isascii() else None
    for mention, (start, end) in positions.items():
        if not isinstance(mention, ox.NamedNode) or start is None or end is None:
            continue
        words = exact.get(mention)
        if end > len(text) or (words is not None and words.value != text[start:end]):
            yield shapes.violation("Mention-words", mention, component="EqualsConstraintComponent", path=_EXACT, value=words)


def find_malformed_values(quads: Iterable[ox.Quad], shapes: ShapeSet) -> Iterator[Violation]:
    """Yield the nodes with a value that is not written as its data type asks, such as the 30th of February."""
    forms = shapes.literal_forms
    for quad in quads:
        subject, value = quad.subject, quad.object
        if not isinstance(subject, ox.NamedNode) or not isinstance(value, ox.Literal):
            continue
        datatype = value.datatype.value
        shape, pattern = forms.get(datatype, ("", None))
        is_well_formed = pattern is None or (pattern.fullmatch(value.value) and (datatype not in _TIMES or _is_time(value.value)))
        if not is_well_formed:
            yield shapes.violation(shape, subject, component="PatternConstraintComponent", path=quad.predicate, value=value)


def _is_time(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def name_blank_nodes(quads: Iterable[ox.Quad]) -> tuple[list[ox.Quad], list[ox.NamedNode]]:
    """Return the quads with a name for each blank node, and these names: nothing without a name may be written."""
    named: list[ox.Quad] = []
    nameless: dict[str, ox.NamedNode] = {}
    for quad in quads:
        subject, value = quad.subject, quad.object
        if isinstance(subject, ox.BlankNode):
            subject = nameless.setdefault(subject.value, ox.NamedNode(_NAMELESS + subject.value))
        if isinstance(value, ox.BlankNode):
            value = nameless.setdefault(value.value, ox.NamedNode(_NAMELESS + value.value))
        named.append(ox.Quad(subject, quad.predicate, value, quad.graph_name) if nameless else quad)
    return named, list(nameless.values())


def find_nameless(nodes: Iterable[ox.NamedNode], shapes: ShapeSet) -> Iterator[Violation]:
    """Yield a violation for each node that had no name of its own."""
    for node in nodes:
        yield shapes.violation("Node", node, component="NodeKindConstraintComponent")
