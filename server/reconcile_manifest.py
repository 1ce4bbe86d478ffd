"""What the reconciliation service says of itself: its manifest, its classes and its properties."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg import __version__
from kg.lexicon import read_table
from kg.limits import count_limit
from kg.resources import resource
from kg.vocab import FOREIGN, KG, KG_NAMESPACE
from server.reconcile_entries import ROOTS

Json = dict[str, object]
_RDFS, _SKOS = FOREIGN["rdfs"], FOREIGN["skos"]
_WIDTH, _HEIGHT = 460, 340
SERVICE_NAME = "news-kg"


@dataclass(frozen=True, slots=True)
class Property:
    """A row of reconciliation_properties.csv; `matched` says how a query's value is compared, empty for not at all."""

    id: str
    name: str
    matched: str
    description: str


@dataclass(frozen=True, slots=True)
class ThingClass:
    """A class of things, as the ontology words it."""

    id: str
    name: str
    description: str
    broader: tuple[str, ...]

    def json(self) -> Json:
        """Return the class as the specification's type."""
        broader = [{"id": parent, "name": classes()[parent].name} for parent in self.broader]
        return {"id": self.id, "name": self.name, "description": self.description, "broader": broader}


@cache
def properties() -> Mapping[str, Property]:
    """Return the properties by id, in the order of their table."""
    return {row.id: row for row in read_table("reconciliation_properties", Property)}


@cache
def classes() -> Mapping[str, ThingClass]:
    """Return the classes of things by local name, sorted."""
    names = [name for name in KG if KG.ancestors(name) & ROOTS]
    facts: dict[tuple[str, str], list[str]] = {}
    for quad in parse(path=str(resource("ontology", "news.ttl")), format=RdfFormat.TURTLE):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            name = quad.subject.value.removeprefix(KG_NAMESPACE)
            facts.setdefault((name, quad.predicate.value), []).append(quad.object.value)
    return {
        name: ThingClass(
            name,
            facts[name, _RDFS.label.value][0],
            facts[name, _SKOS.definition.value][0],
            tuple(sorted(parent for iri in facts.get((name, _RDFS.subClassOf.value), ()) if (parent := iri[len(KG_NAMESPACE) :]) in names)),
        )
        for name in names
    }


def manifest(base: str, address: str) -> Json:
    """Return the manifest of a service whose things have IRIs below `base` and that answers at `address`."""

    def suggest(what: str) -> Json:
        return {
            "service_url": address,
            "service_path": f"/suggest/{what}",
            "flyout_service_url": address,
            "flyout_service_path": f"/flyout/{what}?id=${{id}}",
        }

    return {
        "versions": ["0.2"],
        "name": SERVICE_NAME,
        "identifierSpace": base,
        "schemaSpace": KG_NAMESPACE,
        "serviceVersion": __version__,
        "defaultTypes": [{"id": kind.id, "name": kind.name} for kind in classes().values()],
        "view": {"url": f"{address}/preview?id={{{{id}}}}"},
        "preview": {"url": f"{address}/preview?id={{{{id}}}}", "width": _WIDTH, "height": _HEIGHT},
        "batchSize": count_limit("batch-most", "reconciliation_limits"),
        "suggest": {what: suggest(what) for what in ("entity", "property", "type")},
        "extend": {
            "propose_properties": {"service_url": address, "service_path": "/properties"},
            "property_settings": [
                {
                    "name": "limit",
                    "label": "Limit",
                    "type": "number",
                    "default": 0,
                    "help_text": "How many values a row gets at most; 0 for all of them",
                }
            ],
        },
    }
