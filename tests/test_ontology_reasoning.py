"""What an OWL RL reasoner makes of the ontology, alone and with the vocabularies that it builds on: no contradiction, no nonsense."""

from pathlib import Path

import owlrl
import pytest
from rdflib import OWL, PROV, RDF, RDFS, SKOS, Graph, Namespace, URIRef
from rdflib.term import Node

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "ontology"
KG = Namespace("https://w3id.org/news-kg/ontology#")
EX = Namespace("https://example.org/id/")
FOR_PEOPLE = {RDFS.label, RDFS.isDefinedBy, RDFS.seeAlso, SKOS.definition, SKOS.example, SKOS.prefLabel, SKOS.scopeNote}


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(ROOT / "ontology" / "news.ttl")


@pytest.fixture(scope="module")
def reasoned(ontology: Graph) -> Graph:
    """The ontology, what the vocabularies it uses say, and the example, with all that OWL RL infers."""
    return expanded(ontology, Graph().parse(CASES / "foreign-axioms.ttl"), Graph().parse(CASES / "example.ttl"))


def expanded(*graphs: Graph) -> Graph:
    """Return the graphs with all that OWL RL infers; words for people are left out, as nothing follows from them."""
    graph = Graph()
    for triple in (triple for part in graphs for triple in part):
        if triple[1] not in FOR_PEOPLE:
            graph.add(triple)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return graph


def contradictions(graph: Graph) -> list[str]:
    """Return what owlrl writes of contradictions it meets."""
    return sorted(
        str(text)
        for node in graph.subjects(RDF.type, owlrl.Namespaces.ERRNS.ErrorMessage)
        for text in graph.objects(node, owlrl.Namespaces.ERRNS.error)
    )


def strange_types(ontology: Graph, reasoned: Graph) -> set[tuple[Node, Node]]:
    """Return the types of the example's nodes that do not follow from the classes the example gives them."""
    example = Graph().parse(CASES / "example.ttl")
    hierarchy = ontology + Graph().parse(CASES / "foreign-axioms.ttl")
    strange: set[tuple[Node, Node]] = set()
    for node in {node for node in example.subjects() if str(node).startswith(EX)}:
        given = set(example.objects(node, RDF.type))
        allowed: set[Node | None] = {OWL.Thing, RDFS.Resource}
        allowed.update(PROV.Agent for kind in given if kind == KG.Work)  # a work that speaks, see kg:source
        allowed.update(parent for kind in given for parent in hierarchy.transitive_objects(kind, RDFS.subClassOf))
        strange.update((node, kind) for kind in reasoned.objects(node, RDF.type) if kind not in allowed)
    return strange


def test_the_ontology_alone_is_consistent_under_owl_rl(ontology: Graph) -> None:
    graph = expanded(ontology)
    assert contradictions(graph) == []
    assert not list(graph.subjects(RDF.type, OWL.Nothing))


def test_the_example_is_consistent_under_owl_rl(reasoned: Graph) -> None:
    assert contradictions(reasoned) == []
    assert not list(reasoned.subjects(RDF.type, OWL.Nothing))


def test_the_example_uses_every_property(ontology: Graph) -> None:
    own = {*ontology.subjects(RDF.type, OWL.ObjectProperty), *ontology.subjects(RDF.type, OWL.DatatypeProperty)}
    used = {*Graph().parse(CASES / "example.ttl").predicates(), *ontology.predicates()}
    assert own - used == set()


def test_a_reasoner_holds_no_two_things_to_be_one(reasoned: Graph) -> None:
    assert [(one, other) for one, other in reasoned.subject_objects(OWL.sameAs) if one != other and isinstance(one, URIRef)] == []


def test_no_domain_or_range_gives_a_node_a_class_it_has_not(ontology: Graph, reasoned: Graph) -> None:
    assert strange_types(ontology, reasoned) == set()


@pytest.mark.parametrize(("own", "foreign"), [("source", "grasp#wasAttributedTo"), ("voice", "grasp#hasAttribution")])
def test_an_alignment_that_turns_words_into_statements_is_found(own: str, foreign: str, ontology: Graph) -> None:
    tempting = Graph().add((KG[own], RDFS.subPropertyOf, URIRef(f"http://groundedannotationframework.org/{foreign}")))
    graph = expanded(ontology, tempting, Graph().parse(CASES / "foreign-axioms.ttl"), Graph().parse(CASES / "example.ttl"))
    assert strange_types(ontology, graph)


def test_a_node_of_two_levels_is_a_contradiction(ontology: Graph) -> None:
    mixed = Graph().parse(data=f"@prefix kg: <{KG}> . @prefix ex: <{EX}> . ex:x a kg:Event, kg:EventMention .")
    assert contradictions(expanded(ontology, mixed))


def test_a_place_may_act(reasoned: Graph) -> None:
    assert {KG.Actor, KG.Place} <= set(reasoned.objects(EX.seaport, RDF.type))
