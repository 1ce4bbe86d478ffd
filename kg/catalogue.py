"""The embedded catalogue: countries and territories with their Wikidata items, looked up by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.folding import fold
from kg.lexicon import BadLexicon, read_rows
from kg.resources import resource

__all__ = ["LINKED_KIND", "Catalogue", "Territory", "fold", "read_catalogue"]

LINKED_KIND = "Country"
"""The one kind of thing that the catalogue links; its other rows only make names ambiguous."""


@dataclass(frozen=True, slots=True)
class Territory:
    """A row of territories.csv; `names` are its variants, separated by |."""

    qid: str
    alpha2: str
    name: str
    names: str
    kind: str
    source: str
    source_version: str
    licence: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The territories by folded name; `version` names the data ("territories 2.6.1")."""

    version: str
    by_name: Mapping[str, tuple[Territory, ...]]

    def named(self, name: str) -> tuple[Territory, ...]:
        """Return all territories that bear a name, without regard to case, marks and a leading article.

        >>> [territory.qid for territory in read_catalogue().named("the Côte d’Ivoire")]
        ['Q1008']
        """
        return self.by_name.get(_key(name), ())


@cache
def read_catalogue(path: Path | None = None) -> Catalogue:
    """Read data/catalogue/territories.csv, or another file of its columns; BadLexicon names file, line and remedy."""
    path = path or resource("data", "catalogue", "territories.csv")
    territories = read_rows(path, Territory)
    versions = sorted({territory.source_version for territory in territories})
    if len(versions) != 1:
        raise BadLexicon(f"{path.name}: source_version has {len(versions)} values {versions}; build the file from one version")
    by_name: dict[str, dict[str, Territory]] = {}
    for territory in territories:
        for name in (territory.name, *territory.names.split("|")):
            if key := _key(name):
                by_name.setdefault(key, {})[territory.qid] = territory
    return Catalogue(f"{path.stem} {versions[0]}", {key: tuple(found.values()) for key, found in by_name.items()})


def _key(name: str) -> str:
    return fold(name).removeprefix("the ")
