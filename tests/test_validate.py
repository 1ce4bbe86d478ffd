"""The gate: what it keeps, what it takes out, the report it writes, and what it refuses to decide."""

import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.shapes import SHAPE_NAMESPACE, ShapeSet
from kg.validate import Checked, EnginesDisagree, Gate
from kg.violations import shacl
from kg.vocab import KG

CASES = Path(__file__).parent / "shapes"
BASE = "https://w3id.org/news-kg/id/"
VERSION = f"{BASE}article/quay-1/0a1b2c3d4e5f"
EVENTS = f"{BASE}graph/events"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
XSD = "http://www.w3.org/2001/XMLSchema#"
STATEMENT, EVENT, MENTION = (f"{VERSION}/{node}" for node in ("statement/33-46-77", "event/80-88-Arrest", "mention/46-52"))
LUNDE = f"{BASE}person/ada-lunde.xx"


def quads_of(name: str, graph: str) -> tuple[ox.Quad, ...]:
    triples = ox.parse(path=str(CASES / name), format=ox.RdfFormat.TURTLE)
    return tuple(ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(graph)) for t in triples)


ARTICLE, DERIVED = quads_of("article.good.ttl", VERSION), quads_of("derived.good.ttl", EVENTS)
TEXT = next(quad.object.value for quad in ARTICLE if quad.predicate == KG.text)
GATE = Gate()


def without(quads: tuple[ox.Quad, ...], subject: str, *terms: ox.NamedNode) -> tuple[ox.Quad, ...]:
    return tuple(quad for quad in quads if not (quad.subject.value == subject and quad.predicate in terms))


def changed(quads: tuple[ox.Quad, ...], subject: str, term: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> tuple[ox.Quad, ...]:
    return (*without(quads, subject, term), ox.Quad(ox.NamedNode(subject), term, value, quads[0].graph_name))


def subjects(quads: tuple[ox.Quad, ...]) -> set[str]:
    return {quad.subject.value for quad in quads}


def broken(checked: Checked) -> set[tuple[str, str]]:
    """The failing nodes and the shapes they break, as the report has them, without their namespaces."""
    focus = {q.subject: q.object.value for q in checked.quarantined if q.predicate == shacl("focusNode")}
    shape = {q.subject: q.object.value for q in checked.quarantined if q.predicate == shacl("sourceShape")}
    return {(node.removeprefix(f"{VERSION}/"), shape[result].removeprefix(SHAPE_NAMESPACE)) for result, node in focus.items()}


def test_a_conforming_graph_is_kept_whole() -> None:
    checked = GATE.check(VERSION, ARTICLE, TEXT)
    assert set(checked.kept) == set(ARTICLE)
    assert checked.quarantined == ()


def test_a_failing_statement_goes_and_so_does_the_event_that_only_it_tells_of() -> None:
    checked = GATE.check(VERSION, without(ARTICLE, STATEMENT, KG.act), TEXT)
    assert broken(checked) == {("statement/33-46-77", "ReportedStatement-act"), ("event/80-88-Arrest", "EventMention-voice")}
    assert subjects(checked.kept) == subjects(ARTICLE) - {STATEMENT, EVENT}


def test_what_points_to_a_failing_node_loses_the_pointer_and_stays_if_it_can() -> None:
    checked = GATE.check(VERSION, without(ARTICLE, LUNDE, KG.name), TEXT)
    kept = set(checked.kept)
    assert ox.Quad(ox.NamedNode(STATEMENT), KG.source, ox.NamedNode(LUNDE), ox.NamedNode(VERSION)) not in kept
    assert {quad for quad in ARTICLE if quad.subject.value == STATEMENT and quad.predicate == KG.sourceDescription} <= kept


def test_a_statement_goes_when_its_only_content_goes() -> None:
    other = f"{VERSION}/statement/140-160"
    wrong = changed(ARTICLE, f"{VERSION}/mention/67-77", KG.end, ox.Literal("60", datatype=ox.NamedNode(f"{XSD}integer")))
    assert ("statement/140-160", "ReportedStatement-contentMention") in broken(GATE.check(VERSION, wrong, None))
    assert other not in subjects(GATE.check(VERSION, wrong, None).kept)


def test_the_kept_rest_conforms() -> None:
    checked = GATE.check(VERSION, without(ARTICLE, MENTION, KG.start), TEXT)
    assert GATE.check(VERSION, checked.kept, TEXT) == Checked(checked.kept, ())


def test_nothing_is_lost_between_kept_and_quarantined() -> None:
    given_quads = without(ARTICLE, STATEMENT, KG.act)
    checked = GATE.check(VERSION, given_quads, TEXT)
    taken = {quad.triple for quad in checked.quarantined if "/report/" not in quad.subject.value}
    assert {quad.triple for quad in checked.kept} | taken == {quad.triple for quad in given_quads}
    assert {quad.triple for quad in checked.kept} & taken == set()


@pytest.mark.parametrize("term", [KG.contentHash, KG.versionOf, TYPE])
def test_all_goes_when_the_version_itself_fails(term: ox.NamedNode) -> None:
    assert GATE.check(VERSION, without(ARTICLE, VERSION, term), TEXT).kept == ()


def test_an_empty_graph_has_no_version() -> None:
    assert broken(GATE.check(VERSION, (), None)) == {(VERSION, "ArticleVersion-present")}


def test_quarantine_is_a_graph_of_its_own() -> None:
    checked = GATE.check(VERSION, without(ARTICLE, STATEMENT, KG.act), TEXT)
    assert {quad.graph_name.value for quad in checked.quarantined} == {f"{VERSION}/quarantine"}
    assert {quad.graph_name.value for quad in checked.kept} == {VERSION}


def test_the_report_is_shacl_in_plain_words() -> None:
    checked = GATE.check(VERSION, without(ARTICLE, STATEMENT, KG.act), TEXT)
    report = {quad.subject for quad in checked.quarantined if quad.object == shacl("ValidationReport")}
    results = {quad.object for quad in checked.quarantined if quad.subject in report and quad.predicate == shacl("result")}
    messages = [quad.object.value for quad in checked.quarantined if quad.subject in results and quad.predicate == shacl("resultMessage")]
    assert sorted(messages)[0].startswith("A statement must say once by what act it was made")
    assert len(messages) == 2


def test_words_that_are_not_the_articles_go() -> None:
    checked = GATE.check(VERSION, changed(ARTICLE, MENTION, KG.exact, ox.Literal("Sunday")), TEXT)
    assert ("mention/46-52", "Mention-words") in broken(checked)
    assert MENTION not in subjects(checked.kept)


def test_words_beyond_the_end_of_the_text_go() -> None:
    far = changed(without(ARTICLE, MENTION, KG.exact), MENTION, KG.end, ox.Literal("9999", datatype=ox.NamedNode(f"{XSD}integer")))
    assert ("mention/46-52", "Mention-words") in broken(GATE.check(VERSION, far, TEXT))


def test_words_are_not_compared_without_the_text() -> None:
    assert GATE.check(VERSION, changed(ARTICLE, MENTION, KG.exact, ox.Literal("Sunday")), None).quarantined == ()


@pytest.mark.parametrize(
    ("term", "value", "datatype", "shape"),
    [
        (KG.earliest, "2031-02-30T00:00:00Z", "dateTime", "Literal-dateTime"),
        (KG.earliest, "99999999999999999999999999", "dateTime", "Literal-dateTime"),
        (KG.earliest, "2031-13-01", "date", "Literal-date"),
        (KG.earliest, "2031-03-03", "date", "TimeSpan-earliest"),
        (KG.latest, "2031-03-03T24:00:00Z", "dateTime", "Literal-dateTime"),
        (KG.latest, "2031-03-03T23:59:59", "dateTime", "TimeSpan-latest"),
        (KG.rule, "12\n", "integer", "Literal-integer"),
    ],
)
def test_values_that_engines_read_differently_go(term: ox.NamedNode, value: str, datatype: str, shape: str) -> None:
    wrong = changed(ARTICLE, f"{VERSION}/time/46-52", term, ox.Literal(value, datatype=ox.NamedNode(XSD + datatype)))
    assert ("time/46-52", shape) in broken(GATE.check(VERSION, wrong, TEXT))


@pytest.mark.parametrize("value", ["NaN", "1E5", "INF", "٣", "0.1234567890123456789", "1" * 40, ""])
def test_numbers_that_engines_read_differently_go(value: str) -> None:
    wrong = changed(ARTICLE, f"{VERSION}/quantity/58-77-patient", KG.upper, ox.Literal(value, datatype=ox.NamedNode(f"{XSD}decimal")))
    assert broken(GATE.check(VERSION, wrong, TEXT)) == {("quantity/58-77-patient", "Literal-decimal")}


def test_a_blank_node_goes_under_a_name() -> None:
    blank, graph = ox.BlankNode("someone"), ox.NamedNode(VERSION)
    quads = (*ARTICLE, ox.Quad(blank, KG.name, ox.Literal("someone"), graph), ox.Quad(ox.NamedNode(STATEMENT), KG.source, blank, graph))
    checked = GATE.check(VERSION, quads, TEXT)
    assert ("urn:blank:someone", "Node") in broken(checked)
    assert not [
        q for q in (*checked.kept, *checked.quarantined) if isinstance(q.subject, ox.BlankNode) or isinstance(q.object, ox.BlankNode)
    ]


def test_nodes_and_words_in_any_script_can_fail() -> None:
    odd = ox.NamedNode(f"{BASE}person/žofie-“novák”.xx")
    quads = (
        *ARTICLE,
        ox.Quad(odd, TYPE, KG.Person, ox.NamedNode(VERSION)),
        ox.Quad(odd, KG.name, ox.Literal("“Жофи”\n\t\\", language="cs"), ox.NamedNode(VERSION)),
    )
    assert broken(GATE.check(VERSION, quads, TEXT)) == {(odd.value, "Thing-name")}


def test_a_graph_with_another_base_conforms_to_a_gate_with_that_base() -> None:
    other = "https://news.example/a+b/"
    n_quads = ox.serialize(ARTICLE, format=ox.RdfFormat.N_QUADS).decode().replace(BASE, other)
    quads = tuple(ox.parse(n_quads, format=ox.RdfFormat.N_QUADS))
    version = VERSION.replace(BASE, other)
    assert Gate(base=other).check(version, quads, TEXT).quarantined == ()
    assert GATE.check(version, quads, TEXT).kept == ()


def test_a_quad_of_another_graph_is_refused() -> None:
    with pytest.raises(ValueError, match="one graph at a time"):
        GATE.check(VERSION, (*ARTICLE, DERIVED[0]), TEXT)


def test_pyshacl_alone_gives_the_same_result() -> None:
    quads = without(ARTICLE, STATEMENT, KG.act)
    assert Gate(engine="pyshacl").check(VERSION, quads, TEXT) == GATE.check(VERSION, quads, TEXT)


def test_the_sample_is_checked_by_both_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ShapeSet, "failing", lambda self, quads: frozenset())
    wrong = without(ARTICLE, STATEMENT, KG.act)
    with pytest.raises(EnginesDisagree, match="only pySHACL finds"):
        Gate(sample=1).check(VERSION, wrong, TEXT)


def test_a_failure_that_only_the_fast_engine_finds_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ShapeSet, "failing", lambda self, quads: frozenset({(f"<{LUNDE}>", "x")}))
    with pytest.raises(EnginesDisagree, match="only the fast engine finds"):
        GATE.check(VERSION, ARTICLE, TEXT)


def test_a_conforming_derived_graph_is_kept_whole() -> None:
    assert set(GATE.check_derived(DERIVED).kept) == set(DERIVED)
    assert GATE.check_derived(()) == Checked((), ())


def test_a_failing_thing_of_a_derived_graph_goes_with_what_is_said_of_its_identity() -> None:
    city = f"{BASE}city/port-halden.xx"
    identity = {f"{BASE}city/port-haldn.xx", f"{BASE}judgement/1a2b3c4d5e6f7a8b", f"{BASE}judgement/2a2b3c4d5e6f7a8b"}
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    checked = GATE.check_derived(without(DERIVED, city, label))
    assert subjects(checked.kept) == subjects(DERIVED) - {city} - identity
    assert {quad.graph_name.value for quad in checked.quarantined} == {f"{EVENTS}/quarantine"}


def test_a_text_that_plays_a_part_in_an_event_goes_alone() -> None:
    event = f"{BASE}event/quay-1/0a1b2c3d4e5f/80-88-Arrest"
    checked = GATE.check_derived(changed(DERIVED, event, KG.place, ox.Literal("the “quay”\n")))
    assert set(checked.kept) == set(without(DERIVED, event, KG.place))


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_quads_does_not_matter(random) -> None:  # type: ignore[no-untyped-def]
    quads = list(changed(without(ARTICLE, STATEMENT, KG.act), MENTION, KG.exact, ox.Literal("Sunday")))
    expected = GATE.check(VERSION, tuple(quads), TEXT)
    random.shuffle(quads)
    assert GATE.check(VERSION, tuple(quads), TEXT) == expected


def test_importing_the_gate_imports_neither_pyshacl_nor_rdflib() -> None:
    code = "import sys, kg.validate; sys.exit(any(name in sys.modules for name in ('pyshacl', 'rdflib')))"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=CASES.parents[1]).returncode == 0
