"""Puts the catalogue together: all sources, the aliases that mislead taken out, the index, the files."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from pathlib import Path

from kg.catalogue import SPELLING, Item, Source, item_line, name_key
from kg.catalogue_build.cities import cities
from kg.catalogue_build.city_divisions import with_city_divisions
from kg.catalogue_build.countries import countries
from kg.catalogue_build.divisions import divisions
from kg.catalogue_build.organisations import organisations
from kg.catalogue_build.packages import Packages
from kg.catalogue_build.regions import regions
from kg.catalogue_build.tables import Country
from kg.catalogue_build.wikidata_cities import city_items
from kg.folding import near_key
from kg.lexicon import read_rows
from kg.limits import limit
from kg.sorted_lines import write_sorted_lines


def build_catalogue(folder: Path, work: Path) -> Mapping[str, int]:
    """Write the catalogue's files into `folder`, whose tables steer it, from packages kept in `work`; return counts by kind."""
    packages = Packages(work, {source.id: source for source in read_rows(folder / "sources.csv", Source)})
    transliterated = {row.id for row in read_rows(folder / "transliterated_countries.csv", Country)}
    people = list(cities(packages, transliterated))
    states = list(countries(packages, folder, people))
    every: dict[str, Item] = {}
    for item in (*states, *regions(packages, folder, states), *organisations(packages, folder), *divisions(packages, folder), *people):
        every.setdefault(item_line(item)[0], item)
    items = list(with_city_divisions(_without_misleading_aliases(list(every.values())), packages, folder))
    write_sorted_lines(folder / "items.tsv.gz", map(item_line, items))
    write_sorted_lines(folder / "index.tsv.gz", _index(items, transliterated))
    (folder / "odbl").mkdir(exist_ok=True)
    write_sorted_lines(folder / "odbl" / "cities.tsv.gz", city_items(packages, items))
    return Counter(item.kind for item in items)


def _without_misleading_aliases(items: list[Item]) -> list[Item]:
    """Drop an alias that is the main name of another place of the country, unless that is a far smaller one or a spelling of it.

    GeoNames gives places the names of their neighbours and provinces as aliases.
    """
    people: dict[tuple[str | None, str], int] = defaultdict(int)
    share = limit("rival-population-share", "catalogue_limits")
    for item in items:
        if item.kind != "District":
            place = (item.country, near_key(item.name))
            people[place] = max(people[place], item.population)
    cleaned = []
    for item in items:
        main, spelling = name_key(item.name), near_key(item.name)
        names = tuple(
            name
            for name in item.names
            if item.kind in ("Country", "Region")
            or people.get((item.country, near_key(name)), -1) < max(1.0, item.population * share)
            or main.startswith(name_key(name))
            or near_key(name) == spelling
        )
        cleaned.append(replace(item, names=names))
    return cleaned


def _index(items: Iterable[Item], transliterated: Set[str]) -> Iterable[tuple[str, str]]:
    """Yield each name, spelling key (after ~), Wikidata item and code with the keys of its items.

    Spelling keys are those of places in countries whose names come to English out of other letters.
    """
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for item in items:
        key = item_line(item)[0]
        for name in {name_key(name): name for name in (item.name, *item.names)}.values():
            found[name_key(name)][key] = None
            if item.country in transliterated and item.lat is not None:
                found[f"{SPELLING}{near_key(name)}"][key] = None
        if item.qid:
            found[item.qid][key] = None
        if item.kind == "Country":
            found[f"{(item.country or '').upper()}."][key] = None
        elif item.kind == "Province" and item.admin1:
            found[item.admin1][key] = None
    return ((name, " ".join(sorted(keys))) for name, keys in found.items() if name)
