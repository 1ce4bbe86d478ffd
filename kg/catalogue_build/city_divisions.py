"""Cities that are divisions of the first order themselves: Natural Earth's item of the division is the city's."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from kg.catalogue import Item
from kg.catalogue_build.packages import Packages
from kg.catalogue_build.tables import CityDivision
from kg.folding import near_key
from kg.lexicon import read_rows
from kg.limits import limit


def with_city_divisions(items: Sequence[Item], packages: Packages, folder: Path) -> Iterator[Item]:
    """Yield the items, the largest city of each such division with the division's item.

    The kinds of division are those of city_divisions.csv; the item must be a well-known one and the names agree, for a
    district around a city is called a municipality too.
    """
    most = limit("shared-item-most", "catalogue_limits")
    kinds = {row.id for row in read_rows(folder / "city_divisions.csv", CityDivision)}
    rows = [feature["properties"] for feature in packages.json("natural-earth")["features"]]
    drawn = {str(row.get("gn_id")) for row in rows if row.get("type_en") in kinds}
    divisions = {
        item.admin1: item
        for item in items
        if item.kind == "Province" and item.geonames in drawn and item.qid and int(item.qid[1:]) <= most and item.admin1
    }
    largest: dict[str, Item] = {}
    for item in items:
        division = divisions.get(item.admin1 or "")
        if division and item.admin1 and item.kind == "City" and _same_name(item, division):
            largest[item.admin1] = max(item, largest.get(item.admin1, item), key=lambda city: city.population)
    for item in items:
        if largest.get(item.admin1 or "") == item and item.admin1:
            yield replace(item, qid=divisions[item.admin1].qid, agreement="one source, the division that is the city")
        else:
            yield item


def _same_name(city: Item, division: Item) -> bool:
    return near_key(city.name) in {near_key(name) for name in (division.name, *division.names)}
