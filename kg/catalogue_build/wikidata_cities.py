"""Wikidata items of cities out of a database under the ODbL; their file stands apart and is joined by GeoNames id."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from kg.catalogue import Item, name_key
from kg.catalogue_build.packages import Packages
from kg.globe import kilometres
from kg.limits import limit

_SOURCE = "countries-states-cities"


def city_items(packages: Packages, items: Iterable[Item]) -> Iterator[tuple[str, str]]:
    """Yield GeoNames id and "item<TAB>agreement<TAB>source" of the cities that join by country, name and nearness.

    An item that stands on several rows of the database is wrong on most of them: only a large city keeps one, and only
    one of the well-known items; two such cities lose it.
    """
    joined = _joined(packages, items)
    uses = Counter(row["wikiDataId"] for row in packages.json(_SOURCE) if row.get("wikiDataId"))
    single = {city: {item for item in found if uses[item] == 1} for city, found in joined.items()}
    known = {city: {item for item in found if _is_known(item, city)} for city, found in joined.items()}
    owners = Counter(item for found in known.values() for item in found)
    for city, names in joined.items():
        alone, shared = single[city], {item for item in known[city] if owners[item] == 1}
        if len(alone) == 1:
            how, (item,) = "name" if names[min(alone)] else "alias", alone
            yield city.geonames or "", f"{item}\tone source, joined by {how} and place\t{_SOURCE}"
        elif len(shared) == 1 and not alone:
            (item,) = shared
            yield city.geonames or "", f"{item}\tone source, the large city of several rows\t{_SOURCE}"


def _joined(packages: Packages, items: Iterable[Item]) -> dict[Item, dict[str, bool]]:
    """Return, for each city, the items of the rows that are it, and whether a row bears the city's main name."""
    nearest_within = limit("join-distance", "catalogue_limits")
    bearers: dict[tuple[str | None, str], list[Item]] = defaultdict(list)
    for item in items:
        if item.kind == "City":
            for key in {name_key(name) for name in (item.name, *item.names)}:
                bearers[item.country, key].append(item)
    joined: dict[Item, dict[str, bool]] = defaultdict(dict)
    for row in packages.json(_SOURCE):
        lat, long, key = float(row["latitude"]), float(row["longitude"]), name_key(row["name"])
        near = [
            (distance, item.geonames or "", item)
            for item in bearers.get((row["country_code"].lower(), key), ())
            if item.lat is not None and item.long is not None and (distance := kilometres(lat, long, item.lat, item.long)) < nearest_within
        ]
        if near and row.get("wikiDataId"):
            city = min(near, key=lambda found: found[:2])[2]
            main = key == name_key(city.name)
            joined[city][row["wikiDataId"]] = joined[city].get(row["wikiDataId"], False) or main
    return joined


def _is_known(item: str, city: Item) -> bool:
    large = city.population >= limit("shared-people-least", "catalogue_limits")
    return large and int(item[1:]) <= limit("shared-item-most", "catalogue_limits")
