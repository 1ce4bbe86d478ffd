"""The command `kg`: one verb a stage, `-` for standard input, records and quads as lines, progress on standard error."""

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import click
import msgspec
from pyoxigraph import Quad, RdfFormat, parse

from kg import __version__
from kg.iris import DEFAULT_BASE, QUARANTINE
from kg.records import Built, Extraction, Failure, read_extraction, to_json

if TYPE_CHECKING:
    from kg.generations import Generation
    from kg.store import Store

# The commands import their stages when they run: spaCy alone takes a second, and `kg query` needs none of it.

Command = TypeVar("Command", bound=Callable[..., object])
_INPUTS = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
_LINES = click.argument("lines", type=click.File("rb"), default="-", metavar="[FILE]")
_BASE = click.option("--base", default=DEFAULT_BASE, show_default=True, help="Start of every IRI that is made.")
_TEXT = click.option(
    "--text",
    type=click.Choice(["evidence", "full", "none"]),
    default="evidence",
    show_default=True,
    help="Words the graph may hold: those of mentions and the sentences around statements, the whole text too, or offsets only.",
)
_ENGINE = click.option(
    "--engine",
    type=click.Choice(["fast", "pyshacl"]),
    default="fast",
    show_default=True,
    help="SHACL: a fast engine first and pySHACL for what fails, or pySHACL for all.",
)


def _store(*, must_exist: bool) -> Callable[[Command], Command]:
    return click.option("--store", "store_path", required=True, type=click.Path(path_type=Path, file_okay=False, exists=must_exist), help="The store's folder.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
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
@_INPUTS
@_store(must_exist=False)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 256), help="Processes that read articles.")
@_BASE
@_TEXT
@_ENGINE
def build(inputs: tuple[str, ...], store_path: Path, workers: int, base: str, text: str, engine: str) -> None:
    """Read articles, extract, link, map, validate, store and publish.

    Articles that the store holds already are left alone. A run that was cut off is finished by running it again.
    """
    from kg.articles import read_articles
    from kg.building import build as build_articles
    from kg.pipeline import Settings
    from kg.terminal import build_progress, print_summary

    store = _open_store(store_path, base=base, text=text)
    settings = msgspec.convert({"base": base, "text": text, "engine": engine}, Settings)
    with build_progress() as progress:
        summary = build_articles(read_articles(inputs, stdin=sys.stdin.buffer), store, settings, workers=workers, progress=progress)
    print_summary(summary)
    if summary.interrupted:
        sys.exit(130)
    _exit(summary.failures)


@main.command()
@_INPUTS
@click.option("--no-link", is_flag=True, help="Stop before linking.")
def extract(inputs: tuple[str, ...], no_link: bool) -> None:
    """Print the extraction record of each article, one JSON object a line, linked offline."""
    from kg.articles import read_articles
    from kg.pipeline import Settings, pipeline_of

    pipeline, failures = pipeline_of(Settings(link=not no_link)), []
    for item in read_articles(inputs, stdin=sys.stdin.buffer):
        outcome = item if isinstance(item, Failure) else pipeline.attempt(pipeline.extract, item)
        if isinstance(outcome, Failure):
            failures.append(outcome)
            _print_failure(outcome)
        else:
            click.echo(to_json(outcome))
    _exit(failures, printed=True)


@main.command()
@_LINES
def link(lines: BinaryIO) -> None:
    """Link extraction records to the embedded catalogue (anew, if they were linked before)."""
    from kg.catalogue import read_catalogue
    from kg.link import link as link_record

    catalogue = read_catalogue()
    _each_record(lines, lambda record: click.echo(to_json(link_record(record, catalogue))))


@main.command(name="map")
@_LINES
@_BASE
@_TEXT
def map_records(lines: BinaryIO, base: str, text: str) -> None:
    """Print the N-Quads of extraction records."""
    from kg.catalogue import read_catalogue
    from kg.rdf import n_quads, quads

    catalogue = read_catalogue().version
    mode = msgspec.convert(text, quads.__annotations__["text"])
    _each_record(lines, lambda record: click.echo(n_quads(quads(record, base=base, text=mode, catalogue=catalogue)), nl=False))


@main.command()
@_LINES
@_BASE
@_ENGINE
def validate(lines: BinaryIO, base: str, engine: str) -> None:
    """Pass N-Quads through the SHACL gate; what fails comes out in quarantine graphs, with the report.

    The quads of one article version must stand together, as `kg map` writes them.
    """
    from kg.rdf import n_quads
    from kg.terminal import print_violations
    from kg.validate import Gate

    gate = Gate(engine=engine)  # type: ignore[arg-type]
    failed = 0
    for version, quads, before in _by_version(lines, base):
        checked = gate.check(version, quads, None)
        click.echo(n_quads(checked.kept) + n_quads(checked.quarantined + before), nl=False)
        failed += print_violations(version, checked.quarantined)
    sys.exit(1 if failed else 0)


@main.command()
@_LINES
@_store(must_exist=False)
@_BASE
@_ENGINE
def load(lines: BinaryIO, store_path: Path, base: str, engine: str) -> None:
    """Store the N-Quads of articles (through the gate) and publish. Records are not kept: later links need `kg build`."""
    from kg.publish import publish
    from kg.rdf import n_quads
    from kg.validate import Gate

    store = _open_store(store_path, base=base, text="evidence")
    gate = Gate(engine=engine)  # type: ignore[arg-type]
    count = 0
    for version, quads, before in _by_version(lines, base):
        checked = gate.check(version, quads, None)
        store.add([Built(version, n_quads(checked.kept) + n_quads(checked.quarantined + before), b"")])
        count += 1
    number, _ = publish(store, gate)
    click.echo(f"{count} article versions loaded; generation {number} published", err=True)


@main.command()
@_store(must_exist=True)
@click.argument("text", required=False, metavar="[QUERY]")
@click.option("-f", "--file", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Read the query from a file.")
@click.option("--format", "form", default="table", show_default=True, type=click.Choice(["table", "json", "xml", "csv", "tsv", "ttl", "nt"]))
def query(store_path: Path, text: str | None, file: Path | None, form: str) -> None:
    """Answer a SPARQL query over the union of all current graphs."""
    from kg.terminal import print_answer

    if (text is None) == (file is None):
        raise click.UsageError("give a query, or a file with -f FILE.rq")
    query_text = file.read_text(encoding="utf-8") if file else str(text)
    try:
        answer = _current(store_path).query(query_text)
    except SyntaxError as error:
        raise click.UsageError(f"{file or 'the query'} does not parse: {error}") from error
    print_answer(answer, form)


@main.command()
@_store(must_exist=True)
@click.option("--format", "form", default="ttl", show_default=True, type=click.Choice(["ttl", "trig", "nq"]))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file (gzipped if it ends in .gz), not to standard output.")
def dump(store_path: Path, form: str, output: Path | None) -> None:
    """Write the graph, sorted: Turtle holds what queries see, TriG and N-Quads every graph."""
    from kg.dump import write_dump
    from kg.store import read_settings

    base = read_settings(store_path)["base"]
    write_dump(_current(store_path), form, output, base=base, stdout=sys.stdout.buffer)  # type: ignore[arg-type]


@main.command()
@_store(must_exist=True)
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLE...")
def remove(store_path: Path, articles: tuple[str, ...]) -> None:
    """Remove articles by id, with all their versions, as if they had never been there."""
    from kg.publish import publish
    from kg.store import read_settings
    from kg.validate import Gate

    store = _open_store(store_path, **read_settings(store_path))
    absent = [article for article in articles if not store.remove([article])]
    number, _ = publish(store, Gate())
    for article in absent:
        click.echo(f"{article}: no article with this id in {store_path}; list them with: kg info --store {store_path} --articles", err=True)
    click.echo(f"{len(articles) - len(absent)} articles removed; generation {number} published", err=True)
    sys.exit(1 if absent else 0)


@main.command()
@_store(must_exist=True)
@click.option("--articles", is_flag=True, help="List the articles' ids instead.")
def info(store_path: Path, articles: bool) -> None:
    """Say what is in a store."""
    from kg.terminal import print_articles, print_info

    generation = _current(store_path)
    if articles:
        print_articles(generation)
    else:
        print_info(generation, store_path)


@main.command()
@_store(must_exist=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="Requests answered at a time.")
def serve(store_path: Path, host: str, port: int, threads: int) -> None:
    """Serve the published graph over HTTP: SPARQL at /sparql, read-only."""
    import waitress

    from server import create_app

    _current(store_path)
    app = create_app(store_path)
    click.echo(f"news-kg answers at http://{host}:{port}/ (SPARQL at /sparql); stop it with Ctrl-C", err=True)
    waitress.serve(app, host=host, port=port, threads=threads, ident="news-kg")


def _open_store(path: Path, **settings: str) -> "Store":
    from kg.store import BadStore, Store, StoreBusy

    try:
        return Store(path, **settings)
    except (BadStore, StoreBusy) as error:
        raise click.UsageError(str(error)) from error


def _current(path: Path) -> "Generation":
    """Open the newest generation; publish first what an interrupted run left unpublished."""
    from kg.generations import NotPublished, open_current
    from kg.publish import publish
    from kg.store import Store, StoreBusy, is_stale, read_settings
    from kg.validate import Gate

    if is_stale(path):
        try:
            publish(Store(path, **read_settings(path)), Gate())
        except StoreBusy:
            pass  # a build is running: the last whole generation is what there is to read
    try:
        return open_current(path)
    except NotPublished as error:
        raise click.UsageError(str(error)) from error


def _each_record(lines: BinaryIO, use: Callable[[Extraction], object]) -> None:
    failures = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = read_extraction(line)
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            failures.append(Failure(f"{lines.name}:{number}", "read", f"not an extraction record: {error}; write them with kg extract"))
            _print_failure(failures[-1])
            continue
        use(record)
    _exit(failures, printed=True)


def _by_version(lines: BinaryIO, base: str) -> Iterator[tuple[str, tuple[Quad, ...], tuple[Quad, ...]]]:
    """Yield each version with its quads and those already in quarantine; derived graphs are passed over."""
    seen = set()
    try:
        for version, group in groupby(parse(lines, format=RdfFormat.N_QUADS), key=_version_of):
            if version.startswith(f"{base}graph/"):
                continue
            if version in seen or not version.startswith(f"{base}article/"):
                why = "comes twice; sort the lines by graph" if version in seen else f"is no article version below {base}; give its --base"
                raise click.UsageError(f"{lines.name}: the graph {version!r} {why}")
            seen.add(version)
            quads = tuple(group)
            kept = tuple(quad for quad in quads if getattr(quad.graph_name, "value", "") == version)
            yield version, kept, tuple(quad for quad in quads if getattr(quad.graph_name, "value", "") != version)
    except SyntaxError as error:
        raise click.UsageError(f"{lines.name}: not N-Quads: {error}") from error


def _version_of(quad: Quad) -> str:
    return getattr(quad.graph_name, "value", "").removesuffix(QUARANTINE)


def _print_failure(failure: Failure) -> None:
    click.echo(f"{failure.place}: {failure.stage}: {failure.error}", err=True)


def _exit(failures: Iterable[Failure], *, printed: bool = False) -> None:
    failures = list(failures)
    if not printed:
        for failure in failures:
            _print_failure(failure)
    if failures:
        sys.exit(1)
