"""Every table is in order, and a row that is not is refused with file, line, value and remedy."""

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.lexicon import BadLexicon, read_rows
from kg.resources import resource

TABLES = sorted(resource("data", "lexicon").glob("*.csv"))


@dataclass(frozen=True, slots=True)
class Trigger:
    id: str
    lemma: str
    kind: str
    words: tuple[str, ...]
    limit: int | None


def written(folder: Path, *lines: str) -> Path:
    path = folder / "triggers.csv"
    path.write_text("\n".join(["id,lemma,kind,words,limit", *lines]) + "\n", encoding="utf-8")
    return path


def test_cells_become_fields(tmp_path: Path) -> None:
    path = written(tmp_path, "a,seize,Seizure,of from,3", 'b,"fall, to",Seizure,,')
    assert read_rows(path, Trigger) == (
        Trigger("a", "seize", "Seizure", ("of", "from"), 3),
        Trigger("b", "fall, to", "Seizure", (), None),
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (",seize,Seizure,,", "triggers.csv:3: the row has no id"),
        ("a,take,Seizure,,", "triggers.csv:3: id 'a' stands already on line 2"),
        ("b,Take,Seizure,,", "triggers.csv:3: lemma 'Take' has capitals"),
        ("b,take,Siezure,,", "triggers.csv:3: 'Siezure' is not a term of the ontology .did you mean Seizure"),
        ("b,take,Seizure,", "triggers.csv:3: not 5 cells"),
        ("b,take,Seizure,,,", "triggers.csv:3: not 5 cells"),
        ("b,take,Seizure,,three", "triggers.csv:3: .*limit"),
    ],
)
def test_a_bad_row_is_refused_with_its_place(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(BadLexicon, match=message):
        read_rows(written(tmp_path, "a,seize,Seizure,,", line), Trigger)


def test_other_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "triggers.csv"
    path.write_text("id,lemma\na,seize\n", encoding="utf-8")
    with pytest.raises(BadLexicon, match=r"triggers\.csv:1: the header is"):
        read_rows(path, Trigger)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_table_has_whole_rows_that_differ(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as lines:
        header, *rows = list(csv.reader(lines))
    assert rows and all(len(row) == len(header) for row in rows)
    assert len(set(map(tuple, rows))) == len(rows)
    if "id" in header:
        assert len({row[header.index("id")] for row in rows}) == len(rows)
    for column in {"example", "counterexample"} & set(header):
        assert [row for row in rows if not row[header.index(column)]] == []
