"""The ontology and the shapes as a server shows them: labels for pages, and their own pages at /ontology and /shapes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kg.iris import DEFAULT_BASE, WIKIDATA
from kg.resources import resource
from kg.vocab import FOREIGN, KG_NAMESPACE
from server.addresses import Link, link

RDF, RDFS, SKOS, SH, OWL = (FOREIGN[prefix] for prefix in ("rdf", "rdfs", "skos", "sh", "owl"))
_FILES = {"ontology": ("news.ttl",), "shapes": ("news.shapes.ttl", "article.shapes.ttl", "derived.shapes.ttl")}
Node = NamedNode | BlankNode | Literal | Triple
_KINDS = (
    ("Classes", OWL.Class),
    ("Properties between nodes", OWL.ObjectProperty),
    ("Properties with a value", OWL.DatatypeProperty),
    ("Concept schemes", SKOS.ConceptScheme),
    ("Concepts", SKOS.Concept),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One property of a term or shape, with its values."""

    name: Link
    values: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Described:
    """A term of the ontology, or a shape: its name is its anchor on the page."""

    name: str
    label: str
    definition: str
    rows: tuple[Row, ...]
    parts: tuple["Described", ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Terms or shapes of one kind."""

    title: str
    anchor: str
    items: tuple[Described, ...]


def term_label(iri: str) -> str:
    """Return the ontology's label of a term, the words in the name of a term of another vocabulary, or the IRI of what is none.

    >>> term_label("https://w3id.org/news-kg/ontology#ActConfirm"), term_label("http://www.w3.org/ns/prov#wasRevisionOf")
    ('confirm', 'was revision of')
    """
    if iri.startswith(WIKIDATA):
        return iri.removeprefix(WIKIDATA)
    return _labels().get(iri) or (_spaced(iri) if _namespace(iri) in schema_prefixes().values() else iri)


def prefixed(iri: str) -> str:
    """Return an IRI as people write it, or the IRI where it has no prefix.

    >>> prefixed("http://www.w3.org/ns/prov#Agent")
    'prov:Agent'
    """
    local = _local(iri)
    prefix = next((prefix for prefix, namespace in schema_prefixes().items() if namespace + local == iri), "")
    return f"{prefix}:{local}" if prefix and local else iri


def definition(iri: str) -> str:
    """Return the ontology's definition of a term, or an empty text."""
    return next((value.value for value in _facts().get(iri, {}).get(SKOS.definition, ()) if isinstance(value, Literal)), "")


@cache
def ontology_sections() -> tuple[Section, ...]:
    """Return the terms of the ontology by kind, in the order of their names."""
    return tuple(Section(title, title.lower().replace(" ", "-"), tuple(_terms(kind))) for title, kind in _KINDS)


@cache
def ontology_about() -> Described:
    """Return what the ontology says of itself."""
    iri = KG_NAMESPACE.removesuffix("#")
    facts = _facts()[iri]
    words = {term.value.rpartition("/")[2]: _text(values[0]) for term, values in facts.items()}
    return Described(iri, words["title"], words["description"], _rows(facts, passed_over=()))


@cache
def shape_sections() -> tuple[Section, ...]:
    """Return the node shapes of each file with their property shapes and messages."""
    return tuple(_shape_section(name) for name in _FILES["shapes"])


@cache
def schema_turtle(folder: str) -> bytes:
    """Return the files of the ontology or the shapes as people wrote them; several Turtle files in a row are one."""
    return b"\n".join(resource(folder, name).read_bytes() for name in _FILES[folder])


@cache
def schema_triples(folder: str) -> tuple[Triple, ...]:
    """Return what the files of the ontology or the shapes say, in that order; nodes without a name are numbered."""
    numbers: dict[BlankNode, BlankNode] = {}

    def numbered(node: BlankNode) -> BlankNode:
        return numbers.setdefault(node, BlankNode(f"b{len(numbers)}"))

    found: dict[Triple, None] = {}
    for quad in (quad for name in _FILES[folder] for quad in _quads(folder, name)):
        subject = numbered(quad.subject) if isinstance(quad.subject, BlankNode) else quad.subject
        value = numbered(quad.object) if isinstance(quad.object, BlankNode) else quad.object
        found[Triple(subject, quad.predicate, value)] = None
    return tuple(found)


@cache
def schema_prefixes() -> dict[str, str]:
    """Return the prefixes of the ontology's and the shapes' files."""
    found: dict[str, str] = {}
    for path in (resource(folder, name) for folder, names in _FILES.items() for name in names):
        reader = parse(path=str(path), format=RdfFormat.TURTLE)
        for _ in reader:
            pass
        found |= dict(reader.prefixes)
    return dict(sorted(found.items()))


def _terms(kind: NamedNode) -> Iterable[Described]:
    for iri, facts in sorted(_facts().items(), key=lambda item: item[0].lower()):
        if iri.startswith(KG_NAMESPACE) and kind in facts[RDF.type]:
            rows = _rows(facts, passed_over=(RDF.type, RDFS.label, RDFS.isDefinedBy, SKOS.prefLabel, SKOS.definition))
            yield Described(iri.removeprefix(KG_NAMESPACE), term_label(iri), definition(iri), rows)


def _rows(facts: dict[NamedNode, list[Node]], *, passed_over: tuple[NamedNode, ...]) -> tuple[Row, ...]:
    return tuple(
        Row(_link(term), tuple(_link(value) for value in values if isinstance(value, NamedNode | Literal)))
        for term, values in facts.items()
        if term not in passed_over
    )


def _link(value: NamedNode | Literal) -> Link:
    if isinstance(value, Literal):
        return Link(value.value, "", None)
    return link(value.value, _labels().get(value.value) or prefixed(value.value), DEFAULT_BASE)


def _shape_section(name: str) -> Section:
    facts: dict[NamedNode | BlankNode | Triple, dict[NamedNode, list[Node]]] = {}
    for quad in _quads("shapes", name):
        facts.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)
    shapes = [node for node, told in facts.items() if isinstance(node, NamedNode) and SH.NodeShape in told.get(RDF.type, ())]
    return Section(name, name.partition(".")[0], tuple(_shape(node, facts) for node in sorted(shapes, key=str)))


def _shape(node: NamedNode, facts: dict[NamedNode | BlankNode | Triple, dict[NamedNode, list[Node]]]) -> Described:
    told = facts[node]
    parts = [part for part in told.get(SH.property, ()) if isinstance(part, NamedNode) and part in facts]
    targets = {term: told[term] for term in (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf) if term in told}
    return Described(
        name=_local(node.value),
        label=_spaced(node.value),
        definition=_message(told),
        rows=_rows(targets, passed_over=()),
        parts=tuple(Described(_local(part.value), _spaced(part.value), _message(facts[part]), ()) for part in sorted(parts, key=str)),
    )


def _message(told: dict[NamedNode, list[Node]]) -> str:
    return " ".join(_text(value) for value in told.get(SH.message, ()))


@cache
def _facts() -> dict[str, dict[NamedNode, list[Node]]]:
    found: dict[str, dict[NamedNode, list[Node]]] = {}
    for quad in _quads("ontology", "news.ttl"):
        if isinstance(quad.subject, NamedNode):
            found.setdefault(quad.subject.value, {}).setdefault(quad.predicate, []).append(quad.object)
    return found


@cache
def _labels() -> dict[str, str]:
    return {iri: _text(facts[RDFS.label][0]) for iri, facts in _facts().items() if RDFS.label in facts}


@cache
def _quads(folder: str, name: str) -> tuple[Quad, ...]:
    return tuple(parse(path=str(resource(folder, name)), format=RdfFormat.TURTLE))


def _text(value: Node) -> str:
    return value.value if isinstance(value, NamedNode | Literal) else ""


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _local(iri: str) -> str:
    return iri.removeprefix(_namespace(iri))


def _spaced(iri: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", _local(iri)).lower()
