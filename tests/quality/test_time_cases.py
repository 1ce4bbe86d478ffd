"""Hand-made cases of times, resolved as by a careful reader: the file times.yaml, which says how its cases are written.

A case with `fails` is known to fail, for the cause it gives, and is noticed as soon as it passes.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
import yaml
from spacy.tokens import Doc

from kg.extract.extractor import Extractor
from kg.extract.times import find_times
from kg.records import Article

Parse = Callable[[str], Doc]
Case = Mapping[str, object]
Row = Sequence[object]
CASES = Path(__file__).parent / "times.yaml"
SOURCES = Path(__file__).parents[2] / "kg" / "extract"
LEAST_SHARE_RIGHT = 0.95
# text, word of an event, words of its time ("" for none)
EVENT_TIMES = [
    ("Rebels attacked the depot on Monday.", "attacked", "Monday"),
    ("Monday's attack on the depot killed ten guards.", "attack", "Monday"),
    ("Ten guards were killed in an attack on the depot on Monday.", "attack", "Monday"),
    ("Ten guards were killed in an attack on the depot on Monday.", "killed", "Monday"),
    ("Rebels launched an attack on the depot last week.", "attack", "last week"),
    ("The attack on the depot lasted for three hours.", "attack", "for three hours"),
    ("Rebels attacked the depot on Monday and killed ten guards.", "killed", "Monday"),
    ("The baker was charged on Saturday with the murder of his rival.", "murder", ""),
    ("The baker was arrested on Saturday after the murder of his rival.", "murder", ""),
    ("The baker was arrested on Saturday after the murder of his rival.", "arrested", "Saturday"),
    ("On Tuesday the mayor condemned the attack.", "attack", ""),
    ("They were the first deaths since 1991.", "deaths", ""),
    ("The bishop was abducted on Friday and was released on Sunday.", "abducted", "Friday"),
    ("The bishop was abducted on Friday and was released on Sunday.", "released", "Sunday"),
    ("The guard said on Sunday that the bishop had been abducted on Friday.", "abducted", "Friday"),
    ("The guard said on Sunday that the bishop had been abducted.", "abducted", ""),
]
CLOCK = re.compile(r"\.(?:now|today|utcnow)\(|^(?:import|from) time\b|\b(?:time|localtime|gmtime|monotonic)\(\)", re.MULTILINE)


def cases() -> list[tuple[str, str | None, Case]]:
    """Return what each group is about, the date of its articles and the case."""
    groups = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    return [(group["about"], group.get("published"), case) for group in groups for case in group["cases"]]


def parameters() -> Iterator[object]:
    for about, published, case in cases():
        marks = [pytest.mark.xfail(strict=True, reason=str(case["fails"]))] if "fails" in case else []
        yield pytest.param(published, case, marks=marks, id=f"{about}: {str(case['text'])[:60]}")


@pytest.mark.model
@pytest.mark.parametrize(("published", "case"), list(parameters()))
def test_times_are_those_of_a_careful_reader(parse: Parse, published: str | None, case: Case) -> None:
    assert shown(parse(str(case["text"])), published, expected(case)) == expected(case)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


@pytest.mark.model
@pytest.mark.parametrize(("text", "trigger", "phrase"), EVENT_TIMES)
def test_an_event_has_the_time_that_is_told_of_it(extractor: Extractor, text: str, trigger: str, phrase: str) -> None:
    events = extractor.extract(Article("case", text, "0", published="2021-08-10T09:30:00Z")).events
    times = {text[event.trigger.start : event.trigger.end]: event.time for event in events}
    time_of_event = next(time for words, time in times.items() if trigger in words.split())
    assert (text[time_of_event.start : time_of_event.end] if time_of_event else "") == phrase


def test_of_the_cases_at_least_the_promised_share_is_right() -> None:
    failing = sum("fails" in case for _, _, case in cases())
    assert failing <= (1 - LEAST_SHARE_RIGHT) * len(cases())


def test_no_text_is_a_case_twice_with_the_same_date() -> None:
    asked = [(str(case["text"]), published or "") for _, published, case in cases()]
    assert sorted(asked) == sorted(set(asked))


@pytest.mark.parametrize("path", sorted(SOURCES.glob("*.py")), ids=lambda path: path.name)
def test_no_answer_depends_on_the_day_it_is_given(path: Path) -> None:
    assert not CLOCK.search(path.read_text(encoding="utf-8"))


def expected(case: Case) -> list[list[str | None]]:
    """Return the rows of a case as text: phrase, earliest, latest, precision and, where it is given, anchor."""
    rows: list[Row] = case.get("times") or []  # type: ignore[assignment]
    return [row_as_text(row) for row in rows]


def row_as_text(row: Row) -> list[str | None]:
    phrase, earliest, latest, precision, *anchor = row if len(row) > 1 else [row[0], None, None, None]
    return [str(phrase), moment(earliest, time.min), moment(latest, time(23, 59, 59)), *map(text_or_none, (precision, *anchor))]


def moment(value: object, of_day: time) -> str | None:
    """Return a moment as the records write it; a bare day stands for its first or last second."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert isinstance(value, date), f"{value!r} is no date; write it like 2021-08-07 or 2021-08-07T09:30:00Z"
    return f"{datetime.combine(value, of_day).isoformat()}Z"


def text_or_none(value: object) -> str | None:
    return None if value is None else str(value)


def shown(doc: Doc, published: str | None, like: list[list[str | None]]) -> list[list[str | None]]:
    """Return the times that are found, in the form of the rows they are compared with."""
    found = []
    text = doc.text
    for index, one in enumerate(find_times(doc, published)):
        fields = [text[one.start : one.end], one.earliest, one.latest, one.precision, one.anchor]
        found.append(fields[: len(like[index])] if index < len(like) else fields[:4])
    return found
