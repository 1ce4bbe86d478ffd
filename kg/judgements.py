"""The ledger: what people decided about which things are the same, as a CSV file that stands under version control.

A row is one decision, about two things or about a thing and a Wikidata item ("Q42"). Things are named as in their IRIs
after the base ("city/dorvan.no"), so that a ledger fits graphs of any base. The file is kept sorted: the same decisions
are the same bytes, and two people's rows merge line by line.
"""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Literal

from kg.iris import WIKIDATA, kind_of

Verdict = Literal["same", "different", "undecided", ""]
"""Empty in the rows that `kg dedupe` proposes, until a person has filled them in."""
VERDICTS: dict[str, Verdict] = {"same": "same", "different": "different", "undecided": "undecided"}
_THING = re.compile(r"[a-z]+(-[a-z]+)*/[^/\s]+")
_ITEM = re.compile(r"Q[1-9][0-9]*")
_SCORE = re.compile(r"0([.][0-9]+)?|1([.]0+)?")


class BadJudgements(ValueError):
    """A decision is wrong or contradicts another; the message gives file, lines and remedy."""


@dataclass(frozen=True, slots=True, order=True)
class Judgement:
    """One decision: "`left` is `right`", is not, or nobody can tell; `article` is set where it holds in one article only."""

    left: str
    right: str
    """Another thing, or a Wikidata item."""
    judgement: Verdict
    by: str
    on: str
    """The day of the decision, as given by whoever decided: an ISO date."""
    article: str = ""
    note: str = ""
    score: str = ""
    """What `kg dedupe` gave the pair, from 0 to 1; empty where a person thought of it."""
    method: str = ""
    evidence: str = ""
    place: str = field(default="", compare=False)
    """File and line, for messages."""

    @property
    def pair(self) -> frozenset[str]:
        """The two things, or the thing and the item, without order."""
        return frozenset((self.left, self.right))

    @property
    def item(self) -> str | None:
        """The Wikidata item that the thing is or is not; None where the decision is about two things."""
        return named_item(self.right)


COLUMNS = tuple(column.name for column in fields(Judgement) if column.name != "place")


def named_item(word: str) -> str | None:
    """Return the Wikidata item that an id or the IRI of one means, or None.

    >>> named_item("Q42"), named_item("http://www.wikidata.org/entity/Q42"), named_item("city/dorvan.no")
    ('Q42', 'Q42', None)
    """
    item = word.removeprefix(WIKIDATA)
    return item if _ITEM.fullmatch(item) else None


def read_judgements(path: Path, *, by: str = "", on: str = "") -> tuple[Judgement, ...]:
    """Return the decisions of a ledger, sorted, each once; none where there is no file.

    Rows without a judgement are left out, so that a list of `kg dedupe` can be given after some of its rows were
    filled in; `by` and `on` stand in for empty cells of these columns. BadJudgements names file, line and remedy.
    """
    if not path.exists():
        return ()
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        header = list(reader.fieldnames or ())
        if strange := ({*COLUMNS[:3]} - {*header}) | ({*header} - {*COLUMNS}):
            raise BadJudgements(f"{path.name}:1: the header {header} lacks or adds {sorted(strange)}; the columns are {list(COLUMNS)}")
        found = []
        for cells in reader:
            place = f"{path.name}:{reader.line_num}"
            if None in cells or None in cells.values():
                raise BadJudgements(f"{place}: not {len(header)} cells; quote a cell that holds a comma")
            if cells["judgement"]:
                found.append(_judgement({**cells, "by": cells.get("by") or by, "on": cells.get("on") or on}, place))
    return settled(found)


def write_judgements(path: Path, judgements: Iterable[Judgement]) -> None:
    """Write a ledger, sorted, whole or not at all; without decisions, there is no file."""
    rows = sorted(set(judgements))
    if not rows:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(as_csv(rows), encoding="utf-8")
    part.replace(path)


def as_csv(rows: Iterable[Judgement]) -> str:
    """Return rows as CSV text with a header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([str(getattr(row, column)) for column in COLUMNS] for row in rows)
    return text.getvalue()


def made_by_hand(left: str, right: str, judgement: str, *, by: str, on: str, article: str = "", note: str = "") -> Judgement:
    """Return a decision that a person types, after checking it; BadJudgements says what is wrong."""
    cells = {"left": left, "right": right, "judgement": judgement, "by": by, "on": on, "article": article, "note": note}
    return _judgement(cells, "the new decision")


def with_decisions(judgements: Iterable[Judgement], new: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """Return the ledger with new decisions; one that a person takes again (with another date or note) replaces the old one."""
    new = tuple(new)
    taken = {(row.pair, row.article, row.by, row.judgement) for row in new}
    kept = [row for row in judgements if (row.pair, row.article, row.by, row.judgement) not in taken]
    return settled([*kept, *new])


def without_decisions(judgements: Iterable[Judgement], left: str, right: str, *, article: str = "") -> tuple[Judgement, ...]:
    """Return the ledger without all decisions on a pair; BadJudgements where there is none."""
    judgements = tuple(judgements)
    kept = tuple(row for row in judgements if row.pair != {left, right} or row.article != article)
    if kept == judgements:
        where = f" for the article {article!r}" if article else ""
        raise BadJudgements(f"nobody has decided on {left} and {right}{where}; list the decisions with: kg judge --store STORE")
    return kept


def settled(judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """Return decisions sorted, each once; BadJudgements where two say the opposite of one pair."""
    rows = tuple(sorted(set(judgements)))
    said: dict[tuple[frozenset[str], str], Judgement] = {}
    for row in rows:
        if row.judgement == "undecided":
            continue
        first = said.setdefault((row.pair, row.article), row)
        if first.judgement != row.judgement:
            raise BadJudgements(
                f"{row.left} and {row.right} are {first.judgement} ({_where(first)}) and {row.judgement} ({_where(row)}); "
                f"take one back with: kg judge --take-back {row.left} {row.right}"
            )
    return rows


def _where(row: Judgement) -> str:
    return f"{row.place}, {row.by} on {row.on}"


def _judgement(cells: dict[str, str], place: str) -> Judgement:
    row = {name: cells.get(name, "").strip() for name in COLUMNS}
    row |= {side: item for side in ("left", "right") if (item := named_item(row[side]))}
    if named_item(row["left"]):
        row["left"], row["right"] = row["right"], row["left"]
    for side in ("left",) if named_item(row["right"]) else ("left", "right"):
        if not _THING.fullmatch(row[side]) or kind_of(row[side]) is None:
            raise BadJudgements(f"{place}: {side} {row[side]!r} is no thing; write kind and name as in its IRI, such as city/dorvan.no")
    if row["left"] == row["right"]:
        raise BadJudgements(f"{place}: {row['left']!r} stands on both sides; a decision is about two things")
    if named_item(row["right"]) and row["article"]:
        raise BadJudgements(
            f"{place}: a link holds in all articles, not in {row['article']!r} alone; if that one means another thing, "
            "give the thing a name of its own there: kg judge same THING NEW-THING --in ARTICLE"
        )
    if not row["by"]:
        raise BadJudgements(f"{place}: nobody is named who decided; fill the column by, or give --by NAME")
    if row["score"] and not _SCORE.fullmatch(row["score"]):
        raise BadJudgements(f"{place}: score {row['score']!r} is no number from 0 to 1, such as 0.87")
    try:
        row["on"] = date.fromisoformat(row["on"]).isoformat()
    except ValueError:
        raise BadJudgements(f"{place}: on {row['on']!r} is no day, such as 2024-05-31; fill the column on, or give --on DATE") from None
    if (verdict := VERDICTS.get(row.pop("judgement"))) is None:
        raise BadJudgements(f"{place}: judgement {cells['judgement']!r} is none of {', '.join(VERDICTS)}")
    return Judgement(row.pop("left"), row.pop("right"), verdict, place=place, **row)
