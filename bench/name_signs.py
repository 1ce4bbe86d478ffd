"""Learns from annotated news how much each sign speaks for a family of kinds, and writes data/lexicon/name_signs.csv.

    pip install numpy scipy
    python bench/name_signs.py EVAL_FOLDER

Reads the dev halves of worldwide, trnews, geowebnews and lgl of EVAL_FOLDER, which is not part of this repository, and of them only
the articles whose id has an even CRC-32: the others judge the result. The last three tell places only; of their other names
it is learned that they are none. Names are found by the model as its package has it: the recogniser of data/recogniser knows these
articles. What is written are weights of signs, no text.
"""

import argparse
import csv
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from gold_halves import read_even_rows
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.furniture import find_furniture
from kg.extract.kind_votes import signs_by_name
from kg.extract.name import Name
from kg.extract.name_signs import NOTHING
from kg.extract.names import find_names
from kg.extract.paragraphs import split_paragraphs
from kg.extract.parse import join_paragraphs, load_model
from kg.resources import resource

FAMILY_OF = {"Person": "Person", "Organization": "Organisation", "Location": "Place", "Facility": "Place", "NORP": "Group"}
COLUMNS = ("Person", "Organisation", "Place", "Group", NOTHING)
PLACE_SETS = ("trnews", "geowebnews", "lgl")
PLACE_SETS_WEIGHT = 0.3
NO_PLACE = "any but a place"
NOT_OF_THE_PLACE = frozenset(("Non_Lit_Expression", "Literal_Expression", "Non_Toponym", "Homonym", "Language", "Demonym"))
ARTICLES_LEAST = 6  # a sign of fewer articles is not weighed
ARTICLES_LEAST_OF_WORDS = 10  # nor is one that is a word of the names themselves
WEIGHT_LEAST = 0.05  # a sign that weighs less for every family is left out of the table
STRENGTH = 0.4  # inverse strength of the L2 penalty
LABELS_COUNT = 3.0
"""Times that the weight of a label counts: learned from the labels of the package; those of data/recogniser are right more often."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sample:
    """Equal names of one article, their signs, their family by the annotators (or NO_PLACE), and how much they count: by their mentions."""

    article: str
    signs: Mapping[str, float]
    family: str
    weight: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    data = parser.parse_args().folder / "data"
    rows = [row for name in ("worldwide", *PLACE_SETS) for row in read_even_rows(data / name / "dev.jsonl.gz")]
    with ProcessPoolExecutor() as pool:
        samples = [sample for found in pool.map(samples_of, rows, chunksize=8) for sample in found]
    write(samples)


def samples_of(row: Mapping[str, Any]) -> list[Sample]:
    """Return the samples of one article; names that cross a border of the annotation teach nothing."""
    text: str = row["text"]
    doc = join_paragraphs(_model(), text, split_paragraphs(text, find_furniture(text)))
    if "entities" in row:
        gold = {_bare(item["start"], item["end"], text): FAMILY_OF.get(item["type"]) for item in row["entities"] if not item.get("depth")}
        return list(_samples(row["id"], doc, gold, NOTHING, 1.0))
    gold = {_bare(item["start"], item["end"], text): _place_or_none(item) for item in row["toponyms"]}
    return list(_samples(row["id"], doc, gold, NO_PLACE, PLACE_SETS_WEIGHT))


def _place_or_none(toponym: Mapping[str, Any]) -> str | None:
    return None if toponym.get("non_locational") or toponym.get("type") in NOT_OF_THE_PLACE else "Place"


def _samples(article: str, doc: Doc, gold: Mapping[Span, str | None], other: str, weight: float) -> Iterator[Sample]:
    for names, signs in signs_by_name(doc, find_names(doc)):
        families = Counter(family for name in names if (family := _family(doc, name, gold, other)))
        if families:
            family = max(families, key=lambda key: (families[key], key))
            yield Sample(article, signs, family, sum(families.values()) * weight)


def _family(doc: Doc, name: Name, gold: Mapping[Span, str | None], other: str) -> str | None:
    last = doc[name.end - 1]
    start, end = _bare(doc[name.start].idx, last.idx + len(last), doc.text)
    if (start, end) in gold:
        return gold[start, end]
    return None if any(first < end and start < last for first, last in gold) else other


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
    articles: defaultdict[str, set[str]] = defaultdict(set)
    for sample in samples:
        for sign in sample.signs:
            articles[sign].add(sample.article)
    signs = sorted(sign for sign, of in articles.items() if len(of) >= _least(sign))
    times = np.array([[LABELS_COUNT if sign.startswith("label:") else 1.0] for sign in signs])
    weights = np.round(weigh(samples, signs), 2) * times + 0.0  # no negative zero
    kept = ((sign, row.tolist()) for sign, row in zip(signs, weights, strict=True) if np.abs(row).max() >= WEIGHT_LEAST)
    _write_rows(resource("data", "lexicon") / "name_signs.csv", kept)


def weigh(samples: list[Sample], signs: Collection[str]) -> np.ndarray:
    """Return the weights (signs x families) of a logistic regression; for NO_PLACE the other families' shares count together."""
    column = {sign: number for number, sign in enumerate(signs)}
    cells = [(row, column[sign], value) for row, sample in enumerate(samples) for sign, value in sample.signs.items() if sign in column]
    rows, columns, values = zip(*cells, strict=True)
    matrix = csr_matrix((values, (rows, columns)), (len(samples), len(signs)))
    turned = matrix.T.tocsr()
    fits = np.array(
        [[sample.family == family or (sample.family == NO_PLACE and family != "Place") for family in COLUMNS] for sample in samples]
    )
    weight = np.array([sample.weight for sample in samples])

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(len(signs), len(COLUMNS))
        sums = matrix @ weights
        powers = np.exp(sums - sums.max(axis=1, keepdims=True))
        shares = powers / powers.sum(axis=1, keepdims=True)
        right = (shares * fits).sum(axis=1) + 1e-12
        slope = turned @ ((shares - shares * fits / right[:, None]) * weight[:, None]) * STRENGTH + weights
        return float(-(weight * np.log(right)).sum() * STRENGTH + (weights**2).sum() / 2), slope.ravel()

    found = minimize(loss, np.zeros(len(signs) * len(COLUMNS)), jac=True, method="L-BFGS-B", options={"maxiter": 400, "maxfun": 500})
    return np.asarray(found.x.reshape(len(signs), len(COLUMNS)))


def _least(sign: str) -> int:
    return ARTICLES_LEAST_OF_WORDS if sign.startswith(("first:", "last:")) else ARTICLES_LEAST


def _write_rows(path: Path, rows: Iterable[tuple[str, list[float]]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", *(family.lower() for family in COLUMNS)])
        writer.writerows([sign, *weights] for sign, weights in rows)


@cache
def _model() -> Language:
    return load_model()


if __name__ == "__main__":
    main()
