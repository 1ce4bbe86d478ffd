"""Fetches the packages that data/catalogue/sources.csv names, through pip and npm, and unpacks what is read of them."""

import json
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kg.catalogue import Source

_FETCH = {
    "pypi": [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check"],
    "npm": ["npm", "pack", "--silent"],
}


class NotFetched(RuntimeError):
    """A package could not be had; the message says which and what to do."""


class Packages:
    """The unpacked packages of a work folder, a folder each; what lies there already is not fetched again."""

    def __init__(self, work: Path, sources: Mapping[str, Source]) -> None:
        self.work, self.sources = work, sources
        self._read: dict[Path, Any] = {}

    def folder(self, source_id: str) -> Path:
        """Return the folder of a package, fetched and unpacked."""
        source = self.sources[source_id]
        folder = self.work / f"{source_id}-{source.version}"
        if not folder.exists():
            _unpack(self._archive(source), folder, source.file)
        return folder

    def file(self, source_id: str) -> Path:
        """Return the file or folder of a package that sources.csv names."""
        return self.folder(source_id) / self.sources[source_id].file

    def json(self, source_id: str, *parts: str) -> Any:
        """Return the content of a JSON file of a package."""
        path = self.file(source_id).joinpath(*parts)
        if path not in self._read:
            self._read[path] = json.loads(path.read_bytes())
        return self._read[path]

    def _archive(self, source: Source) -> Path:
        target = self.work / "archives" / source.id
        target.mkdir(parents=True, exist_ok=True)
        joint = "==" if source.registry == "pypi" else "@"
        wanted = f"{source.package}{joint}{source.version}"
        found = sorted(path for path in target.iterdir() if path.suffix in (".whl", ".gz", ".tgz"))
        if not found:
            try:
                subprocess.run([*_FETCH[source.registry], wanted], cwd=target, check=True, stdout=subprocess.DEVNULL)
            except (OSError, subprocess.CalledProcessError) as error:
                raise NotFetched(
                    f"{wanted} was not fetched: {error}; see that {_FETCH[source.registry][0]} works, then try again"
                ) from error
            found = sorted(target.iterdir())
        return found[0]


def _unpack(archive: Path, folder: Path, wanted: str) -> None:
    partial = folder.with_name(f"{folder.name}.partial")
    partial.mkdir(parents=True, exist_ok=True)
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(partial)
    else:
        with tarfile.open(archive) as tar:
            for member in tar:
                if member.name.startswith(wanted):
                    tar.extract(member, partial, filter="data")
    partial.rename(folder)
