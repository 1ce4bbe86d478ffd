"""The writer process: holds the live store, carries out one change at a time, and publishes it before the next.

pyoxigraph cannot cancel an update, so this is a process of its own: killed in the middle of an update, RocksDB takes the
update back when the store is opened again. It ends when the web process does: its standard input comes to an end.
"""

import hashlib
import os
import resource
import signal
import sys
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from string import Template
from threading import Thread

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from kg.generations import current_number, publish
from kg.iris import DEFAULT_BASE
from kg.resources import resource as resource_path
from kg.store import BadStore, Store, StoreBusy, is_stale, is_store, read_settings
from server.changes import Change, Committed, GraphChange, Part, Published, Refused, Update
from server.reading import held_memory


def main() -> None:
    """Run `python -m server.writer_process FD STORE MEMORY_BYTES`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the web process, and its end ends this one
    Thread(target=_end_with_parent, daemon=True).start()
    connection: Connection[object, Change] = Connection(int(sys.argv[1]))
    try:
        store = open_store(Path(sys.argv[2]))
    except (BadStore, StoreBusy) as error:
        connection.send(Refused("store", str(error)))
        return
    connection.send(Published(current_number(store.path) or 0))
    while True:
        try:
            change = connection.recv()
        except EOFError:
            return
        store.begin_write()
        told = bounded(int(sys.argv[3]), partial(carry_out, store, change))
        connection.send(told)
        if isinstance(told, Committed):
            connection.send(Published(publish(store.graphs, store.path, with_statistics=False)))
        store.end_write(changed=isinstance(told, Committed))


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def open_store(path: Path) -> Store:
    """Open a store to write to, an empty one where there is none; what an ended writer left unpublished is published."""
    if is_stale(path):
        raise BadStore(f"{path}: a build of this store was cut off, or is running; finish it before writing: kg info --store {path}")
    settings = read_settings(path) if is_store(path) else {"base": DEFAULT_BASE, "text": "evidence"}
    store = Store(path, **settings)
    if store.is_unpublished or current_number(path) is None:
        publish(store.graphs, path, with_statistics=False)
        store.end_write(changed=store.is_unpublished)
    return store


def bounded(memory: int, change: Callable[[], Committed | Refused]) -> Committed | Refused:
    """Carry out a change with at most `memory` bytes more than this process has; beyond that, the process is aborted."""
    before, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (held_memory() + memory, most))
    try:
        return change()
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, most))


def carry_out(store: Store, change: Change) -> Committed | Refused:
    """Carry out a change as one transaction; a Refused says why the store is as it was."""
    try:
        if isinstance(change, Update):
            store.graphs.update(change.text, base_iri=change.base)
            return Committed()
        return _CHANGES[change.method](store, change)
    except SyntaxError as error:
        return Refused("syntax", str(error))
    except (ValueError, RuntimeError) as error:  # an IRI that is none; a graph that is there already, or is not
        return Refused("impossible", str(error))
    except OSError:
        return Refused("store", "the change could not be written, or an address that it loads from does not answer")


def _put(store: Store, change: GraphChange) -> Committed:
    node = NamedNode(change.graph) if change.graph else None
    created = node is not None and not store.graphs.contains_named_graph(node)
    template = "replace-graph.ru" if node else "replace-default-graph.ru"
    text = Template(resource_path("data", "updates", template).read_text(encoding="utf-8"))
    values = {"graph": str(node), "triples": _n_triples(change).decode()}
    store.graphs.update(text.substitute(values))
    return Committed(change.graph, created)


def _post(store: Store, change: GraphChange) -> Committed:
    graph = _minted(store, change) if change.is_minted else change.graph
    node = NamedNode(graph) if graph else None
    created = node is not None and not store.graphs.contains_named_graph(node)
    triples = _n_triples(change)
    store.graphs.load(triples, RdfFormat.N_TRIPLES, to_graph=node)
    if node and not triples:
        store.graphs.add_graph(node)
    return Committed(graph, created)


def _delete(store: Store, change: GraphChange) -> Committed | Refused:
    if change.graph is None:
        store.graphs.clear_graph(DefaultGraph())
        return Committed()
    node = NamedNode(change.graph)
    if not store.graphs.contains_named_graph(node):
        return Refused("missing", f"there is no graph {change.graph}")
    store.graphs.remove_graph(node)
    return Committed(change.graph)


_CHANGES: dict[str, Callable[[Store, GraphChange], Committed | Refused]] = {"PUT": _put, "POST": _post, "DELETE": _delete}


def _minted(store: Store, change: GraphChange) -> str:
    """Return the IRI of a new graph: made of what was sent, and of a number where that was sent before."""
    digest = hashlib.sha256(b"\0".join(part.data for part in change.parts)).hexdigest()[:16]
    graph, number = f"{change.graph}{digest}", 1
    while store.graphs.contains_named_graph(NamedNode(graph)):
        number += 1
        graph = f"{change.graph}{digest}-{number}"
    return graph


def _n_triples(change: GraphChange) -> bytes:
    """Return the triples of all parts; the blank nodes of each part stay its own. SyntaxError names line and column."""
    quads = [quad for part in change.parts for quad in _parsed(part, change.base)]
    return serialize((Triple(quad.subject, quad.predicate, quad.object) for quad in quads), format=RdfFormat.N_TRIPLES) or b""


def _parsed(part: Part, base: str) -> list[Quad]:
    form = RdfFormat.from_media_type(part.media_type)
    return list(parse(part.data, format=form, base_iri=base, without_named_graphs=True, rename_blank_nodes=True))


if __name__ == "__main__":
    main()
