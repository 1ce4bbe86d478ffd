"""Learns from annotated news how often each reporting rule reports, and what speaks for it.

    pip install scikit-learn==1.9.*
    python bench/reporting_counts.py EVAL_FOLDER

Reads data/polnear/train.jsonl.gz of EVAL_FOLDER, which is not part of this repository, and writes the columns `hits` and
`seen` of data/lexicon/reporting_cues.csv and the weights of data/lexicon/reporting_evidence.csv: counts and scores, no
text. A rule is seen where its word has its frame in the article's own voice (outside quotations and outside what is
reported there: the annotation does not nest), and hits where the annotators took the word as cue for that content.
"""

import argparse
import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from spacy.tokens import Doc

from kg.extract.cues import read_cues
from kg.extract.drafts import Draft, candidates
from kg.extract.evidence import BIAS, PRIOR, evidence, prior
from kg.extract.furniture import find_furniture
from kg.extract.paragraphs import split_paragraphs
from kg.extract.parse import load_parser
from kg.extract.quotations import find_quotations
from kg.extract.quoted_tokens import outer_quotations
from kg.resources import resource

LEXICON = resource("data", "lexicon")
OVERLAP = 0.3  # of characters (Jaccard): the same content, as the scorer has it
RIVAL = 0.7  # another complement of the same cue counts as right when it overlaps nearly as much
SEEN_LEAST = 40  # evidence seen less often is not weighed
WEIGHT_LEAST = 0.1  # evidence that weighs less is left out of the table
STRENGTH = 0.3  # inverse strength of the L2 penalty


@dataclass(frozen=True, slots=True)
class Sample:
    """A word in a frame that a rule knows, in one article, and whether it reported there."""

    article: str
    rule: str
    evidence: frozenset[str]
    reports: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    samples = [sample for row, doc in parsed(parser.parse_args().folder) for sample in samples_of(row, doc)]
    learn(samples)


def parsed(folder: Path) -> Iterator[tuple[Mapping[str, Any], Doc]]:
    """Yield each training article with its parse, made as the extractor makes it."""
    parser = load_parser()
    with gzip.open(folder / "data" / "polnear" / "train.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield row, parser.parse(row["text"], split_paragraphs(row["text"], find_furniture(row["text"])))


def samples_of(row: Mapping[str, Any], doc: Doc) -> Iterator[Sample]:
    """Yield the samples of one article."""
    text: str = row["text"]
    gold = [quote for quote in row["quotes"] if quote["content"] and quote["cue"]]
    contents = [_characters(text, quote["content"]) for quote in gold]
    cue_at = {at: number for number, quote in enumerate(gold) for at in _characters(text, quote["cue"])}
    reported = set().union(*contents) if contents else set()
    quoted = outer_quotations(doc, find_quotations(text, split_paragraphs(text, find_furniture(text))))
    inside = {i for quotation in quoted for i in range(quotation.start, quotation.end)}
    found: list[tuple[Draft, int | None, float]] = []
    for token in doc:
        number = cue_at.get(token.idx)
        if token.tag_ == "_SP" or token.i in inside or (number is None and token.idx in reported):
            continue
        for draft in candidates(token, read_cues()):
            overlap = _jaccard(contents[number], _words(doc, draft)) if number is not None else 0.0
            found.append((draft, number, overlap))
    best: dict[int, tuple[float, int]] = {}
    for draft, number, overlap in found:
        if number is not None and overlap > best.get(number, (0.0, 0))[0]:
            best[number] = (overlap, draft.head.i)
    for draft, number, overlap in found:
        most, head = best.get(number, (0.0, -1)) if number is not None else (0.0, -1)
        reports = draft.head.i == head and overlap >= max(OVERLAP, RIVAL * most)
        if reports or overlap < OVERLAP:  # a word inside another cue ("seemed to suggest") says nothing either way
            around = evidence(draft.cue, draft.head, draft.words, draft.root, draft.speaker)
            yield Sample(row["id"], draft.cue.id, frozenset(around), reports)


def learn(samples: list[Sample]) -> None:
    """Count, weigh and write both tables."""
    hits = Counter(sample.rule for sample in samples if sample.reports)
    seen = Counter(sample.rule for sample in samples)
    _write_counts(hits, seen)
    _write_weights(weights(samples, hits, seen), samples)


def weights(samples: list[Sample], hits: Counter[str], seen: Counter[str]) -> dict[str, float]:
    """Return the weight of each piece of evidence; a sample's own article is left out of its rule's counts."""
    from sklearn.linear_model import LogisticRegression

    own_hits = Counter((sample.article, sample.rule) for sample in samples if sample.reports)
    own_seen = Counter((sample.article, sample.rule) for sample in samples)
    common = Counter(name for sample in samples for name in sample.evidence)
    names = [PRIOR, *sorted(name for name, count in common.items() if count >= SEEN_LEAST)]
    column = {name: number for number, name in enumerate(names)}
    matrix = np.zeros((len(samples), len(names)))
    for number, sample in enumerate(samples):
        own = (sample.article, sample.rule)
        matrix[number, 0] = prior(hits[sample.rule] - own_hits[own], seen[sample.rule] - own_seen[own])
        matrix[number, [column[name] for name in sample.evidence if name in column]] = 1
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(matrix, [sample.reports for sample in samples])
    return {BIAS: float(model.intercept_[0])} | {name: float(weight) for name, weight in zip(names, model.coef_[0], strict=True)}


def _characters(text: str, spans: Iterable[Mapping[str, int]]) -> set[int]:
    return {at for span in spans for at in range(span["start"], span["end"]) if not text[at].isspace()}


def _words(doc: Doc, draft: Draft) -> set[int]:
    return {at for i in draft.words for at in range(doc[i].idx, doc[i].idx + len(doc[i]))}


def _jaccard(gold: set[int], found: set[int]) -> float:
    return len(gold & found) / max(1, len(gold | found))


def _write_counts(hits: Counter[str], seen: Counter[str]) -> None:
    path = LEXICON / "reporting_cues.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        columns, rows = list(reader.fieldnames or ()), list(reader)
    _write(path, columns, [{**row, "hits": hits[row["id"]], "seen": seen[row["id"]]} for row in rows])


def _write_weights(weighed: Mapping[str, float], samples: list[Sample]) -> None:
    reports = Counter(name for sample in samples if sample.reports for name in sample.evidence)
    common = Counter(name for sample in samples for name in sample.evidence)
    kept = {name: weight for name, weight in weighed.items() if abs(weight) >= WEIGHT_LEAST or name in (BIAS, PRIOR)}
    rows = [
        {"id": name, "weight": f"{weight:.2f}", "note": f"train {reports[name]}/{common[name]}" if name in common else ""}
        for name, weight in sorted(kept.items())
    ]
    _write(LEXICON / "reporting_evidence.csv", ["id", "weight", "note"], rows)


def _write(path: Path, columns: list[str], rows: Iterable[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
