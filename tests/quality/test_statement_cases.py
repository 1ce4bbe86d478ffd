"""Hand-made cases of reported statements, annotated as by a careful reader: the files in `statements/`, the tables of docs/statements.md.

A case lists all statements of its text, in text order. Act, source, cue and content are always compared; any other field
where a case names it. A case with `fails` is known to fail, for the cause it gives, and is noticed as soon as it passes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from kg.extract.extractor import Extractor
from kg.generations import open_current
from kg.records import Article, Extraction, Statement, TextSpan

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "statements.md").read_text(encoding="utf-8")
TABLE = re.compile(r"^\| text \|.*\n\|[-| ]+\n((?:\|.*\n)+)", re.MULTILINE)
Fields = Mapping[str, object]
Case = Mapping[str, object]


def cases() -> Iterator[object]:
    """Yield each case of the files as a parameter, its id the pattern and the first words."""
    for path in sorted((Path(__file__).parent / "statements").glob("*.yaml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8")):
            for case in group["cases"]:
                marks = [pytest.mark.xfail(strict=True, reason=case["fails"])] if "fails" in case else []
                yield pytest.param(case, marks=marks, id=f"{group['about']}: {case['text'][:60]}")


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def listed(cell: str) -> list[str]:
    return [] if cell == "–" else cell.split(" … ")


def rows_of_the_page() -> Iterator[object]:
    """Yield each text of the page's tables with its statements; a row without a text goes on the one above, `–` is nothing."""
    for table in TABLE.finditer(PAGE):
        names = [name.replace(" ", "_") for name in cells(table[0].splitlines()[0])]
        texts: list[tuple[str, list[Fields]]] = []
        for row in table[1].splitlines():
            values = dict(zip(names, cells(row), strict=True))
            if values["text"]:
                texts.append((values["text"], []))
            if values.get("act", "–") != "–":
                texts[-1][1].append({name: listed(value) for name, value in values.items() if name != "text"})
        for text, statements in texts:
            yield pytest.param({"text": text, "statements": statements}, id=text[:60])


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


@pytest.mark.model
@pytest.mark.parametrize("case", list(cases()))
def test_statements_are_those_of_a_careful_reader(case: Case, extractor: Extractor) -> None:
    assert_statements(case, extractor)


@pytest.mark.model
@pytest.mark.parametrize("case", list(rows_of_the_page()))
def test_the_pages_examples_are_what_the_program_finds(case: Case, extractor: Extractor) -> None:
    assert_statements(case, extractor)


@pytest.mark.model
def test_the_pages_query_has_an_answer(demo_store: Path) -> None:
    query = re.search(r"```sparql\n(.*?)```", PAGE, re.DOTALL)
    assert query and any(True for _ in open_current(demo_store).query(query[1]))


def test_no_text_is_a_case_twice() -> None:
    texts = [parameter.values[0]["text"] for parameter in cases()]
    assert sorted(texts) == sorted(set(texts))


def assert_statements(case: Case, extractor: Extractor) -> None:
    text, expected = str(case["text"]), [{name: as_list(value) for name, value in fields.items()} for fields in case.get("statements", ())]
    extraction = extractor.extract(Article("case", text, "0", published="2024-05-15T12:00:00Z"))
    found = [shown(statement, extraction) for statement in extraction.statements]
    compared = [expected[i].keys() if i < len(expected) else ("act", "source", "cue", "content") for i in range(len(found))]
    assert [{name: fields[name] for name in names} for fields, names in zip(found, compared, strict=True)] == expected
    voices = {words(text, (event.trigger,))[0]: event.voice for event in extraction.events}
    assert {trigger: voices.get(trigger, "no event") for trigger in case.get("voices", {})} == case.get("voices", {})


def shown(statement: Statement, extraction: Extraction) -> dict[str, list[str]]:
    """Return the fields of a statement as words: spans as their text, entities as their names, events as their triggers."""
    text = extraction.article.text
    names = {entity.key: entity.name for entity in extraction.entities}
    triggers = {event.key: words(text, (event.trigger,))[0] for event in extraction.events}
    return {
        "act": [statement.act],
        "source": words(text, statement.source),
        "cue": words(text, statement.cue),
        "content": words(text, statement.content),
        "quotation": [statement.quotation],
        "polarity": [statement.polarity],
        "certainty": [statement.certainty],
        "caution": [statement.caution],
        "source_entities": [names[key] for key in statement.source_entities],
        "on_behalf_of": [names[statement.on_behalf_of]] if statement.on_behalf_of else [],
        "addressees": [names[key] for key in statement.addressees],
        "medium": words(text, [statement.medium] if statement.medium else []),
        "time": words(text, [TextSpan(statement.time.start, statement.time.end)] if statement.time else []),
        "place": words(text, [TextSpan(statement.place.start, statement.place.end)] if statement.place else []),
        "within": [statement.within] if statement.within else [],
        "responds_to": [triggers.get(key, key) for key in statement.responds_to],
    }


def words(text: str, pieces: Iterable[TextSpan]) -> list[str]:
    return [text[piece.start : piece.end] for piece in pieces]


def as_list(value: object) -> list[object]:
    """Return a field of a case as a list: one value stands for a list of one, null for an empty one."""
    return value if isinstance(value, list) else [] if value is None else [value]
