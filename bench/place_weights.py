"""Learns from annotated news what speaks for a place of the catalogue, and shows how far its scores can be believed.

    pip install numpy scipy
    python bench/place_weights.py EVAL_FOLDER [--write]

Reads the dev halves of trnews, geowebnews and lgl of EVAL_FOLDER, which is not part of this repository. An entity's
candidate is right when it has the gold's GeoNames id or lies within 161 km of its point; where none does, "none of them"
is right. The weights are those of a conditional logit with a quadratic penalty, learned on one half of the articles (by a
hash of the id) and scored on the other, then on all; --write puts the latter into data/lexicon/place_evidence.csv.
"""

import argparse
import csv
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from gold_halves import HALVES, half_of, read_rows
from quality import extract
from scipy.optimize import minimize

from kg import place_links
from kg.catalogue import read_catalogue
from kg.lexicon import read_table
from kg.records import read_extraction
from kg.vocab import KG

SETS = ("trnews", "geowebnews", "lgl")
TABLE = Path(__file__).parents[1] / "data" / "lexicon" / "place_evidence.csv"
NEAR_ENOUGH = 161.0
PENALTY = 0.003


@dataclass(frozen=True)
class Example:
    """One entity: the half and set it is of, the evidence of its candidates (candidates × kinds of evidence), which are right."""

    half: str
    name: str
    evidence: np.ndarray
    right: np.ndarray


@dataclass(frozen=True)
class Document:
    """The places of one article with the gold toponyms of each that has any."""

    half: str
    name: str
    places: list[place_links.Place]
    gold: dict[str, list[dict[str, Any]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    names = [row.id for row in read_table("place_evidence", place_links.EvidenceRow)]
    found = list(documents(options.folder))
    first = fit(list(examples(found, names, "first")), set(HALVES))
    set_weights(names, first, first)
    second = list(examples(found, names, "second"))
    print("learned on one half, scored on the other")
    report(second, fit(second, {"even"}), {"odd"})
    weights = fit(second, set(HALVES))
    print("learned and scored on all")
    report(second, weights, set(HALVES))
    if options.write:
        write(names, first, weights)


def documents(folder: Path) -> Iterator[Document]:
    catalogue = read_catalogue()
    with TemporaryDirectory() as scratch:
        for name in SETS:
            gold_file, records = folder / "data" / name / "dev.jsonl.gz", Path(scratch) / f"{name}.jsonl"
            extract(gold_file, Path(scratch) / "in.jsonl", records)
            rows = {row["id"]: row for row in read_rows(gold_file)}
            for line in records.read_bytes().splitlines():
                record = read_extraction(line)
                text = record.article.text
                places = [
                    place
                    for entity in record.entities
                    if "Place" in KG.ancestors(entity.kind) and (place := place_links.find_place(entity, text, catalogue))
                ]
                toponyms = [t for t in rows[record.article.id]["toponyms"] if t.get("lat") is not None]
                gold = {
                    place.entity.key: [t for t in toponyms for m in place.entity.mentions if t["start"] < m.end and m.start < t["end"]]
                    for place in places
                }
                yield Document(half_of(record.article.id), name, places, gold)


def examples(found: list[Document], names: list[str], turn: str) -> Iterator[Example]:
    column = {name: number for number, name in enumerate(names)}
    for document in found:
        first = {place.entity.key: place_links.scored(place, "first", None) for place in document.places}
        around = place_links.surroundings(first)
        for place in document.places:
            if not (gold := document.gold[place.entity.key]):
                continue
            held = place_links.without_own(around, place, first) if turn == "second" else None
            matrix = np.zeros((len(place.candidates), len(names)))
            for number, item in enumerate(place.candidates):
                for name, strength in place_links.evidence(place, item, held):
                    matrix[number, column[name]] += strength
            yield Example(document.half, document.name, matrix, np.array([is_right(item, gold[0]) for item in place.candidates]))


def is_right(item: place_links.Item, gold: dict[str, Any]) -> bool:
    if item.geonames and item.geonames == str(gold.get("geonames")):
        return True
    point = place_links.Item(None, "City", "", (), None, None, None, float(gold["lat"]), float(gold["lon"]), 0, "", "", "", "")
    return place_links.kilometres_apart(item, point) <= NEAR_ENOUGH


def shares(matrix: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the shares of the candidates and, last, of "none of them"."""
    sums = np.append(matrix @ weights, 0.0)
    powers = np.exp(sums - sums.max())
    return powers / powers.sum()


def fit(found: list[Example], halves: set[str]) -> np.ndarray:
    chosen = [example for example in found if example.half in halves]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = 0.0, np.zeros_like(weights)
        for example in chosen:
            share = shares(example.evidence, weights)
            right = np.append(example.right, not example.right.any())
            mass = share[right].sum()
            total -= math.log(mass + 1e-12)
            slope -= example.evidence.T @ (np.where(right, share, 0) / mass - share)[:-1]
        return total / len(chosen) + PENALTY * float(weights @ weights) / 2, slope / len(chosen) + PENALTY * weights

    start = np.zeros(chosen[0].evidence.shape[1])
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x)


def report(found: list[Example], weights: np.ndarray, halves: set[str]) -> None:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    bins: defaultdict[int, list[bool]] = defaultdict(list)
    for example in found:
        if example.half in halves:
            share = shares(example.evidence, weights)[:-1]
            best = int(share.argmax())
            counts[example.name].update(entities=1, reachable=bool(example.right.any()), right=bool(example.right[best]))
            bins[min(9, int(share[best] * 10))].append(bool(example.right[best]))
    for name, count in counts.items():
        print(f"  {name}: {count['entities']} entities, right candidate known {count['reachable']}, best one right {count['right']}")
    print("  right among those scored", {f"{low / 10:.1f}": f"{sum(right)}/{len(right)}" for low, right in sorted(bins.items())})


def set_weights(names: list[str], first: np.ndarray, second: np.ndarray) -> None:
    tables = {"first": dict(zip(names, first, strict=True)), "second": dict(zip(names, second, strict=True))}
    place_links.weights_of = lambda turn: tables[turn]  # type: ignore[assignment]


def write(names: list[str], first: np.ndarray, second: np.ndarray) -> None:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        notes = {row["id"]: row["note"] for row in csv.DictReader(lines)}
    with TABLE.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["id", "first", "second", "note"])
        table.writerows([name, f"{a:.2f}", f"{b:.2f}", notes[name]] for name, a, b in zip(names, first, second, strict=True))


if __name__ == "__main__":
    main()
