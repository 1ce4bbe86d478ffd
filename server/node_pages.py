"""Chooses the page of a node by what it is, and fills it; what has no page of its own gets a plain table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from flask import render_template
from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from kg.limits import count_limit
from kg.vocab import KG
from server.addresses import Link
from server.article_views import nodes_in, read_version, said_by_the_article, things_named, versions_of
from server.happenings import read_event_mention, read_occurrence
from server.listing import Listing, page_number, part_of
from server.node_facts import Facts, Term, node_of
from server.page_formats import Answer
from server.said import answers_to, around, nested_in, read_origin, read_statement
from server.terms import definition
from server.thing_views import parts_played, read_naming, read_post, read_thing

_TABLE = "page_limits"
Arguments = MultiDict[str, str]
Forms = Sequence[tuple[Answer, str]]
Filled = tuple[str, dict[str, object]]
Item = TypeVar("Item")
_CONCEPTS = (KG.quotation, KG.polarity, KG.certainty, KG.caution)


@dataclass(frozen=True, slots=True)
class Row:
    """A property with its values, or with the nodes that point here by it."""

    property: Link
    values: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The node of a page, the graph, and what the request says about parts of lists."""

    node: str
    facts: Facts
    arguments: Arguments

    def part(self, name: str, nodes: Sequence[str], read: Callable[[Facts, str], Item], limit: str) -> Listing[Item]:
        """Return the part of a list that the request asks for."""
        return part_of(name, nodes, lambda iri: read(self.facts, iri), arguments=self.arguments, most=count_limit(limit, _TABLE))

    def pointing(self, name: str, term: NamedNode, read: Callable[[Facts, str], Item], limit: str) -> Listing[Item]:
        """Return a part of the list of those that point to the node by a property, the newest articles' first."""
        return self.part(name, self.facts.in_order(self.facts.pointing(self.node, term)), read, limit)


def render_node(facts: Facts, node: str, arguments: Arguments, forms: Forms) -> str:
    """Return the page of a node; `forms` are the other forms of the answer with their addresses."""
    classes = facts.classes(node)
    fill = next((fill for kind, fill in _PAGES.items() if kind in classes), None)
    if fill is None:
        named = node_of(node)
        is_graph = not facts.of(node) and named is not None and facts.generation.graphs.contains_named_graph(named)
        fill = _graph if is_graph else _plain
    template, content = fill(Asked(node, facts, arguments))
    about = {"node": facts.link(node), "iri": node, "standing": facts.standing(node), "origin": read_origin(facts, node), "forms": forms}
    return render_template(template, **about, **content, is_cut=facts.is_cut)


def _thing(asked: Asked) -> Filled:
    facts, node = asked.facts, asked.node
    most = count_limit("rows-shown", _TABLE)
    return "thing.html", {
        "thing": read_thing(facts, node, most=most),
        "kind_definition": definition(KG[facts.kinds(node)[0]].value),
        "says": asked.pointing("says", KG.source, read_statement, "statements-shown"),
        "behalf": asked.pointing("behalf", KG.onBehalfOf, read_statement, "statements-shown"),
        "about": asked.pointing("about", KG.about, read_statement, "statements-shown"),
        "told": asked.pointing("told", KG.addressee, read_statement, "statements-shown"),
        "events": asked.part("events", parts_played(facts, node), read_occurrence, "events-shown"),
        "posts": asked.pointing("posts", KG.member, read_post, "rows-shown"),
        "members": asked.pointing("members", KG.memberOf, read_post, "rows-shown"),
        "named": asked.pointing("named", KG.denotes, read_naming, "rows-shown"),
        "inside": tuple(facts.link(part) for part in sorted(facts.pointing(node, KG.partOf))[:most]),
    }


def _article(asked: Asked) -> Filled:
    facts = asked.facts
    versions = versions_of(facts, asked.node)
    current = next(iter(facts.nodes(asked.node, KG.currentVersion)), next(iter(versions), ""))
    most = count_limit("rows-shown", _TABLE)
    return "article.html", {
        **_version_content(asked, current),
        "versions": [read_version(facts, version) for version in versions[:most]],
        "is_article": True,
    }


def _version(asked: Asked) -> Filled:
    return "article.html", _version_content(asked, asked.node)


def _version_content(asked: Asked, version: str) -> dict[str, object]:
    facts = asked.facts
    return {
        "version": read_version(facts, version),
        "statements": asked.part("statements", nodes_in(facts, version, "statement"), read_statement, "statements-shown"),
        "own": asked.part("own", said_by_the_article(facts, version), read_event_mention, "events-shown"),
        "things": asked.part("things", things_named(facts, version), Facts.link, "rows-shown"),
    }


def _statement(asked: Asked) -> Filled:
    facts, node = asked.facts, asked.node
    return "statement.html", {
        "statement": read_statement(facts, node),
        "rules": facts.values(node, KG.rule),
        "content_words": [facts.first(mention, KG.exact) for mention in facts.nodes(node, KG.contentMention)],
        "cue_words": [facts.first(mention, KG.exact) for mention in facts.nodes(node, KG.cueMention)],
        "concepts": [Row(facts.link(term.value), facts.links(node, term)) for term in _CONCEPTS if facts.nodes(node, term)],
        "about": facts.links(node, KG.about),
        "responds_to": facts.links(node, KG.respondsTo),
        "outer": around(facts, node),
        "inner": nested_in(facts, node),
        "answers": answers_to(facts, [node]),
        "reports": [read_event_mention(facts, event) for event in facts.nodes(node, KG.reports)],
    }


def _event_mention(asked: Asked) -> Filled:
    facts, node = asked.facts, asked.node
    return "event_mention.html", {
        "event": read_event_mention(facts, node),
        "rules": facts.values(node, KG.rule),
        "kind_definition": definition(facts.first(node, KG.eventClass)),
        "occurrences": [facts.link(occurrence) for occurrence in sorted(facts.pointing(node, KG.evidencedBy))],
        "answers": answers_to(facts, [node]),
    }


def _occurrence(asked: Asked) -> Filled:
    occurrence = read_occurrence(asked.facts, asked.node)
    return "event.html", {
        "event": occurrence,
        "kind_definition": definition(occurrence.kinds[0].iri) if occurrence.kinds else "",
        "evidence": asked.part("evidence", occurrence.mentions, read_event_mention, "events-shown"),
        "answers": answers_to(asked.facts, occurrence.mentions),
    }


def _plain(asked: Asked) -> Filled:
    facts, node = asked.facts, asked.node
    pointers, more = facts.pointers(node, count_limit("graph-rows", _TABLE))
    return "node.html", {
        "kinds": tuple(facts.link(KG[kind].value) for kind in facts.kinds(node)),
        "words": facts.first(node, KG.exact) or facts.first(facts.first(node, KG.phraseMention), KG.exact),
        "rows": [Row(facts.link(term.value), tuple(_value(facts, value) for value in values)) for term, values in facts.of(node).items()],
        "pointers": [Row(facts.link(term.value), tuple(facts.link(other) for other in others)) for term, others in pointers.items()],
        "more": more,
    }


def _graph(asked: Asked) -> Filled:
    facts, node = asked.facts, asked.node
    most = count_limit("graph-rows", _TABLE)
    page = page_number("page", asked.arguments)
    if page > count_limit("list-read", _TABLE) // most:
        raise NotFound(f"page={page}: ask at /sparql for triples that far down, or take the dump")
    start = (page - 1) * most
    quads = list(islice(facts.generation.graphs.quads_for_pattern(None, None, None, NamedNode(node)), start, start + most + 1))
    return "graph.html", {
        "triples": [_triple(facts, quad) for quad in quads[:most]],
        "first": start + 1,
        "page": page,
        "more": len(quads) > most,
    }


def _triple(facts: Facts, quad: Quad) -> tuple[Link, Link, Link]:
    return _value(facts, quad.subject), facts.link(quad.predicate.value), _value(facts, quad.object)


def _value(facts: Facts, value: Term) -> Link:
    if isinstance(value, NamedNode):
        return facts.link(value.value)
    return Link(value.value if isinstance(value, Literal | BlankNode) else str(value), "", None)


_PAGES: dict[str, Callable[[Asked], Filled]] = {
    "ReportedStatement": _statement,
    "EventMention": _event_mention,
    "ArticleVersion": _version,
    "Article": _article,
    "Event": _occurrence,
    "Actor": _thing,
    "Place": _thing,
    "Work": _thing,
}
"""The page of a class of ours and of its subclasses; a node of several gets the first."""
