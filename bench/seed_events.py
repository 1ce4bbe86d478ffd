"""Compares the events found in two articles with a careful reader's list of them.

    python bench/seed_events.py ARTICLES_FOLDER

The list is seed_events.csv; a cell's fillers are separated by blanks and the acceptable words of one by "|". A `minor` line
counts neither as missed nor as false. A find answers a line when it shares a trigger's characters and its kind is one of
the line's or a subclass. `agents`, `parties`, `targets` and `places` name who and where; `also` holds words that no role is
wrong to name. Exits with 1 when too few main events, roles or numbers are right, or too many finds answer no line.
"""

import csv
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kg.articles import read_articles
from kg.pipeline import Settings, process
from kg.records import Article, EventMention, Extraction, Failure, Quantity, Role, TextSpan, read_extraction
from kg.vocab import KG

PUBLISHED = {
    "sha256-238f0691a0ca8a329a958aec344e29a0": "2021-08-09T12:00:00Z",
    "sha256-33205abd728673cd5c9343ae2a7f3502": "2021-08-07T20:00:00Z",
}
"""The days on which the articles were written, by what they tell; their texts give none."""
LEAST_FOUND = 22 / 27
LEAST_ROLES = 0.8
MOST_FALSE = 8
ROLES = {
    "agents": ("agent", "participant"),
    "parties": ("agent", "patient", "participant"),
    "targets": ("patient", "recipient", "participant", "place", "origin", "destination"),
    "places": ("place", "origin", "destination", "patient"),
}
"""The roles that may name a filler: who moves or fights may be agent or patient, a seized town patient or place."""
OTHER_ROLES = ("instrument",)
"""Not in the list, so neither right nor wrong."""
COUNTED_KINDS = ("Casualty", "Movement")
"""The numbers of these must all be right."""
Words = tuple[TextSpan, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the list with its acceptable bounds ("" is open) and approximations; `unit` "" is not looked at."""

    words: TextSpan
    lower: tuple[str, ...]
    upper: tuple[str, ...]
    approximations: tuple[str, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Line:
    """One occurrence of the list."""

    id: str
    main: bool
    kinds: tuple[str, ...]
    triggers: Words
    fillers: dict[str, tuple[Words, ...]]
    also: tuple[Words, ...]
    earliest: tuple[str, ...]
    latest: tuple[str, ...]
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A line with the finds that answer it and what is right in them."""

    line: Line
    finds: tuple[EventMention, ...]
    fillers: dict[str, tuple[bool, ...]]
    wrong_roles: tuple[Role, ...]
    time: bool | None
    numbers: tuple[bool, ...]
    cause: str = ""


def main() -> None:
    verdicts: list[Verdict] = []
    false: list[str] = []
    ties: list[str] = []
    dated = (
        replace(item, published=PUBLISHED[item.id]) if isinstance(item, Article) else item for item in read_articles([Path(sys.argv[1])])
    )
    for outcome in process(dated, Settings()):
        if isinstance(outcome, Failure):
            sys.exit(str(outcome))
        extraction = read_extraction(outcome.record)
        lines = read_lines(Path(__file__).with_suffix(".csv"), extraction.article.id)
        answers = answers_of(lines, extraction.events)
        verdicts += (compare(line, answers[line.id], extraction) for line in lines)
        answered = {event.key for finds in answers.values() for event in finds}
        false += (_false(event, lines) for event in extraction.events if event.key not in answered)
        ties += _wrong_ties(answers, extraction.events)
    print(*map(_report, verdicts), *false, *ties, sep="\n")
    sys.exit(0 if _totals(verdicts, len(false)) else 1)


def read_lines(path: Path, article: str) -> tuple[Line, ...]:
    """Return the lines of one article, main ones first."""
    with path.open(encoding="utf-8", newline="") as rows:
        lines = [
            Line(
                row["id"],
                row["need"] == "main",
                tuple(row["kinds"].split()),
                tuple(words for filler in _fillers(row["triggers"]) for words in filler),
                {column: _fillers(row[column]) for column in ROLES},
                _fillers(row["also"]),
                tuple(row["earliest"].split("|")),
                tuple(row["latest"].split("|")),
                tuple(map(_number, row["numbers"].split())),
            )
            for row in csv.DictReader(rows)
            if row["article"] == article
        ]
    return tuple(sorted(lines, key=lambda line: not line.main))


def answers_of(lines: Iterable[Line], events: Iterable[EventMention]) -> dict[str, tuple[EventMention, ...]]:
    """Return the finds that answer each line; a find answers one line, a main one rather than a minor one."""
    answers: dict[str, tuple[EventMention, ...]] = {line.id: () for line in lines}
    for event in events:
        fitting = (line.id for line in lines if _overlaps(event.trigger, line.triggers) and KG.ancestors(event.kind) & set(line.kinds))
        if line_id := next(fitting, None):
            answers[line_id] += (event,)
    return answers


def compare(line: Line, finds: tuple[EventMention, ...], extraction: Extraction) -> Verdict:
    """Hold the roles, time and numbers of the finds together against the line."""
    if not finds:
        there = sorted({event.kind for event in extraction.events if _overlaps(event.trigger, line.triggers)})
        return Verdict(line, (), {}, (), None, (), f"found as {' '.join(there)}" if there else "no find there")
    roles = [role for event in finds for role in event.roles]
    found = {
        column: tuple(any(role.name in ROLES[column] and _names(role, filler, extraction) for role in roles) for filler in fillers)
        for column, fillers in line.fillers.items()
    }
    wrong = [role for role in roles if role.name not in OTHER_ROLES and not _is_acceptable(role, line, extraction)]
    times = [event.time for event in finds if event.time]
    right_time = any(_starts(time.earliest, line.earliest) and _starts(time.latest, line.latest) for time in times)
    quantities = [quantity for event in finds for quantity in event.quantities]
    numbers = tuple(any(_is_number(quantity, number) for quantity in quantities) for number in line.numbers)
    return Verdict(line, finds, found, tuple(wrong), right_time if any(line.earliest) else None, numbers)


def _is_acceptable(role: Role, line: Line, extraction: Extraction) -> bool:
    fitting = [filler for column, fillers in line.fillers.items() if role.name in ROLES[column] for filler in fillers]
    return any(_names(role, filler, extraction) for filler in (*fitting, *line.also))


def _names(role: Role, filler: Words, extraction: Extraction) -> bool:
    """Tell whether the role's words, or another mention of its entity, stand in the filler."""
    if not role.inherited and role.start is not None and role.end is not None and _overlaps(TextSpan(role.start, role.end), filler):
        return True
    mentions = (mention for entity in extraction.entities if entity.key == role.entity for mention in entity.mentions)
    return any(_overlaps(TextSpan(mention.start, mention.end), filler) for mention in mentions)


def _overlaps(span: TextSpan, words: Words) -> bool:
    return any(span.start < other.end and other.start < span.end for other in words)


def _starts(moment: str | None, days: tuple[str, ...]) -> bool:
    return moment is not None and moment.startswith(days)


def _is_number(quantity: Quantity, number: Number) -> bool:
    bounds = ("" if bound is None else f"{bound:g}" if bound < 1e5 else f"{bound:.0f}" for bound in (quantity.lower, quantity.upper))
    lower, upper = bounds
    return (
        _overlaps(TextSpan(quantity.start, quantity.end), (number.words,))
        and lower in number.lower
        and upper in number.upper
        and quantity.approximation in number.approximations
        and (not number.unit or (quantity.unit or "").endswith(number.unit))
    )


def _fillers(cell: str) -> tuple[Words, ...]:
    return tuple(tuple(map(_span, filler.split("|"))) for filler in cell.split())


def _span(cell: str) -> TextSpan:
    start, _, end = cell.partition("-")
    return TextSpan(int(start), int(end))


def _number(cell: str) -> Number:
    words, lower, upper, approximations, unit = cell.split(":")
    return Number(_span(words), tuple(lower.split("|")), tuple(upper.split("|")), tuple(approximations.split("|")), unit)


def _report(verdict: Verdict) -> str:
    line = verdict.line
    if not verdict.finds:
        return f"{line.id}  {'missed' if line.main else 'minor, not found'}  {_places(line.triggers)}  {verdict.cause}"
    finds = " ".join(f"{event.trigger.start}-{event.trigger.end}:{event.kind}:{event.rule}" for event in verdict.finds)
    lost = {column: [line.fillers[column][i] for i, right in enumerate(rights) if not right] for column, rights in verdict.fillers.items()}
    notes = {
        "triggers missed": [
            _places((words,)) for words in line.triggers if not any(_overlaps(event.trigger, (words,)) for event in verdict.finds)
        ],
        "roles missed": [f"{column} {_places(filler)}" for column, fillers in lost.items() for filler in fillers],
        "roles wrong": [f"{role.name} {role.start}-{role.end}{' inherited' if role.inherited else ''}" for role in verdict.wrong_roles],
        "numbers wrong": [_places((number.words,)) for number, right in zip(line.numbers, verdict.numbers, strict=True) if not right],
        "time wrong": ["yes"] if verdict.time is False else [],
        "occurrences": [str(count)] if (count := len({event.same for event in verdict.finds})) > 1 else [],
    }
    told = (f"{name}: {', '.join(items)}" for name, items in notes.items() if items)
    return "  ".join([line.id, "found" if line.main else "minor", finds, *told])


def _false(event: EventMention, lines: tuple[Line, ...]) -> str:
    near = [f"{line.id} {'/'.join(line.kinds)}" for line in lines if _overlaps(event.trigger, line.triggers)]
    cause = f"its kind should be that of {', '.join(near)}" if near else "no event there"
    return f"false  {event.trigger.start}-{event.trigger.end}:{event.kind}:{event.rule}  {cause}"


def _wrong_ties(answers: dict[str, tuple[EventMention, ...]], events: Iterable[EventMention]) -> Iterator[str]:
    """Yield the mentions said to be of the same occurrence as one that answers another line."""
    line_of = {event.key: line_id for line_id, finds in answers.items() for event in finds}
    for event in events:
        if line_of.get(event.same, "none") != line_of.get(event.key, "none"):
            start, end = event.trigger.start, event.trigger.end
            yield f"tied  {start}-{end}:{event.kind} of {line_of.get(event.key, 'none')} with one of {line_of.get(event.same, 'none')}"


def _places(words: Words) -> str:
    return "|".join(f"{span.start}-{span.end}" for span in words)


def _totals(verdicts: list[Verdict], false: int) -> bool:
    """Print the figures and tell whether every bar is met."""
    wanted = [verdict for verdict in verdicts if verdict.line.main]
    minor = [verdict for verdict in verdicts if not verdict.line.main]
    found = [verdict for verdict in wanted if verdict.finds]
    print(f"main events found with a right kind: {len(found)} of {len(wanted)} = {len(found) / len(wanted):.2f} (bar {LEAST_FOUND:.2f})")
    print(f"minor events found: {sum(bool(verdict.finds) for verdict in minor)} of {len(minor)}; false events: {false} (bar {MOST_FALSE})")
    fillers = {column: [right for verdict in found for right in verdict.fillers[column]] for column in ROLES}
    for column, rights in fillers.items():
        print(f"{column} found: {sum(rights)} of {len(rights)} = {sum(rights) / max(1, len(rights)):.2f}")
    every = [right for rights in fillers.values() for right in rights]
    given = sum(role.name not in OTHER_ROLES for verdict in found for event in verdict.finds for role in event.roles)
    wrong = sum(len(verdict.wrong_roles) for verdict in found)
    print(
        f"all of them: {sum(every)} of {len(every)} = {sum(every) / len(every):.2f}; roles given that are right: {given - wrong} of {given}"
    )
    times = [verdict.time for verdict in found if verdict.time is not None]
    print(f"dates right: {sum(times)} of {len(times)}")
    counted, others = (
        [
            right
            for verdict in wanted
            if _is_counted(verdict.line) is wish
            for right in verdict.numbers or (False,) * len(verdict.line.numbers)
        ]
        for wish in (True, False)
    )
    print(f"casualty and displacement numbers right: {sum(counted)} of {len(counted)} (bar: all); others: {sum(others)} of {len(others)}")
    enough = len(found) >= LEAST_FOUND * len(wanted) and sum(every) >= LEAST_ROLES * len(every)
    return enough and false <= MOST_FALSE and all(counted)


def _is_counted(line: Line) -> bool:
    return any(set(COUNTED_KINDS) & KG.ancestors(kind) for kind in line.kinds)


if __name__ == "__main__":
    main()
