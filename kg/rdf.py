"""Maps an extraction record to the quads of its article graph; docs/mapping.md says what is written for what."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Literal as OneOf

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from kg.decided_links import UNDECIDED, DecidedLink
from kg.iris import DEFAULT_BASE, WIKIDATA, VersionNames, article_iri, kind_of, things_of, version_iri
from kg.literals import XSD, date_time, decimal, one_line
from kg.records import Article, Entity, EventMention, Extraction, Quantity, Reference, Role, Statement, TextSpan, Time
from kg.vocab import FOREIGN, KG

TextMode = OneOf["evidence", "full", "none"]
Node = NamedNode | Literal
Facts = Iterator[tuple[str, NamedNode, Node]]

TYPE, SAME_AS, WGS = FOREIGN["rdf"].type, FOREIGN["schema"].sameAs, FOREIGN["wgs"]


def quads(
    extraction: Extraction,
    *,
    base: str = DEFAULT_BASE,
    text: TextMode = "evidence",
    names: Mapping[str, str] | None = None,
    links: Mapping[str, DecidedLink] | None = None,
) -> tuple[Quad, ...]:
    """Return the sorted quads of one article version; the same record, names and links give the same quads.

    `text` says how much of the article's words the graph may hold: those of mentions and of the sentences around
    statements (`evidence`), the whole text too (`full`), or offsets only (`none`). `names` says by which IRI a thing
    goes that was joined with another (kg.joins), `links` what people decided about the links of things (kg.decided_links).
    """
    graph = NamedNode(version_iri(base, extraction.article))
    facts = _ArticleGraph(extraction, base, text, names or {}, links or {}).facts()
    return tuple(Quad(NamedNode(s), p, o, graph) for s, p, o in sorted(set(facts), key=_order))


def n_quads(article_quads: tuple[Quad, ...]) -> bytes:
    """Return quads as N-Quads, in the order given."""
    return serialize(article_quads, format=RdfFormat.N_QUADS) or b""


def n_triples(article_quads: tuple[Quad, ...]) -> bytes:
    """Return the triples of quads as N-Triples, in the order given."""
    return serialize((Triple(q.subject, q.predicate, q.object) for q in article_quads), format=RdfFormat.N_TRIPLES) or b""


def _order(fact: tuple[str, NamedNode, Node]) -> tuple[str, str, str]:
    return fact[0], fact[1].value, str(fact[2])


class _ArticleGraph:
    """One extraction on its way into the graph: the record, its names, and the things behind its keys."""

    def __init__(
        self, extraction: Extraction, base: str, text: TextMode, names: Mapping[str, str], links: Mapping[str, DecidedLink]
    ) -> None:
        self.record, self.base, self.text, self.joined, self.links = extraction, base, text, names, links
        self.article: Article = extraction.article
        self.version = version_iri(base, self.article)
        self.names = VersionNames(self.version)
        own = things_of(base, extraction)
        self.things = {key: names.get(thing, thing) for key, thing in own.items()}
        self.renamed = {key for key, thing in own.items() if self.things[key] != thing}
        # What was joined with a thing of another kind is of that kind: people know better than the recogniser.
        self.kinds = {e.key: kind_of(self.things[e.key]) or e.kind if e.key in self.renamed else e.kind for e in extraction.entities}
        self.events = {e.key: self.names.event_mention(e) for e in extraction.events}
        self.statements = {s.key: self.names.statement(s) for s in extraction.statements}
        self.mentions = sorted((m.start, m.end, self.things[e.key]) for e in extraction.entities for m in e.mentions)
        self.reported: defaultdict[str | None, list[str]] = defaultdict(list)
        for event in extraction.events:
            self.reported[event.voice].append(event.key)

    def facts(self) -> Facts:
        yield from self._article_facts()
        for entity in self.record.entities:
            yield from self._entity_facts(entity)
        for membership in self.record.memberships:
            node = self.names.membership(membership)
            yield node, TYPE, KG.Membership
            yield node, KG.inArticle, NamedNode(self.version)
            yield node, KG.member, NamedNode(self.things[membership.person])
            yield node, KG.title, Literal(self._words(membership.title))
            yield from self._mention_facts(node, KG.titleMention, membership.title)
            if membership.of:
                yield node, KG.memberOf, NamedNode(self.things[membership.of])
        for statement in self.record.statements:
            yield from self._statement_facts(statement)
        for event in self.record.events:
            yield from self._event_facts(event)
        for key in sorted(self._acting_places()):
            yield self.things[key], TYPE, KG.Actor

    def _article_facts(self) -> Facts:
        article, version = self.article, self.version
        yield article_iri(self.base, article.id), TYPE, KG.Article
        yield version, TYPE, KG.ArticleVersion
        yield version, KG.versionOf, NamedNode(article_iri(self.base, article.id))
        yield version, KG.contentHash, Literal(article.version)
        yield version, KG.language, Literal(article.language)
        yield version, KG.pipeline, Literal(self.record.pipeline)
        for term, value in ((KG.headline, article.title), (KG.outlet, article.publisher), (KG.byline, article.author)):
            if value:
                yield version, term, Literal(value)
        if article.url:
            yield version, KG.sourceUrl, Literal(article.url, datatype=XSD.anyURI)
        if article.published:
            day_only = "T" not in article.published
            yield version, KG.published, date_time(f"{article.published}T00:00:00Z" if day_only else article.published)
            if day_only:
                yield version, KG.publishedPrecision, KG.PrecisionDay
        if self.record.main:
            yield version, KG.mainEvent, NamedNode(self.events[self.record.main])
        if self.text == "full":
            yield version, KG.text, Literal(article.text)

    def _entity_facts(self, entity: Entity) -> Facts:
        thing = self.things[entity.key]
        yield thing, TYPE, KG[self.kinds[entity.key]]
        for mention in entity.mentions:
            words = self.names.mention(TextSpan(mention.start, mention.end))
            yield from self._words_facts(TextSpan(mention.start, mention.end))
            yield words, KG.denotes, NamedNode(thing)
            if mention.form != "name":
                yield words, KG.form, KG[f"Form{mention.form.capitalize()}"]
        written = {one_line(self._words(TextSpan(m.start, m.end))) for m in entity.mentions if m.form == "name"}
        for name in written or {Literal(entity.name)}:
            yield thing, KG.name, name
        if entity.wikidata:
            yield from self._link_facts(thing, entity, entity.wikidata)
        decided = self.links.get(thing, UNDECIDED)
        if decided.accepted:
            yield thing, KG.wikidata, NamedNode(WIKIDATA + decided.accepted)
            yield thing, SAME_AS, NamedNode(WIKIDATA + decided.accepted)
        if entity.key in self.renamed or not decided.allows(entity.wikidata):
            return  # where it lies is said by the thing it was joined with, or by a link that people do not believe
        if entity.wikidata:
            yield thing, KG.wikidata, NamedNode(WIKIDATA + entity.wikidata)
        if entity.lat is not None and entity.long is not None:
            yield thing, WGS.lat, decimal(entity.lat)
            yield thing, WGS.long, decimal(entity.long)
        if entity.geonames:
            yield thing, KG.geonames, Literal(entity.geonames)
        for container in (self.joined.get(self.base + place, self.base + place) for place in entity.part_of):
            if container != thing:
                yield thing, KG.partOf, NamedNode(container)

    def _link_facts(self, thing: str, entity: Entity, item: str) -> Facts:
        node = self.names.judgement(item)
        yield node, TYPE, KG.Judgement
        yield node, KG.inArticle, NamedNode(self.version)
        yield node, KG.judges, NamedNode(thing)
        yield node, KG.item, NamedNode(WIKIDATA + item)
        yield node, KG.verdict, KG.VerdictMachine
        if self.record.catalogue:
            yield node, KG.catalogue, Literal(self.record.catalogue)
        if entity.score is not None:
            yield node, KG.score, decimal(entity.score)
        if entity.method:
            yield node, KG.method, Literal(entity.method)

    def _statement_facts(self, statement: Statement) -> Facts:
        node = self.statements[statement.key]
        yield node, TYPE, KG.ReportedStatement
        yield node, KG.inArticle, NamedNode(self.version)
        yield node, KG.act, KG[f"Act{statement.act}"]
        yield node, KG.quotation, KG[f"Quotation{statement.quotation}"]
        yield node, KG.polarity, KG[f"Polarity{statement.polarity}"]
        yield node, KG.certainty, KG[f"Certainty{statement.certainty}"]
        yield node, KG.caution, KG[f"Caution{statement.caution}"]
        yield node, KG.rule, Literal(statement.rule)
        sentence = (statement.sentence,) if statement.sentence else ()
        for term, spans in (
            (KG.sourceMention, statement.source),
            (KG.cueMention, statement.cue),
            (KG.contentMention, statement.content),
            (KG.sentenceMention, sentence),
        ):
            for span in spans:
                yield from self._mention_facts(node, term, span)
        for span in statement.source:
            if self.text != "none":
                yield node, KG.sourceDescription, one_line(self._words(span))
        for term, keys in ((KG.source, statement.source_entities), (KG.addressee, statement.addressees)):
            for key in keys:
                yield node, term, NamedNode(self.things[key])
        if statement.on_behalf_of:
            yield node, KG.onBehalfOf, NamedNode(self.things[statement.on_behalf_of])
        if statement.medium:
            yield node, KG.medium, one_line(self._words(statement.medium))
        if statement.time:
            yield from self._time_facts(node, KG.statedTime, statement.time)
        if statement.place:
            yield from self._reference_facts(node, KG.statedPlace, statement.place)
        if statement.within:
            yield node, KG.within, NamedNode(self.statements[statement.within])
        for key in statement.responds_to:
            yield node, KG.respondsTo, NamedNode(self.statements.get(key) or self.events[key])
        for event in self.reported[statement.key]:
            yield node, KG.reports, NamedNode(self.events[event])
        for span in statement.content:
            for _, end, thing in self.mentions[bisect_left(self.mentions, (span.start,)) : bisect_left(self.mentions, (span.end,))]:
                if end <= span.end:
                    yield node, KG.about, NamedNode(thing)

    def _event_facts(self, event: EventMention) -> Facts:
        node = self.events[event.key]
        yield node, TYPE, KG.EventMention
        yield node, KG.inArticle, NamedNode(self.version)
        yield node, KG.eventClass, KG[event.kind]
        yield node, KG.voice, NamedNode(self.statements[event.voice] if event.voice else self.version)
        yield node, KG.polarity, KG[f"Polarity{event.polarity}"]
        yield node, KG.modality, KG[f"Modality{event.modality}"]
        yield node, KG.rule, Literal(event.rule)
        yield from self._mention_facts(node, KG.triggerMention, event.trigger)
        for role in event.roles:
            yield from self._role_facts(node, role)
        if event.time:
            yield from self._time_facts(node, KG.time, event.time)
        for quantity in event.quantities:
            yield from self._quantity_facts(node, quantity)
        if event.same and event.same != event.key:
            yield node, KG.sameOccurrence, NamedNode(self.events[event.same])

    def _role_facts(self, node: str, role: Role) -> Facts:
        if role.entity:
            yield node, KG[role.name], NamedNode(self.things[role.entity])
        elif role.start is not None and role.end is not None:
            yield from self._mention_facts(node, KG[role.name], TextSpan(role.start, role.end))
        if role.inherited:
            yield node, KG.inheritedRole, KG[role.name]

    def _time_facts(self, node: str, term: NamedNode, time: Time) -> Facts:
        span = self.names.time(time)
        yield node, term, NamedNode(span)
        yield span, TYPE, KG.TimeSpan
        yield span, KG.rule, Literal(time.rule)
        yield from self._mention_facts(span, KG.phraseMention, TextSpan(time.start, time.end))
        for bound, value in ((KG.earliest, time.earliest), (KG.latest, time.latest)):
            if value:
                yield span, bound, date_time(value)
        if time.precision:
            yield span, KG.precision, KG["Precision" + "".join(word.capitalize() for word in time.precision.split("-"))]
        if time.anchor:
            yield span, KG.anchor, Literal(time.anchor)

    def _quantity_facts(self, node: str, quantity: Quantity) -> Facts:
        number = self.names.quantity(quantity)
        yield node, KG.quantity, NamedNode(number)
        yield number, TYPE, KG.Quantity
        yield number, KG.approximation, KG[f"Approximation{quantity.approximation}"]
        yield from self._mention_facts(number, KG.phraseMention, TextSpan(quantity.start, quantity.end))
        for bound, value in ((KG.lower, quantity.lower), (KG.upper, quantity.upper)):
            if value is not None:
                yield number, bound, decimal(value)
        if quantity.unit:
            yield number, KG.unit, Literal(quantity.unit)
        if quantity.role:
            yield number, KG.ofRole, KG[quantity.role]

    def _reference_facts(self, node: str, term: NamedNode, reference: Reference) -> Facts:
        if reference.entity:
            yield node, term, NamedNode(self.things[reference.entity])
        else:
            yield from self._mention_facts(node, term, TextSpan(reference.start, reference.end))

    def _mention_facts(self, node: str, term: NamedNode, span: TextSpan) -> Facts:
        yield node, term, NamedNode(self.names.mention(span))
        yield from self._words_facts(span)

    def _words_facts(self, span: TextSpan) -> Facts:
        mention = self.names.mention(span)
        yield mention, TYPE, KG.Mention
        yield mention, KG.inArticle, NamedNode(self.version)
        yield mention, KG.start, Literal(str(span.start), datatype=XSD.integer)
        yield mention, KG.end, Literal(str(span.end), datatype=XSD.integer)
        if self.text != "none":
            yield mention, KG.exact, Literal(self._words(span))

    def _words(self, span: TextSpan) -> str:
        return self.article.text[span.start : span.end]

    def _acting_places(self) -> set[str]:
        places = {key for key, kind in self.kinds.items() if "Place" in KG.ancestors(kind)}
        acting = {role.entity for event in self.record.events for role in event.roles if role.name == "agent" and role.entity}
        speaking = {key for statement in self.record.statements for key in statement.source_entities}
        return places & (acting | speaking)
