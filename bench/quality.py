"""Scores the extraction on gold sets with their own scorer.

    python bench/quality.py EVAL_FOLDER [--set NAME...] [--out FOLDER] [--half even|odd]

EVAL_FOLDER holds score.py and data/<set>/dev.jsonl.gz; neither is part of this repository. Prints one JSON object a set. With
--half only the articles whose id has an even or odd CRC-32 are measured: of some sets the even ones were learned from.
"""

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from gold_halves import HALVES, half_of

from kg.articles import read_articles
from kg.pipeline import Settings, process
from kg.records import Failure

ONTOLOGY = Path(__file__).parents[1] / "ontology" / "news.ttl"
SETS = {
    "polnear": ["statements"],
    "wikievents": ["events"],
    "case2021_task2": ["types"],
    "plover_gsr": ["actors"],
    "worldwide": ["entities"],
    "gum_news": ["entities", "coref"],
    "geowebnews": ["places"],
    "trnews": ["places"],
    "lgl": ["places"],
    "news_fair": ["links"],
    "msnbc": ["links"],
    "ecbplus": ["events-coref"],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--set", nargs="*", default=list(SETS), choices=list(SETS))
    parser.add_argument("--out", type=Path, help="keep the records here")
    parser.add_argument("--half", choices=HALVES)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        out = options.out or Path(scratch)
        out.mkdir(parents=True, exist_ok=True)
        for name in options.set:
            gold = options.folder / "data" / name / "dev.jsonl.gz"
            if options.half:
                gold = only_half(gold, options.half, out / f"{name}.{options.half}.jsonl.gz")
            records = out / f"{name}.jsonl"
            failures = extract(gold, out / f"{name}.in.jsonl", records)
            for measure in SETS[name]:
                command = [sys.executable, str(options.folder / "score.py"), measure, str(gold), str(records), "--ontology", str(ONTOLOGY)]
                print(
                    f"{name} {measure} ({failures} failures)",
                    subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip(),
                    flush=True,
                )


def only_half(gold: Path, half: str, to: Path) -> Path:
    """Write the rows of a gold set whose id has an even or odd CRC-32."""
    with gzip.open(gold, "rt", encoding="utf-8") as lines, gzip.open(to, "wt", encoding="utf-8") as out:
        out.writelines(line for line in lines if half_of(json.loads(line)["id"]) == half)
    return to


def extract(gold: Path, rows: Path, records: Path) -> int:
    """Write the records of a gold set's texts; return how many articles failed."""
    with gzip.open(gold, "rt", encoding="utf-8") as lines, rows.open("w", encoding="utf-8") as out:
        for line in lines:
            row = json.loads(line)
            out.write(json.dumps({key: row[key] for key in ("id", "text", "title", "published") if row.get(key)}) + "\n")
    failures = 0
    with records.open("wb") as out:
        for outcome in process(read_articles([rows]), Settings(), workers=2):
            if isinstance(outcome, Failure):
                failures += 1
                print(outcome, file=sys.stderr)
            else:
                out.write(outcome.record + b"\n")
    return failures


if __name__ == "__main__":
    main()
