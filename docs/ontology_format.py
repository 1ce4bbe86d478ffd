"""Writes the ontology in its one canonical order, so that a diff is about meaning: `python docs/ontology_format.py`.

One block a term, alphabetical, prefixes on top. Lines of comment before the first prefix are kept; others are lost, so
reasons belong into `skos:scopeNote`. `--check` writes nothing and exits with 1 when the file is not in that order.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SDO, SKOS, BNode, Graph, Literal, URIRef
from rdflib.term import Node

ONTOLOGY = Path(__file__).parent.parent / "ontology" / "news.ttl"
# What a reader wants first; all other properties follow by name.
_LEADING = (
    RDF.type,
    RDFS.label,
    SKOS.prefLabel,
    SKOS.definition,
    SKOS.example,
    SKOS.scopeNote,
    RDFS.subClassOf,
    RDFS.subPropertyOf,
    RDFS.domain,
    RDFS.range,
    SDO.domainIncludes,
    SDO.rangeIncludes,
)
_LOCAL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def canonical(text: str) -> str:
    """Return the Turtle text in canonical order; ValueError names a blank node, which has no place in it."""
    graph = Graph(bind_namespaces="none").parse(data=text, format="turtle")
    prefixes = {prefix: str(namespace) for prefix, namespace in graph.namespaces()}
    subjects = sorted(set(graph.subjects()), key=lambda subject: _order(subject, graph))
    body = "\n".join(_block(subject, graph, prefixes) for subject in subjects)
    used = {name for name in prefixes if re.search(rf"(?<![\w<]){re.escape(name)}:[A-Za-z_]", re.sub(r'"(?:[^"\\]|\\.)*"', "", body))}
    head = [f"@prefix {name}: <{prefixes[name]}> ." for name in sorted(used)]
    return "\n".join([*_leading_comments(text), *head, "", body])


def _leading_comments(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        yield line


def _order(subject: Node, graph: Graph) -> tuple[bool, str, str]:
    """The ontology itself first, then its terms by name; `place` after `Place`."""
    return (subject, RDF.type, OWL.Ontology) not in graph, str(subject).casefold(), str(subject)


def _block(subject: Node, graph: Graph, prefixes: dict[str, str]) -> str:
    predicates = sorted(set(graph.predicates(subject)), key=lambda predicate: _rank(predicate, prefixes))
    lines = [f"{_verb(predicate, prefixes)} {_objects(graph.objects(subject, predicate), prefixes)}" for predicate in predicates]
    return f"{_term(subject, prefixes)}\n    " + " ;\n    ".join(lines) + " .\n"


def _rank(predicate: Node, prefixes: dict[str, str]) -> tuple[int, str]:
    return (_LEADING.index(predicate) if predicate in _LEADING else len(_LEADING)), _term(predicate, prefixes)


def _verb(predicate: Node, prefixes: dict[str, str]) -> str:
    return "a" if predicate == RDF.type else _term(predicate, prefixes)


def _objects(objects: Iterable[Node], prefixes: dict[str, str]) -> str:
    return ", ".join(sorted(_term(value, prefixes) for value in objects))


def _term(term: Node, prefixes: dict[str, str]) -> str:
    if isinstance(term, BNode):
        raise ValueError("the ontology has a blank node; give it an IRI of its own or say the same without it")
    if isinstance(term, Literal):
        return _literal(term, prefixes)
    iri = str(term)
    for prefix, namespace in sorted(prefixes.items(), key=lambda item: -len(item[1])):
        if iri.startswith(namespace) and _LOCAL_NAME.fullmatch(iri.removeprefix(namespace)):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return f"<{iri}>"


def _literal(literal: Literal, prefixes: dict[str, str]) -> str:
    quoted = f'"{str(literal).translate(_ESCAPES)}"'
    if literal.language:
        return f"{quoted}@{literal.language}"
    return f"{quoted}^^{_term(URIRef(literal.datatype), prefixes)}" if literal.datatype else quoted


def main(arguments: list[str]) -> int:
    """Rewrite the ontology, or only compare with `--check`; return the exit code."""
    text = ONTOLOGY.read_text(encoding="utf-8")
    wanted = canonical(text)
    if text == wanted:
        return 0
    if "--check" in arguments:
        sys.stderr.write(f"{ONTOLOGY.name} is not in canonical order; run python docs/{Path(__file__).name}\n")
        return 1
    unfinished = ONTOLOGY.with_suffix(".ttl.new")
    unfinished.write_text(wanted, encoding="utf-8", newline="\n")
    unfinished.replace(ONTOLOGY)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
