"""The stages one by one as commands: records and quads in, records and quads out, as lines."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import click
import msgspec

from kg.asking import Asking, online_options, print_asked
from kg.options import BASE, ENGINE, INPUTS, LINES, MODEL, NO_ODBL, OVERLAY, TEXT, exit_with, print_failure, store_option
from kg.records import Built, Extraction, Failure, read_extraction, to_json

if TYPE_CHECKING:
    from kg.rdf import TextMode
    from kg.validate import Engine

# The commands import their stages when they run: spaCy alone takes a second, and most need none of it.
_BATCH = 25


@click.command()
@INPUTS
@MODEL
@click.option("--no-link", is_flag=True, help="Stop before linking.")
@NO_ODBL
@OVERLAY
def extract(inputs: tuple[str, ...], model: str, no_link: bool, no_odbl: bool, overlay: Path | None) -> None:
    """Print the extraction record of each article, one JSON object a line, linked offline."""
    from kg.articles import read_articles
    from kg.pipeline import Settings, pipeline_of

    settings = Settings(link=not no_link, model=model, odbl=not no_odbl, overlay=str(overlay) if overlay else None)
    pipeline, failures = pipeline_of(settings), []
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
@click.option("--online", is_flag=True, help="Ask the live Wikidata for what the catalogue leaves open; needs --contact and --on.")
@online_options
@NO_ODBL
@OVERLAY
@click.option(
    "--store",
    "store_path",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Link this store's own records instead, map anew what changes, and publish.",
)
@ENGINE
def link(
    lines: BinaryIO, online: bool, asking: Asking, no_odbl: bool, overlay: Path | None, store_path: Path | None, engine: "Engine"
) -> None:
    """Link extraction records to the embedded catalogue (anew, if they were linked before): offline, unless told otherwise."""
    from kg.catalogue import read_catalogue
    from kg.link import link as link_record
    from kg.online import OnlineLinker
    from kg.overlay import with_overlay
    from kg.store import read_settings

    catalogue = read_catalogue(odbl=not no_odbl and not (store_path and read_settings(store_path).get("odbl") == "no"))
    if overlay:
        catalogue = with_overlay(catalogue, overlay)
    linker = OnlineLinker(asking.lookup(), catalogue, link_record) if online else None
    relink = linker.link if linker else partial(link_record, catalogue=catalogue)
    if store_path:
        _relink_store(store_path, relink, engine, no_odbl=no_odbl)
        failures = []
    else:
        failures = _each_record(lines, lambda record: click.echo(to_json(relink(record))))
    stopped = print_asked(linker.lookup) if linker else False
    sys.exit(1 if stopped or failures else 0)


@click.command(name="map")
@LINES
@BASE
@TEXT
def map_records(lines: BinaryIO, base: str, text: "TextMode") -> None:
    """Print the N-Quads of extraction records."""
    from kg.rdf import n_quads, quads

    exit_with(_each_record(lines, lambda record: click.echo(n_quads(quads(record, base=base, text=text)), nl=False)))


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


def _relink_store(path: Path, relink: Callable[[Extraction], Extraction], engine: "Engine", *, no_odbl: bool) -> None:
    """Link the kept records of a store anew; write those that change, a batch at a time, and publish."""
    from kg.iris import version_iri
    from kg.mapping import built
    from kg.publish import publish
    from kg.rdf import TextMode, quads
    from kg.store import Store, read_settings
    from kg.validate import Gate

    settings = read_settings(path) | ({"odbl": "no"} if no_odbl else {})
    base, text = settings["base"], cast(TextMode, settings["text"])
    store, gate = Store(path, **settings), Gate(engine=engine, base=base)
    changed: list[Built] = []
    count = 0
    for kept in store.records():
        before = read_extraction(kept)
        record = relink(before)
        if to_json(record) != kept:
            mapped = quads(record, base=base, text=text)
            changed.append(built(record, mapped, gate, version=version_iri(base, record.article), text=text))
            count += record.entities != before.entities
        if len(changed) == _BATCH:
            store.add(changed)
            changed = []
    store.add(changed)
    if store.stale:
        publish(store, gate)
    click.echo(f"{count} articles have other links than before", err=True)


def _each_record(lines: BinaryIO, use: Callable[[Extraction], object]) -> list[Failure]:
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
    return failures


FILTERS = (extract, link, map_records, validate, load)
