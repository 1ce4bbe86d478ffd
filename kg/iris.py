"""Mints every IRI of the graph out of content: never out of counters, clocks or chance. The shapes are in docs/mapping.md."""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import quote

from kg.folding import fold
from kg.records import Article, Entity, EventMention, Membership, Quantity, Statement, TextSpan, Time

DEFAULT_BASE = "https://w3id.org/news-kg/id/"
WIKIDATA = "http://www.wikidata.org/entity/"
NO_HOME = "xx"
QUARANTINE = "/quarantine"


def article_iri(base: str, article_id: str) -> str:
    """Return the IRI of an article; any string may be an id."""
    encoded = quote(article_id, safe="")
    # A segment of dots would be taken for a relative path by other tools.
    return f"{base}article/{encoded.replace('.', '%2E') if set(encoded) <= {'.'} else encoded}"


def version_iri(base: str, article: Article) -> str:
    """Return the IRI of one version of an article, which is also its named graph."""
    return f"{article_iri(base, article.id)}/{article.version}"


def article_of(version: str) -> str:
    """Return the article's IRI, given a version's."""
    return version.rpartition("/")[0]


def quarantine_of(graph: str) -> str:
    """Return the graph that holds what the gate took out of a graph."""
    return graph + QUARANTINE


def derived_graph(base: str, name: str) -> str:
    """Return the IRI of a derived graph: `events`, `entities`, `identity` or `dataset`."""
    return f"{base}graph/{name}"


def occurrence_iri(base: str, event_mention: str) -> str:
    """Return the IRI of the occurrence whose first mention is given."""
    article, _, position = event_mention.removeprefix(f"{base}article/").rpartition("/event/")
    return f"{base}event/{article}/{position}"


def thing_iri(base: str, entity: Entity, *, article: Article, home: str) -> str:
    """Return the IRI of an entity: readable and shared by articles where it is named, the article's own where it is not."""
    kind = re.sub(r"(?<!^)(?=[A-Z])", "-", entity.kind).lower()
    if all(mention.form in ("nominal", "pronoun") for mention in entity.mentions):
        first = entity.mentions[0]
        return f"{base}{kind}/{quote(article.id, safe='')}.{first.start}-{first.end}"
    name = entity.label or entity.name
    folded = quote(fold(name).replace(" ", "-"), safe="") or hashlib.sha256(name.encode()).hexdigest()[:12]
    return f"{base}{kind}/{folded}.{entity.home or home}"


@dataclass(frozen=True, slots=True)
class VersionNames:
    """Names the nodes inside one version's graph."""

    version: str

    def mention(self, span: TextSpan) -> str:
        return f"{self.version}/mention/{span.start}-{span.end}"

    def statement(self, statement: Statement) -> str:
        content = f"{statement.content[0].start}-{statement.content[-1].end}"
        cue = f"{statement.cue[0].start}-" if statement.cue else ""
        return f"{self.version}/statement/{cue}{content}"

    def event_mention(self, event: EventMention) -> str:
        return f"{self.version}/event/{event.trigger.start}-{event.trigger.end}-{event.kind}"

    def time(self, time: Time) -> str:
        return f"{self.version}/time/{time.start}-{time.end}"

    def quantity(self, quantity: Quantity) -> str:
        role = f"-{quantity.role}" if quantity.role else ""
        return f"{self.version}/quantity/{quantity.start}-{quantity.end}{role}"

    def membership(self, membership: Membership) -> str:
        return f"{self.version}/membership/{membership.title.start}-{membership.title.end}"

    def judgement(self, item: str) -> str:
        return f"{self.version}/judgement/{item}"
