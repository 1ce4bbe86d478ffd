"""Who may import whom: third-party libraries have known homes, stages do not know each other."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted(path.relative_to(ROOT).as_posix() for folder in ("kg", "server") for path in (ROOT / folder).rglob("*.py"))

# Library -> the files or folders that may import it.
HOMES = {
    "spacy": {"kg/extract"},
    "numpy": {"kg/extract/parse.py", "kg/extract/recogniser.py"},
    "onnxruntime": {"kg/extract/recogniser.py"},
    "msgspec": {"kg/records.py", "kg/lexicon.py", "kg/articles.py", "kg/pipeline.py", "kg/filters.py", "kg/cli.py",
                "kg/statistics.py", "server/reading.py", "server/answers.py", "server/query_log.py"},
    "pyoxigraph": {"kg/vocab.py", "kg/rdf.py", "kg/derived.py", "kg/lines.py", "kg/literals.py", "kg/terminal.py",  # makes and shows terms
                   "server",
                   "kg/validate.py", "kg/oracle.py", "kg/shapes.py", "kg/violations.py", "kg/inspection.py",  # the gate
                   "kg/statistics.py", "kg/store.py", "kg/generations.py", "kg/publish.py", "kg/dump.py", "kg/mapping.py",
                   "kg/identity.py"},  # the store
    "pyshacl": {"kg/oracle.py"},
    "rdflib": {"kg/oracle.py"},
    "shacl": {"kg/shapes.py"},
    "trafilatura": {"kg/articles.py", "kg/article_html.py"},
    "click": {"kg/cli.py", "kg/asking.py", "kg/catalogue_commands.py", "kg/judging.py", "kg/filters.py", "kg/options.py", "kg/serving.py",
              "kg/terminal.py"},
    "rich": {"kg/terminal.py"},
    "flask": {"server"},
    "werkzeug": {"server"},
    "uvicorn": {"server/connections.py"},
    "a2wsgi": {"server"},
    "zstandard": {"server/reading.py", "server/caching.py"},
    "prometheus_client": {"server/metrics.py"},
}  # fmt: skip
STAGES = {"kg.articles", "kg.extract", "kg.link", "kg.rdf", "kg.validate", "kg.store"}
JOINERS = {
    "kg/pipeline.py",
    "kg/building.py",
    "kg/mapping.py",
    "kg/identity.py",
    "kg/decisions.py",
    "kg/judging.py",
    "kg/opening.py",
    "kg/publish.py",
    "kg/filters.py",
    "kg/cli.py",
    "kg/terminal.py",
}
SERVER_MAY = {
    "kg",
    "kg.candidates",
    "kg.catalogue",
    "kg.dump",
    "kg.folding",
    "kg.generations",
    "kg.globe",
    "kg.iris",
    "kg.lexicon",
    "kg.limits",
    "kg.resources",
    "kg.statistics",
    "kg.store",
    "kg.vocab",
}


def imports(path: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", FILES)
def test_libraries_are_imported_at_home_only(path: str) -> None:
    strangers = {
        name
        for name in {module.partition(".")[0] for module in imports(path)}
        if name in HOMES and not any(path == home or path.startswith(home + "/") for home in HOMES[name])
    }
    assert not strangers


@pytest.mark.parametrize("path", [path for path in FILES if path.startswith("kg/") and path not in JOINERS])
def test_a_stage_does_not_import_another_stage(path: str) -> None:
    own = "kg.extract" if path.startswith("kg/extract/") else path.removesuffix(".py").replace("/", ".")
    others = {stage for module in imports(path) for stage in STAGES if module == stage or module.startswith(stage + ".")}
    assert others <= {own}


@pytest.mark.parametrize("path", [path for path in FILES if path.startswith("server/")])
def test_server_imports_what_reads_the_graph_only(path: str) -> None:
    assert {module for module in imports(path) if module.startswith("kg")} <= SERVER_MAY


def test_importing_kg_loads_no_heavy_library() -> None:
    assert imports("kg/__init__.py") == set()


@pytest.mark.parametrize("path", FILES)
def test_a_file_has_at_most_300_lines(path: str) -> None:
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", FILES)
def test_nothing_reads_the_clock_or_throws_dice(path: str) -> None:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not called & {"now", "utcnow", "today", "time_ns", "uuid1", "uuid4", "urandom"}
    assert not imports(path) & {"random", "secrets", "uuid"}
    # A server measures how long things take; what time it is stands in nothing that is written.
    measures = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "time"}
    assert "time" not in imports(path) or (path.startswith("server/") and measures <= {"monotonic", "clock_gettime"})  # of a process' CPU
