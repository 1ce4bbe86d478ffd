"""The guard between the ontology and all that speaks of its terms: each term used is defined, each term defined is used."""

import ast
import copy
import csv
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from kg.records import RoleName
from kg.vocab import FOREIGN, KG, KG_NAMESPACE, read_foreign_terms

ROOT = Path(__file__).parent.parent
CODE = sorted([*(ROOT / "kg").rglob("*.py"), *(ROOT / "server").rglob("*.py")])
SHAPES = sorted((ROOT / "shapes").glob("*.ttl"))
QUERIES = sorted((ROOT / "data" / "queries").glob("*.rq"))
TABLES = sorted((ROOT / "data" / "lexicon").glob("*.csv"))
ONTOLOGY = ROOT / "ontology" / "news.ttl"

# What a cell of a lexicon's column adds to its prefix is the name of a term.
TERM_COLUMNS = {
    "kind": "",
    "role": "",
    "act": "Act",
    "negated_act": "Act",
    "certainty": "Certainty",
    "caution": "Caution",
    "modality": "Modality",
    "polarity": "Polarity",
}
TREES = ("Actor", "Place", "Work", "Event")


def names_in_code(path: Path) -> Iterator[str]:
    """Yield each `KG.name` and `KG["name"]` of a file; a name built at run time, `KG[f"Act{act}"]`, gives `Act…`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "KG" and node.attr != "ancestors":
            yield node.attr
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "KG":
            yield from _names_in_key(node.slice)


def _names_in_key(key: ast.expr) -> Iterator[str]:
    if isinstance(key, ast.Constant):
        yield str(key.value)
    elif isinstance(key, ast.JoinedStr) and isinstance(key.values[0], ast.Constant):
        yield f"{key.values[0].value!s}…"
    elif isinstance(key, ast.BinOp) and isinstance(key.left, ast.Constant):
        yield f"{key.left.value!s}…"


def names_in_turtle(path: Path) -> set[str]:
    """Return the names of our namespace in a Turtle file, but for those that the file gives a type to itself."""
    quads = list(parse(path=str(path), format=RdfFormat.TURTLE))
    terms = {term for quad in quads for term in (quad.subject, quad.predicate, quad.object) if isinstance(term, NamedNode)}
    own = {quad.subject for quad in quads if quad.predicate.value.endswith("#type")}
    return {term.value.removeprefix(KG_NAMESPACE) for term in terms - own if term.value.startswith(KG_NAMESPACE)}


def names_in_text(path: Path) -> set[str]:
    """Return the names after `kg:` or after the namespace in a query or a page."""
    return set(re.findall(rf"(?:\bkg:|{re.escape(KG_NAMESPACE)})([A-Za-z]+)", path.read_text(encoding="utf-8")))


def names_in_table(path: Path) -> set[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            TERM_COLUMNS[column] + cell for row in csv.DictReader(lines) for column, cell in row.items() if column in TERM_COLUMNS and cell
        }


def foreign_names_in_query(path: Path) -> Iterator[tuple[str, str]]:
    """Yield namespace and name of each prefixed name that is not ours."""
    text = re.sub(r"<[^>]*>|#.*", lambda match: match[0] if match[0].startswith("<") else "", path.read_text(encoding="utf-8"))
    namespaces = dict(re.findall(r"PREFIX\s+(\w+):\s*<([^>]*)>", text, re.IGNORECASE))
    for prefix, name in re.findall(r"\b(\w+):([A-Za-z]\w*)", text):
        if namespaces.get(prefix, KG_NAMESPACE) != KG_NAMESPACE:
            yield namespaces[prefix], name


def is_defined(name: str) -> bool:
    if name.endswith("…"):
        return any(term.startswith(name.removesuffix("…")) for term in KG)
    return name in KG


# --- the vocabulary itself


def test_a_term_is_an_attribute() -> None:
    assert KG.ReportedStatement == NamedNode(KG_NAMESPACE + "ReportedStatement")
    assert KG["source"] is KG.source


def test_a_term_that_is_not_defined_is_an_error_with_a_hint() -> None:
    with pytest.raises(AttributeError, match=r"'ReportedStatment' \(did you mean ReportedStatement\?\); terms stand in ontology/news.ttl"):
        _ = KG.ReportedStatment


def test_a_vocabulary_knows_what_it_holds() -> None:
    assert "Seizure" in KG
    assert "Seizures" not in KG
    assert list(KG) == sorted(KG)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda vocabulary: pickle.loads(pickle.dumps(vocabulary))])
def test_a_vocabulary_can_be_copied(copied) -> None:  # type: ignore[no-untyped-def]
    assert copied(KG).source == KG.source


def test_the_ancestors_of_a_class_are_all_its_superclasses_here() -> None:
    assert KG.ancestors("Assassination") == {"Assassination", "Attack", "Conflict", "Killing", "Death", "Casualty", "Event"}


def test_a_term_of_others_is_an_attribute_if_it_is_listed() -> None:
    assert FOREIGN["prov"].wasRevisionOf == NamedNode("http://www.w3.org/ns/prov#wasRevisionOf")
    with pytest.raises(AttributeError, match=r"ontology/foreign-terms\.tsv"):
        _ = FOREIGN["prov"].wasRevisedFrom


def test_a_listed_term_outside_the_namespace_of_its_prefix_is_an_error(tmp_path: Path) -> None:
    table = tmp_path / "foreign-terms.tsv"
    table.write_text("prefix\tiri\tkind\na\thttps://example.org/a#x\tClass\na\thttps://example.org/b#y\tClass\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"foreign-terms\.tsv:3: https://example\.org/b#y"):
        read_foreign_terms(table)


# --- each term used is defined


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_term_in_code_is_defined(path: Path) -> None:
    assert [name for name in names_in_code(path) if not is_defined(name)] == []


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.name)
def test_each_term_in_a_shape_is_defined(path: Path) -> None:
    assert [name for name in names_in_turtle(path) if not is_defined(name)] == []


@pytest.mark.parametrize("path", [*QUERIES, ROOT / "docs" / "mapping.md"], ids=lambda path: path.name)
def test_each_term_in_a_query_or_in_the_mapping_is_defined(path: Path) -> None:
    assert [name for name in sorted(names_in_text(path)) if not is_defined(name)] == []


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_each_term_in_a_lexicon_is_defined(path: Path) -> None:
    assert [name for name in sorted(names_in_table(path)) if not is_defined(name)] == []


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.name)
def test_each_foreign_term_in_a_query_is_listed(path: Path) -> None:
    listed = {(vocabulary.namespace, name) for vocabulary in FOREIGN.values() for name in vocabulary}
    assert set(foreign_names_in_query(path)) - listed == set()


# --- each term defined is used


def test_each_term_is_used() -> None:
    """By code, a shape, a lexicon row, or a query; a term of a tree of classes or of a scheme is used with its tree or scheme."""
    quads = list(parse(path=str(ONTOLOGY), format=RdfFormat.TURTLE))
    used = {name for path in CODE for name in names_in_code(path)} | set(get_args(RoleName))
    used = used.union(*map(names_in_turtle, SHAPES), *map(names_in_text, QUERIES), *map(names_in_table, TABLES))
    used.update(quad.predicate.value.removeprefix(KG_NAMESPACE) for quad in quads)  # codes stand on the terms themselves
    for quad in quads:
        name, predicate = quad.subject.value.removeprefix(KG_NAMESPACE), quad.predicate.value.rpartition("#")[2]
        if predicate == "deprecated":
            used.add(name)
        if predicate == "inScheme":
            used.update((name, quad.object.value.removeprefix(KG_NAMESPACE)))
    unused = [name for name in KG if name not in used and not KG.ancestors(name) & set(TREES)]
    assert unused == [], "remove what nobody uses, or use it"
