"""The query cookbook: the questions of data/queries with what their headers say of them, for menus, descriptions, and the page."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

from kg.resources import resource

Result = Literal["table", "map", "timeline", "graph"]
Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]

_RESULTS: tuple[str, ...] = get_args(Result)
_FORMS: tuple[str, ...] = get_args(Form)
_HEADERS = ("title", "description", "shows", "result")
_OPTIONAL = "result"
_HEADER = re.compile(r"# (?P<name>\w+): (?P<value>\S.*)")
_FORM = re.compile(rf"^({'|'.join(_FORMS)})\b", re.MULTILINE)
_OF_GRAPHS = ("CONSTRUCT", "DESCRIBE")


@dataclass(frozen=True, slots=True)
class Recipe:
    """One question: `text` is its query without the header, `result` how the answer is best looked at."""

    name: str
    title: str
    description: str
    shows: str
    result: Result
    text: str
    form: Form


@cache
def recipes() -> tuple[Recipe, ...]:
    """Return the recipes that come with the program, sorted by name; they are read once."""
    return read_recipes(resource("data", "queries"))


def read_recipes(folder: Path) -> tuple[Recipe, ...]:
    """Return the recipes of a folder, sorted by name; ValueError names the file and the line of what is wrong with a header."""
    return tuple(read_recipe(path) for path in sorted(folder.glob("*.rq"), key=lambda path: path.stem))


def read_recipe(path: Path) -> Recipe:
    """Return one recipe; its header is the comment lines at the top: title, description, shows, and result where it is not a table."""
    lines = path.read_text(encoding="utf-8").splitlines()
    height = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    headers = _headers(path, lines[:height])
    text = "\n".join(lines[height:]).strip() + "\n"
    form = _form(path, height + 1, text)
    return Recipe(
        name=path.stem,
        title=headers["title"],
        description=headers["description"],
        shows=headers["shows"],
        result=_result(path, headers, form),
        text=text,
        form=form,
    )


def _headers(path: Path, lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        header = _HEADER.fullmatch(line)
        if header is None or header["name"] not in _HEADERS:
            raise ValueError(f"{path.name}:{number}: {line!r} is no header; write '# NAME: …' with a NAME of {', '.join(_HEADERS)}")
        if header["name"] in found:
            raise ValueError(f"{path.name}:{number}: a second {header['name']!r}; leave one")
        found[header["name"]] = header["value"].strip()
    for name in _HEADERS:
        if name not in found and name != _OPTIONAL:
            raise ValueError(f"{path.name}:{len(lines) + 1}: no header {name!r}; write '# {name}: …' above the query")
    return found


def _form(path: Path, line: int, text: str) -> Form:
    if match := _FORM.search(text):
        return cast(Form, match[1])
    raise ValueError(f"{path.name}:{line}: no line begins with {', '.join(_FORMS)}; write the query's form at the start of a line")


def _result(path: Path, headers: dict[str, str], form: Form) -> Result:
    """Return what the header says; without it, a graph of a query that makes one, and a table of others."""
    usual = "graph" if form in _OF_GRAPHS else "table"
    result = headers.get(_OPTIONAL, usual)
    if result in _RESULTS and (result == "graph") == (usual == "graph"):
        return cast(Result, result)
    line = list(headers).index(_OPTIONAL) + 1
    others = "graph" if usual == "graph" else ", ".join(name for name in _RESULTS if name != "graph")
    raise ValueError(f"{path.name}:{line}: result {result!r} does not fit a query with {form}; write {others}")
