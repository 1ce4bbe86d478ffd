"""What the documents say is what the program does."""

import re
from pathlib import Path

import click
import pytest
from pyoxigraph import Literal

from kg.cli import main
from kg.generations import open_current

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.model
def test_the_readmes_question_has_the_readmes_answer(demo_store: Path) -> None:
    question = re.search(r"```sparql\n(.*?)```", README, re.DOTALL)
    printed = re.search(r"<!-- answer -->\n(.*?)\n\n", README, re.DOTALL)
    assert question and printed
    answer = open_current(demo_store).query(question[1])
    names = [variable.value for variable in answer.variables]
    rows = [" | ".join(cell(row[name]) for name in names) for row in answer]
    assert printed[1].splitlines() == [f"| {' | '.join(names)} |", "|" + "---|" * len(names), *(f"| {row} |" for row in rows)]


@pytest.mark.model
def test_the_readmes_summary_counts_the_demo(demo_store: Path) -> None:
    counts = open_current(demo_store).counts()
    assert f"reported statements    │ {sum_of(demo_store, 'ReportedStatement'):6,} │" in README
    assert f"event mentions         │ {sum_of(demo_store, 'EventMention'):6,} │" in README
    assert f"{counts['articles'] + counts['superseded versions']} invented reports" in README


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_stands_in_the_readme_and_has_help(command: str) -> None:
    assert f"`kg {command}" in README
    assert all(option.help for option in main.commands[command].params if isinstance(option, click.Option))


@pytest.mark.parametrize("page", sorted(path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]))
def test_links_between_documents_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]
    assert [target for target in targets if target and not (ROOT / page).parent.joinpath(target).exists()] == []


def sum_of(store: Path, name: str) -> int:
    """Count the nodes of a class in all graphs, superseded versions too."""
    query = f"SELECT DISTINCT ?n WHERE {{ GRAPH ?g {{ ?n a <https://w3id.org/news-kg/ontology#{name}> }} }}"
    return len(list(open_current(store).query(query)))


def cell(term: object) -> str:
    return term.value.replace("|", "\\|") if isinstance(term, Literal) else str(term)
