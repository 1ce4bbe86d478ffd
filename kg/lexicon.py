"""Reads the tables of data/lexicon into frozen rows and checks them; one reader for every table.

A table is a CSV file with a header; a row is a rule. `id` is unique in the table and never changes once published: it
is written into the graph, so that each fact names the rule that made it. `example` must fire its row and
`counterexample` must not; tests/test_lexicon.py runs both.
"""

import csv
import difflib
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from kg.resources import resource
from kg.vocab import KG

Row = TypeVar("Row")


class BadLexicon(ValueError):
    """A lexicon row is wrong; the message gives file, line, value and remedy."""


@cache
def read_table(name: str, row_type: type[Row]) -> tuple[Row, ...]:
    """Return the rows of data/lexicon/{name}.csv as `row_type`, a frozen dataclass whose fields are the columns."""
    return read_rows(resource("data", "lexicon", f"{name}.csv"), row_type)


def read_rows(path: Path, row_type: type[Row]) -> tuple[Row, ...]:
    """Return the checked rows of a CSV file as `row_type`; a tuple field's cell holds its items separated by blanks.

    An empty cell of a field that may be None becomes None. Numbers are converted. BadLexicon names file and line.
    """
    columns = {field.name: str(field.type) for field in fields(row_type)}  # type: ignore[arg-type]
    rows: list[Row] = []
    seen: dict[str, int] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if list(reader.fieldnames or ()) != list(columns):
            raise BadLexicon(f"{path.name}:1: the header is {reader.fieldnames}, it must be {list(columns)}")
        for cells in reader:
            place = f"{path.name}:{reader.line_num}"
            if None in cells or None in cells.values():
                raise BadLexicon(f"{place}: not {len(columns)} cells; quote a cell that holds a comma")
            _check(cells, place, seen)
            seen[cells.get("id", "")] = reader.line_num
            values = {name: _value(cell, columns[name]) for name, cell in cells.items()}
            try:
                rows.append(msgspec.convert(values, row_type, strict=False))
            except msgspec.ValidationError as error:
                raise BadLexicon(f"{place}: {error}") from error
    return tuple(rows)


def _check(cells: dict[str, str], place: str, seen: dict[str, int]) -> None:
    row_id, kind, lemma, act = (cells.get(column, "") for column in ("id", "kind", "lemma", "act"))
    if "id" in cells and not row_id:
        raise BadLexicon(f"{place}: the row has no id; give it one that is unique in the table")
    if row_id and row_id in seen:
        raise BadLexicon(f"{place}: id {row_id!r} stands already on line {seen[row_id]}; give the new row another")
    if lemma != lemma.lower():
        raise BadLexicon(f"{place}: lemma {lemma!r} has capitals; lemmas are lower case")
    for term in (kind, f"Act{act}" if act else ""):
        if term and term not in KG:
            near = difflib.get_close_matches(term, KG, n=1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise BadLexicon(f"{place}: {term!r} is not a term of the ontology{hint}")


def _value(cell: str, type_name: str) -> str | list[str] | None:
    if "tuple" in type_name:
        return cell.split()
    return None if cell == "" and "None" in type_name else cell
