"""The shapes: a good graph passes, each property shape has a node that breaks it and nothing else, both engines agree."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import shacl as shacl_package

from kg.resources import resource
from kg.shapes import SHAPE_NAMESPACE, Kind, ShapeSet
from kg.violations import shacl
from kg.vocab import KG

CASES = Path(__file__).parent / "shapes"
GOOD: tuple[Kind, ...] = ("article", "derived")
BAD = sorted(path.name for path in CASES.glob("*.bad.ttl"))
GRAPH = ox.NamedNode("https://w3id.org/news-kg/id/article/quay-1/0a1b2c3d4e5f")
SHAPES = {name: tuple(ox.parse(path=str(resource("shapes", f"{name}.shapes.ttl")), format=ox.RdfFormat.TURTLE)) for name in ("news", *GOOD)}
EVERY = [triple for triples in SHAPES.values() for triple in triples]
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def quads_of(*names: str) -> list[ox.Quad]:
    triples = [triple for name in names for triple in ox.parse(path=str(CASES / name), format=ox.RdfFormat.TURTLE)]
    return sorted({ox.Quad(nameable(t.subject), t.predicate, t.object, GRAPH) for t in triples}, key=str)


def nameable(term: ox.NamedNode | ox.BlankNode | ox.Triple) -> ox.NamedNode | ox.BlankNode | ox.Triple:
    return ox.BlankNode("b") if isinstance(term, ox.BlankNode) else term


def good_name(bad: str) -> Kind:
    return "derived" if "derived.good.ttl" in (CASES / bad).read_text(encoding="utf-8") else "article"


def expected(bad: str) -> set[tuple[str, str]]:
    """Each `# violates: shape:A, shape:B` above a node, as pairs of node and shape."""
    text = (CASES / bad).read_text(encoding="utf-8")
    prefixes = dict(re.findall(r"(?m)^@prefix (\w+:) <(.*?)> \.$", text))
    pairs = set()
    for shapes, subject in re.findall(r'(?m)^# violates: (.*)\n((?!#|@)(?:"[^"]*"|\S+))', text):
        prefix, colon, name = subject.partition(":")
        node = f"<{prefixes[prefix + colon]}{name}>" if prefix + colon in prefixes else subject
        pairs |= {(node, f"<{SHAPE_NAMESPACE}{shape.removeprefix('shape:')}>") for shape in shapes.split(", ")}
    return pairs


def named(pairs: set[tuple[str, str]] | frozenset[tuple[str, str]]) -> set[tuple[str, str]]:
    return {("_:" if node.startswith("_:") else node, shape) for node, shape in pairs}


def decided(kind: Kind, quads: list[ox.Quad]) -> set[tuple[str, str]]:
    return {(str(violation.focus), str(violation.shape)) for violation in ShapeSet(kind).violations(quads)}


def turtle(kind: Kind) -> str:
    return "".join(resource("shapes", f"{name}.shapes.ttl").read_text(encoding="utf-8") for name in ("news", kind))


def property_shapes() -> set[str]:
    deactivated = {triple.subject for triple in EVERY if triple.predicate == shacl("deactivated")}
    return {str(t.subject) for t in EVERY if t.object == shacl("PropertyShape") and t.subject not in deactivated}


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_graph_passes_both_engines(kind: Kind) -> None:
    quads = quads_of(f"{kind}.good.ttl")
    assert ShapeSet(kind).failing(quads) == frozenset()
    assert decided(kind, quads) == set()


@pytest.mark.parametrize("bad", BAD)
def test_each_bad_node_breaks_just_the_shapes_it_names(bad: str) -> None:
    kind = good_name(bad)
    found = ShapeSet(kind).failing(quads_of(f"{kind}.good.ttl", bad))
    assert named(found) == named(expected(bad))


@pytest.mark.parametrize("bad", BAD)
def test_both_engines_find_the_same_number_of_failures(bad: str) -> None:
    kind = good_name(bad)
    quads = [quad for quad in quads_of(f"{kind}.good.ttl", bad) if not isinstance(quad.subject, ox.BlankNode)]
    violations = ShapeSet(kind).violations(quads)
    triples = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES).decode()
    assert {(str(v.focus), str(v.shape)) for v in violations} == ShapeSet(kind).failing(quads)
    assert len(violations) == len(shacl_package.Shapes.from_turtle(turtle(kind)).validate_text(triples, format="ntriples"))


@pytest.mark.parametrize("bad", BAD)
def test_the_first_line_sums_up_the_file(bad: str) -> None:
    first = (CASES / bad).read_text(encoding="utf-8").splitlines()[0]
    shapes = {f"<{SHAPE_NAMESPACE}{shape}>" for shape in first.removeprefix("# violates: shape:").split(", shape:")}
    assert shapes == {shape for _, shape in expected(bad)}


def test_each_property_shape_has_a_bad_case() -> None:
    assert property_shapes() - {shape for bad in BAD for _, shape in expected(bad)} == set()


def test_each_property_shape_has_a_good_case() -> None:
    paths = {str(t.subject): t.object for t in EVERY if t.predicate == shacl("path")}
    used = {quad.predicate for kind in GOOD for quad in quads_of(f"{kind}.good.ttl")}
    assert {shape for shape in property_shapes() if paths[shape] not in used} == set()


def test_each_shape_has_a_name_and_plain_words() -> None:
    messages = {t.subject: t.object.value for t in EVERY if t.predicate == shacl("message")}
    constraints = {t.subject for t in EVERY if t.predicate in (shacl("path"), shacl("or")) and isinstance(t.subject, ox.NamedNode)}
    assert {str(shape) for shape in constraints if not messages.get(shape, "").endswith(".")} == set()


@pytest.mark.parametrize("name", ["news", "derived"])
def test_shapes_of_derived_graphs_look_at_own_triples_only(name: str) -> None:
    assert {t.predicate for t in SHAPES[name]} & {
        shacl("class"),
        shacl("node"),
        shacl("qualifiedValueShape"),
        shacl("inversePath"),
    } == set()


def test_shapes_name_terms_of_the_ontology_only() -> None:
    used = {
        term for t in EVERY for term in (t.predicate, t.object) if isinstance(term, ox.NamedNode) and term.value.startswith(KG.namespace)
    }
    assert {term.value for term in used if term.value.removeprefix(KG.namespace) not in KG} == set()


def listed(shape: str) -> set[str]:
    """The members of a named shape's sh:in."""
    rest = {t.subject: t.object for t in EVERY if t.predicate.value.endswith("#rest")}
    first = {t.subject: t.object for t in EVERY if t.predicate.value.endswith("#first")}
    node = next(t.object for t in EVERY if t.subject.value == SHAPE_NAMESPACE + shape and t.predicate == shacl("in"))
    members = set()
    while node in first:
        members.add(first[node].value.removeprefix(KG.namespace))
        node = rest[node]
    return members


def classes_below(*tops: str) -> set[str]:
    return {name for name in KG if KG.ancestors(name) & set(tops)}


def test_classes_of_things_are_those_of_the_ontology() -> None:
    things = classes_below("Actor", "Place", "Work")
    targets = {
        t.object.value.removeprefix(KG.namespace)
        for t in EVERY
        if t.subject.value == f"{SHAPE_NAMESPACE}Thing" and t.predicate == shacl("targetClass")
    }
    assert targets == things
    assert listed("Thing-type") == things


def test_classes_of_events_are_those_of_the_ontology() -> None:
    assert listed("EventMention-eventClass") == classes_below("Event")


@pytest.mark.parametrize(
    ("shape", "scheme"),
    [
        ("polarity", "Polarities"),
        ("ReportedStatement-act", "Acts"),
        ("ReportedStatement-quotation", "Quotations"),
        ("ReportedStatement-certainty", "Certainties"),
        ("ReportedStatement-caution", "Cautions"),
        ("EventMention-modality", "Modalities"),
        ("Mention-form", "Forms"),
        ("Quantity-approximation", "Approximations"),
        ("TimeSpan-precision", "Precisions"),
        ("ArticleVersion-publishedPrecision", "Precisions"),
        ("Judgement-verdict", "Verdicts"),
    ],
)
def test_concepts_are_those_of_their_scheme(shape: str, scheme: str) -> None:
    ontology = ox.parse(path=str(resource("ontology", "news.ttl")), format=ox.RdfFormat.TURTLE)
    concepts = {t.subject.value for t in ontology if t.predicate.value.endswith("#inScheme") and t.object == KG[scheme]}
    assert listed(shape) == {concept.removeprefix(KG.namespace) for concept in concepts}
