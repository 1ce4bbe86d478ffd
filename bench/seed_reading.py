"""Compares the statements found in two articles with a careful reader's list of them.

    python bench/seed_reading.py ARTICLES_FOLDER

The list is seed_reading.csv; a line that is not `certain` counts neither as missed nor as false. A statement answers a
line when their contents share enough characters, one to one, best first. Exits with 1 when too few lines are found with
the right source, or too many statements answer no line.
"""

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

from kg.articles import read_articles
from kg.pipeline import Settings, process
from kg.records import Failure, Statement, TextSpan, read_extraction

LEAST_JACCARD = 0.3
LEAST_FOUND = 26
MOST_FALSE = 6
Characters = frozenset[int]


@dataclass(frozen=True, slots=True)
class Line:
    """One reported statement of the list; several acts where the words allow several."""

    id: str
    content: Characters
    source: Characters
    acts: tuple[str, ...]
    certain: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """A line and the statement that answers it, or a statement that answers none."""

    line: Line | None
    statement: Statement | None
    jaccard: float = 0.0
    source_right: bool = False
    act_right: bool = False


def main() -> None:
    verdicts: list[Verdict] = []
    for outcome in process(read_articles([Path(sys.argv[1])]), Settings()):
        if isinstance(outcome, Failure):
            sys.exit(str(outcome))
        extraction = read_extraction(outcome.record)
        lines = read_lines(Path(__file__).with_suffix(".csv"), extraction.article.id, extraction.article.text)
        verdicts += compare(lines, extraction.statements, extraction.article.text)
    print(*map(_report, verdicts), sep="\n")
    certain = [verdict for verdict in verdicts if verdict.line is not None and verdict.line.certain]
    found = sum(verdict.statement is not None for verdict in certain)
    sourced, acts = sum(verdict.source_right for verdict in certain), sum(verdict.act_right for verdict in certain)
    false = sum(verdict.line is None for verdict in verdicts)
    print(f"{len(certain)} certain lines: {found} found, {sourced} with the right source, {acts} with a right act; {false} false")
    sys.exit(1 if sourced < LEAST_FOUND or false > MOST_FALSE else 0)


def read_lines(path: Path, article: str, text: str) -> tuple[Line, ...]:
    """Return the lines of one article, their offsets as characters that are no space."""
    with path.open(encoding="utf-8", newline="") as rows:
        return tuple(
            Line(row["id"], _read(row["content"], text), _read(row["source"], text), tuple(row["act"].split()), row["certain"] == "yes")
            for row in csv.DictReader(rows)
            if row["article"] == article
        )


def compare(lines: tuple[Line, ...], statements: tuple[Statement, ...], text: str) -> list[Verdict]:
    """Return a verdict for each line in order, then for each statement that answers none."""
    contents = [_characters(statement.content, text) for statement in statements]
    answers: dict[int, int] = {}
    for unlike, i, j in sorted((-_jaccard(line.content, found), i, j) for i, line in enumerate(lines) for j, found in enumerate(contents)):
        if -unlike >= LEAST_JACCARD and i not in answers and j not in answers.values():
            answers[i] = j
    verdicts = [Verdict(line, None) for line in lines]
    for i, j in answers.items():
        line, statement = lines[i], statements[j]
        sourced = _same_words(line.source, _characters(statement.source, text))
        verdicts[i] = Verdict(line, statement, _jaccard(line.content, contents[j]), sourced, statement.act in line.acts)
    return [*verdicts, *(Verdict(None, statement) for j, statement in enumerate(statements) if j not in answers.values())]


def _read(cell: str, text: str) -> Characters:
    pieces = [piece.split("-") for piece in cell.split("+") if piece]
    return _characters(tuple(TextSpan(int(start), int(end)) for start, end in pieces), text)


def _characters(pieces: tuple[TextSpan, ...], text: str) -> Characters:
    return frozenset(i for piece in pieces for i in range(piece.start, piece.end) if not text[i].isspace())


def _jaccard(one: Characters, other: Characters) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


def _same_words(wanted: Characters, found: Characters) -> bool:
    """Tell whether half of the shorter one is shared and the answer is not much longer; or both are empty."""
    if not wanted or not found:
        return not wanted and not found
    return 2 * len(wanted & found) >= min(len(wanted), len(found)) and len(found) <= 2 * len(wanted) + 20


def _report(verdict: Verdict) -> str:
    line, statement = verdict.line, verdict.statement
    found = "" if statement is None else f"{statement.content[0].start}-{statement.content[-1].end} {statement.act} {statement.rule}"
    if line is None or statement is None:
        return f"false  {found}" if line is None else f"{line.id}  missed" + ("" if line.certain else " (not certain)")
    source, act = ("right" if right else "wrong" for right in (verdict.source_right, verdict.act_right))
    return f"{line.id}  found  source {source}  act {act}  content {verdict.jaccard:.2f}  {found}"


if __name__ == "__main__":
    main()
