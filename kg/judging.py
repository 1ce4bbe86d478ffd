"""The commands that tell who is who: `kg dedupe` proposes pairs, `kg judge` records what people decide and puts it into effect."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.options import store_option

if TYPE_CHECKING:
    from kg.sketches import Sketches

_SAYING = {"same": "is", "different": "is not", "undecided": "may be"}
LEDGER_OPTION = click.option(
    "--judgements",
    "ledger",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file of decisions on who is who, for example one under version control; without it, the store's own.",
)


@click.command()
@store_option(must_exist=True)
@click.option("--least", type=click.FloatRange(0, 1), default=0.0, help="Leave out pairs that score less.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file, not to standard output.")
def dedupe(store_path: Path, least: float, output: Path | None) -> None:
    """Print pairs of things that may be one, best first, as CSV; joins nothing.

    Where you know, fill in the column judgement (same, different or undecided; same means "left is right"), and hand
    the file to kg judge --from FILE.
    """
    from kg.derived import read_proposals
    from kg.generations import open_current
    from kg.judgements import as_csv
    from kg.store import read_settings

    base = read_settings(store_path)["base"]
    rows = [row for row in read_proposals(open_current(store_path).graphs, base) if float(row.score) >= least]
    if output:
        output.write_text(as_csv(rows), encoding="utf-8")
    else:
        click.echo(as_csv(rows), nl=False)
    click.echo(f"{len(rows)} pairs proposed", err=True)


@click.command()
@store_option(must_exist=True)
@click.argument("words", nargs=-1, metavar="[same|different|undecided] [THING... THING|ITEM]")
@click.option("--by", default="", metavar="NAME", help="Who decides.")
@click.option("--on", default="", metavar="DATE", help="The day of the decision, such as 2024-05-31.")
@click.option("--note", default="", help="Why, in a few words.")
@click.option("--in", "article", default="", metavar="ARTICLE", help="Let it hold in this article only (its id), not everywhere.")
@click.option("--take-back", is_flag=True, help="Take back what was decided on the THINGs.")
@click.option(
    "--from",
    "table",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Take over the filled-in rows of a CSV file, such as one of kg dedupe.",
)
@LEDGER_OPTION
def judge(
    store_path: Path,
    words: tuple[str, ...],
    by: str,
    on: str,
    note: str,
    article: str,
    take_back: bool,
    table: Path | None,
    ledger: Path | None,
) -> None:
    """Record who is who, or who is not, and put it into effect without reading articles again; alone, list the decisions.

    \b
    Two spellings, one city:   kg judge same Dorvann Dorwan Dorvan --by Ana --on 2024-05-31 --store news
    Which Wikidata item:       kg judge same Vardal Q42 --by Ana --on 2024-05-31 --store news
    No such item:              kg judge different Vardal Q42 --by … --on … --store news
    Two people, one name:      kg judge same person/ana-ilic.no person/ana-ilic-judge.no --in wire-7 --by … --on … --store news
    As if never said:          kg judge --take-back Dorvann Dorvan --store news

    A THING is a name that one thing in the store bears, or kind and name as in its IRI (city/dorvan.no). The last one,
    or a Wikidata item, is what each of the others is, or is not. Where one of two is linked to a catalogue, they go by its name; else by
    that of the last one.
    """
    from kg.decisions import directed, settle
    from kg.identity import LEDGER, store_things
    from kg.judgements import as_csv, made_by_hand, read_judgements, with_decisions, without_decisions
    from kg.store import Store, read_settings

    store = Store(store_path, **read_settings(store_path))
    ledger = ledger or store_path / LEDGER
    kept = read_judgements(ledger)
    if not words and not table:
        click.echo(as_csv(kept), nl=False)
        return
    if table and (words or take_back):
        raise click.UsageError("give a file with --from, or things, not both")
    things = store_things(store)
    if take_back:
        rows = kept
        for left, right in _pairs(words, things, store.settings["base"], may_be_new=True):
            rows = without_decisions(rows, left, right, article=article)
    elif table:
        rows = with_decisions(kept, (directed(row, things) for row in read_judgements(table, by=by, on=on)))
    else:
        pairs = _pairs(words[1:], things, store.settings["base"], may_be_new=bool(article))
        new = (made_by_hand(left, right, words[0], by=by, on=on, article=article, note=note) for left, right in pairs)
        rows = with_decisions(kept, (directed(row, things) for row in new))
    settle(store, ledger, rows)
    for verb, told in (("taken back", set(kept) - set(rows)), ("recorded", set(rows) - set(kept))):
        for row in sorted(told):
            click.echo(f"{verb}: {row.left} {_SAYING[row.judgement]} {row.right}{f' in {row.article}' if row.article else ''}", err=True)
    if unread := sum(not store.record(version) for version in store.versions()):
        click.echo(f"{unread} article versions were loaded as quads: decisions do not reach them; take them in with kg build", err=True)


def _pairs(words: tuple[str, ...], things: "Sketches", base: str, *, may_be_new: bool) -> list[tuple[str, str]]:
    """Return each thing with the last one; click.UsageError where a word stands for none or for several."""
    from kg.decisions import known_thing

    if len(words) < 2:
        raise click.UsageError(
            "a decision is about two things; write for example: kg judge same THING THING --by NAME --on DATE --store STORE"
        )
    *others, last = (known_thing(word, things, base=base, may_be_new=may_be_new) for word in words)
    return [(other, last) for other in others]


COMMANDS = (dedupe, judge)
