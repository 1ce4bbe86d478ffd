"""What the commands tell people: progress, summaries, answers as tables."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import click
from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    serialize,
)
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from kg.dump import PREFIXES
from kg.generations import Generation
from kg.iris import QUARANTINE
from kg.store import is_written
from kg.summary import Summary
from kg.vocab import KG

_RESULTS = {"json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML, "csv": QueryResultsFormat.CSV, "tsv": QueryResultsFormat.TSV}
_GRAPHS = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES}
_MESSAGE = NamedNode("http://www.w3.org/ns/shacl#resultMessage")
_PRINTED_WIDTH = 160  # columns of a table that goes to a file or a pipe


@contextmanager
def build_progress() -> Iterator[Callable[[Summary], None]]:
    """Show how far a build is, when standard error is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[what]}"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("building", total=None, what="")

        def show(summary: Summary) -> None:
            bar.update(task, what=f"{summary.articles:,} articles, {summary.statements:,} statements, {len(summary.failures)} failures")

        yield show


def print_summary(summary: Summary) -> None:
    """Print what a build did, on standard error."""
    if summary.interrupted:
        click.echo("Interrupted; what was built is stored and published.", err=True)
    table = Table(show_header=False)
    table.add_column(style="bold")
    table.add_column(justify="right")
    for label, value in (
        ("articles built", summary.articles),
        ("articles already there", summary.unchanged),
        ("failures", len(summary.failures)),
        ("reported statements", summary.statements),
        ("event mentions", summary.events),
        ("entities", summary.entities),
        ("links to Wikidata", summary.links),
        ("triples", summary.triples),
        ("quads in quarantine", summary.quarantined),
        ("generation published", summary.generation or "none, nothing is new"),
    ):
        table.add_row(label, f"{value:,}" if isinstance(value, int) else value)
    Console(stderr=True).print(table)


def print_answer(answer: QuerySolutions | QueryBoolean | QueryTriples, form: str) -> None:
    """Print the answer of a query in one of the formats of `kg query`; click.UsageError where it does not fit."""
    if isinstance(answer, QueryTriples):
        if form not in ("table", *_GRAPHS):
            raise click.UsageError(f"the query builds a graph, which cannot be written as {form}; use --format ttl or nt")
        sys.stdout.buffer.write(serialize(answer, format=_GRAPHS.get(form, RdfFormat.TURTLE), prefixes=PREFIXES) or b"")
    elif form in _GRAPHS:
        raise click.UsageError(f"the query gives a table, which cannot be written as {form}; use --format table, json, xml, csv or tsv")
    elif form in _RESULTS:
        answer.serialize(sys.stdout.buffer, format=_RESULTS[form])
    elif isinstance(answer, QueryBoolean):
        click.echo("yes" if answer else "no")
    else:
        _print_table(answer)


def print_info(generation: Generation, path: Path) -> None:
    """Print what a generation holds."""
    table = Table(show_header=False)
    table.add_column(style="bold")
    table.add_column(justify="right")
    table.add_row("store", str(path))
    table.add_row("generation", str(generation.number))
    for label, count in generation.counts().items():
        table.add_row(label, f"{count:,}")
    if is_written(path):
        table.add_row("written to over HTTP", "what was written is not checked against the shapes")
    Console().print(table)


def print_articles(generation: Generation) -> None:
    """Print the ids of the articles, one a line."""
    for quad in sorted(generation.graphs.quads_for_pattern(None, KG.currentVersion, None, DefaultGraph()), key=str):
        if isinstance(quad.subject, NamedNode):
            click.echo(unquote(quad.subject.value.rpartition("/article/")[2]))


def print_violations(version: str, quarantined: tuple[Quad, ...]) -> int:
    """Print why nodes of a version went into quarantine, on standard error; return how many reasons there are."""
    messages = [quad.object.value for quad in quarantined if quad.predicate == _MESSAGE and isinstance(quad.object, Literal)]
    for message in messages:
        click.echo(f"{version.removesuffix(QUARANTINE)}: validate: {message}", err=True)
    return len(messages)


def _print_table(answer: QuerySolutions) -> None:
    names = [variable.value for variable in answer.variables]
    table = Table(*names, row_styles=["", "dim"])
    rows = 0
    for solution in answer:
        table.add_row(*(_cell(solution[name]) for name in names))
        rows += 1
    console = Console()
    (console if console.is_terminal else Console(width=_PRINTED_WIDTH)).print(table)
    click.echo(f"{rows} rows")


def _cell(term: object) -> str:
    if isinstance(term, Literal):
        return term.value
    if isinstance(term, NamedNode):
        for prefix, namespace in PREFIXES.items():
            if term.value.startswith(namespace):
                return f"{prefix}:{term.value.removeprefix(namespace)}"
        return term.value
    return "" if term is None else str(term)
