"""What Wikidata says on a day of the catalogue's items, as a table beside the catalogue, and a catalogue that heeds it.

The table adds and corrects Wikidata items; names, kinds and places stay the catalogue's. It is made by `kg catalogue update`.
"""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Literal

from kg.catalogue import Catalogue, Item, distinct_among, name_key
from kg.lexicon import read_rows
from kg.wikidata_lookup import Known, Lookup

Finding = Literal["found", "confirmed", "corrected", "several", "redirected", "gone", "current"]
AGREEMENT = "GeoNames id on Wikidata"
_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class OverlayRow:
    """What was found for one item of the catalogue.

    `id` is its GeoNames id, else its Wikidata item; `was` the catalogue's Wikidata item, `became` what it should be. By GeoNames
    id: `found` where the catalogue had none, `confirmed`, `corrected`, or `several` where more than one item states the id
    and none of them is the catalogue's (then nothing is chosen). By item: `redirected`, `gone`, or `current`.
    """

    id: str
    was: str | None
    became: str | None
    finding: Finding
    label: str | None
    revision: int
    asked: str


@dataclass(frozen=True)
class OverlaidCatalogue(Catalogue):
    """A catalogue with other Wikidata items for some of its items, and with items that it does not hold."""

    below: Catalogue
    by_geonames: Mapping[str, str | None] = field(default_factory=dict)
    by_item: Mapping[str, str | None] = field(default_factory=dict)
    further: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)
    """Items the catalogue does not hold, by `name_key` of each of their names."""

    def named(self, name: str) -> tuple[Item, ...]:
        """Return all items that bear a name, the most peopled first."""
        found = [self._corrected(item) for item in self.below.named(name)]
        held = {item.qid for item in found if item.qid}
        found += [item for item in self.further.get(name_key(name), ()) if item.qid not in held]
        return tuple(sorted(found, key=lambda item: (-item.population, item.qid or "", item.geonames or "")))

    def item(self, qid: str) -> Item | None:
        """Return the item of a Wikidata identifier, as corrected or as it was."""
        geonames = self._places.get(qid)
        item = self.below.place(geonames) if geonames else self.below.item(qid)
        return self._corrected(item) if item else None

    def place(self, geonames: str) -> Item | None:
        """Return the item of a GeoNames identifier."""
        item = self.below.place(geonames)
        return self._corrected(item) if item else None

    def inside(self, country: str) -> Item | None:
        """Return the country itself, given its ISO 3166-1 alpha-2 code in any case."""
        return self.below.inside(country)

    def province(self, admin1: str) -> Item | None:
        """Return the province of a GeoNames code."""
        item = self.below.province(admin1)
        return self._corrected(item) if item else None

    def distinct(self, item: Item) -> str | None:
        """Return what tells an item from others of its kind, name and country: for what the catalogue holds, as it says itself."""
        held = [self._corrected(one) for one in self.below.named(item.name)]
        return distinct_among(item, held if item in held else (*held, *self.further.get(name_key(item.name), ())))

    @cached_property
    def _places(self) -> dict[str, str]:
        return {qid: geonames for geonames, qid in self.by_geonames.items() if qid}

    def _corrected(self, item: Item) -> Item:
        if item.geonames and item.geonames in self.by_geonames:
            now = self.by_geonames[item.geonames]
            return item if now == item.qid else replace(item, qid=now, agreement=AGREEMENT)
        if item.qid and item.qid in self.by_item:
            return replace(item, qid=self.by_item[item.qid])
        return item

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


def overlaid(
    below: Catalogue,
    *,
    version: str,
    by_geonames: Mapping[str, str | None] | None = None,
    by_item: Mapping[str, str | None] | None = None,
    further: Mapping[str, tuple[Item, ...]] | None = None,
) -> OverlaidCatalogue:
    """Return a catalogue with corrections on top; `version` is added to its own."""
    return OverlaidCatalogue(
        f"{below.version}; {version}",
        below.items,
        below.index,
        below.wikidata,
        below.sources,
        below,
        by_geonames or {},
        by_item or {},
        further or {},
    )


def with_overlay(below: Catalogue, path: Path) -> OverlaidCatalogue:
    """Return the catalogue as corrected by a table; BadLexicon names file, line and remedy."""
    rows = read_overlay(path)
    chosen = [row for row in rows if row.finding != "several"]
    return overlaid(
        below,
        version=f"{path.stem} {max((row.asked for row in rows), default='empty')}",
        by_geonames={row.id: row.became for row in chosen if row.id.isdecimal()},
        by_item={row.id: row.became for row in chosen if not row.id.isdecimal()},
    )


def read_overlay(path: Path) -> tuple[OverlayRow, ...]:
    """Return the rows of a table; BadLexicon names file, line and remedy."""
    return read_rows(path, OverlayRow)


def write_overlay(path: Path, rows: Iterable[OverlayRow]) -> None:
    """Write a table, sorted by id, whole or not at all."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in fields(OverlayRow)])
    writer.writerows(["" if cell is None else cell for cell in astuple(row)] for row in sorted(rows, key=lambda row: (len(row.id), row.id)))
    part = path.with_name(path.name + ".part")
    part.write_text(text.getvalue(), encoding="utf-8")
    part.replace(path)


def items_to_ask(catalogue: Catalogue, countries: Collection[str]) -> Iterator[Item]:
    """Yield the catalogue's items, those of some countries or, without any, all; the most peopled first."""
    # Looking for the code in the line spares parsing nearly all of them.
    keys = [key for key, rest in catalogue.items.lines() if not countries or any(f"\t{country}\t" in rest for country in countries)]
    held = ((-item.population, key) for key in keys if (item := catalogue.place(key)) and (not countries or item.country in countries))
    # Sorted by key alone and parsed again: all items at once would take hundreds of megabytes.
    yield from (item for _, key in sorted(held) if (item := catalogue.place(key)))


def overlay_rows(items: Iterable[Item], lookup: Lookup) -> Iterator[OverlayRow]:
    """Ask for the Wikidata items of catalogue items, by GeoNames id where they have one; what could not be asked gives no row."""
    remaining = iter(items)
    while chunk := list(islice(remaining, _AT_A_TIME)):
        holders = lookup.with_geonames(item.geonames for item in chunk if item.geonames)
        known = lookup.items([*(qid for qids in holders.values() for qid in qids), *(item.qid for item in chunk if item.qid)])
        for item in chunk:
            if (row := _row(item, holders, known)) is not None:
                yield row


def _row(item: Item, holders: Mapping[str, Sequence[str]], known: Mapping[str, Known]) -> OverlayRow | None:
    if item.geonames and item.geonames not in holders:
        return None
    stating = holders.get(item.geonames or "", ())
    was = item.qid
    own = known.get(was) if was else None
    # The catalogue's item under its present id: merged items state nothing of their own any more.
    present = own.facts.qid if own and own.facts else was
    finding: Finding
    if stating:
        if present in stating:
            now, finding = present, "confirmed" if present == was else "redirected"
        elif len(stating) == 1:
            now, finding = stating[0], "corrected" if was else "found"
        else:
            now, finding = was, "several"
    elif own is None:
        return None
    else:
        now = own.facts.qid if own.facts else None
        finding = "gone" if now is None else "current" if now == was else "redirected"
    told = known.get(now or "") or own
    facts = told.facts if told else None
    asked = told.asked.isoformat() if told else ""
    return OverlayRow(
        item.geonames or was or "", was, now, finding, facts.label or None if facts else None, facts.revision if facts else 0, asked
    )
