"""Reported statements as pages show them: who speaks, by what act, to whom, when, and the sentence with its words marked."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.vocab import KG, KG_NAMESPACE
from server.addresses import Link
from server.node_facts import Facts
from server.terms import term_label

_MARKED = ((KG.cueMention, "cue"), (KG.sourceMention, "source"), (KG.contentMention, "content"))
# What goes without saying is not shown: only what sets a statement apart from a plain one.
_PLAIN = {KG.polarity: KG.PolarityPositive, KG.certainty: KG.CertaintyCertain, KG.caution: KG.CautionNone, KG.modality: KG.ModalityActual}
_WARNED = frozenset(("caution", "modality", "certainty"))


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a sentence and what they are in it: `source`, `cue`, `content`, `trigger`, or nothing."""

    words: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """Something that sets a statement or an event apart, such as `negative` or `alleged`; `tone` is for the eye only."""

    link: Link
    property: str
    tone: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where words stand: the article's link, its outlet, when it was published, and what became of the version."""

    article: Link
    outlet: str
    published: str
    standing: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One reported statement."""

    link: Link
    act: Link
    quotation: Link | None
    sources: tuple[Link, ...]
    source_words: tuple[str, ...]
    on_behalf_of: tuple[Link, ...]
    addressees: tuple[Link, ...]
    media: tuple[str, ...]
    stated_times: tuple[Link, ...]
    stated_places: tuple[Link, ...]
    tags: tuple[Tag, ...]
    sentence: tuple[Piece, ...]
    elsewhere: tuple[str, ...]
    within: Link | None
    origin: Origin | None

    @property
    def speaker(self) -> str:
        """The source in words: its names, else the words that describe it, else that none is given."""
        return ", ".join(source.text for source in self.sources) or "; ".join(self.source_words) or "Someone"


def read_statement(facts: Facts, node: str) -> Statement:
    """Return a statement as the graph tells it."""
    marked = [(mention, role) for term, role in _MARKED for mention in facts.nodes(node, term)]
    sentence = next(iter(facts.nodes(node, KG.sentenceMention)), "")
    pieces, outside = mark(facts, sentence, marked)
    return Statement(
        link=facts.link(node),
        act=next(iter(facts.links(node, KG.act)), Link("no act", "", None)),
        quotation=next(iter(facts.links(node, KG.quotation)), None),
        sources=facts.links(node, KG.source),
        source_words=tuple(facts.values(node, KG.sourceDescription)),
        on_behalf_of=facts.links(node, KG.onBehalfOf),
        addressees=facts.links(node, KG.addressee),
        media=tuple(facts.values(node, KG.medium)),
        stated_times=facts.links(node, KG.statedTime),
        stated_places=facts.links(node, KG.statedPlace),
        tags=read_tags(facts, node),
        sentence=pieces,
        elsewhere=outside,
        within=next(iter(facts.links(node, KG.within)), None),
        origin=read_origin(facts, node),
    )


def read_origin(facts: Facts, node: str) -> Origin | None:
    """Return where the words of a node stand, or None for a node of no article."""
    version = facts.version_of(node)
    if not version:
        return None
    return Origin(facts.link(version), facts.first(version, KG.outlet), facts.first(version, KG.published)[:10], facts.standing(version))


def read_tags(facts: Facts, node: str) -> tuple[Tag, ...]:
    """Return what sets a statement or an event mention apart from a plain one."""
    found = []
    for term, plain in _PLAIN.items():
        for value in facts.nodes(node, term):
            if value != plain.value:
                name = term.value.removeprefix(KG_NAMESPACE)
                found.append(Tag(facts.link(value), term_label(term.value), "warned" if name in _WARNED else "denied"))
    return tuple(found)


def mark(facts: Facts, whole: str, marked: Iterable[tuple[str, str]]) -> tuple[tuple[Piece, ...], tuple[str, ...]]:
    """Return the words of a mention cut into pieces by the mentions inside it, and the words of those outside it.

    The first of several mentions that share letters marks them. No pieces where the store keeps no words.
    """
    words, start = facts.first(whole, KG.exact) if whole else "", span_of(facts, whole)[0] if whole else 0
    roles = [""] * len(words)
    outside = []
    for mention, role in marked:
        first, last = span_of(facts, mention)
        if not words or first < start or last > start + len(words):
            outside.append(facts.first(mention, KG.exact))
        for at in range(max(first - start, 0), min(last - start, len(words))):
            roles[at] = roles[at] or role
    return _pieces(words, roles), tuple(filter(None, outside))


def span_of(facts: Facts, mention: str) -> tuple[int, int]:
    """Return the offsets of a mention in its article's text; (0, 0) where it has none."""
    first, last = (facts.first(mention, term) for term in (KG.start, KG.end))
    return (int(first), int(last)) if first.isdecimal() and last.isdecimal() else (0, 0)


def answers_to(facts: Facts, nodes: Iterable[str]) -> list[Statement]:
    """Return the statements that confirm, deny or answer some nodes."""
    found: list[str] = []
    for node in nodes:
        found += facts.pointing(node, KG.respondsTo)
    return [read_statement(facts, node) for node in facts.in_order(dict.fromkeys(found), newest_first=False)[:]]


def nested_in(facts: Facts, node: str) -> list[Statement]:
    """Return the statements that stand directly inside a statement."""
    return [read_statement(facts, inner) for inner in facts.in_order(facts.pointing(node, KG.within), newest_first=False)[:]]


def around(facts: Facts, node: str) -> list[Statement]:
    """Return the statements that a node stands in, the outermost first."""
    found: list[str] = []
    terms: tuple[NamedNode, ...] = (KG.voice, KG.within)
    here = node
    while outer := next((other for term in terms for other in facts.nodes(here, term) if "ReportedStatement" in facts.classes(other)), ""):
        if outer in found or outer == node:
            break
        found.append(outer)
        here = outer
    return [read_statement(facts, outer) for outer in reversed(found)]


def _pieces(words: str, roles: list[str]) -> tuple[Piece, ...]:
    pieces, at = [], 0
    for end in range(1, len(words) + 1):
        if end == len(words) or roles[end] != roles[at]:
            pieces.append(Piece(words[at:end], roles[at]))
            at = end
    return tuple(pieces)
