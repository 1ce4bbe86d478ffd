"""The one writer: whole changes or none, published before they are answered, and no process left behind."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import DefaultGraph, NamedNode

from kg.cli import main
from kg.generations import open_current
from kg.iris import DEFAULT_BASE
from kg.publish import publish
from kg.store import BadStore, Store, StoreBusy, is_written
from kg.validate import Gate
from server.changes import GraphChange, Part
from server.writer import ChangeEnded, ChangeRefused, Writer, WriterBusy

BASE = "http://a.example/"
MEMORY = 300_000_000
NUMBERS = " ".join(str(number) for number in range(3_000))
ENDLESS = (
    "INSERT { <a:x> <a:y> ?n } WHERE { SELECT (COUNT(*) AS ?n) "
    f"{{ VALUES ?a {{ {NUMBERS} }} VALUES ?b {{ {NUMBERS} }} VALUES ?c {{ {NUMBERS} }} }} }}"
)


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writer]:
    opened = Writer(tmp_path_factory.mktemp("written") / "store", deadline=20, wait=20, memory=MEMORY)
    yield opened
    opened.close()


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[Writer]:
    opened = Writer(tmp_path / "store", deadline=0.5, wait=0.2, memory=MEMORY)
    yield opened
    opened.close()


def folder(writer: Writer) -> Path:
    return writer._path


def triples(writer: Writer, graph: str | None = None) -> set[str]:
    node = NamedNode(graph) if graph else DefaultGraph()
    return {str(quad.triple) for quad in open_current(folder(writer)).graphs.quads_for_pattern(None, None, None, node)}


def put(writer: Writer, graph: str | None, *documents: str, method: str = "PUT") -> bool:
    parts = tuple(Part(document.encode(), "text/turtle") for document in documents)
    return writer.change_graph(GraphChange(method, graph, parts, BASE)).created  # type: ignore[arg-type]


def test_an_empty_store_is_made_where_none_is(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "new", deadline=5, wait=5, memory=MEMORY)
    assert open_current(tmp_path / "new").number == 1 and not is_written(tmp_path / "new")
    writer.close()
    Store(tmp_path / "new", base=DEFAULT_BASE, text="evidence").close()


def test_an_update_is_published_when_it_returns(writer: Writer) -> None:
    writer.update("CLEAR ALL ; INSERT DATA { <a:s> <a:p> <rel> . GRAPH <a:g> { <a:s> <a:p> 2 } }", BASE)
    assert triples(writer, "a:g") == {'<a:s> <a:p> "2"^^<http://www.w3.org/2001/XMLSchema#integer>'}
    assert "<a:s> <a:p> <http://a.example/rel>" in triples(writer)
    assert is_written(folder(writer))


def test_the_union_holds_both_the_default_graph_and_the_named_graphs(writer: Writer) -> None:
    writer.update("CLEAR ALL ; INSERT DATA { <a:s> <a:p> 'own' . GRAPH <a:g> { <a:s> <a:p> 'named' } }", BASE)
    assert triples(writer) == {'<a:s> <a:p> "own"', '<a:s> <a:p> "named"'}
    assert open_current(folder(writer)).default_graph() == b'<a:s> <a:p> "own" .\n'


def test_an_empty_default_graph_leaves_no_file(writer: Writer) -> None:
    writer.update("CLEAR ALL ; INSERT DATA { GRAPH <a:g> { <a:s> <a:p> 'named' } }", BASE)
    generation = open_current(folder(writer))
    assert generation.default_graph() == b"" and generation.folder
    assert not list(generation.folder.glob("*.nt"))


@pytest.mark.parametrize(
    ("update", "reason"),
    [
        ("INSERT DATA { <a:new> <a:p> ", "syntax"),
        ("INSERT DATA { <a:new> <a:p> 1 } ; CREATE GRAPH <a:there>", "impossible"),
        ("INSERT DATA { <a:new> <a:p> 1 } ; CLEAR GRAPH <a:not-there>", "impossible"),
    ],
)
def test_what_fails_leaves_the_store_as_it_was(writer: Writer, update: str, reason: str) -> None:
    writer.update("CREATE SILENT GRAPH <a:there>", BASE)
    before = open_current(folder(writer)).number, triples(writer)
    with pytest.raises(ChangeRefused) as refused:
        writer.update(update, BASE)
    assert refused.value.reason == reason
    assert (open_current(folder(writer)).number, triples(writer)) == before


def test_a_syntax_error_tells_line_and_column_and_no_path(writer: Writer) -> None:
    with pytest.raises(ChangeRefused, match="at 2:4: expected") as refused:
        writer.update("INSERT DATA {\n} }", BASE)
    assert str(folder(writer)) not in str(refused.value)


def test_a_put_graph_is_what_was_put(writer: Writer) -> None:
    assert put(writer, "a:put", "<a:s> <a:p> 1 .") is True
    assert put(writer, "a:put", "<a:s> <a:p> [ <a:q> 'it''s $graph' ] .".replace("''", "\\'"), "<rel> <a:p> 2 .") is False
    found = triples(writer, "a:put")
    assert len(found) == 3 and not any('"1"' in triple for triple in found)
    assert any("it's $graph" in triple for triple in found) and any("<http://a.example/rel>" in triple for triple in found)


def test_blank_nodes_of_two_documents_stay_two(writer: Writer) -> None:
    put(writer, "a:blank", "_:b <a:p> 1 .", "_:b <a:p> 2 .")
    put(writer, "a:blank", "_:b <a:p> 3 .", method="POST")
    assert len({triple.split(" ")[0] for triple in triples(writer, "a:blank")}) == 3


def test_an_empty_document_makes_an_empty_graph(writer: Writer) -> None:
    assert put(writer, "a:empty", "") and put(writer, "a:empty-too", "", method="POST")
    generation = open_current(folder(writer))
    assert all(generation.graphs.contains_named_graph(NamedNode(graph)) for graph in ("a:empty", "a:empty-too"))


def test_a_document_that_does_not_parse_leaves_the_graph(writer: Writer) -> None:
    put(writer, "a:kept", "<a:s> <a:p> 1 .")
    with pytest.raises(ChangeRefused, match="line 1"):
        put(writer, "a:kept", "<a:s> <a:p> 2 .", "<a:s> <a:p>")
    assert len(triples(writer, "a:kept")) == 1


def test_a_new_graph_gets_the_same_name_for_the_same_bytes_and_never_one_that_is_there(writer: Writer) -> None:
    change = GraphChange("POST", "http://a.example/new/", (Part(b"<a:s> <a:p> 1 .", "text/turtle"),), BASE, is_minted=True)
    first, second = writer.change_graph(change), writer.change_graph(change)
    assert first.created and second.created and second.graph == f"{first.graph}-2"


def test_what_is_not_there_cannot_be_removed(writer: Writer) -> None:
    with pytest.raises(ChangeRefused, match="there is no graph a:nowhere"):
        writer.change_graph(GraphChange("DELETE", "a:nowhere", (), BASE))


def test_many_threads_write_one_after_another(writer: Writer) -> None:
    writer.update("CLEAR ALL", BASE)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: writer.update(f"INSERT DATA {{ <a:s> <a:p> {number} }}", BASE), range(8)))
    assert len(triples(writer)) == 8


def test_an_update_is_ended_at_the_deadline_and_the_next_one_works(impatient: Writer) -> None:
    impatient.update("INSERT DATA { <a:s> <a:p> 1 }", BASE)
    started = time.monotonic()
    with pytest.raises(ChangeEnded, match=r"longer than 0\.5 seconds"):
        impatient.update(f"INSERT DATA {{ <a:s> <a:p> 2 }} ; {ENDLESS}", BASE)
    assert time.monotonic() - started < 3
    impatient.update("INSERT DATA { <a:s> <a:p> 3 }", BASE)
    assert len(triples(impatient)) == 2


def test_an_update_that_takes_too_much_memory_is_ended(writer: Writer) -> None:
    many = " ".join(f"<http://a.example/{number}>" for number in range(2_000))
    with pytest.raises(ChangeEnded, match="memory"):
        writer.update(f"INSERT {{ ?a <a:p> ?b }} WHERE {{ VALUES ?a {{ {many} }} VALUES ?b {{ {many} }} }}", BASE)
    writer.update("INSERT DATA { <a:s> <a:p> 'after' }", BASE)


def test_a_change_that_is_nested_too_deeply_is_refused(writer: Writer) -> None:
    with pytest.raises(ChangeRefused, match="nested too deeply"):
        writer.update("INSERT {} WHERE " + "{" * 50_000 + "}" * 50_000, BASE)


def test_who_waits_too_long_is_sent_away(impatient: Writer) -> None:
    with ThreadPoolExecutor(1) as other:
        endless = other.submit(impatient.update, ENDLESS, BASE)
        time.sleep(0.1)
        with pytest.raises(WriterBusy, match="nothing was changed"):
            impatient.update("INSERT DATA { <a:s> <a:p> 1 }", BASE)
        assert isinstance(endless.exception(), ChangeEnded)


def test_a_writer_that_was_killed_is_followed_by_another(writer: Writer) -> None:
    writer.update("CLEAR ALL ; INSERT DATA { <a:s> <a:p> 1 }", BASE)
    writer._process.kill()
    writer._process.wait()
    writer.update("INSERT DATA { <a:s> <a:p> 2 }", BASE)
    assert len(triples(writer)) == 2


def test_nobody_else_can_write_meanwhile(writer: Writer) -> None:
    with pytest.raises(StoreBusy, match="another process writes to this store"):
        Store(folder(writer), base=DEFAULT_BASE, text="evidence")
    with pytest.raises(BadStore, match="another process writes to this store"):
        Writer(folder(writer), deadline=1, wait=1, memory=MEMORY)


def test_a_store_with_a_build_cut_off_is_not_written_to(tmp_path: Path) -> None:
    Store(tmp_path, base=DEFAULT_BASE, text="evidence").touch()
    with pytest.raises(BadStore, match="kg info"):
        Writer(tmp_path, deadline=1, wait=1, memory=MEMORY)


def test_what_was_stored_and_not_published_is_published_at_the_next_start(tmp_path: Path) -> None:
    Writer(tmp_path, deadline=5, wait=5, memory=MEMORY).close()
    store = Store(tmp_path, base=DEFAULT_BASE, text="evidence")
    store.begin_write()
    store.graphs.update("INSERT DATA { <a:s> <a:p> 1 }")
    store.close()
    assert open_current(tmp_path).number == 1
    Writer(tmp_path, deadline=5, wait=5, memory=MEMORY).close()
    assert len(list(open_current(tmp_path).graphs)) == 1 and is_written(tmp_path)


OWNER = """
import sys, time
from pathlib import Path
from server.writer import Writer
writer = Writer(Path(sys.argv[1]), deadline=60, wait=1, memory=300_000_000)
print(writer._process.pid, flush=True)
writer.update(sys.argv[2], "http://a.example/") if sys.argv[2] else time.sleep(60)
"""


@pytest.mark.parametrize("update", ["", ENDLESS])
def test_the_writer_ends_with_a_web_process_that_is_killed(tmp_path: Path, update: str) -> None:
    with subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path), update], stdout=subprocess.PIPE) as owner:
        pid = int(owner.stdout.readline())  # type: ignore[union-attr]
        time.sleep(0.3)
        owner.send_signal(signal.SIGKILL)
    assert eventually(lambda: can_be_opened(tmp_path)), f"process {pid} holds the store"


def can_be_opened(path: Path) -> bool:
    try:
        Store(path, base=DEFAULT_BASE, text="evidence").close()
    except StoreBusy:
        return False
    return True


def eventually(condition: Callable[[], bool]) -> bool:
    for _ in range(50):
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_info_says_that_a_store_was_written_to(writer: Writer) -> None:
    writer.update("INSERT DATA { <a:s> <a:p> 1 }", BASE)
    shown = CliRunner().invoke(main, ["info", "--store", str(folder(writer))])
    assert shown.exit_code == 0 and "not checked against the shapes" in " ".join(shown.output.split())


def test_a_later_build_leaves_what_was_written(tmp_path: Path) -> None:
    writer = Writer(tmp_path, deadline=5, wait=5, memory=MEMORY)
    writer.update("INSERT DATA { <a:s> <a:p> 1 . GRAPH <a:g> { <a:s> <a:p> 2 } }", BASE)
    writer.close()
    store = Store(tmp_path, base=DEFAULT_BASE, text="evidence")
    publish(store, Gate())
    store.close()
    generation = open_current(tmp_path)
    assert generation.default_graph().startswith(b"<a:s> <a:p>") and NamedNode("a:g") in generation.union
