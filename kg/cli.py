"""The command `kg`: one verb a stage, `-` for standard input, records and quads as lines, progress on standard error."""

import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from kg import __version__
from kg.asking import update
from kg.catalogue_commands import COMMANDS as CATALOGUE_COMMANDS
from kg.filters import FILTERS
from kg.judging import COMMANDS, LEDGER_OPTION
from kg.opening import open_published
from kg.options import BASE, ENGINE, INPUTS, MODEL, NO_ODBL, OVERLAY, TEXT, exit_with, print_failure, store_option
from kg.serving import serve

if TYPE_CHECKING:
    from kg.dump import Format
    from kg.identity import View

# The commands import their stages when they run: spaCy alone takes a second, and `kg query` needs none of it.


class _Command(click.Group):
    """Turns what a person can put right (a bad store, bad lines, no generation) into a usage error."""

    def invoke(self, context: click.Context) -> object:
        from kg.generations import NotPublished
        from kg.judgements import BadJudgements
        from kg.lexicon import BadLexicon
        from kg.lines import BadLines
        from kg.store import BadStore, StoreBusy

        try:
            return super().invoke(context)
        except PackageNotFoundError as error:
            raise click.UsageError(f"the package {error.name} is not installed; pip install {error.name.replace('_', '-')}") from error
        except (BadJudgements, BadLexicon, BadLines, BadStore, NotPublished, StoreBusy) as error:
            raise click.UsageError(str(error)) from error


@click.group(cls=_Command, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Turn English news articles into a graph of reported statements that answers SPARQL.

    \b
    The whole road:    kg build articles/ --store news
    Ask it:            kg query --store news -f question.rq
    Take it along:     kg dump --store news --format ttl -o news.ttl
    Serve it:          kg serve --store news

    \b
    Stage by stage:    kg extract articles/ | kg map | kg validate | kg load --store news

    INPUT is a file (.txt with optional front matter, .html, .jsonl, .jsonl.gz), a folder of them, or - for standard
    input. Exit codes: 0 done, 1 some articles failed (listed on standard error), 2 wrong usage.
    """


@main.command()
@INPUTS
@store_option(must_exist=False)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 256), help="Processes that read articles.")
@MODEL
@BASE
@TEXT
@ENGINE
@NO_ODBL
@OVERLAY
@LEDGER_OPTION
@click.option(
    "--identity",
    type=click.Choice(["strict", "balanced", "loose"]),
    help="Who is one: by name and people's decisions (strict, at first), or by proposed pairs too, from a high or a lower score.",
)
def build(
    inputs: tuple[str, ...],
    store_path: Path,
    workers: int,
    model: str,
    base: str,
    text: str,
    engine: str,
    no_odbl: bool,
    overlay: Path | None,
    ledger: Path | None,
    identity: "View | None",
) -> None:
    """Read articles, extract, link, map, validate, store and publish.

    Articles that the store holds already are left alone. A run that was cut off is finished by running it again.
    """
    from kg.articles import read_articles
    from kg.building import build as build_articles
    from kg.decisions import prepare
    from kg.pipeline import Settings
    from kg.store import Store
    from kg.terminal import build_progress, print_summary

    store = Store(store_path, base=base, text=text, odbl="no" if no_odbl else "yes")
    prepare(store, ledger, identity)
    chosen = {"base": base, "text": text, "engine": engine, "model": model, "odbl": not no_odbl, "overlay": overlay and str(overlay)}
    settings = msgspec.convert(chosen, Settings)
    with build_progress() as progress:
        summary = build_articles(read_articles(inputs, stdin=sys.stdin.buffer), store, settings, workers=workers, progress=progress)
    print_summary(summary)
    for failure in summary.failures:
        print_failure(failure)
    if summary.interrupted:
        sys.exit(130)
    exit_with(summary.failures)


@main.command()
@store_option(must_exist=True)
@click.argument("text", required=False, metavar="[QUERY]")
@click.option("-f", "--file", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Read the query from a file.")
@click.option(
    "--format",
    "form",
    default="table",
    show_default=True,
    type=click.Choice(["table", "json", "xml", "csv", "tsv", "ttl", "nt"]),
    help="How to write the answer; ttl and nt are for CONSTRUCT and DESCRIBE.",
)
def query(store_path: Path, text: str | None, file: Path | None, form: str) -> None:
    """Answer a SPARQL query over the union of all current graphs."""
    from kg.terminal import print_answer

    if (text is None) == (file is None):
        raise click.UsageError("give a query, or a file with -f FILE.rq")
    query_text = file.read_text(encoding="utf-8") if file else str(text)
    try:
        answer = open_published(store_path).query(query_text)
    except SyntaxError as error:
        raise click.UsageError(f"{file or 'the query'} does not parse: {error}") from error
    print_answer(answer, form)


@main.command()
@store_option(must_exist=True)
@click.option(
    "--format", "form", default="ttl", show_default=True, type=click.Choice(["ttl", "trig", "nq"]), help="How to write the graph."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file (gzipped if it ends in .gz), not to standard output.",
)
def dump(store_path: Path, form: "Format", output: Path | None) -> None:
    """Write the graph, sorted: Turtle holds what queries see, TriG and N-Quads every graph."""
    from kg.dump import write_dump
    from kg.store import read_settings

    base = read_settings(store_path)["base"]
    write_dump(open_published(store_path), form, output, base=base, stdout=sys.stdout.buffer)


@main.command()
@store_option(must_exist=True)
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLE...")
def remove(store_path: Path, articles: tuple[str, ...]) -> None:
    """Remove articles by id, with all their versions, as if they had never been there."""
    from kg.publish import publish
    from kg.store import Store, read_settings
    from kg.validate import Gate

    settings = read_settings(store_path)
    store = Store(store_path, **settings)
    absent = [article for article in articles if not store.remove([article])]
    if store.stale:
        publish(store, Gate(base=settings["base"]))
    for article in absent:
        click.echo(f"{article}: no article with this id in {store_path}; list them with: kg info --store {store_path} --articles", err=True)
    click.echo(f"{len(articles) - len(absent)} articles removed", err=True)
    sys.exit(1 if absent else 0)


@main.command()
@store_option(must_exist=True)
@click.option("--articles", is_flag=True, help="List the articles' ids instead.")
def info(store_path: Path, articles: bool) -> None:
    """Say what is in a store."""
    from kg.terminal import print_articles, print_info

    generation = open_published(store_path)
    if articles:
        print_articles(generation)
    else:
        print_info(generation, store_path)


@main.group()
def catalogue() -> None:
    """Look after the embedded catalogue: what links lead to."""


main.add_command(serve)
for command in (*CATALOGUE_COMMANDS, update):
    catalogue.add_command(command)

for command in (*FILTERS, *COMMANDS):
    main.add_command(command)
