"""The stages one by one as commands: records and quads in, records and quads out, as lines."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click
import msgspec

from kg.options import BASE, ENGINE, INPUTS, LINES, MODEL, TEXT, exit_with, print_failure, store_option
from kg.records import Built, Extraction, Failure, read_extraction, to_json

if TYPE_CHECKING:
    from kg.rdf import TextMode
    from kg.validate import Engine

# The commands import their stages when they run: spaCy alone takes a second, and most need none of it.


@click.command()
@INPUTS
@MODEL
@click.option("--no-link", is_flag=True, help="Stop before linking.")
def extract(inputs: tuple[str, ...], model: str, no_link: bool) -> None:
    """Print the extraction record of each article, one JSON object a line, linked offline."""
    from kg.articles import read_articles
    from kg.pipeline import Settings, pipeline_of

    pipeline, failures = pipeline_of(Settings(link=not no_link, model=model)), []
    for item in read_articles(inputs, stdin=sys.stdin.buffer):
        outcome = item if isinstance(item, Failure) else pipeline.attempt(pipeline.extract, item)
        if isinstance(outcome, Failure):
            failures.append(outcome)
            print_failure(outcome)
        else:
            click.echo(to_json(outcome))
    exit_with(failures)


@click.command()
@LINES
def link(lines: BinaryIO) -> None:
    """Link extraction records to the embedded catalogue (anew, if they were linked before)."""
    from kg.catalogue import read_catalogue
    from kg.link import link as link_record

    catalogue = read_catalogue()
    _each_record(lines, lambda record: click.echo(to_json(link_record(record, catalogue))))


@click.command(name="map")
@LINES
@BASE
@TEXT
def map_records(lines: BinaryIO, base: str, text: "TextMode") -> None:
    """Print the N-Quads of extraction records."""
    from kg.catalogue import read_catalogue
    from kg.rdf import n_quads, quads

    catalogue = read_catalogue().version
    _each_record(lines, lambda record: click.echo(n_quads(quads(record, base=base, text=text, catalogue=catalogue)), nl=False))


@click.command()
@LINES
@BASE
@ENGINE
def validate(lines: BinaryIO, base: str, engine: "Engine") -> None:
    """Pass N-Quads through the SHACL gate; what fails comes out in quarantine graphs, with the report.

    The quads of one article version must stand together, as `kg map` writes them.
    """
    from kg.lines import article_graphs
    from kg.rdf import n_quads
    from kg.terminal import print_violations
    from kg.validate import Gate

    gate = Gate(engine=engine, base=base)
    failed = 0
    for version, quads, before in article_graphs(lines, base):
        checked = gate.check(version, quads, None)
        click.echo(n_quads(checked.kept) + n_quads(checked.quarantined + before), nl=False)
        failed += print_violations(version, checked.quarantined)
    sys.exit(1 if failed else 0)


@click.command()
@LINES
@store_option(must_exist=False)
@BASE
@ENGINE
def load(lines: BinaryIO, store_path: Path, base: str, engine: "Engine") -> None:
    """Store the N-Quads of articles (through the gate) and publish. Records are not kept: later links need `kg build`."""
    from kg.lines import article_graphs
    from kg.publish import publish
    from kg.rdf import n_quads
    from kg.store import Store, is_store, read_settings
    from kg.validate import Gate

    made_with = read_settings(store_path) if is_store(store_path) else {"text": "evidence"}
    store = Store(store_path, base=base, text=made_with["text"])
    gate = Gate(engine=engine, base=base)
    count = 0
    for version, quads, before in article_graphs(lines, base):
        checked = gate.check(version, quads, None)
        store.add([Built(version, n_quads(checked.kept) + n_quads(checked.quarantined + before), b"")])
        count += 1
    number, _ = publish(store, gate)
    click.echo(f"{count} article versions loaded; generation {number} published", err=True)


def _each_record(lines: BinaryIO, use: Callable[[Extraction], object]) -> None:
    failures = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = read_extraction(line)
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            failures.append(Failure(f"{lines.name}:{number}", "read", f"not an extraction record: {error}; write them with kg extract"))
            print_failure(failures[-1])
            continue
        use(record)
    exit_with(failures)


FILTERS = (extract, link, map_records, validate, load)
