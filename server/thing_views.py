"""People, organisations, places and works as pages show them: names, posts, links with score and method, what they may be the same as."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.iris import NO_HOME, home_of
from kg.limits import count_limit
from kg.vocab import FOREIGN, KG
from server.addresses import Link
from server.happenings import ROLES
from server.node_facts import SKOS, Facts, distinct_counts
from server.said import Origin, Piece, mark, read_origin
from server.terms import term_label

WGS = FOREIGN["wgs"]
_SAME_AS = FOREIGN["schema"].sameAs


@dataclass(frozen=True, slots=True)
class OutwardLink:
    """What a thing is linked to, by which verdict, score and method, and how many articles' judgements say so."""

    item: Link
    verdict: str
    score: str
    method: str
    articles: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """A judgement on whether another thing is the same one."""

    other: Link
    judgement: Link
    verdict: str
    score: str
    method: str
    by: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """A post that a person holds by the words of an article; `of` is absent where the words name none."""

    membership: Link
    person: Link
    title: str
    of: Link | None
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Naming:
    """A place in an article where a thing is named or meant."""

    mention: Link
    words: tuple[Piece, ...]
    form: str
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing, without its long lists."""

    link: Link
    kinds: tuple[Link, ...]
    names: tuple[str, ...]
    home: str
    parts_of: tuple[Link, ...]
    latitude: str
    longitude: str
    items: tuple[Link, ...]
    geonames: tuple[str, ...]
    outward: tuple[OutwardLink, ...]
    same_as: tuple[Link, ...]
    joined_into: tuple[Link, ...]
    joined: tuple[Link, ...]
    likenesses: tuple[Likeness, ...]


def read_thing(facts: Facts, node: str, *, most: int) -> Thing:
    """Return what the graph says of a thing itself; `most` bounds each of its short lists."""
    label = facts.label(node)
    names = [*facts.values(node, SKOS.altLabel), *facts.values(node, KG.name)]
    home = home_of(node)
    coordinates = [facts.first(node, term) for term in (WGS.lat, WGS.long)]
    return Thing(
        link=facts.link(node),
        kinds=tuple(facts.link(KG[kind].value) for kind in facts.kinds(node)),
        names=tuple(sorted({name for name in names if name != label}))[:most],
        home="" if home == NO_HOME else home.upper(),
        parts_of=facts.links(node, KG.partOf),
        latitude=coordinates[0] if all(coordinates) else "",
        longitude=coordinates[1] if all(coordinates) else "",
        items=facts.links(node, KG.wikidata),
        geonames=tuple(number for number in facts.values(node, KG.geonames) if re.fullmatch("[0-9]+", number)),
        outward=tuple(_outward(facts, node))[:most],
        same_as=facts.links(node, _SAME_AS),
        joined_into=facts.links(node, KG.joinedInto),
        joined=tuple(facts.link(other) for other in sorted(facts.pointing(node, KG.joinedInto))[:most]),
        likenesses=tuple(_likenesses(facts, node))[:most],
    )


def read_post(facts: Facts, node: str) -> Post:
    """Return a membership with the words that say so."""
    return Post(
        membership=facts.link(node),
        person=next(iter(facts.links(node, KG.member)), Link("no one named", "", None)),
        title=facts.first(node, KG.title),
        of=next(iter(facts.links(node, KG.memberOf)), None),
        origin=read_origin(facts, node),
    )


def read_naming(facts: Facts, node: str) -> Naming:
    """Return one mention of a thing."""
    pieces, _ = mark(facts, node, [(node, "source")])
    return Naming(facts.link(node), pieces, term_label(form) if (form := facts.first(node, KG.form)) else "name", read_origin(facts, node))


def parts_played(facts: Facts, node: str) -> list[str]:
    """Return the occurrences that a thing takes part in, the newest articles' first."""
    found = [event for event in facts.pointing(node, *ROLES) if event.startswith(f"{facts.base}event/")]
    by_first = {event: facts.base + "article/" + event.removeprefix(f"{facts.base}event/") for event in found}
    return sorted(sorted(found), key=lambda event: facts.published(by_first[event]), reverse=True)


def _outward(facts: Facts, node: str) -> Iterator[OutwardLink]:
    # One a linking article: of very many, the first tell enough.
    of_articles = sorted(judgement for judgement in facts.pointing(node, KG.judges) if not _is_on_a_pair(facts, judgement))
    read = of_articles[: count_limit("judgements-read", "page_limits")]
    judgements = [judgement for judgement in read if facts.nodes(judgement, KG.item)]
    terms: tuple[NamedNode, ...] = (KG.item, KG.verdict, KG.score, KG.method)
    rows = (tuple(facts.first(judgement, term) for term in terms) for judgement in judgements)
    for (item, verdict, score, method), count in distinct_counts(rows):
        yield OutwardLink(facts.link(item), term_label(verdict) if verdict else "", score, method, count)


def _likenesses(facts: Facts, node: str) -> Iterable[Likeness]:
    found = sorted(judgement for judgement in facts.pointing(node, KG.judges, KG.comparedWith) if _is_on_a_pair(facts, judgement))
    read = found[: count_limit("judgements-read", "page_limits")]
    rows = [_likeness(facts, judgement, node) for judgement in read if facts.nodes(judgement, KG.comparedWith)]
    return sorted(sorted(rows, key=lambda row: row.other.iri), key=lambda row: (row.verdict, row.score), reverse=True)


def _is_on_a_pair(facts: Facts, judgement: str) -> bool:
    """Return whether a judgement is on two things: its IRI is of no article (docs/mapping.md)."""
    return judgement.startswith(f"{facts.base}judgement/")


def _likeness(facts: Facts, judgement: str, node: str) -> Likeness:
    pair = [*facts.nodes(judgement, KG.judges), *facts.nodes(judgement, KG.comparedWith)]
    other = next((thing for thing in pair if thing != node), node)
    verdict = facts.first(judgement, KG.verdict)
    decided = [facts.first(judgement, term) for term in (KG.decidedBy, KG.decidedOn)]
    return Likeness(
        other=facts.link(other),
        judgement=Link("judgement", judgement, facts.link(judgement).href),
        verdict=term_label(verdict) if verdict else "",
        score=facts.first(judgement, KG.score),
        method=facts.first(judgement, KG.method),
        by=", ".join(filter(None, decided)),
        evidence=tuple(facts.values(judgement, KG.evidence)),
    )
