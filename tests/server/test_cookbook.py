"""The query cookbook: every recipe explains itself and has an answer in the demo corpus; malformed headers are refused."""

import importlib.util
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, Store

from kg.generations import open_current
from kg.vocab import FOREIGN, KG, KG_NAMESPACE
from server.cookbook import Recipe, read_recipes, recipes

ROOT = Path(__file__).parent.parent.parent
FORMS = {"SELECT": QuerySolutions, "ASK": QueryBoolean, "CONSTRUCT": QueryTriples, "DESCRIBE": QueryTriples}
WKT = NamedNode("http://www.opengis.net/ont/geosparql#wktLiteral")
XSD = FOREIGN["xsd"]
HEADER = "# title: Who spoke?\n# description: Speakers.\n# shows: kg:source\n"
QUERY = "PREFIX kg: <https://w3id.org/news-kg/ontology#>\n\nSELECT ?who\nWHERE { ?statement kg:source ?who }\nORDER BY ?who\n"

each_recipe = pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: recipe.name)


@cache
def opened(path: Path) -> Store:
    return open_current(path).graphs


@pytest.fixture(scope="module")
def reloaded(demo_store: Path) -> Store:
    """The same quads in memory, put in from the last to the first."""
    store = Store()
    store.extend(sorted(opened(demo_store).quads_for_pattern(None, None, None, None), key=str, reverse=True))
    return store


def answer(store: Store, recipe: Recipe) -> list[str]:
    """Return the rows in their order, the triples sorted, or the yes or no of an answer."""
    found = store.query(recipe.text)
    assert isinstance(found, FORMS[recipe.form])
    if isinstance(found, QueryBoolean):
        return ["yes"] if found else []
    if isinstance(found, QueryTriples):
        return sorted(map(str, found))
    serialized = found.serialize(format=QueryResultsFormat.TSV)
    return (serialized or b"").decode("utf-8").splitlines()[1:]


# --- every recipe


def test_the_cookbook_holds_at_least_40_recipes_in_the_order_of_their_names() -> None:
    names = [recipe.name for recipe in recipes()]
    assert len(names) >= 40
    assert names == sorted(names)


def test_no_two_recipes_have_one_title() -> None:
    titles = [recipe.title for recipe in recipes()]
    assert sorted(titles) == sorted(set(titles))


@pytest.mark.model
@each_recipe
def test_recipe_has_an_answer_in_the_demo_corpus(recipe: Recipe, demo_store: Path) -> None:
    assert answer(opened(demo_store), recipe)


@pytest.mark.model
@each_recipe
def test_answer_does_not_depend_on_the_order_of_loading(recipe: Recipe, demo_store: Path, reloaded: Store) -> None:
    assert answer(reloaded, recipe) == answer(opened(demo_store), recipe)


@each_recipe
def test_recipe_has_a_short_title_and_one_or_two_sentences(recipe: Recipe) -> None:
    assert len(recipe.title) <= 70
    assert 1 <= len(re.findall(r"[.?!](?= [A-Z]|$)", recipe.description)) <= 2
    assert recipe.description[-1] in ".?!"
    assert recipe.shows[-1] != "."


@each_recipe
def test_rows_have_a_stated_order_and_no_query_names_its_graphs(recipe: Recipe) -> None:
    assert (recipe.form == "SELECT") == bool(re.search(r"^ORDER BY", recipe.text, re.MULTILINE))
    assert not re.search(r"^\s*FROM\b", recipe.text, re.MULTILINE)


@each_recipe
def test_recipe_speaks_of_terms_of_the_ontology_only(recipe: Recipe) -> None:
    assert f"PREFIX kg: <{KG_NAMESPACE}>" in recipe.text
    assert {name for name in re.findall(r"\bkg:(\w+)", f"{recipe.shows} {recipe.description} {recipe.text}") if name not in KG} == set()


@each_recipe
def test_every_prefix_is_used(recipe: Recipe) -> None:
    prefixes, body = re.findall(r"^PREFIX (\w+):", recipe.text, re.MULTILINE), re.sub(r"^PREFIX.*", "", recipe.text, flags=re.MULTILINE)
    assert [prefix for prefix in prefixes if prefix != "kg" and not re.search(rf"\b{prefix}:\w", body)] == []


@pytest.mark.model
@pytest.mark.parametrize("recipe", [recipe for recipe in recipes() if recipe.result == "map"], ids=lambda recipe: recipe.name)
def test_map_has_points_and_their_labels(recipe: Recipe, demo_store: Path) -> None:
    rows = opened(demo_store).query(recipe.text)
    assert isinstance(rows, QuerySolutions)
    for row in rows:
        point, label = row["wkt"], row["wktLabel"]
        assert isinstance(point, Literal) and isinstance(label, Literal)
        assert point.datatype == WKT
        assert (place := re.fullmatch(r"POINT\((-?[\d.]+) (-?[\d.]+)\)", point.value))
        assert abs(float(place[1])) <= 180 and abs(float(place[2])) <= 90
        assert label.value


@pytest.mark.model
@pytest.mark.parametrize("recipe", [recipe for recipe in recipes() if recipe.result == "timeline"], ids=lambda recipe: recipe.name)
def test_timeline_has_moments_and_their_labels(recipe: Recipe, demo_store: Path) -> None:
    rows = opened(demo_store).query(recipe.text)
    assert isinstance(rows, QuerySolutions)
    for row in rows:
        start, label = row["start"], row["label"]
        assert isinstance(start, Literal) and isinstance(label, Literal)
        assert start.datatype == XSD.dateTime
        assert label.value


def test_there_are_maps_timelines_graphs_and_questions_to_be_answered_with_yes() -> None:
    assert {recipe.result for recipe in recipes()} == {"table", "map", "timeline", "graph"}
    assert {recipe.form for recipe in recipes()} == set(FORMS)


@pytest.mark.model
def test_a_quarantined_article_is_counted(demo_store: Path) -> None:
    store, recipe = Store(), next(recipe for recipe in recipes() if recipe.name == "quarantine-count")
    version = next(opened(demo_store).quads_for_pattern(None, KG.outlet, None, None)).subject
    assert isinstance(version, NamedNode)
    quarantine = NamedNode(f"{version.value}/quarantine")
    report, result = NamedNode(f"{quarantine.value}/report"), NamedNode(f"{quarantine.value}/result")
    store.extend(
        [
            Quad(version, KG.outlet, Literal("The Fjordside Herald")),
            Quad(report, FOREIGN["rdf"].type, FOREIGN["sh"].ValidationReport, quarantine),
            Quad(report, FOREIGN["sh"].result, result, quarantine),
        ]
    )
    assert [line.split("\t")[1:] for line in answer(store, recipe)] == [["1", "1", "1"]]


# --- reading


def recipe_of(folder: Path, text: str) -> Recipe:
    (folder / "speakers.rq").write_text(text, encoding="utf-8")
    (recipe,) = read_recipes(folder)
    return recipe


def test_a_recipe_is_its_header_and_its_query(tmp_path: Path) -> None:
    assert recipe_of(tmp_path, HEADER + QUERY) == Recipe("speakers", "Who spoke?", "Speakers.", "kg:source", "table", QUERY, "SELECT")


@pytest.mark.parametrize(
    ("query", "result"),
    [
        (QUERY, "table"),
        ("ASK { ?s ?p ?o }", "table"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "graph"),
        ("DESCRIBE ?s\nWHERE { ?s ?p ?o }", "graph"),
    ],
)
def test_without_a_word_on_it_a_result_is_a_table_or_the_graph_that_is_made(tmp_path: Path, query: str, result: str) -> None:
    assert recipe_of(tmp_path, HEADER + query).result == result


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (QUERY, r"speakers\.rq:1: no header 'title'; write '# title: …' above the query"),
        ("", r"speakers\.rq:1: no header 'title'"),
        (HEADER.replace("# shows: kg:source\n", "") + QUERY, r"speakers\.rq:3: no header 'shows'"),
        (HEADER + "# title: Who else?\n" + QUERY, r"speakers\.rq:4: a second 'title'; leave one"),
        (HEADER.replace("Speakers.", "") + QUERY, r"speakers\.rq:2: '# description: ' is no header"),
        (HEADER + "# colour: red\n" + QUERY, r"speakers\.rq:4: '# colour: red' is no header; .* title, description, shows, result"),
        (
            HEADER + "# result: chart\n" + QUERY,
            r"speakers\.rq:4: result 'chart' does not fit a query with SELECT; write table, map, timeline",
        ),
        (HEADER + "# result: graph\n" + QUERY, r"speakers\.rq:4: result 'graph' does not fit a query with SELECT"),
        (HEADER + "# result: map\nCONSTRUCT WHERE { ?s ?p ?o }", r"speakers\.rq:4: result 'map' does not fit .* CONSTRUCT; write graph"),
        (HEADER + "PREFIX kg: <https://example.org/>\n", r"speakers\.rq:4: no line begins with SELECT, ASK, CONSTRUCT, DESCRIBE"),
    ],
)
def test_what_is_wrong_with_a_header_is_named_with_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        recipe_of(tmp_path, text)


# --- the page


def test_the_readers_page_says_what_the_queries_say() -> None:
    module = script("queries_page")
    assert module.PAGE.read_text(encoding="utf-8") == module.page(recipes()), "run make docs"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
