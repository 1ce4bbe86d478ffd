"""Dumps: sorted, the same graph for every tool that reads them, whole or not there."""

import gzip
import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse
from sample import extraction, later

from kg.dump import write_dump
from kg.generations import Generation, publish
from kg.rdf import quads

BASE = "https://w3id.org/news-kg/id/"


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    path = tmp_path_factory.mktemp("store")
    store = Store(str(path / "live"))
    record = extraction()
    for version in (record, extraction("b"), later(record, "2021-09-01", "ffffffffffff")):
        store.extend(quads(version))
    odd = 'say "no"\n\t\\ 東京 \U0001f600 \u0301 ^^<x> @en'
    store.add(Quad(NamedNode(BASE + "odd/(a)'b"), NamedNode(BASE + "p"), Literal(odd), NamedNode(BASE + "graph/odd")))
    store.add(Quad(NamedNode(BASE + "odd/c"), NamedNode(BASE + "p"), Literal(odd, language="en"), NamedNode(BASE + "graph/odd")))
    publish(store, path)
    return Generation(1, Store.read_only(str(path / "generations" / "000001")), "1-0")


def dumped(generation: Generation, form: str, folder: Path, suffix: str = "") -> Path:
    target = folder / f"dump.{form}{suffix}"
    write_dump(generation, form, target, base=BASE, stdout=io.BytesIO())  # type: ignore[arg-type]
    return target


def union_size(generation: Generation) -> int:
    return len(
        {
            (q.subject, q.predicate, q.object)
            for graph in generation.union
            for q in generation.graphs.quads_for_pattern(None, None, None, graph)
        }
    )


def test_turtle_holds_the_union(generation: Generation, tmp_path: Path) -> None:
    turtle = dumped(generation, "ttl", tmp_path)
    assert len(set(parse(path=str(turtle), format=RdfFormat.TURTLE))) == union_size(generation)
    assert len(rdflib.Graph().parse(turtle)) == union_size(generation)


@pytest.mark.parametrize("form", ["trig", "nq"])
def test_quad_formats_hold_every_graph(generation: Generation, tmp_path: Path, form: str) -> None:
    path = dumped(generation, form, tmp_path)
    expected = {q for graph in generation.graphs.named_graphs() for q in generation.graphs.quads_for_pattern(None, None, None, graph)}
    assert set(parse(path=str(path), format=RdfFormat.TRIG if form == "trig" else RdfFormat.N_QUADS)) == expected
    dataset = rdflib.Dataset()
    dataset.parse(path, format="trig" if form == "trig" else "nquads")
    assert len(list(dataset.quads())) == len(expected)


@pytest.mark.skipif(not shutil.which("rapper"), reason="rapper is not installed (Debian package raptor2-utils)")
def test_rapper_reads_as_many_triples(generation: Generation, tmp_path: Path) -> None:
    turtle = dumped(generation, "ttl", tmp_path)
    lines = subprocess.run(["rapper", "-q", "-i", "turtle", "-o", "ntriples", turtle], capture_output=True, check=True).stdout.splitlines()
    assert len(set(lines)) == union_size(generation)


def test_oxigraphs_own_program_reads_as_many_triples(generation: Generation, tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("oxigraph")
    turtle, store = dumped(generation, "ttl", tmp_path), tmp_path / "loaded"
    subprocess.run([program, "load", "--location", store, "--file", turtle], check=True, capture_output=True)
    assert len(Store.read_only(str(store))) == union_size(generation)


def test_gzipped_dump_is_the_dump(generation: Generation, tmp_path: Path) -> None:
    assert gzip.decompress(dumped(generation, "ttl", tmp_path, ".gz").read_bytes()) == dumped(generation, "ttl", tmp_path).read_bytes()
    assert dumped(generation, "nq", tmp_path, ".gz").read_bytes() == dumped(generation, "nq", tmp_path, ".gz").read_bytes()


def test_each_subject_has_one_block(generation: Generation, tmp_path: Path) -> None:
    starts = [line.split(" ")[0] for line in dumped(generation, "ttl", tmp_path).read_text().splitlines() if line[:1] not in ("", " ", "@")]
    assert len(starts) == len(set(starts))


def test_dump_to_standard_output_is_the_dump(generation: Generation, tmp_path: Path) -> None:
    stream = io.BytesIO()
    write_dump(generation, "ttl", None, base=BASE, stdout=stream)
    assert stream.getvalue() == dumped(generation, "ttl", tmp_path).read_bytes()


@settings(max_examples=40, deadline=None)
@given(words=st.text(st.characters(exclude_categories=["Cs"])), language=st.sampled_from([None, "en"]))
def test_any_words_survive(words: str, language: str | None, tmp_path_factory: pytest.TempPathFactory) -> None:
    store = Store()
    value = Literal(words, language=language) if language else Literal(words)
    store.add(Quad(NamedNode(BASE + "s"), NamedNode(BASE + "p"), value, NamedNode(BASE + "g")))
    path = dumped(Generation(1, store, "1-0"), "ttl", tmp_path_factory.mktemp("words"))
    assert [triple.object for triple in parse(path=str(path), format=RdfFormat.TURTLE)] == [value]
