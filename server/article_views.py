"""Articles, their versions and named graphs as pages show them."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.iris import QUARANTINE
from kg.vocab import KG
from server.addresses import Link, is_web_address, link
from server.node_facts import PROV, Facts, iri_order, node_of
from server.terms import term_label


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article, without its long lists; `source` is a link only where it leads to the web."""

    link: Link
    headline: str
    article: Link | None
    outlet: str
    byline: str
    published: str
    language: str
    source: Link | None
    main_event: Link | None
    pipeline: str
    superseded_by: Link | None
    revision_of: Link | None
    quarantine: Link | None


def read_version(facts: Facts, node: str) -> Version:
    """Return what the graph says of a version itself."""
    url = facts.first(node, KG.sourceUrl)
    quarantine = node_of(node + QUARANTINE)
    held = quarantine is not None and facts.generation.graphs.contains_named_graph(quarantine)
    precision = facts.first(node, KG.publishedPrecision)
    moment = facts.first(node, KG.published).replace("T", " ").removesuffix("Z")
    return Version(
        link=facts.link(node),
        headline=facts.first(node, KG.headline) or "An article without a headline",
        article=next(iter(facts.links(node, KG.versionOf)), None),
        outlet=facts.first(node, KG.outlet),
        byline=facts.first(node, KG.byline),
        published=f"{moment[:10]} (the {term_label(precision)} is known, no more)" if precision else f"{moment} UTC" if moment else "",
        language=facts.first(node, KG.language),
        source=Link(url, url, url if is_web_address(url) else None) if url else None,
        main_event=next(iter(facts.links(node, KG.mainEvent)), None),
        pipeline=facts.first(node, KG.pipeline),
        superseded_by=next(iter(facts.links(node, KG.supersededBy)), None),
        revision_of=next(iter(facts.links(node, PROV.wasRevisionOf)), None),
        quarantine=link(node + QUARANTINE, "what the gate took out of it", facts.base) if held else None,
    )


def versions_of(facts: Facts, article: str) -> list[str]:
    """Return the versions of an article, the newest first; those of superseded versions are known by the versions after them."""
    found = {*facts.nodes(article, KG.currentVersion), *facts.pointing(article, KG.versionOf)}
    todo = sorted(found)
    while todo:
        older = [other for other in facts.nodes(todo.pop(), PROV.wasRevisionOf) if other not in found]
        found.update(older)
        todo += older
    return facts.in_order(found)[:]


def nodes_in(facts: Facts, version: str, kind: str) -> list[str]:
    """Return the nodes of a version that its IRIs call by a kind ("statement", "mention"), in the order of the text."""
    return facts.in_order(node for node in facts.pointing(version, KG.inArticle) if node.startswith(f"{version}/{kind}/"))[:]


def said_by_the_article(facts: Facts, version: str) -> list[str]:
    """Return the event mentions that stand in no statement: the article's own voice."""
    return facts.in_order(facts.pointing(version, KG.voice))[:]


def things_named(facts: Facts, version: str) -> list[str]:
    """Return the things that a version names or means, each once, in the order of the text."""
    graph = node_of(version)
    found = facts.generation.graphs.quads_for_pattern(None, KG.denotes, None, graph) if graph else ()
    pairs = [(str(quad.subject), quad.object.value) for quad in found if isinstance(quad.object, NamedNode)]
    return list(dict.fromkeys(thing for _, thing in sorted(pairs, key=lambda pair: iri_order(pair[0].strip("<>")))))
