"""A client that matches a table of 200 rows with the reconciliation service, as OpenRefine does, over HTTP."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import pytest
from reconcile_sample import THINGS, thing_id, write_store
from served import serving

from kg.folding import fold


def named(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in " ".join(text.split()).split(", "))


COUNTRIES = named(
    """
    Canada=Q16, Japan=Q17, Ireland=Q27, Hungary=Q28, Spain=Q29, Belgium=Q31, Finland=Q33, Sweden=Q34, Poland=Q36, Lithuania=Q37,
    Italy=Q38, Switzerland=Q39, Austria=Q40, Greece=Q41, Portugal=Q45, Uruguay=Q77, Egypt=Q79, Kenya=Q114, Ethiopia=Q115, Ghana=Q117,
    France=Q142, Brazil=Q155, Germany=Q183, Iceland=Q189, Estonia=Q191, Latvia=Q211, Ukraine=Q212, Peru=Q419, Chile=Q298, Qatar=Q846
    """
)
CITIES = named(
    """
    Nairobi=KE, Oslo=NO, Lisbon=PT, Vienna=AT, Warsaw=PL, Tokyo=JP, Cairo=EG, Madrid=ES, Berlin=DE, Paris=FR, Budapest=HU,
    Stockholm=SE, Accra=GH, Addis Ababa=ET, Kandahar=AF, Herat=AF
    """
)
NONSENSE = """
    Bramwick Ulsterhoff, n/a, unknown, -, ???, Zzyzx Holdings, to be confirmed, Person 17, Gulranwal Street, Farida, Ministry, 204th
    Corps, the deputy, Wexcombe-on-Grale, Qwertyuiop, Tobias, Al, Council, Daily, 12345, Klaatu Barada, Ingmar Vellander, Dale
    Hartfield, Corps, Government, Mirwais Tokharzai, Farhad Qasim, x, Northern Relief Board, Orsolak
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(write_store(tmp_path_factory.mktemp("reconcile")), writable=False) as served:
        yield f"{served.address}/reconcile"


@dataclass(frozen=True)
class Row:
    """A cell, the class its column is reconciled to, the country of the row, and the id that a match must have."""

    cell: str
    kind: str | None
    country: str | None = None
    right: str | None = None
    listed: bool = False
    """Whether the right thing must be among the candidates though it must not be a match."""


def misspelt(name: str) -> str:
    """Swap two letters in the middle of the longest word."""
    word = max(name.split(), key=len)
    at = len(word) // 2
    return name.replace(word, word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :])


def table() -> list[Row]:
    rows = []
    for kind, rest, label, _ in THINGS:
        right = thing_id(kind, rest)
        cells = [label, label.upper(), f"  {label.lower()} "]
        if kind == "Person":
            given, _, family = label.partition(" ")
            rows += [Row(f"{family}, {given}", "Person", right=right), Row(family, "Person", right=right, listed=True)][len(given) % 2 :]
        if max(map(len, label.split())) >= 8 and not any(character.isdigit() for character in label):
            cells[2] = misspelt(label)
        rows += [Row(cell, kind, right=right) for cell in cells[len(rows) % 2 :]]
    rows += [Row(name, "Country", right=f"wikidata/{qid}") for name, qid in COUNTRIES.items()]
    rows += [Row(name, "City", code, right="city") for name, code in CITIES.items()]
    rows += [Row(cell, "Person" if at % 3 == 0 else None) for at, cell in enumerate(" ".join(NONSENSE.split()).split(", "))]
    return rows


class OpenRefine:
    """Reads the manifest, sends batches of its size, takes what is flagged as a match."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.manifest = self.get("")

    def get(self, path: str) -> dict[str, Any]:
        with urlopen(self.address + path, timeout=30) as answer:
            return json.load(answer)

    def post(self, **form: object) -> dict[str, dict[str, Any]]:
        body = urlencode({name: json.dumps(value) for name, value in form.items()}).encode()
        with urlopen(Request(self.address, body, {"Origin": "http://localhost:3333"}), timeout=30) as answer:
            return json.load(answer)

    def reconcile(self, rows: list[Row]) -> list[list[dict[str, Any]]]:
        found, size = [], int(str(self.manifest["batchSize"]))
        for start in range(0, len(rows), size):
            queries = {f"q{at}": self.query(row) for at, row in enumerate(rows[start : start + size])}
            answers = self.post(queries=queries)
            found += [answers[key]["result"] for key in queries]
        return found

    @staticmethod
    def query(row: Row) -> dict[str, Any]:
        query: dict[str, Any] = {"query": row.cell, "limit": 3}
        if row.kind:
            query |= {"type": row.kind, "type_strict": "should"}
        if row.country:
            query["properties"] = [{"pid": "country", "v": row.country}]
        return query


def is_right(row: Row, candidate: dict[str, Any]) -> bool:
    if row.right == "city":  # which identifier a city has is the catalogue's affair
        is_city = any(kind["id"] == "City" for kind in candidate["type"])
        return (
            fold(str(candidate["name"])) == fold(row.cell) and is_city and row.country in re.split("[,;] ", str(candidate["description"]))
        )
    return candidate["id"] == row.right


def test_a_table_of_200_rows_is_matched_in_batches(address: str) -> None:
    client, rows = OpenRefine(address), table()
    assert len(rows) >= 200
    answers = client.reconcile(rows)
    matched = [(row, found[0]) for row, found in zip(rows, answers, strict=True) if found and found[0]["match"]]
    wanted = [row for row in rows if row.right and not row.listed]
    wrong = [(row.cell, candidate["id"]) for row, candidate in matched if not is_right(row, candidate) or row.listed]
    missed = [row.cell for row, found in zip(rows, answers, strict=True) if row in wanted and not (found and found[0]["match"])]
    assert wrong == []
    assert len(missed) <= 0.05 * len(wanted), missed
    listed = [row.cell for row, found in zip(rows, answers, strict=True) if row.listed and not any(is_right(row, c) for c in found)]
    assert listed == []


def test_what_is_matched_is_extended_and_shown(address: str) -> None:
    client = OpenRefine(address)
    (found,) = client.reconcile([Row("Dorvan Relief Board", "Organisation")])
    answer = client.post(extend={"ids": [found[0]["id"]], "properties": [{"id": "kind"}]})
    assert answer["rows"][str(found[0]["id"])] == {"kind": [{"str": "international organisation"}]}
    url = str(client.manifest["preview"]["url"]).replace("{{id}}", quote(str(found[0]["id"])))
    with urlopen(url, timeout=30) as page:
        assert "Dorvan Relief Board" in page.read().decode()
