"""Published generations: read-only snapshots of a store, which readers open while the writer goes on.

A generation is a `backup()` of the live store (hard links) in a numbered folder; CURRENT names the newest. Readers
never open the live store: for a process other than the writer, that is undefined behaviour.

The default graph of queries is the union of all graphs but quarantine and superseded versions. A generation holds it
as a copy in Oxigraph's own default graph, which is empty in the live store: Oxigraph's union of named graphs does not
merge (a triple that stands in three graphs is found three times), and a list of graphs made a join over 1,500 of them
190 times slower (docs/decisions/0007).

Only what is written over HTTP can stand in the live store's own default graph. It belongs to the union too, and is kept
as N-Triples in the generation's folder, so that it can be told from the rest of the union.
"""

import io
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, RdfFormat
from pyoxigraph import Store as Oxigraph

from kg.iris import DEFAULT_BASE, QUARANTINE
from kg.statistics import read_statistics, statistics, write_statistics
from kg.vocab import FOREIGN, KG

_KEPT = 2
_COPIED_AT_A_TIME = 32_000_000  # bytes
_OWN_DEFAULT = "default-graph.nt"


class NotPublished(LookupError):
    """The store has no generation to read."""


@dataclass(frozen=True)
class Generation:
    """One published snapshot; `number` grows with each publication, `mark` differs where a store was made anew."""

    number: int
    graphs: Oxigraph
    mark: str
    folder: Path | None = None

    @cached_property
    def union(self) -> tuple[NamedNode, ...]:
        """The graphs of the default graph of queries and dumps: all but quarantine and superseded versions."""
        return union_graphs(self.graphs)

    @cached_property
    def base(self) -> str:
        """The base of the generation's IRIs, which its data set's IRI tells."""
        datasets = self.graphs.quads_for_pattern(None, FOREIGN["rdf"].type, FOREIGN["void"].Dataset, DefaultGraph())
        iris = sorted(quad.subject.value for quad in datasets if isinstance(quad.subject, NamedNode))
        return iris[0].removesuffix("dataset") if iris else DEFAULT_BASE

    def default_graph(self) -> bytes:
        """Return the live store's own default graph as N-Triples; nothing is in it where only articles were built.

        FileNotFoundError where the generation was removed meanwhile, because newer ones are there.
        """
        if self.folder is None:
            return b""
        path = self.folder / _OWN_DEFAULT
        if not self.folder.exists():
            raise FileNotFoundError(f"generation {self.number} is there no more; open the newest")
        return path.read_bytes() if path.exists() else b""

    def query(self, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Evaluate a query over the union; SyntaxError when it does not parse."""
        return self.graphs.query(text)

    def counts(self) -> dict[str, int]:
        """Return how much the graph holds of what people ask for first; counted only where it was not when it was published."""
        asked = {
            "articles": KG.currentVersion,
            "reported statements": KG.act,
            "event mentions": KG.eventClass,
            "events": KG.evidencedBy,
            "superseded versions": KG.supersededBy,
        }
        counted = read_statistics(self.folder) if self.folder else None
        known = {term.iri: term.subjects for term in counted.properties} if counted else {}
        found = {label: known[term.value] if term.value in known else self._subjects(term) for label, term in asked.items()}
        found["graphs in quarantine"] = sum(1 for graph in self.graphs.named_graphs() if str(graph).endswith(f"{QUARANTINE}>"))
        return found

    def _subjects(self, term: NamedNode) -> int:
        return len({quad.subject for quad in self.graphs.quads_for_pattern(None, term, None, DefaultGraph())})


def union_graphs(graphs: Oxigraph) -> tuple[NamedNode, ...]:
    """Return the named graphs that are neither quarantine nor superseded versions, sorted."""
    superseded = {quad.subject for quad in graphs.quads_for_pattern(None, KG.supersededBy, None, None)}
    named = (graph for graph in graphs.named_graphs() if isinstance(graph, NamedNode))
    return tuple(sorted((graph for graph in named if graph not in superseded and not graph.value.endswith(QUARANTINE)), key=str))


def publish(live: Oxigraph, path: Path, *, with_statistics: bool = True) -> int:
    """Snapshot the live store of the folder `path` as the next generation; return its number.

    The counts that the service description tells are made at once, or left to whoever first asks for them.
    """
    folder = path / "generations"
    folder.mkdir(exist_ok=True)
    number = (current_number(path) or 0) + 1
    part, whole = folder / f"{number:06d}.part", folder / f"{number:06d}"
    for leftover in (part, whole):
        shutil.rmtree(leftover, ignore_errors=True)
    live.backup(str(part))
    graphs = Oxigraph(str(part))
    _copy_union(graphs, union_graphs(live))
    if with_statistics:
        write_statistics(statistics(graphs), part)
    del graphs  # closed before its folder gets its name
    if next(live.quads_for_pattern(None, None, None, DefaultGraph()), None):
        live.dump(str(part / _OWN_DEFAULT), format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    part.rename(whole)
    pointer = folder / "CURRENT.part"
    pointer.write_text(f"{number}\n", encoding="ascii")
    pointer.replace(folder / "CURRENT")
    for old in folder.iterdir():
        if old.is_dir() and old.name.isdigit() and int(old.name) <= number - _KEPT:
            shutil.rmtree(old)
    return number


def _copy_union(graphs: Oxigraph, union: tuple[NamedNode, ...]) -> None:
    """Copy the union into the default graph, a few megabytes at a time."""
    buffer = io.BytesIO()
    for graph in union:
        graphs.dump(buffer, format=RdfFormat.N_TRIPLES, from_graph=graph)
        if buffer.tell() > _COPIED_AT_A_TIME or graph == union[-1]:
            graphs.bulk_load(buffer.getvalue(), format=RdfFormat.N_TRIPLES)
            buffer = io.BytesIO()
    graphs.flush()


def current_number(path: Path) -> int | None:
    """Return the number of the newest generation, or None where nothing was published."""
    pointer = path / "generations" / "CURRENT"
    return int(pointer.read_text(encoding="ascii")) if pointer.exists() else None


def open_current(path: Path) -> Generation:
    """Open the newest generation for reading; NotPublished says what to do where there is none."""
    number = current_number(path)
    if number is None:
        raise NotPublished(f"{path}: no published graph in this folder; make one with: kg build ARTICLES --store {path}")
    folder = generation_path(path, number)
    try:
        return Generation(number, Oxigraph.read_only(str(folder)), mark_of(folder), folder)
    except OSError:
        if current_number(path) == number:
            raise
    return open_current(path)  # it was removed meanwhile, since newer ones were published


def generation_path(path: Path, number: int) -> Path:
    """Return the folder of a generation of the store folder `path`."""
    return path / "generations" / f"{number:06d}"


def mark_of(folder: Path) -> str:
    """Return what tells this generation from every other, for ETags: its number, and when its folder was made."""
    return f"{int(folder.name)}-{folder.stat().st_mtime_ns:x}"
