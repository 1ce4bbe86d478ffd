"""The commands as people type them: filters joined by pipes, exit codes, messages that say what to do."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg.dump import write_dump
from kg.generations import open_current
from kg.iris import DEFAULT_BASE

pytestmark = pytest.mark.model
KG = str(Path(sys.executable).with_name("kg"))
NEWS = "The mayor of Bergen said on Monday that the ferry had sunk. “Nobody was hurt,” she added.\n"


def kg(*arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([KG, *map(str, arguments)], input=stdin, capture_output=True, timeout=120)


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("news") / "ferry.txt"
    path.write_text(f"---\nid: ferry\npublished: 2022-03-01\n---\n{NEWS}", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def store(article: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "news"
    assert kg("build", article, "--store", path).returncode == 0
    return path


@pytest.fixture(scope="module")
def record(article: Path) -> bytes:
    """What `kg extract` prints of the article."""
    return kg("extract", article).stdout


def test_filters_in_a_row_make_the_graph_that_build_makes(article: Path, store: Path, tmp_path: Path) -> None:
    records = kg("extract", "--no-link", article).stdout
    quads = kg("validate", stdin=kg("map", stdin=kg("link", stdin=records).stdout).stdout).stdout
    (tmp_path / "piped").mkdir()
    assert kg("load", "--store", tmp_path / "piped", stdin=quads).returncode == 0
    assert kg("dump", "--store", tmp_path / "piped", "--format", "nq").stdout == kg("dump", "--store", store, "--format", "nq").stdout


def test_extract_prints_one_record_a_line(record: bytes) -> None:
    (printed,) = map(json.loads, record.splitlines())
    assert printed["article"]["id"] == "ferry"
    assert [statement["act"] for statement in printed["statements"]] == ["Assert", "Assert"]


def test_second_build_leaves_everything_alone(article: Path, store: Path) -> None:
    again = kg("build", article, "--store", store)
    assert again.returncode == 0 and b"nothing is new" in again.stderr


@pytest.mark.parametrize(
    ("form", "expected"),
    [("csv", b"act\r\nAssert"), ("tsv", b"?act\n"), ("json", b'"bindings"'), ("xml", b"<sparql"), ("table", b"2 rows")],
)
def test_query_answers_in_the_format_that_is_asked_for(store: Path, form: str, expected: bytes) -> None:
    text = 'PREFIX kg: <https://w3id.org/news-kg/ontology#> SELECT (STRAFTER(STR(?a), "#Act") AS ?act) { ?s kg:act ?a }'
    assert expected in kg("query", "--store", store, "--format", form, text).stdout


def test_query_builds_turtle_with_prefixes(store: Path) -> None:
    assert b"@prefix kg:" in kg("query", "--store", store, "CONSTRUCT WHERE { ?s ?p ?o }").stdout


def test_dump_is_written_whole_to_a_file(store: Path, tmp_path: Path) -> None:
    target = tmp_path / "news.ttl.gz"
    assert kg("dump", "--store", store, "-o", target).returncode == 0
    write_dump(open_current(store), "ttl", tmp_path / "other.ttl.gz", base=DEFAULT_BASE, stdout=sys.stdout.buffer)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("news")] == ["news.ttl.gz"]
    assert target.read_bytes() == (tmp_path / "other.ttl.gz").read_bytes()


def test_info_counts_and_lists(store: Path) -> None:
    assert b"reported statements" in kg("info", "--store", store).stdout
    assert kg("info", "--store", store, "--articles").stdout == b"ferry\n"


def test_remove_takes_an_article_out(store: Path, tmp_path: Path) -> None:
    shutil.copytree(store, tmp_path / "s")
    assert kg("info", "--store", tmp_path / "s", "--articles").stdout == b"ferry\n"
    removed = kg("remove", "--store", tmp_path / "s", "ferry", "no-such-id")
    assert removed.returncode == 1 and b"no-such-id: no article with this id" in removed.stderr
    assert kg("info", "--store", tmp_path / "s", "--articles").stdout == b""


def test_bad_articles_are_listed_and_the_rest_is_built(article: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(b"\x00\x01\x02")
    (tmp_path / "broken.jsonl").write_bytes(b'{"id": "a"\n{"id": "b", "text": "' + NEWS.strip().encode() + b'"}\n')
    built = kg("build", article, tmp_path, tmp_path / "absent", "--store", tmp_path / "store")
    assert built.returncode == 1
    message = built.stderr.decode()
    assert all(f"{name}: read: " in message for name in ("empty.txt", "binary.txt", "broken.jsonl:1", "absent"))
    assert kg("info", "--store", tmp_path / "store", "--articles").stdout.split() == [b"b", b"ferry"]


def test_standard_input_is_read(tmp_path: Path) -> None:
    row = json.dumps({"id": "piped", "text": NEWS}).encode()
    assert json.loads(kg("extract", "-", stdin=row).stdout)["article"]["id"] == "piped"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["query", "--store", "{store}"], "give a query"),
        (["query", "--store", "{store}", "SELECT"], "does not parse"),
        (["query", "--store", "{store}", "--format", "ttl", "ASK {}"], "gives a table"),
        (["dump", "--store", "{empty}"], "is no store"),
        (["query", "--store", "{empty}", "ASK {}"], "no published graph"),
        (["build", "x.txt", "--store", "{store}", "--text", "full"], "made with text 'evidence'"),
        (["remove", "--store", "{empty}", "x"], "is no store"),
    ],
)
def test_wrong_usage_says_what_to_do(store: Path, tmp_path: Path, arguments: list[str], message: str) -> None:
    folders = {"{store}": store, "{empty}": tmp_path}
    result = kg(*(folders.get(argument, argument) for argument in arguments))
    assert result.returncode == 2
    assert message in " ".join(result.stderr.decode().split())


def test_lines_that_are_no_records_are_failures(record: bytes) -> None:
    mapped = kg("map", stdin=b'{"article": 3}\n' + record)
    assert mapped.returncode == 1
    assert b"<stdin>:1: read: not an extraction record" in mapped.stderr and mapped.stdout


def test_help_names_every_command() -> None:
    text = kg("--help").stdout.decode()
    commands = {"build", "extract", "link", "map", "validate", "load", "query", "dump", "remove", "serve", "info"}
    assert all(f"\n  {command} " in text for command in commands)


def test_commands_that_need_no_model_do_not_load_it(store: Path) -> None:
    code = "import sys, kg.cli; kg.cli.main(['info', '--store', sys.argv[1]], standalone_mode=False); sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code, store], env=os.environ | {"COLUMNS": "100"}, capture_output=True).returncode == 0
