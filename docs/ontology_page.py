"""Writes docs/ontology.md, the reader's page of the ontology, from the Turtle: `python docs/ontology_page.py`.

`--check` writes nothing and exits with 1 when the page says something else than the ontology.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SDO, SKOS, Graph, Namespace, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

PAGE = Path(__file__).with_name("ontology.md")
ONTOLOGY = Path(__file__).parent.parent / "ontology" / "news.ttl"
KG = Namespace("https://w3id.org/news-kg/ontology#")
_HEADER = URIRef("https://w3id.org/news-kg/ontology")
_CODES = (KG.ploverCode, KG.ploverMode, KG.acledCode, KG.cameoCode)
_THINGS = (KG.Actor, KG.Place, KG.Work)
_ALIGNING = {
    RDFS.subClassOf: "is a kind of",
    RDFS.subPropertyOf: "says also",
    SKOS.exactMatch: "means the same as",
    SKOS.closeMatch: "means nearly the same as",
    SKOS.broadMatch: "is narrower than",
    RDFS.seeAlso: "is related to, with nothing inferred",
}


def page(graph: Graph) -> str:
    """Return the page for an ontology."""
    sections = (_introduction(graph), _picture(graph), _classes(graph), _properties(graph), _concepts(graph), _alignments(graph))
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _introduction(graph: Graph) -> Iterator[str]:
    yield "# The ontology"
    yield ""
    yield "<!-- Made from ontology/news.ttl by docs/ontology_page.py; a test fails when the two differ. -->"
    yield ""
    yield str(graph.value(_HEADER, DCTERMS.description))
    yield ""
    yield f"Version {graph.value(_HEADER, OWL.versionInfo)}, namespace `{KG}`, prefix `kg:`."
    yield f"Licence: <{graph.value(_HEADER, DCTERMS.license)}>."
    yield "Which of these terms is written when, and in which graph, stands in [mapping.md](mapping.md)."


def _picture(graph: Graph) -> Iterator[str]:
    edges: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for term in _instances(graph, OWL.ObjectProperty):
        if term == KG.inArticle:  # from nearly every node; it would hide the rest
            continue
        subjects = {_node(graph, value) for value in _values(graph, term, RDFS.domain, SDO.domainIncludes)}
        if "EventMention" in subjects:
            subjects.discard("Event")  # it takes its values over from its mentions
        for subject in subjects:
            for target in {_node(graph, value) for value in _values(graph, term, RDFS.range, SDO.rangeIncludes)}:
                edges[subject, target].append(_name(term))
    yield "## The picture"
    yield ""
    yield "`Thing` stands for actors, places, and works. Not drawn: `kg:inArticle`, from each node of an article graph to its version,"
    yield "the values that are concepts or literals, and what a `kg:Event` takes over from its mentions: roles, times, and quantities."
    yield ""
    yield "```mermaid"
    yield "flowchart LR"
    for (subject, target), names in sorted(edges.items()):
        if "Concept" not in (subject, target):
            yield f'    {subject} -->|"{_wrapped(names)}"| {target}'
    yield "```"


def _classes(graph: Graph) -> Iterator[str]:
    roots = [term for term in _instances(graph, OWL.Class) if not _own(graph.objects(term, RDFS.subClassOf))]
    yield "## Classes"
    yield ""
    yield "### What an article graph is made of"
    yield ""
    yield "| class | definition |"
    yield "|---|---|"
    yield from (f"| `kg:{_name(term)}` | {_definition(graph, term)} |" for term in roots if term not in (*_THINGS, KG.Event))
    yield ""
    yield "### Things"
    yield ""
    yield "| class | definition |"
    yield "|---|---|"
    for root in _THINGS:
        yield from (f"| {_indented(term, depth)} | {_definition(graph, term)} |" for term, depth in _tree(graph, root, 0))
    yield ""
    yield "### Events"
    yield ""
    yield "A class without a code in a scheme takes those of its superclasses; where they have none either, the scheme has no such event."
    yield "A class with two superclasses stands under both."
    yield ""
    yield "| class | definition | PLOVER | PLOVER mode | ACLED | CAMEO |"
    yield "|---|---|---|---|---|---|"
    for term, depth in _tree(graph, KG.Event, 0):
        yield f"| {_indented(term, depth)} | {_definition(graph, term)} | {' | '.join(_codes(graph, term))} |"


def _properties(graph: Graph) -> Iterator[str]:
    subjects: defaultdict[str, list[URIRef]] = defaultdict(list)
    for term in (*_instances(graph, OWL.ObjectProperty), *_instances(graph, OWL.DatatypeProperty)):
        for subject in _values(graph, term, RDFS.domain, SDO.domainIncludes):
            subjects[f"`kg:{_name(subject)}`"].append(term)
        if not list(_values(graph, term, RDFS.domain, SDO.domainIncludes)):
            subjects["classes and concepts of the ontology"].append(term)
    yield "## Properties"
    for heading, terms in sorted(subjects.items(), key=lambda item: item[0].strip("`")):
        yield ""
        yield f"### On {heading}"
        yield ""
        yield "| property | value | definition |"
        yield "|---|---|---|"
        for term in sorted(terms):
            values = ", ".join(_qname(graph, value) for value in _values(graph, term, RDFS.range, SDO.rangeIncludes))
            note = graph.value(term, SKOS.scopeNote)
            yield f"| `kg:{_name(term)}` | {values} | {_definition(graph, term)}{f' {note}' if note else ''} |"


def _concepts(graph: Graph) -> Iterator[str]:
    yield "## Concepts"
    for scheme in _instances(graph, SKOS.ConceptScheme):
        yield ""
        yield f"### `kg:{_name(scheme)}`"
        yield ""
        yield f"{_definition(graph, scheme)}"
        yield ""
        members = [term for term in _instances(graph, SKOS.Concept) if (term, SKOS.inScheme, scheme) in graph]
        coded = any(any(_codes(graph, term)) for term in members)
        yield "| concept | definition | example |" + (" PLOVER | PLOVER mode | CAMEO |" if coded else "")
        yield "|---|---|---|" + ("---|---|---|" if coded else "")
        for term in members:
            broader = "".join(f" (a kind of `kg:{_name(value)}`)" for value in _own(graph.objects(term, SKOS.broader)))
            plover, mode, _, cameo = _codes(graph, term)
            codes = f" {plover} | {mode} | {cameo} |" if coded else ""
            yield f"| `kg:{_name(term)}`{broader} | {_definition(graph, term)} | {graph.value(term, SKOS.example) or ''} |{codes}"


def _alignments(graph: Graph) -> Iterator[str]:
    yield "## Alignments"
    yield ""
    yield "| term | relation | term of another vocabulary |"
    yield "|---|---|---|"
    own = sorted({term for term in graph.subjects(RDFS.isDefinedBy, _HEADER) if isinstance(term, URIRef)})
    for term in own:
        for relation, words in _ALIGNING.items():
            foreign = sorted(_qname(graph, value) for value in graph.objects(term, relation) if not str(value).startswith(KG))
            if foreign:
                yield f"| `kg:{_name(term)}` | {words} | {', '.join(foreign)} |"
    yield ""
    yield "The namespaces of these terms:"
    yield ""
    yield "| prefix | namespace |"
    yield "|---|---|"
    yield from (f"| `{prefix}:` | `{namespace}` |" for prefix, namespace in sorted(graph.namespaces()))


def _tree(graph: Graph, root: URIRef, depth: int) -> Iterator[tuple[URIRef, int]]:
    yield root, depth
    for child in _own(graph.subjects(RDFS.subClassOf, root)):
        yield from _tree(graph, child, depth + 1)


def _instances(graph: Graph, kind: URIRef) -> list[URIRef]:
    return sorted(term for term in graph.subjects(RDF.type, kind) if isinstance(term, URIRef))


def _values(graph: Graph, term: Node, *relations: URIRef) -> Iterator[URIRef]:
    for relation in relations:
        yield from sorted(value for value in graph.objects(term, relation) if isinstance(value, URIRef))


def _own(terms: Iterable[Node]) -> list[URIRef]:
    return sorted(term for term in terms if isinstance(term, URIRef) and term.startswith(KG))


def _node(graph: Graph, term: URIRef) -> str:
    """Return the box that a class stands in: `Thing` for actors, places, works, and what is under them."""
    is_thing = any(root in graph.transitive_objects(term, RDFS.subClassOf) for root in _THINGS)
    return "Thing" if is_thing else _name(term)


def _name(term: Node) -> str:
    return str(term).rpartition("#")[2]


def _qname(graph: Graph, term: Node) -> str:
    prefix, _, name = graph.compute_qname(str(term), generate=False)
    return f"`{prefix}:{name}`"


def _definition(graph: Graph, term: Node) -> str:
    return str(graph.value(term, SKOS.definition))


def _codes(graph: Graph, term: Node) -> list[str]:
    return ["<br>".join(sorted(str(code) for code in graph.objects(term, relation))) for relation in _CODES]


def _indented(term: Node, depth: int) -> str:
    return "&emsp;" * depth + f"`kg:{_name(term)}`"


def _wrapped(names: list[str]) -> str:
    """Return names in lines of three, as mermaid's labels do not wrap."""
    return "<br>".join(", ".join(names[start : start + 3]) for start in range(0, len(names), 3))


def main(arguments: list[str]) -> int:
    """Write the page, or only compare with `--check`; return the exit code."""
    wanted = page(Graph(bind_namespaces="none").parse(ONTOLOGY, format="turtle"))
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == wanted:
        return 0
    if "--check" in arguments:
        sys.stderr.write(f"docs/{PAGE.name} differs from the ontology; run python docs/{Path(__file__).name}\n")
        return 1
    PAGE.write_text(wanted, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
