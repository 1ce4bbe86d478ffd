"""Scores the events of wikievents dev without the trigger rows that only the scored article itself speaks for.

    python bench/event_folds.py EVAL_FOLDER

Rows were added because of articles of the dev half, so a plain score may have learned them by heart. Here the articles are
dealt into five folds; an article's event counts only if its row also fires outside the fold: on a right event of another
fold, or anywhere in the other sets (case2021_task2, plover_gsr, the first 600 articles of throughput). Prints the scorer's
figures for all events and for those that remain.
"""

import argparse
import gzip
import itertools
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from quality import ONTOLOGY, extract

FOLDS = 5
OTHERS = {"case2021_task2": "dev", "plover_gsr": "dev", "throughput": "all"}
MOST_OTHERS = 600  # articles of each other set


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    gold = options.folder / "data" / "wikievents" / "dev.jsonl.gz"
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch)
        elsewhere = {
            event["rule"]
            for name, part in OTHERS.items()
            for record in records(head(options.folder / "data" / name / f"{part}.jsonl.gz", out / f"{name}.gz"), out)
            for event in record["events"]
        }
        found = list(records(gold, out))
        rows = {row["id"]: row for row in read(gold)}
        fold_of = {article: number % FOLDS for number, article in enumerate(sorted(rows))}
        right = {(event["rule"], fold_of[record["article"]["id"]]) for record in found for event in hits(record, rows)}
        kept = [without_unsupported(record, fold_of[record["article"]["id"]], right, elsewhere) for record in found]
        for title, chosen in (("all rows", found), ("rows that other articles speak for", kept)):
            path = out / "chosen.jsonl"
            path.write_text("".join(json.dumps(record) + "\n" for record in chosen), encoding="utf-8")
            command = [sys.executable, str(options.folder / "score.py"), "events", str(gold), str(path), "--ontology", str(ONTOLOGY)]
            print(title, subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())
        print(f"events left out: {sum(len(a['events']) - len(b['events']) for a, b in zip(found, kept, strict=True))}")


def read(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def head(path: Path, shorter: Path) -> Path:
    """Write the first articles of a set to a file of its own."""
    with gzip.open(shorter, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in itertools.islice(read(path), MOST_OTHERS))
    return shorter


def records(texts: Path, out: Path) -> Iterator[dict[str, Any]]:
    extract(texts, out / "in.jsonl", out / "out.jsonl")
    with (out / "out.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def hits(record: dict[str, Any], rows: dict[str, dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """Return the events whose trigger meets one of the gold's."""
    gold = [event["trigger"] for event in rows[record["article"]["id"]]["events"]]
    return [
        event
        for event in record["events"]
        if any(event["trigger"]["start"] < g["end"] and g["start"] < event["trigger"]["end"] for g in gold)
    ]


def without_unsupported(record: dict[str, Any], fold: int, right: set[tuple[str, int]], elsewhere: set[str]) -> dict[str, Any]:
    def is_supported(rule: str) -> bool:
        return rule in elsewhere or any((rule, other) in right for other in range(FOLDS) if other != fold)

    return record | {"events": [event for event in record["events"] if is_supported(event["rule"])]}


if __name__ == "__main__":
    main()
