"""The derived graphs, computed from the article graphs of the current versions and from decisions: events, entities, identity, dataset."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from pyoxigraph import Store as Oxigraph

from kg.dedupe import Proposal
from kg.iris import WIKIDATA, article_iri, article_of, derived_graph, judgement_iri, named_by, occurrence_iri
from kg.judgements import Judgement
from kg.vocab import FOREIGN, KG, KG_NAMESPACE

Term = NamedNode | BlankNode | Literal | Triple
RDF, RDFS, SKOS, WGS, VOID, PROV, XSD = (FOREIGN[prefix] for prefix in ("rdf", "rdfs", "skos", "wgs", "void", "prov", "xsd"))

ROLES = tuple(KG[name] for name in ("agent", "patient", "participant", "recipient", "place", "origin", "destination", "instrument"))
_VERDICTS = {"same": KG.VerdictAccepted, "different": KG.VerdictRejected, "undecided": KG.VerdictUndecided}
_OF_EVENT = (*ROLES, KG.time, KG.quantity)
_OF_THING = (KG.wikidata, FOREIGN["schema"].sameAs, KG.geonames, WGS.lat, WGS.long, KG.partOf)
_EVENT_CLASS, _SAME_OCCURRENCE, _NAME, _EVIDENCED_BY = KG.eventClass, KG.sameOccurrence, KG.name, KG.evidencedBy


@dataclass
class Thing:
    """What the current versions say of one thing."""

    kinds: set[str] = field(default_factory=set)
    names: Counter[str] = field(default_factory=Counter)
    facts: set[tuple[NamedNode, Term]] = field(default_factory=set)


def current_versions(store: Oxigraph) -> dict[str, list[str]]:
    """Return each article's versions in their order, publication time and then hash; the last is the current one."""
    published = {quad.subject: _value(quad.object) for quad in store.quads_for_pattern(None, KG.published, None, None)}
    articles: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for quad in store.quads_for_pattern(None, KG.versionOf, None, None):
        # A version that the gate refused whole stands in its quarantine graph only.
        if quad.graph_name == quad.subject:
            version = _value(quad.subject)
            articles[article_of(version)].append((published.get(quad.subject, ""), version))
    return {article: [version for _, version in sorted(versions)] for article, versions in sorted(articles.items())}


def facts_of(store: Oxigraph, version: str) -> Iterator[Quad]:
    """Return those quads of a version's graph that the derived graphs are made of: reading them all takes five times as long."""
    graph = NamedNode(version)
    for term in (*_OF_EVENT, *_OF_THING, KG.eventClass, KG.sameOccurrence, KG.name):
        yield from store.quads_for_pattern(None, term, None, graph)
    for named in store.quads_for_pattern(None, KG.name, None, graph):
        yield from store.quads_for_pattern(named.subject, RDF.type, None, graph)


def event_quads(article_graph: Iterable[Quad], base: str) -> list[Quad]:
    """Return what the graph `events` says for one article: an event for each cluster of its mentions, sorted."""
    facts: defaultdict[NamedNode, list[Quad]] = defaultdict(list)
    wanted = {*_OF_EVENT, _EVENT_CLASS, _SAME_OCCURRENCE}
    for quad in article_graph:
        if quad.predicate in wanted and isinstance(quad.subject, NamedNode):
            facts[quad.subject].append(quad)
    graph = NamedNode(derived_graph(base, "events"))
    found: set[Quad] = set()
    for mention, quads in facts.items():
        first = next((quad.object for quad in quads if quad.predicate == _SAME_OCCURRENCE), mention)
        if not isinstance(first, NamedNode) or first not in facts:
            first = mention  # the gate took the first mention out
        event = NamedNode(occurrence_iri(base, first.value))
        found.add(Quad(event, _EVIDENCED_BY, mention, graph))
        for quad in quads:
            if quad.predicate in _OF_EVENT:
                found.add(Quad(event, quad.predicate, quad.object, graph))
            elif quad.predicate == _EVENT_CLASS and mention == first and isinstance(quad.object, NamedNode):
                kind = quad.object.value.removeprefix(KG_NAMESPACE)
                found.update(Quad(event, RDF.type, KG[name], graph) for name in KG.ancestors(kind) | {"Event"})
    return sorted(found, key=str)


def read_things(article_graph: Iterable[Quad], things: dict[str, Thing]) -> None:
    """Add what one article graph says of its things."""
    kinds: list[Quad] = []
    for quad in article_graph:
        if quad.predicate == _NAME:
            things.setdefault(_value(quad.subject), Thing()).names[_value(quad.object)] += 1
        elif quad.predicate in _OF_THING:
            things.setdefault(_value(quad.subject), Thing()).facts.add((quad.predicate, quad.object))
        elif quad.predicate == RDF.type:
            kinds.append(quad)
    for quad in kinds:
        if (thing := things.get(_value(quad.subject))) is not None:
            thing.kinds.add(_value(quad.object).removeprefix(KG_NAMESPACE))


def entity_quads(iri: str, thing: Thing, base: str, *, is_joined: bool = False) -> list[Quad]:
    """Return what the graph `entities` says of one thing, sorted: the name most articles give it is its label."""
    graph, node = NamedNode(derived_graph(base, "entities")), NamedNode(iri)
    # What was joined keeps the name of its IRI. Of equals, the one that is not all capitals: datelines and headlines shout.
    label, *others = sorted(thing.names, key=lambda name: (is_joined and not named_by(iri, name), -thing.names[name], name.isupper(), name))
    kinds = frozenset().union(*(KG.ancestors(kind) for kind in thing.kinds))
    found = [Quad(node, RDF.type, KG[kind], graph) for kind in kinds]
    found += [Quad(node, term, Literal(label, language="en"), graph) for term in (RDFS.label, SKOS.prefLabel)]
    found += [Quad(node, SKOS.altLabel, Literal(name, language="en"), graph) for name in others]
    found += [Quad(node, term, value, graph) for term, value in thing.facts]
    return sorted(found, key=str)


def judgement_quads(judgement: Judgement, base: str) -> list[Quad]:
    """Return what the graph `identity` says of one decision: on which two things or which item, who took it, when and why."""
    parts = (judgement.judgement, judgement.by, judgement.on, judgement.article, judgement.note, judgement.score, judgement.method)
    node = NamedNode(judgement_iri(base, judgement.left, judgement.right, *parts, judgement.evidence))
    facts: list[tuple[NamedNode, Term]] = [
        (KG.verdict, _VERDICTS[judgement.judgement]),
        (KG.decidedBy, Literal(judgement.by)),
        (KG.decidedOn, Literal(judgement.on, datatype=XSD.date)),
    ]
    facts += [(KG.evidence, Literal(words)) for words in (judgement.evidence, judgement.note) if words]
    if judgement.method:
        facts.append((KG.method, Literal(judgement.method)))
    if judgement.score:
        facts.append((KG.score, Literal(judgement.score, datatype=XSD.decimal)))
    if judgement.article:
        facts.append((KG.decidedFor, NamedNode(article_iri(base, judgement.article))))
    return _quads_of(node, base + judgement.left, _other_side(judgement, base), facts, base)


def proposal_quads(proposal: Proposal, base: str) -> list[Quad]:
    """Return what the graph `identity` says of a pair that a program holds to be one, and that nobody has decided on."""
    node = NamedNode(judgement_iri(base, proposal.left, proposal.right))
    facts: list[tuple[NamedNode, Term]] = [
        (KG.verdict, KG.VerdictMachine),
        (KG.score, Literal(str(proposal.score), datatype=XSD.decimal)),
        (KG.method, Literal(proposal.rule)),
        (KG.evidence, Literal(proposal.evidence)),
    ]
    return _quads_of(node, base + proposal.left, (KG.comparedWith, NamedNode(base + proposal.right)), facts, base)


def read_proposals(store: Oxigraph, base: str) -> list[Judgement]:
    """Return the pairs that `proposal_quads` wrote, best first, as rows of a ledger that lack a judgement."""
    graph = NamedNode(derived_graph(base, "identity"))
    rows = []
    for found in store.quads_for_pattern(None, KG.verdict, KG.VerdictMachine, graph):
        told = {quad.predicate: _value(quad.object) for quad in store.quads_for_pattern(found.subject, None, None, graph)}
        left, right = (told[term].removeprefix(base) for term in (KG.judges, KG.comparedWith))
        said = {"score": told[KG.score], "method": told[KG.method], "evidence": told[KG.evidence]}
        rows.append(Judgement(left, right, "", "", "", **said))
    return sorted(rows, key=lambda row: (-float(row.score), row.left, row.right))


def joined_quads(thing: str, name: str, base: str) -> list[Quad]:
    """Return what the graph `identity` says of a thing that goes by another's name."""
    return [Quad(NamedNode(base + thing), KG.joinedInto, NamedNode(base + name), NamedNode(derived_graph(base, "identity")))]


def _other_side(judgement: Judgement, base: str) -> tuple[NamedNode, Term]:
    if judgement.item:
        return KG.item, NamedNode(WIKIDATA + judgement.item)
    return KG.comparedWith, NamedNode(base + judgement.right)


def _quads_of(node: NamedNode, judged: str, other: tuple[NamedNode, Term], facts: list[tuple[NamedNode, Term]], base: str) -> list[Quad]:
    graph = NamedNode(derived_graph(base, "identity"))
    of_both = ((RDF.type, KG.Judgement), (KG.judges, NamedNode(judged)), other)
    return sorted((Quad(node, term, value, graph) for term, value in (*of_both, *facts)), key=str)


def dataset_quads(articles: dict[str, list[str]], entities: int, base: str) -> Iterator[Quad]:
    """Return what the graph `dataset` says: which version is current, and the size of it all."""
    graph = NamedNode(derived_graph(base, "dataset"))
    for article, versions in articles.items():
        yield Quad(NamedNode(article), KG.currentVersion, NamedNode(versions[-1]), graph)
        for older, newer in pairwise(versions):
            yield Quad(NamedNode(older), KG.supersededBy, NamedNode(newer), graph)
            yield Quad(NamedNode(newer), PROV.wasRevisionOf, NamedNode(older), graph)
    if articles:
        dataset = NamedNode(f"{base}dataset")
        yield Quad(dataset, RDF.type, VOID.Dataset, graph)
        yield Quad(dataset, VOID.documents, Literal(str(len(articles)), datatype=XSD.integer), graph)
        yield Quad(dataset, VOID.entities, Literal(str(entities), datatype=XSD.integer), graph)


def _value(term: Term) -> str:
    """Return the IRI or the words of a term; the gate lets no other terms into a store."""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
