"""Writes a generation as sorted Turtle, TriG or N-Quads: the same graph gives the same bytes.

Oxigraph writes N-Triples natively; the lines are sorted outside memory and then laid out.
"""

import gzip
import heapq
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import chain, groupby
from pathlib import Path
from typing import BinaryIO, Literal, cast

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store

from kg.generations import Generation

Format = Literal["ttl", "trig", "nq"]
_LINES_IN_MEMORY = 400_000
_LINE = re.compile(rb"(<[^>]*>|_:\S+) (<[^>]*>) (.*)", re.DOTALL)
_TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_XSD_INTEGER = b"^^<http://www.w3.org/2001/XMLSchema#integer>"
PREFIXES = {
    "geo": "http://www.opengis.net/ont/geosparql#",
    "kg": "https://w3id.org/news-kg/ontology#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "wd": "http://www.wikidata.org/entity/",
    "wgs": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_PREFIXED = {namespace.encode(): prefix.encode() for prefix, namespace in PREFIXES.items()}
_LOCAL_NAME = re.compile(rb"[A-Za-z][A-Za-z0-9_-]*")
# What is not read as an address of its own, or as a way up, when it stands without the base.
_RELATIVE = re.compile(rb"(?!\.)[^:/?#]+(?:/(?!\.\.?(?:[/?#]|$))[^?#/]*)*(?:[?#].*)?", re.DOTALL)


def write_dump(generation: Generation, form: Format, output: Path | None, *, base: str, stdout: BinaryIO) -> None:
    """Write a dump to a file (gzipped if its name ends in .gz; whole or not at all) or to standard output.

    Turtle holds the union that queries see; TriG and N-Quads hold every graph, the live store's own default graph too.
    """
    if output is None:
        _write(generation, form, stdout.write, base)
        return
    part = output.with_name(output.name + ".part")
    with ExitStack() as files:
        file: BinaryIO = files.enter_context(part.open("wb"))
        if output.suffix == ".gz":
            file = files.enter_context(cast(BinaryIO, gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0)))
        _write(generation, form, file.write, base)
    part.replace(output)


def _write(generation: Generation, form: Format, write: Callable[[bytes], object], base: str) -> None:
    graphs = generation.graphs
    own = [line[:-3] for line in generation.default_graph().splitlines(keepends=True)]
    with tempfile.TemporaryDirectory(prefix="kg-dump-") as name:
        folder = Path(name)
        if form == "nq":
            named = (line + b" " + graph + b" .\n" for graph, line in _lines(graphs, graphs.named_graphs(), folder))
            for line in _sorted(chain((line + b" .\n" for line in own), named), folder):
                write(line)
            return
        write(_header(base))
        if form == "ttl":
            named = (line for _, line in _lines(graphs, generation.union, folder))
            triples = _sorted((line + b"\n" for line in chain(own, named)), folder)
            _write_blocks(_distinct(triples), write, base, indent=b"")
            return
        _write_blocks(_sorted((line + b"\n" for line in own), folder), write, base, indent=b"")
        for graph in sorted(graphs.named_graphs(), key=str):
            write(b"\n" + _term(str(graph).encode(), base.encode()) + b" {\n")
            triples = _sorted((line + b"\n" for _, line in _lines(graphs, [graph], folder)), folder)
            _write_blocks(triples, write, base, indent=b"  ")
            write(b"}\n")


def _lines(graphs: Store, names: Iterable[NamedNode | BlankNode], folder: Path) -> Iterator[tuple[bytes, bytes]]:
    """Yield each quad as its graph and its N-Triples line without the dot, graph by graph."""
    for name in names:
        graph = str(name).encode()
        with tempfile.TemporaryFile(dir=folder) as file:
            graphs.dump(file, format=RdfFormat.N_TRIPLES, from_graph=name)
            file.seek(0)
            for line in file:
                yield graph, line[:-3]


def _header(base: str) -> bytes:
    lines = [f"@base <{base}> .", *(f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in sorted(PREFIXES.items()))]
    return "\n".join([*lines, "", ""]).encode()


def _write_blocks(triples: Iterable[bytes], write: Callable[[bytes], object], base: str, *, indent: bytes) -> None:
    """Write one block a subject, its type first, from sorted N-Triples lines without dots."""
    base_bytes = base.encode()
    parsed = (cast(re.Match[bytes], _LINE.match(line.rstrip(b"\n"))).groups() for line in triples)
    for subject, group in groupby(parsed, key=lambda parts: parts[0]):
        predicates: dict[bytes, list[bytes]] = {}
        for _, predicate, value in group:
            predicates.setdefault(predicate, []).append(_term(value, base_bytes))
        ordered = sorted(predicates.items(), key=lambda item: (item[0] != _TYPE, item[0]))
        facts = [(b"a" if name == _TYPE else _term(name, base_bytes)) + b" " + b" , ".join(values) for name, values in ordered]
        write(indent + _term(subject, base_bytes) + b" " + (b" ;\n" + indent + b"    ").join(facts) + b" .\n")


def _term(term: bytes, base: bytes) -> bytes:
    """Return a term of N-Triples as it stands in Turtle."""
    if term.startswith(b"<"):
        iri = term[1:-1]
        cut = max(iri.rfind(b"#"), iri.rfind(b"/")) + 1
        prefix = _PREFIXED.get(iri[:cut])
        if prefix is not None and _LOCAL_NAME.fullmatch(iri[cut:]):
            return prefix + b":" + iri[cut:]
        rest = iri.removeprefix(base)
        return b"<" + rest + b">" if rest != iri and _RELATIVE.fullmatch(rest) else term
    if term.endswith(_XSD_INTEGER):
        return term[1 : -len(_XSD_INTEGER) - 1]
    if term.endswith(b">"):
        words, _, datatype = term.rpartition(b"^^")
        return words + b"^^" + _term(datatype, base)
    return term


def _distinct(lines: Iterable[bytes]) -> Iterator[bytes]:
    return (line for line, _ in groupby(lines))


def _sorted(lines: Iterable[bytes], folder: Path) -> Iterator[bytes]:
    """Sort any number of lines with bounded memory."""
    with ExitStack() as files:
        runs: list[Iterable[bytes]] = []
        chunk: list[bytes] = []
        for line in lines:
            chunk.append(line)
            if len(chunk) == _LINES_IN_MEMORY:
                chunk.sort()
                run = files.enter_context(tempfile.TemporaryFile(dir=folder))
                run.writelines(chunk)
                run.seek(0)
                runs.append(run)
                chunk = []
        chunk.sort()
        yield from heapq.merge(*runs, chunk)
