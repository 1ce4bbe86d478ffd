"""Writes docs/queries.md, the reader's page of the query cookbook, from data/queries: `python docs/queries_page.py`.

`--check` writes nothing and exits with 1 when the page says something else than the queries.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from server.cookbook import Recipe, recipes

PAGE = Path(__file__).with_name("queries.md")
_TERM = re.compile(r"\b[a-z]+:[A-Za-z]+")


def page(cookbook: Iterable[Recipe]) -> str:
    """Return the page for a cookbook."""
    cookbook = tuple(cookbook)
    sections = (_introduction(cookbook), _contents(cookbook), *(_section(recipe) for recipe in cookbook))
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _introduction(cookbook: tuple[Recipe, ...]) -> Iterator[str]:
    yield "# The query cookbook"
    yield ""
    yield "<!-- Made from data/queries by docs/queries_page.py; a test fails when the two differ. -->"
    yield ""
    yield f"{len(cookbook)} questions that newsrooms, researchers and engineers ask of a graph of reported statements. Each is a file in"
    yield "`data/queries/`, stands in the menu of the query page, and is run on the demo corpus by the tests:"
    yield ""
    yield "```"
    yield "kg query --store demo/store -f data/queries/denials.rq"
    yield "```"
    yield ""
    yield "- They ask the default graph: all current versions and what is derived from them. `GRAPH` reaches what was replaced or refused."
    yield "- Names, classes, dates and limits to replace by your own stand in `VALUES`, `FILTER` and `LIMIT`."
    yield "- `?wkt` with `?wktLabel` is for maps, `?start`, `?end` and `?label` for timelines. Times are in UTC."
    yield "- Nothing in an answer is true because it stands there: it was said. The columns `who` and `outlet` tell by whom."
    yield ""
    yield "What the terms mean: [ontology.md](ontology.md). Which of them stands in which graph: [mapping.md](mapping.md)."


def _contents(cookbook: tuple[Recipe, ...]) -> Iterator[str]:
    yield "| question | shows | best seen as |"
    yield "|---|---|---|"
    for recipe in cookbook:
        yield f"| [{recipe.title}](#{recipe.name}) | {_marked(recipe.shows)} | {recipe.result if recipe.result != 'table' else ''} |"


def _section(recipe: Recipe) -> Iterator[str]:
    yield f"## {recipe.name}"
    yield ""
    yield f"**{recipe.title}**"
    yield ""
    yield _marked(recipe.description)
    yield ""
    yield f"Shows: {_marked(recipe.shows)}. File: [{recipe.name}.rq](../data/queries/{recipe.name}.rq)"
    yield ""
    yield "```sparql"
    yield recipe.text.rstrip("\n")
    yield "```"


def _marked(words: str) -> str:
    """Return words with their terms, such as kg:act, marked as code."""
    return _TERM.sub(lambda term: f"`{term[0]}`", words)


def main(arguments: list[str]) -> int:
    """Write the page, or only compare with `--check`; return the exit code."""
    wanted = page(recipes())
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == wanted:
        return 0
    if "--check" in arguments:
        sys.stderr.write(f"docs/{PAGE.name} differs from data/queries; run python docs/{Path(__file__).name}\n")
        return 1
    PAGE.write_text(wanted, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
