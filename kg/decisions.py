"""Records decisions on who is who in a ledger, and puts them into effect in a store."""

import difflib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from kg.decided_links import decided_links
from kg.folding import fold
from kg.identity import LEDGER, View, choose_view
from kg.iris import kind_of
from kg.joins import join
from kg.judgements import BadJudgements, Judgement, named_item, read_judgements, write_judgements
from kg.publish import publish
from kg.sketches import Sketch, Sketches
from kg.store import Store
from kg.validate import Gate

_LISTED = 5  # things that a message lists where a name fits several or none


def prepare(store: Store, ledger: Path | None, view: View | None) -> None:
    """Make a store follow a ledger and a view from the next publication on; where none is given, it keeps its own."""
    if ledger and not ledger.exists():
        raise BadJudgements(f"{ledger}: there is no such file; write it with: kg judge … --judgements {ledger}")
    judgements = read_judgements(ledger or store.path / LEDGER)
    decided_links(judgements, join(judgements))  # a contradiction is told before any article is read
    if judgements != read_judgements(store.path / LEDGER):
        store.touch()
        write_judgements(store.path / LEDGER, judgements)
    if view:
        choose_view(store, view)


def settle(store: Store, ledger: Path, judgements: tuple[Judgement, ...]) -> None:
    """Write a ledger and put it into effect: the articles it touches are mapped anew from their records, and published."""
    decided_links(judgements, join(judgements))
    store.touch()
    for path in (ledger, store.path / LEDGER):
        write_judgements(path, judgements)
    publish(store, Gate(base=store.settings["base"]))


def directed(judgement: Judgement, sketches: Sketches) -> Judgement:
    """Return a decision that two things are one with the linked one on the right, where one alone is linked to a catalogue."""
    left, right = (sketches.things.get(thing) for thing in (judgement.left, judgement.right))
    if judgement.judgement != "same" or judgement.article or judgement.item or not left or not left.items or (right and right.items):
        return judgement
    return replace(judgement, left=judgement.right, right=judgement.left)


def known_thing(word: str, sketches: Sketches, *, base: str, may_be_new: bool = False) -> str:
    """Return the thing that a name, or kind and name as in its IRI, stands for, or a Wikidata item; BadJudgements lists what it may be.

    A thing that no article names may be meant where a name is to be split: the articles' own are given it then.
    """
    if item := named_item(word):
        return item
    thing = word.removeprefix(base)
    if "/" in thing and kind_of(thing):
        if thing in sketches.things or may_be_new:
            return thing
        near = difflib.get_close_matches(thing, sorted(sketches.things), n=_LISTED)
        raise BadJudgements(f"no article names {thing}" + (f"; near it are {', '.join(near)}" if near else ""))
    bearing = [sketch for sketch in sketches.things.values() if fold(word) in map(fold, sketch.names)]
    if len(bearing) == 1:
        return bearing[0].thing
    if bearing:
        raise BadJudgements(f"{word!r} is the name of {len(bearing)} things: {_listed(bearing)}; give one of them instead of the name")
    near = difflib.get_close_matches(word, sorted(name for sketch in sketches.things.values() for name in sketch.names), n=_LISTED)
    raise BadJudgements(f"no article names {word!r}" + (f"; it names {', '.join(near)}" if near else ""))


def _listed(things: Iterable[Sketch]) -> str:
    found = sorted(things, key=lambda sketch: (-len(sketch.articles), sketch.thing))
    rest = f" and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
    return ", ".join(sketch.thing for sketch in found[:_LISTED]) + rest
