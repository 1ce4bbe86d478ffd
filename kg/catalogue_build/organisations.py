"""Organisations: the reviewed rows of data/catalogue/organisations.csv, each checked against the package its item comes from."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from kg.catalogue import Item
from kg.catalogue_build.packages import Packages
from kg.catalogue_build.tables import Organisation
from kg.folding import fold
from kg.lexicon import BadLexicon, read_rows


def organisations(packages: Packages, folder: Path) -> Iterator[Item]:
    """Yield an item a row; BadLexicon names a row whose item the package does not call by the row's name."""
    labels = {"country-coder": _regions(packages), "name-suggestion-index": _labels(packages)}
    for row in read_rows(folder / "organisations.csv", Organisation):
        label, names = labels[row.source].get(row.qid, ""), [name for name in row.names.split("|") if name]
        if fold(label) not in {fold(name) for name in (row.name, *names)}:
            raise BadLexicon(f"organisations.csv: {row.id}: {row.source} calls {row.qid} {label!r}, not {row.name!r}; take the row out")
        source = packages.sources[row.source]
        yield Item(
            qid=row.qid,
            kind=row.kind,
            name=row.name,
            names=tuple(names),
            country=row.country,
            admin1=None,
            geonames=None,
            lat=None,
            long=None,
            population=0,
            source=source.id,
            source_version=source.version,
            licence=source.licence,
            agreement="one source, reviewed",
        )


def _regions(packages: Packages) -> Mapping[str, str]:
    return {feature["properties"]["wikidata"]: feature["properties"]["nameEn"] for feature in packages.json("country-coder")["features"]}


def _labels(packages: Packages) -> Mapping[str, str]:
    return {item: row.get("label", "") for item, row in packages.json("name-suggestion-index")["wikidata"].items()}
