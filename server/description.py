"""What the endpoint says of itself in RDF: SPARQL 1.1 Service Description, VoID counts of its data, its limits, example queries.

Nodes are fragments of the endpoint's address, so that two servers of the same graph do not speak of one another. Limits
are `schema:PropertyValue`s and examples `sh:SPARQLExecutable`s as the SIB's endpoints have them; docs/deploy.md lists both.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from kg.dump import PREFIXES
from kg.lexicon import read_table
from kg.resources import resource
from kg.statistics import Statistics
from kg.vocab import FOREIGN, read_foreign_terms
from server.cookbook import Recipe
from server.limits import Limits

TERMS = read_foreign_terms(resource("ontology", "service-terms.tsv"))
DCTERMS, FORMATS, RDFS, SCHEMA = (TERMS[prefix] for prefix in ("dcterms", "formats", "rdfs", "schema"))
SD, SH, SPEX, VOID = (TERMS[prefix] for prefix in ("sd", "sh", "spex", "void"))
RDF, XSD = (FOREIGN[prefix] for prefix in ("rdf", "xsd"))
RESULT_FORMATS = tuple(FORMATS[name] for name in FORMATS)
PREFIXES_OF_DESCRIPTION = {**PREFIXES, "rdf": RDF.namespace, **{prefix: terms.namespace for prefix, terms in TERMS.items()}}
_DUMPS = ("/dump.ttl", "/dump.trig", "/dump.nq", "/dump.ttl.gz", "/dump.trig.gz", "/dump.nq.gz")
_EXECUTABLES = {
    "SELECT": (SH.select, SH.SPARQLSelectExecutable),
    "ASK": (SH.ask, SH.SPARQLAskExecutable),
    "CONSTRUCT": (SH.construct, SH.SPARQLConstructExecutable),
    "DESCRIBE": (SPEX.describe, None),
}
Fact = tuple[NamedNode, NamedNode | Literal]


@dataclass(frozen=True, slots=True)
class Service:
    """How a server is run, as far as its description tells of it; `services` are the addresses that SERVICE may ask."""

    limits: Limits
    writable: bool = False
    services: tuple[str, ...] = ()
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class AnnouncedLimit:
    """A row of data/lexicon/announced_limits.csv: a field of Limits, its unit, and what it bounds."""

    id: str
    unit: str
    note: str


def description(endpoint: str, service: Service, counted: Statistics | None, *, base: str, examples: Iterable[Recipe]) -> list[Triple]:
    """Return the description of the endpoint at an absolute address; `base` is that of the graph's own IRIs.

    ValueError where the address is no IRI.
    """
    told = [
        *_service(endpoint, service),
        *_limits(endpoint, service.limits),
        *_dataset(endpoint, service, base),
        *(_counts(endpoint, counted) if counted else ()),
        *_examples(endpoint, examples),
    ]
    blocks: dict[object, list[Triple]] = {}  # a writer of Turtle makes one block of the triples of a node that stand together
    for triple in told:
        blocks.setdefault(triple.subject, []).append(triple)
    return [triple for block in blocks.values() for triple in block]


def _service(endpoint: str, service: Service) -> Iterator[Triple]:
    federates = (SD.BasicFederatedQuery,) if service.services else ()
    updates = (SD.SPARQL11Update,) if service.writable else ()
    facts: list[Fact] = [
        (RDF.type, SD.Service),
        (RDFS.label, _words("news-kg SPARQL endpoint")),
        (SD.endpoint, NamedNode(endpoint)),
        *((SD.supportedLanguage, language) for language in (SD.SPARQL11Query, *updates)),
        *((SD.feature, feature) for feature in (SD.UnionDefaultGraph, *federates)),
        *((SD.resultFormat, known) for known in RESULT_FORMATS),
        (SD.defaultDataset, _node(endpoint, "dataset")),
    ]
    return _of(_node(endpoint, "service"), facts)


def _limits(endpoint: str, limits: Limits) -> Iterator[Triple]:
    for row in read_table("announced_limits", AnnouncedLimit):
        node = _node(endpoint, f"limit-{row.id}")
        yield Triple(_node(endpoint, "service"), SCHEMA.additionalProperty, node)
        value = getattr(limits, row.id)
        facts: list[Fact] = [
            (RDF.type, SCHEMA.PropertyValue),
            (SCHEMA.propertyID, Literal(row.id)),
            (SCHEMA.value, Literal(f"{value}", datatype=XSD.integer if isinstance(value, int) else XSD.decimal)),
            (SCHEMA.unitText, Literal(row.unit)),
            (SCHEMA.description, _words(row.note)),
        ]
        yield from _of(node, facts)


def _dataset(endpoint: str, service: Service, base: str) -> Iterator[Triple]:
    root = endpoint.rpartition("/")[0]
    facts: list[Fact] = [
        (RDF.type, SD.Dataset),
        (RDF.type, VOID.Dataset),
        (DCTERMS.title, _words("A news-kg graph of reported statements and events")),
        (VOID.sparqlEndpoint, NamedNode(endpoint)),
        (VOID.uriSpace, Literal(base)),
        *((VOID.dataDump, NamedNode(root + path)) for path in _DUMPS),
        *(((DCTERMS.license, NamedNode(service.licence)),) if service.licence else ()),
        (SD.defaultGraph, _node(endpoint, "default-graph")),
    ]
    yield from _of(_node(endpoint, "dataset"), facts)
    graph: list[Fact] = [
        (RDF.type, SD.Graph),
        (RDF.type, VOID.Dataset),
        (DCTERMS.description, _words("The union of all graphs but those in quarantine and those of superseded versions.")),
    ]
    yield from _of(_node(endpoint, "default-graph"), graph)


def _counts(endpoint: str, counted: Statistics) -> Iterator[Triple]:
    graph = _node(endpoint, "default-graph")
    yield from _of(graph, [(VOID.vocabulary, NamedNode(namespace)) for namespace in _namespaces(counted)])
    facts: list[Fact] = [
        (VOID.triples, _count(counted.triples)),
        (VOID.distinctSubjects, _count(counted.subjects)),
        (VOID.distinctObjects, _count(counted.objects)),
        (VOID.classes, _count(counted.class_count)),
        (VOID.properties, _count(counted.property_count)),
    ]
    yield from _of(graph, facts)
    for kind in counted.classes:
        node = _node(endpoint, f"class-{_digest(kind.iri)}")
        yield Triple(graph, VOID.classPartition, node)
        yield from _of(node, [(VOID["class"], NamedNode(kind.iri)), (VOID.entities, _count(kind.entities))])
    for term in counted.properties:
        node = _node(endpoint, f"property-{_digest(term.iri)}")
        yield Triple(graph, VOID.propertyPartition, node)
        counts: list[Fact] = [(VOID.triples, _count(term.triples)), (VOID.distinctSubjects, _count(term.subjects))]
        yield from _of(node, [(VOID.property, NamedNode(term.iri)), *counts])
    yield from _named_graphs(endpoint, counted)


def _named_graphs(endpoint: str, counted: Statistics) -> Iterator[Triple]:
    dataset = _node(endpoint, "dataset")
    listed = f"{len(counted.graphs)} of its {counted.graph_count} named graphs are listed here; GRAPH reaches each."
    yield Triple(dataset, RDFS.comment, _words(listed))
    for graph in counted.graphs:
        named, content = (_node(endpoint, f"{part}-{_digest(graph.iri)}") for part in ("named-graph", "graph"))
        yield Triple(dataset, SD.namedGraph, named)
        yield from _of(named, [(RDF.type, SD.NamedGraph), (SD.name, NamedNode(graph.iri)), (SD.graph, content)])
        yield from _of(content, [(RDF.type, SD.Graph), (RDF.type, VOID.Dataset), (VOID.triples, _count(graph.triples))])


def _examples(endpoint: str, examples: Iterable[Recipe]) -> Iterator[Triple]:
    prefixes = _node(endpoint, "prefixes")
    for prefix, namespace in sorted(PREFIXES.items()):
        node = _node(endpoint, f"prefix-{prefix}")
        yield Triple(prefixes, SH.declare, node)
        facts: list[Fact] = [(SH.prefix, Literal(prefix)), (SH["namespace"], Literal(namespace, datatype=XSD.anyURI))]
        yield from _of(node, [(RDF.type, SH.PrefixDeclaration), *facts])
    for recipe in examples:
        text_of, kind = _EXECUTABLES[recipe.form]
        told: list[Fact] = [
            (RDF.type, SH.SPARQLExecutable),
            *(((RDF.type, kind),) if kind else ()),
            (RDFS.label, _words(recipe.title)),
            (RDFS.comment, _words(f"{recipe.title} {recipe.description}")),
            (SH.prefixes, prefixes),
            (text_of, Literal(recipe.text)),
            (SCHEMA.target, NamedNode(endpoint)),
            (SCHEMA.keywords, Literal(recipe.result)),
        ]
        yield from _of(_node(endpoint, f"example-{recipe.name}"), told)


def _namespaces(counted: Statistics) -> list[str]:
    iris = [*(kind.iri for kind in counted.classes), *(term.iri for term in counted.properties)]
    return sorted({iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in iris} - {""})


def _of(node: NamedNode, facts: Iterable[Fact]) -> Iterator[Triple]:
    return (Triple(node, term, value) for term, value in facts)


def _node(endpoint: str, fragment: str) -> NamedNode:
    return NamedNode(f"{endpoint}#{fragment}")


def _digest(iri: str) -> str:
    return hashlib.sha256(iri.encode()).hexdigest()[:12]


def _count(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.integer)


def _words(text: str) -> Literal:
    return Literal(text, language="en")
