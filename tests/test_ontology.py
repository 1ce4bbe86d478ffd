"""The ontology: its style, its order, its page, what stands in it, and what it takes from others."""

import csv
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import get_args

import pyshacl
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef, namespace

from kg.records import RoleName

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "ontology"
SHARED = ROOT.parent / "shared"
KG = Namespace("https://w3id.org/news-kg/ontology#")
EX = Namespace("https://example.org/id/")
HOME = "https://w3id.org/news-kg/ontology"
PREFIXES = f"@prefix kg: <{KG}> . @prefix ex: <{EX}> . @prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> . @prefix skos: <{SKOS}> . "
TURTLE_FILES = (
    "ontology/news.ttl",
    "ontology/style.shapes.ttl",
    *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "shapes").glob("*.ttl")),
)
OWN = ("https://w3id.org/news-kg/", "https://creativecommons.org/")

# rdflib knows every term of these; WGS84 stands there under https, which is not its namespace.
CLOSED = {
    "dcat": namespace.DCAT,
    "dcterms": namespace.DCTERMS,
    "foaf": namespace.FOAF,
    "geo": namespace.GEO,
    "org": namespace.ORG,
    "owl": namespace.OWL,
    "prov": namespace.PROV,
    "rdf": namespace.RDF,
    "rdfs": namespace.RDFS,
    "schema": namespace.SDO,
    "sh": namespace.SH,
    "skos": namespace.SKOS,
    "time": namespace.TIME,
    "void": namespace.VOID,
    "wgs": namespace.WGS,
    "xsd": namespace.XSD,
}

BROKEN_STYLE = {
    "a class has an IRI": "kg:thing a owl:Class ; {rest}",
    "a property has an IRI": "kg:Has a owl:ObjectProperty ; {rest}",
    "a scheme has an IRI": "kg:Mood a skos:ConceptScheme ; {rest}",
    "a concept has an IRI": "kg:moodGood a skos:Concept ; {rest}",
    "one English label": 'kg:Thing a owl:Class ; rdfs:label "sache"@de ; {rest}',
    "one English definition": 'kg:Thing a owl:Class ; rdfs:label "x"@en ; skos:definition "no full stop"@en .',
    "it is defined by this ontology": 'kg:Thing a owl:Class ; rdfs:label "thing"@en ; skos:definition "A thing."@en .',
    "at most one domain": "kg:has a owl:ObjectProperty ; rdfs:domain kg:Actor, kg:Place ; {rest}",
    "at most one range": "kg:has a owl:ObjectProperty ; rdfs:range kg:Actor, kg:Place ; {rest}",
    "no declared inverse": "kg:has a owl:ObjectProperty ; owl:inverseOf kg:voice ; {rest}",
    "a concept is in one scheme": 'kg:MoodGood a skos:Concept ; skos:prefLabel "x"@en ; {rest}',
    "preferred label is its label": 'kg:ActGood a skos:Concept ; skos:inScheme kg:Acts ; skos:prefLabel "y"@en ; {rest}',
    "a CAMEO code has": 'kg:Thing a owl:Class ; kg:cameoCode "21" ; {rest}',
    "a PLOVER code is": 'kg:Thing a owl:Class ; kg:ploverCode "Assault" ; {rest}',
    "an ACLED code is": 'kg:Thing a owl:Class ; kg:acledCode "12" ; {rest}',
}


@pytest.fixture(scope="session")
def ontology() -> Graph:
    return Graph().parse(ROOT / "ontology" / "news.ttl")


@pytest.fixture(scope="session")
def style() -> Graph:
    return Graph().parse(ROOT / "ontology" / "style.shapes.ttl")


@pytest.fixture(scope="session")
def foreign_terms() -> list[dict[str, str]]:
    with (ROOT / "ontology" / "foreign-terms.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def shared(*parts: str) -> Path:
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{'/'.join(('shared', *parts))}, the copy of what others define, is not beside this checkout")
    return path


def foreign_iris(path: Path) -> set[str]:
    terms = {term for triple in Graph().parse(path) for term in triple}
    iris = {str(term.datatype) if isinstance(term, Literal) else str(term) for term in terms if isinstance(term, URIRef | Literal)}
    return {iri for iri in iris if iri != "None" and not iri.startswith(OWN)}


# --- style, order, page


def test_each_term_is_written_in_the_style(ontology: Graph, style: Graph) -> None:
    conforms, _, text = pyshacl.validate(ontology, shacl_graph=style)
    assert conforms, text


@pytest.mark.parametrize(("message", "turtle"), BROKEN_STYLE.items(), ids=BROKEN_STYLE.keys())
def test_a_term_out_of_style_is_found(message: str, turtle: str, ontology: Graph, style: Graph) -> None:
    rest = f'rdfs:label "x"@en ; skos:definition "A thing."@en ; rdfs:isDefinedBy <{HOME}> .'
    broken = Graph().parse(data=PREFIXES + turtle.format(rest=rest))
    conforms, _, text = pyshacl.validate(ontology + broken, shacl_graph=style)
    assert not conforms
    assert message in text


def test_the_ontology_is_in_canonical_order() -> None:
    text = (ROOT / "ontology" / "news.ttl").read_text(encoding="utf-8")
    assert script("ontology_format").canonical(text) == text, "run make format"


def test_canonical_order_does_not_depend_on_the_order_read() -> None:
    prefixes, first, second = f"@prefix kg: <{KG}> .\n", "kg:a a kg:B ; kg:c kg:d, kg:e .\n", "kg:B kg:c kg:e .\n"
    canonical = script("ontology_format").canonical
    assert canonical(prefixes + first + second) == canonical(prefixes + second + "kg:a kg:c kg:e , kg:d .\nkg:a a kg:B .\n")


def test_canonical_order_refuses_a_blank_node() -> None:
    with pytest.raises(ValueError, match="blank node"):
        script("ontology_format").canonical(f"@prefix kg: <{KG}> . kg:a kg:b [] .")


def test_the_readers_page_says_what_the_ontology_says() -> None:
    module = script("ontology_page")
    assert module.PAGE.read_text(encoding="utf-8") == module.page(Graph(bind_namespaces="none").parse(module.ONTOLOGY)), "run make docs"


# --- what stands in it


def test_a_concept_carries_the_name_of_its_scheme(ontology: Graph) -> None:
    stems = {"Polarities": "Polarity", "Certainties": "Certainty", "Modalities": "Modality"}
    for concept, scheme in ontology.subject_objects(SKOS.inScheme):
        name = str(scheme).removeprefix(KG)
        assert str(concept).startswith(KG + stems.get(name, name.removesuffix("s"))), concept


def test_acts_that_assert_are_under_assert(ontology: Graph) -> None:
    assert set(ontology.subjects(SKOS.broader, KG.ActAssert)) == {KG.ActAnnounce, KG.ActClaim, KG.ActConfirm, KG.ActEstimate}


def test_only_concepts_are_matched_to_terms_of_others(ontology: Graph) -> None:
    for relation in (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch):
        for term in ontology.subjects(relation):
            assert (term, RDF.type, SKOS.Concept) in ontology, term


def test_nothing_is_the_same_as_anything(ontology: Graph) -> None:
    assert not list(ontology.subjects(OWL.sameAs))


def test_each_acled_code_is_one_of_acleds_names(ontology: Graph) -> None:
    names = (CASES / "acled-names.txt").read_text(encoding="utf-8").splitlines()  # types and sub-event types, after ACLED's codebook
    assert {str(code) for code in ontology.objects(None, KG.acledCode)} <= set(names)


def test_each_role_is_a_role_of_sem(ontology: Graph) -> None:
    sem = Namespace("http://semanticweb.cs.vu.nl/2009/11/sem/")
    roles = {*ontology.subjects(RDFS.subPropertyOf, sem.hasActor), *ontology.subjects(RDFS.subPropertyOf, sem.hasPlace)}
    assert {str(role).removeprefix(KG) for role in roles} == set(get_args(RoleName))


# --- what it takes from others


@pytest.mark.parametrize("file", TURTLE_FILES)
def test_each_foreign_term_is_in_the_list(file: str, foreign_terms: list[dict[str, str]]) -> None:
    missing = foreign_iris(ROOT / file) - {row["iri"] for row in foreign_terms}
    assert not missing, f"{file} uses terms that ontology/foreign-terms.tsv does not list: {sorted(missing)}"


def test_the_list_of_foreign_terms_is_in_order(foreign_terms: list[dict[str, str]]) -> None:
    keys = [(row["prefix"], row["iri"]) for row in foreign_terms]
    assert keys == sorted(set(keys))


def test_each_foreign_term_is_defined_in_rdflibs_namespace(foreign_terms: list[dict[str, str]]) -> None:
    for row in foreign_terms:
        if row["prefix"] in CLOSED:
            name = row["iri"].rpartition("#" if "#" in row["iri"] else "/")[2]
            assert name in CLOSED[row["prefix"]], row["iri"]


def test_each_namespace_is_the_one_rdflib_knows(foreign_terms: list[dict[str, str]]) -> None:
    for row in foreign_terms:
        if row["prefix"] in CLOSED:
            iri = row["iri"].replace("http:", "https:") if row["prefix"] == "wgs" else row["iri"]
            assert iri.startswith(str(CLOSED[row["prefix"]])), row["iri"]


def test_each_other_foreign_term_is_defined_by_its_vocabulary(foreign_terms: list[dict[str, str]]) -> None:
    with shared("vocab", "terms.tsv").open(encoding="utf-8", newline="") as lines:
        kinds = {row["term"]: row["kind"] for row in csv.DictReader(lines, delimiter="\t")}
    for row in foreign_terms:
        if row["prefix"] not in CLOSED:
            assert kinds.get(row["iri"]) == row["kind"], row["iri"]


def test_each_cameo_and_plover_code_is_in_the_conversion_table(ontology: Graph) -> None:
    lines = shared("vocab", "cameo2plover-2021.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.partition("#")[0].partition(":") for line in lines if line[:1].isdigit()]
    cells = {code: [cell.strip() for cell in rest.split(",")] for code, _, rest in rows}
    modes = {(types[0], types[1]) for types in cells.values() if len(types) > 1}
    for term in {*ontology.subjects(KG.cameoCode), *ontology.subjects(KG.ploverCode)}:
        types = [str(value) for value in ontology.objects(term, KG.ploverCode)]
        assert set(types) <= {row[0] for row in cells.values()}, term
        assert all(any((kind, str(mode)) in modes for kind in types) for mode in ontology.objects(term, KG.ploverMode)), term
        # 01 and 02 are CAMEO's statements and appeals, which PLOVER drops, so that the table lacks them.
        assert all(str(code) in cells or str(code)[:2] in ("01", "02") for code in ontology.objects(term, KG.cameoCode)), term


def test_the_tree_of_classes_is_the_one_agreed(ontology: Graph) -> None:
    with shared("design", "kinds.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            parents = {
                str(parent).removeprefix(KG) for parent in ontology.objects(KG[row["kind"]], RDFS.subClassOf) if str(parent).startswith(KG)
            }
            assert (KG[row["kind"]], RDF.type, OWL.Class) in ontology, row["kind"]
            assert parents == set(row["parents"].split()), row["kind"]
