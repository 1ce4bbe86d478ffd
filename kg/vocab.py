"""Ontology terms as attributes, read from Turtle, closed: a term that is not defined is an AttributeError."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from kg.resources import resource

KG_NAMESPACE = "https://w3id.org/news-kg/ontology#"
_RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_SUBCLASS_OF = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")


class Vocabulary:
    """The terms of one namespace: `KG.source` is a NamedNode, `KG.sourc` an AttributeError."""

    def __init__(self, namespace: str, path: Path) -> None:
        self.namespace = namespace
        self._terms: dict[str, NamedNode] = {}
        self._parents: dict[str, set[str]] = {}
        for quad in parse(path=str(path), format=RdfFormat.TURTLE):
            if not isinstance(quad.subject, NamedNode) or not quad.subject.value.startswith(namespace):
                continue
            name = quad.subject.value.removeprefix(namespace)
            if quad.predicate == _RDF_TYPE:
                self._terms[name] = quad.subject
            elif quad.predicate == _SUBCLASS_OF and isinstance(quad.object, NamedNode):
                self._parents.setdefault(name, set()).add(quad.object.value)

    def __getattr__(self, name: str) -> NamedNode:
        try:
            return self._terms[name]
        except KeyError:
            raise AttributeError(f"{self.namespace} has no term {name!r}; terms are defined in ontology/news.ttl") from None

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
                todo += [iri.removeprefix(self.namespace) for iri in self._parents.get(kind, ()) if iri.startswith(self.namespace)]
        return frozenset(found)


KG = Vocabulary(KG_NAMESPACE, resource("ontology", "news.ttl"))
