"""Tells whether statements carry the act that the cue lexicon gives the lemma of their cue, on a gold set of attributions.

    python bench/acts.py EVAL_FOLDER RECORDS

EVAL_FOLDER holds score.py and data/polnear/dev.jsonl.gz; RECORDS are records of those articles (`bench/quality.py EVAL_FOLDER
--set polnear --out FOLDER` keeps them). A gold attribution counts when its cue is one of CUES and a statement is found for it
(content@0.3). The act is right when rows of that lemma have it, as their act or as that of the negated cue. Hearsay is right
only where such a row says so and the gold names no source either. Prints one line a cue, with what stands there instead.
"""

import argparse
import gzip
import importlib.util
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from kg.extract.cues import Cue
from kg.extract.parse import load_model
from kg.lexicon import read_table
from kg.records import Extraction, Statement, read_extraction

LEAST_SHARED = 0.3


@dataclass(frozen=True, slots=True)
class Kind:
    """Cues that are asked about: lemmas; where `next_words` are given, one of them follows the lemma in the text."""

    lemmas: tuple[str, ...]
    next_words: tuple[str, ...] = ()


CUES = {
    "confirm": Kind(("confirm", "confirmation")),
    "deny": Kind(("deny", "denial")),
    "reject": Kind(("reject", "rejection")),
    "claim": Kind(("claim",)),
    "allege": Kind(("allege", "allegation")),
    "accuse": Kind(("accuse", "accusation")),
    "warn": Kind(("warn", "warning")),
    "threaten": Kind(("threaten", "threat")),
    "promise": Kind(("promise",)),
    "vow": Kind(("vow",)),
    "predict": Kind(("predict", "prediction")),
    "estimate": Kind(("estimate",)),
    "demand": Kind(("demand",)),
    "call for": Kind(("call",), ("for",)),
    "ask": Kind(("ask",)),
    "decline to comment": Kind(("decline", "refuse", "refusal"), ("to comment",)),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("records", type=Path)
    options = parser.parse_args()
    records = map(read_extraction, options.records.read_text(encoding="utf-8").splitlines())
    extractions = {extraction.article.id: extraction for extraction in records}
    expected = {name: table_acts(kind) for name, kind in CUES.items()}
    found: Counter[str] = Counter()
    right: Counter[str] = Counter()
    instead: dict[str, Counter[str]] = {name: Counter() for name in CUES}
    for name, statement, named in matched(options.folder, extractions):
        found[name] += 1
        if statement.act in expected[name] and (statement.act != "Hearsay" or not named):
            right[name] += 1
        else:
            instead[name][f"{statement.act} by {statement.rule}"] += 1
    for name in CUES:
        print(f"{name:19}{right[name]:4}/{found[name]:<4}{', '.join(sorted(expected[name]))}; instead: {dict(instead[name])}")
    print(f"{'total':19}{right.total():4}/{found.total():<4}{right.total() / max(1, found.total()):.3f}")


def table_acts(kind: Kind) -> frozenset[str]:
    """Return the acts that rows of data/lexicon/reporting_cues.csv give a cue, or its negation."""
    rows = [cue for cue in read_table("reporting_cues", Cue) if cue.lemma in kind.lemmas and _has_frame(cue, kind)]
    return frozenset(act for cue in rows for act in (cue.act, cue.negated_act) if act)


def _has_frame(cue: Cue, kind: Kind) -> bool:
    """Tell whether a row's frame is that of the words that follow: "for"; "infinitive:comment" for "to comment"."""
    frames = {word.replace("to ", "infinitive:") for word in kind.next_words}
    return not frames or cue.frame in frames


def matched(folder: Path, extractions: Mapping[str, Extraction]) -> Iterator[tuple[str, Statement, bool]]:
    """Yield the name of the cue, the statement found, and whether the gold names a source, for each gold attribution that counts."""
    score = read_scorer(folder / "score.py")
    nlp = load_model()
    with gzip.open(folder / "data" / "polnear" / "dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            text, statements = row["text"], extractions[row["id"]].statements
            solid = {i for i, character in enumerate(text) if not character.isspace()}
            quotes = [quote for quote in row["quotes"] if quote["content"]]
            gold = [score.chars(quote["content"]) & solid for quote in quotes]
            predicted = [{i for piece in s.content for i in range(piece.start, piece.end)} & solid for s in statements]
            for i, j in score.match(gold, predicted, score.jaccard, LEAST_SHARED):
                for span in score.spans_of(quotes[i]["cue"]):
                    lemmas = [
                        (token.lemma_.lower(), span["start"] + token.idx + len(token)) for token in nlp(text[span["start"] : span["end"]])
                    ]
                    name = next((name for lemma, end in lemmas for name, kind in CUES.items() if is_of_kind(kind, lemma, text[end:])), None)
                    if name is not None:
                        yield name, statements[j], bool(quotes[i]["source"])
                        break


def is_of_kind(kind: Kind, lemma: str, following: str) -> bool:
    """Tell whether a lemma and the text after it are of a kind."""
    words = " ".join(following[:40].split())
    return lemma in kind.lemmas and (not kind.next_words or any(f"{words} ".startswith(f"{word} ") for word in kind.next_words))


def read_scorer(path: Path) -> ModuleType:
    """Import the gold sets' own scorer, which is no part of this repository."""
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"{path} is no Python file; give the folder that holds score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
