"""Event mentions and the occurrences made of them, as pages show them: what, who, where, when, how many, and who says so."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.vocab import KG, KG_NAMESPACE
from server.addresses import Link
from server.node_facts import Facts
from server.said import Origin, Piece, Statement, Tag, around, mark, read_origin, read_tags, span_of
from server.terms import term_label

ROLES = tuple(KG[name] for name in ("agent", "patient", "participant", "recipient", "place", "origin", "destination", "instrument"))


@dataclass(frozen=True, slots=True)
class Part:
    """What an event has in a role: things or, where nothing is named, words; `inherited` if taken from the sentence before."""

    role: Link
    values: tuple[Link, ...]
    inherited: bool


@dataclass(frozen=True, slots=True)
class Time:
    """A time expression: its words, the bounds it was resolved to, and how."""

    link: Link
    earliest: str
    latest: str
    precision: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in its words, with its bounds; either may be open."""

    link: Link
    lower: str
    upper: str
    approximation: str
    unit: str
    role: str


@dataclass(frozen=True, slots=True)
class EventMention:
    """What one place in an article tells of an event; `voices` are the statements it stands in, none where the paper says it."""

    link: Link
    kinds: tuple[Link, ...]
    trigger: str
    parts: tuple[Part, ...]
    times: tuple[Time, ...]
    quantities: tuple[Quantity, ...]
    tags: tuple[Tag, ...]
    words: tuple[Piece, ...]
    voices: tuple[Statement, ...]
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event as its mentions give it; values of several mentions stand side by side."""

    link: Link
    kinds: tuple[Link, ...]
    parts: tuple[Part, ...]
    times: tuple[Time, ...]
    quantities: tuple[Quantity, ...]
    mentions: tuple[str, ...]
    voices: tuple[str, ...]
    published: str


def read_event_mention(facts: Facts, node: str) -> EventMention:
    """Return an event mention as the graph tells it."""
    trigger = facts.first(node, KG.triggerMention)
    voices = tuple(around(facts, node))
    sentence = facts.first(voices[-1].link.iri, KG.sentenceMention) if voices else ""
    filled = [value for term in ROLES for value in facts.nodes(node, term) if facts.first(value, KG.exact)]
    pieces, _ = mark(facts, sentence, [(trigger, "cue"), *((value, "content") for value in filled)])
    return EventMention(
        link=facts.link(node),
        kinds=facts.links(node, KG.eventClass),
        trigger=facts.first(trigger, KG.exact) if trigger else "",
        parts=read_parts(facts, node),
        times=read_times(facts, node),
        quantities=read_quantities(facts, node),
        tags=read_tags(facts, node),
        words=pieces if any(piece.role == "cue" for piece in pieces) else _from_text(facts, node, trigger),
        voices=voices,
        origin=read_origin(facts, node),
    )


def read_occurrence(facts: Facts, node: str) -> Occurrence:
    """Return an occurrence; the words of who says so come with its mentions."""
    mentions = tuple(facts.in_order(facts.nodes(node, KG.evidencedBy), newest_first=False)[:])
    return Occurrence(
        link=facts.link(node),
        kinds=tuple(facts.link(KG[kind].value) for kind in facts.kinds(node)),
        parts=read_parts(facts, node),
        times=read_times(facts, node),
        quantities=read_quantities(facts, node),
        mentions=mentions,
        voices=tuple(dict.fromkeys(_voice(facts, mention) for mention in mentions)),
        published=facts.published(mentions[0])[:10] if mentions else "",
    )


def read_parts(facts: Facts, node: str) -> tuple[Part, ...]:
    """Return what fills the roles of an event or an event mention."""
    inherited = facts.nodes(node, KG.inheritedRole)
    filled = (role for role in ROLES if facts.nodes(node, role))
    return tuple(Part(facts.link(role.value), facts.links(node, role), role.value in inherited) for role in filled)


def read_times(facts: Facts, node: str, term: NamedNode = KG.time) -> tuple[Time, ...]:
    """Return the time expressions of a node with their working."""
    return tuple(
        Time(
            facts.link(time),
            _moment(facts.first(time, KG.earliest)),
            _moment(facts.first(time, KG.latest)),
            _named(facts, time, KG.precision),
            facts.first(time, KG.anchor),
        )
        for time in facts.nodes(node, term)
    )


def read_quantities(facts: Facts, node: str) -> tuple[Quantity, ...]:
    """Return the numbers of a node."""
    return tuple(
        Quantity(
            facts.link(number),
            facts.first(number, KG.lower),
            facts.first(number, KG.upper),
            _named(facts, number, KG.approximation),
            facts.first(number, KG.unit),
            _named(facts, number, KG.ofRole),
        )
        for number in facts.nodes(node, KG.quantity)
    )


def _voice(facts: Facts, mention: str) -> str:
    """Return whose words a mention stands in: a source and its act, or the paper; and what sets the mention apart, such as `planned`."""
    apart = [tag.link.text for tag in read_tags(facts, mention)]
    voice = facts.first(mention, KG.voice)
    if not voice or "ReportedStatement" not in facts.classes(voice):
        who = facts.first(facts.version_of(mention), KG.outlet) or "the article itself"
    else:
        sources = [facts.label(source) for source in facts.nodes(voice, KG.source)] or facts.values(voice, KG.sourceDescription)
        who, apart = ", ".join(sources) or "someone", [_named(facts, voice, KG.act) or "no act", *apart]
    return f"{who} ({'; '.join(apart)})" if apart else who


def _from_text(facts: Facts, node: str, trigger: str) -> tuple[Piece, ...]:
    """Return the line of the article's text around an event's trigger; a store keeps the text only where it was asked to."""
    text = facts.first(facts.version_of(node), KG.text)
    first, last = span_of(facts, trigger) if trigger else (0, 0)
    if not text or last > len(text) or first == last:
        return ()
    start, end = text.rfind("\n", 0, first) + 1, text.find("\n", last)
    return (Piece(text[start:first]), Piece(text[first:last], "cue"), Piece(text[last : end if end >= 0 else len(text)]))


def _named(facts: Facts, node: str, term: NamedNode) -> str:
    value = facts.first(node, term)
    return term_label(value) if value.startswith(KG_NAMESPACE) else value


def _moment(text: str) -> str:
    """Return a moment for people: the day alone for its first and last second, else to the minute.

    >>> _moment("2021-08-07T23:59:59Z"), _moment("2021-08-08T11:59:59Z")
    ('2021-08-07', '2021-08-08 11:59 UTC')
    """
    day, _, time = text.partition("T")
    return day if time in ("", "00:00:00Z", "23:59:59Z") else f"{day} {time[:5]} UTC"
