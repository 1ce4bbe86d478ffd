"""How commands go online: the options, the contact that the service demands, and `kg catalogue update`."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kg.wikidata_lookup import Lookup


@dataclass(frozen=True, slots=True)
class Asking:
    """How to ask the live service."""

    contact: str | None
    api: str | None
    cache: Path
    days: int | None
    on: date | None
    requests: int | None

    def lookup(self) -> "Lookup":
        """Return what asks; UsageError where the day or the contact is not given."""
        from kg.limits import count_limit
        from kg.wikidata import API, LIMITS, NoContact, Wikidata
        from kg.wikidata_cache import AnswerCache
        from kg.wikidata_lookup import Lookup

        if self.on is None:
            raise click.UsageError("going online needs --on DATE: the day that answers are noted with and their age is counted from")
        days = count_limit("days", LIMITS) if self.days is None else self.days
        cache = AnswerCache(self.cache, on=self.on, days=days)
        if self.requests == 0:
            return Lookup(None, cache)
        try:
            return Lookup(Wikidata(self.contact or "", url=self.api or API, budget=self.requests), cache)
        except (NoContact, ValueError) as error:
            raise click.UsageError(str(error)) from error


_ONLINE = (
    click.option("--contact", envvar="KG_CONTACT", help="Your e-mail address or web page, told to Wikidata [or KG_CONTACT]."),
    click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day of the run, which answers are noted with."),
    click.option(
        "--cache",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("~/.cache/news-kg/wikidata"),
        show_default=True,
        help="Folder of answers; what stands there is not asked for.",
    ),
    click.option("--cache-days", type=click.IntRange(0), help="Days an answer is good for."),
    click.option("--requests", type=click.IntRange(0), help="Requests this run may send; 0 asks the cache alone."),
    click.option("--api", help="Address of the API, where it is not Wikidata's own."),
)


def online_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of going online, as one argument `asking`."""

    @wraps(command)
    def with_asking(
        *,
        contact: str | None,
        on: datetime | None,
        cache: Path,
        cache_days: int | None,
        requests: int | None,
        api: str | None,
        **others: object,
    ) -> None:
        command(asking=Asking(contact, api, cache.expanduser(), cache_days, on.date() if on else None, requests), **others)

    for option in reversed(_ONLINE):
        with_asking = option(with_asking)
    return with_asking


def print_asked(lookup: "Lookup") -> bool:
    """Say on standard error how much was asked and what was left open; return whether the run was stopped."""
    if lookup.client:
        click.echo(f"{lookup.client.asked} requests sent", err=True)
    if lookup.unanswered:
        click.echo(f"{lookup.unanswered} questions are open: {lookup.stopped or 'the service has no answer to them'}", err=True)
    return lookup.stopped is not None


@click.command()
@online_options
@click.option(
    "--country", "countries", multiple=True, metavar="CODE", help="Only what lies in this country (ISO 3166-1, as af); repeatable."
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write here, not beside the catalogue.")
def update(asking: Asking, countries: tuple[str, ...], output: Path | None) -> None:
    """Ask Wikidata for the catalogue's items, by GeoNames id and by their own ids, and write what it says as a dated overlay.

    Nothing is guessed: an item counts if it alone states the place's GeoNames id. The most peopled places are asked for
    first; run it again to go on where the budget ended. Give the file to kg link --overlay.
    """
    from kg.catalogue import read_catalogue
    from kg.overlay import items_to_ask, overlay_rows, write_overlay
    from kg.resources import resource

    lookup = asking.lookup()
    path = output or resource("data", "catalogue") / f"wikidata-{lookup.cache.on.isoformat()}.csv"
    rows = tuple(overlay_rows(items_to_ask(read_catalogue(), {country.lower() for country in countries}), lookup))
    try:
        write_overlay(path, rows)
    except OSError as error:
        raise click.UsageError(f"{path}: {error.strerror}; name another file with -o") from error
    click.echo(f"{len(rows)} items written to {path}", err=True)
    sys.exit(1 if print_asked(lookup) else 0)
