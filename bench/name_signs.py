"""Learns from annotated news how much each sign speaks for a family of kinds, and writes data/lexicon/name_signs.csv.

    pip install scikit-learn==1.9.*
    python bench/name_signs.py EVAL_FOLDER

Reads data/worldwide/dev.jsonl.gz of EVAL_FOLDER, which is not part of this repository, and of it only the articles whose
id has an even CRC-32: the others judge the result. What is written are weights of signs, no text.
"""

import argparse
import csv
import gzip
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.extractor import DEFAULT_MODEL
from kg.extract.furniture import find_furniture
from kg.extract.kind_votes import signs_by_name
from kg.extract.name import Name
from kg.extract.name_signs import NOTHING
from kg.extract.names import find_names
from kg.extract.paragraphs import split_paragraphs
from kg.extract.parse import load_model, parse_paragraphs
from kg.resources import resource

FAMILY_OF = {"Person": "Person", "Organization": "Organisation", "Location": "Place", "Facility": "Place", "NORP": "Group"}
COLUMNS = ("Person", "Organisation", "Place", "Group", NOTHING)
ARTICLES_LEAST = 6  # a sign of fewer articles is not weighed
ARTICLES_LEAST_OF_WORDS = 10  # nor is one that is a word of the names themselves
WEIGHT_LEAST = 0.05  # a sign that weighs less for every family is left out of the table
STRENGTH = 0.4  # inverse strength of the L2 penalty

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sample:
    """Equal names of one article, their signs, their family by the annotators, and how many mentions have it."""

    article: str
    signs: Mapping[str, float]
    family: str
    mentions: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    path = parser.parse_args().folder / "data" / "worldwide" / "dev.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if zlib.crc32(row["id"].encode()) % 2 == 0]
    with ProcessPoolExecutor() as pool:
        samples = [sample for found in pool.map(samples_of, rows, chunksize=8) for sample in found]
    write(samples)


def samples_of(row: Mapping[str, Any]) -> list[Sample]:
    """Return the samples of one article; names that cross a border of the annotation teach nothing."""
    text: str = row["text"]
    doc = parse_paragraphs(_model(), text, split_paragraphs(text, find_furniture(text)))
    gold = {_bare(item["start"], item["end"], text): item["type"] for item in row["entities"] if not item.get("depth")}
    return list(_samples(row["id"], doc, gold))


def _samples(article: str, doc: Doc, gold: Mapping[Span, str]) -> Iterator[Sample]:
    for names, signs in signs_by_name(doc, find_names(doc)):
        families = Counter(family for name in names if (family := _family(doc, name, gold)))
        if families:
            family = max(families, key=lambda key: (families[key], key))
            yield Sample(article, signs, family, sum(families.values()))


def _family(doc: Doc, name: Name, gold: Mapping[Span, str]) -> str | None:
    last = doc[name.end - 1]
    start, end = _bare(doc[name.start].idx, last.idx + len(last), doc.text)
    if (start, end) in gold:
        return FAMILY_OF.get(gold[start, end])
    return None if any(first < end and start < last for first, last in gold) else NOTHING


def _bare(start: int, end: int, text: str) -> Span:
    """Return a span without a leading article and a possessive, where annotators differ."""
    if text[start:end].lower().startswith("the "):
        start += 4
    for tail in ("'s", "’s", "'", "’"):
        if text[start:end].endswith(tail):
            return start, end - len(tail)
    return start, end


def write(samples: list[Sample]) -> None:
    """Weigh the signs and write the table."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    articles: defaultdict[str, set[str]] = defaultdict(set)
    for sample in samples:
        for sign in sample.signs:
            articles[sign].add(sample.article)
    signs = sorted(sign for sign, of in articles.items() if len(of) >= _least(sign))
    column = {sign: number for number, sign in enumerate(signs)}
    cells = [(row, column[sign], value) for row, sample in enumerate(samples) for sign, value in sample.signs.items() if sign in column]
    rows, columns, values = zip(*cells, strict=True)
    matrix = csr_matrix((values, (rows, columns)), (len(samples), len(signs)))
    model = LogisticRegression(C=STRENGTH, max_iter=2000, fit_intercept=False)
    model.fit(matrix, [sample.family for sample in samples], sample_weight=[sample.mentions for sample in samples])
    weights = np.round(model.coef_[[list(model.classes_).index(family) for family in COLUMNS]].T, 2)
    kept = ((sign, row.tolist()) for sign, row in zip(signs, weights, strict=True) if np.abs(row).max() >= WEIGHT_LEAST)
    _write_rows(resource("data", "lexicon") / "name_signs.csv", kept)


def _least(sign: str) -> int:
    return ARTICLES_LEAST_OF_WORDS if sign.startswith(("first:", "last:")) else ARTICLES_LEAST


def _write_rows(path: Path, rows: Iterable[tuple[str, list[float]]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", *(family.lower() for family in COLUMNS)])
        writer.writerows([sign, *weights] for sign, weights in rows)


@cache
def _model() -> Language:
    return load_model(DEFAULT_MODEL)


if __name__ == "__main__":
    main()
