"""Terms as attributes, read from ontology/, closed: a term that is not defined or not listed is an AttributeError."""

import difflib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from kg.resources import resource

KG_NAMESPACE = "https://w3id.org/news-kg/ontology#"
_RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_SUBCLASS_OF = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")


class Vocabulary:
    """The terms of one namespace: `KG.source` is a NamedNode, `KG.sourc` an AttributeError."""

    def __init__(self, namespace: str, terms: Mapping[str, NamedNode], parents: Mapping[str, Set[str]], *, defined_in: str) -> None:
        self.namespace = namespace
        self._terms = terms
        self._parents = parents
        self._defined_in = defined_in

    def __getattr__(self, name: str) -> NamedNode:
        if name.startswith("_"):  # asked for by copy and pickle before the fields are there
            raise AttributeError(name)
        try:
            return self._terms[name]
        except KeyError:
            near = difflib.get_close_matches(name, self._terms, n=1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise AttributeError(f"{self.namespace} has no term {name!r}{hint}; terms stand in {self._defined_in}") from None

    def __getitem__(self, name: str) -> NamedNode:
        return self.__getattr__(name)

    def __contains__(self, name: object) -> bool:
        return name in self._terms

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._terms))

    @cache  # noqa: B019 - one vocabulary lives as long as the process
    def ancestors(self, name: str) -> frozenset[str]:
        """Return the class and all its superclasses in this namespace, as local names."""
        found, todo = set(), [name]
        while todo:
            kind = todo.pop()
            if kind not in found:
                found.add(kind)
                todo += self._parents.get(kind, ())
        return frozenset(found)


def read_ontology(path: Path, namespace: str) -> Vocabulary:
    """Return the terms of the namespace that a Turtle file gives a type to, with their superclasses."""
    terms: dict[str, NamedNode] = {}
    parents: defaultdict[str, set[str]] = defaultdict(set)
    for quad in parse(path=str(path), format=RdfFormat.TURTLE):
        if not isinstance(quad.subject, NamedNode) or not quad.subject.value.startswith(namespace):
            continue
        name = quad.subject.value.removeprefix(namespace)
        if quad.predicate == _RDF_TYPE:
            terms[name] = quad.subject
        elif quad.predicate == _SUBCLASS_OF and isinstance(quad.object, NamedNode) and quad.object.value.startswith(namespace):
            parents[name].add(quad.object.value.removeprefix(namespace))
    return Vocabulary(namespace, terms, parents, defined_in=f"ontology/{path.name}")


def read_foreign_terms(path: Path) -> dict[str, Vocabulary]:
    """Return the terms of others that a table lists (columns prefix, iri, kind), one vocabulary a prefix.

    ValueError names the line whose IRI is not in the namespace of its prefix.
    """
    namespaces: dict[str, str] = {}
    terms: defaultdict[str, dict[str, NamedNode]] = defaultdict(dict)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], start=2):
        prefix, iri, _ = line.split("\t")
        name = iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]
        if namespaces.setdefault(prefix, iri.removesuffix(name)) != iri.removesuffix(name):
            raise ValueError(f"{path.name}:{number}: {iri} is not in {namespaces[prefix]}; give it a prefix of its own")
        terms[prefix][name] = NamedNode(iri)
    return {prefix: Vocabulary(namespaces[prefix], terms[prefix], {}, defined_in=f"ontology/{path.name}") for prefix in sorted(terms)}


KG = read_ontology(resource("ontology", "news.ttl"), KG_NAMESPACE)
FOREIGN = read_foreign_terms(resource("ontology", "foreign-terms.tsv"))
