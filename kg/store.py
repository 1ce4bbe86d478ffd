"""The store folder and its one writer: the live Oxigraph store, the kept records, and whole articles or none.

STORE/oxigraph/        the live store; only this module opens it
STORE/records/         one gzipped record a version, so that links and decisions take effect without parsing again
STORE/generations/     what readers open (kg.generations)
STORE/settings.json    what the graph was made with
STORE/batch.json       the versions being written; exists only while they are
STORE/replaced.json    the graphs being replaced; exists only while they are
STORE/judgements.csv   the decisions that the graph was made with (kg.judgements)
STORE/names.json       the names and decided links that the article graphs follow (kg.identity)
STORE/stale            exists from the first write until the derived graphs are rebuilt and published
STORE/written          exists once something was written over HTTP, which no shapes check
STORE/unpublished      exists from before a write over HTTP until it is published
"""

import gzip
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat
from pyoxigraph import Store as Oxigraph

from kg.iris import article_iri, article_of, quarantine_of
from kg.records import Built
from kg.vocab import KG

_SETTINGS_BEFORE = {"odbl": "yes"}  # of stores that were made before there was a choice
_REMEDIES = {("odbl", "yes"): "leave out --no-odbl,", ("odbl", "no"): "give --no-odbl"}


class StoreBusy(OSError):
    """Another process writes to the store."""


class BadStore(ValueError):
    """The folder is no store, or a store made with other settings."""


class Store:
    """The writer's view of a store folder; opening it takes back what an interrupted run left half written."""

    def __init__(self, path: Path, **settings: str) -> None:
        """Open or make the store; `settings` (base, text, odbl) must be those it was made with."""
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        try:
            self.graphs = Oxigraph(str(path / "oxigraph"))
        except OSError as error:
            if "lock" not in str(error).lower():
                raise
            raise StoreBusy(f"{path}: another process writes to this store; wait until it has ended") from error
        self.settings = self._settings(settings)
        self._take_back()
        self._do_replace()

    def versions(self) -> dict[str, str]:
        """Return each stored version's IRI with the pipeline that made it."""
        found = self.graphs.quads_for_pattern(None, KG.pipeline, None, None)
        return {
            quad.subject.value: quad.object.value
            for quad in found
            if isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode)
        }

    def article_graph(self, version: str) -> Iterator[Quad]:
        """Return the quads of one version's graph."""
        return self.graphs.quads_for_pattern(None, None, None, NamedNode(version))

    def add(self, batch: Sequence[Built]) -> None:
        """Store whole articles; a version that is there already is replaced."""
        versions = [built.version for built in batch]
        self._begin(versions)
        for version in versions:
            self._remove_graphs(version)
        for built in batch:
            if built.record:
                _write(self._record_path(built.version), gzip.compress(built.record, 6, mtime=0))
            else:  # loaded as quads: a record kept from before would belong to other quads
                self._record_path(built.version).unlink(missing_ok=True)
        self.graphs.bulk_load(b"".join(built.n_quads for built in batch), format=RdfFormat.N_QUADS)
        self._end()

    def replace(self, batch: Sequence[Built]) -> None:
        """Store articles that were mapped anew from their kept records; cut off, it is done again when the store is opened."""
        self.touch()
        _write(self.path / "replaced.json", json.dumps({built.version: built.n_quads.decode() for built in batch}).encode())
        self._do_replace()

    def remove(self, article_ids: Iterable[str]) -> list[str]:
        """Remove all versions of the articles, as if they had never been there; return the versions' IRIs."""
        wanted = {article_iri(self.settings["base"], article_id) for article_id in article_ids}
        versions = sorted(version for version in self.versions() if article_of(version) in wanted)
        if versions:
            self._begin(versions)
            self._take_back()
        return versions

    def records(self) -> Iterator[bytes]:
        """Return the kept records, ordered by version IRI."""
        for version in sorted(self.versions()):
            if record := self.record(version):
                yield record

    def record(self, version: str) -> bytes | None:
        """Return the kept record of a version; None where it was loaded as quads."""
        path = self._record_path(version)
        return gzip.decompress(path.read_bytes()) if path.exists() else None

    def touch(self) -> None:
        """Note that what readers see does not fit the store any more."""
        (self.path / "stale").touch()

    @property
    def stale(self) -> bool:
        """Whether something was written since the last publication."""
        return is_stale(self.path)

    def published(self) -> None:
        """Note that the derived graphs fit the article graphs again."""
        (self.path / "stale").unlink(missing_ok=True)

    def begin_write(self) -> None:
        """Note that the graphs may be written to over HTTP, and that readers do not see it yet."""
        (self.path / "unpublished").touch()

    def end_write(self, *, changed: bool) -> None:
        """Note that readers see what was written over HTTP, if anything was."""
        if changed:
            (self.path / "written").touch()
        (self.path / "unpublished").unlink(missing_ok=True)

    @property
    def is_unpublished(self) -> bool:
        """Whether a write over HTTP may not have been published, because its process ended."""
        return (self.path / "unpublished").exists()

    def close(self) -> None:
        """Give the write lock back."""
        del self.graphs

    def _settings(self, wanted: dict[str, str]) -> dict[str, str]:
        if not is_store(self.path):
            _write(self.path / "settings.json", json.dumps(wanted, indent=1, sort_keys=True).encode())
            return wanted
        kept = _SETTINGS_BEFORE | read_settings(self.path)
        for name, value in wanted.items():
            if kept.get(name) != value:
                remedy = _REMEDIES.get((name, kept.get(name, "")), f"give --{name} {kept.get(name)}")
                raise BadStore(f"{self.path}: made with {name} {kept.get(name)!r}, not {value!r}; {remedy} or another --store")
        return kept

    def _begin(self, versions: list[str]) -> None:
        self.touch()
        _write(self.path / "batch.json", json.dumps(versions).encode())

    def _end(self) -> None:
        self.graphs.flush()
        (self.path / "batch.json").unlink()

    def _take_back(self) -> None:
        """Remove the versions named in the batch file: a batch that was cut off, or one that is to go."""
        path = self.path / "batch.json"
        if path.exists():
            for version in json.loads(path.read_text(encoding="utf-8")):
                self._remove_graphs(version)
                self._record_path(version).unlink(missing_ok=True)
            self._end()

    def _do_replace(self) -> None:
        """Replace the graphs named in the file of replacements, as often as it takes: the file has all that is needed."""
        path = self.path / "replaced.json"
        if path.exists():
            graphs: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
            for version in graphs:
                self._remove_graphs(version)
            self.graphs.bulk_load("".join(graphs.values()).encode(), format=RdfFormat.N_QUADS)
            self.graphs.flush()
            path.unlink()

    def _remove_graphs(self, version: str) -> None:
        for graph in (version, quarantine_of(version)):
            self.graphs.remove_graph(NamedNode(graph))

    def _record_path(self, version: str) -> Path:
        name = hashlib.sha256(version.encode()).hexdigest()
        return self.path / "records" / name[:2] / f"{name}.json.gz"


def is_stale(path: Path) -> bool:
    """Return whether a store holds writes that were not published: a build is running, or was cut off."""
    return (path / "stale").exists()


def is_written(path: Path) -> bool:
    """Return whether something was written to a store over HTTP: it is not checked against the shapes."""
    return (path / "written").exists()


def is_store(path: Path) -> bool:
    """Return whether a folder holds a store."""
    return (path / "settings.json").exists()


def read_settings(path: Path) -> dict[str, str]:
    """Return what the store was made with; BadStore where the folder is no store."""
    try:
        settings: dict[str, str] = json.loads((path / "settings.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadStore(f"{path}: this folder is no store; make one with: kg build ARTICLES --store {path}") from None
    return settings


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
