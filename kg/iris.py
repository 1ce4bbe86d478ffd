"""Mints every IRI of the graph out of content: never out of counters, clocks or chance. The shapes are in docs/mapping.md."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from kg.folding import fold
from kg.records import Article, Entity, EventMention, Extraction, Membership, Quantity, Statement, TextSpan, Time
from kg.vocab import KG

DEFAULT_BASE = "https://w3id.org/news-kg/id/"
WIKIDATA = "http://www.wikidata.org/entity/"
NO_HOME = "xx"
QUARANTINE = "/quarantine"
_HOME = re.compile(r"^[^.]+[.](?P<home>[a-z]{2})(?:[.]q?[0-9]+)?$")


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
    kind = _kind_slug(entity.kind)
    if not is_named(entity):
        first = entity.mentions[0]
        return f"{base}{kind}/{quote(article.id, safe='')}.{first.start}-{first.end}"
    # What is linked to an item without a country is one thing, whatever country an article is about.
    own = entity.home or (NO_HOME if entity.label else home)
    return base + named_thing(entity.kind, entity.label or entity.name, own, entity.distinct)


def named_thing(kind: str, name: str, home: str, distinct: str | None) -> str:
    """Return the part after the base of a named thing's IRI; `distinct` tells it from others of its kind, name and home.

    >>> named_thing("City", "Vestby", "no", None), named_thing("City", "Vestby", "no", "3131067")
    ('city/vestby.no', 'city/vestby.no.3131067')
    """
    return f"{_kind_slug(kind)}/{_name_slug(name)}.{home}{f'.{distinct}' if distinct else ''}"


def named_by(iri: str, name: str) -> bool:
    """Return whether a thing's IRI is made of a name."""
    return iri.rpartition("/")[2].partition(".")[0] == _name_slug(name)


def home_of(thing: str) -> str:
    """Return the home that a thing's IRI, or its part after the base, names; `xx` where it names none.

    >>> home_of("city/vestby.no"), home_of("city/vestby.no.3131067"), home_of("group/wire.no.7-12")
    ('no', 'no', 'xx')
    """
    found = _HOME.search(thing.rpartition("/")[2])
    return found["home"] if found else NO_HOME


def judgement_iri(base: str, *parts: str) -> str:
    """Return the IRI of a judgement on two things, made of all that it says."""
    return f"{base}judgement/{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:16]}"


def things_of(base: str, extraction: Extraction) -> dict[str, str]:
    """Return the IRI of each entity of a record by its key, before any decision joins it with another."""
    home = main_home(extraction)
    return {entity.key: thing_iri(base, entity, article=extraction.article, home=home) for entity in extraction.entities}


def is_named(entity: Entity) -> bool:
    """Return whether the article gives a name to an entity: only named things can meet across articles."""
    return any(mention.form not in ("nominal", "pronoun") for mention in entity.mentions)


def main_home(extraction: Extraction) -> str:
    """Return the code of the country that the article names most (the first of equals), or `xx`."""
    homes: Counter[str] = Counter()
    for entity in extraction.entities:
        if entity.home:
            homes[entity.home] += len(entity.mentions)
    return max(homes, key=lambda home: homes[home], default=NO_HOME)


def kind_of(thing: str) -> str | None:
    """Return the class that a thing's IRI, or its part after the base, names; None where it names none.

    >>> kind_of("border-crossing/vardo-bridge.no")
    'BorderCrossing'
    """
    return _kinds().get(thing.split("/")[-2]) if "/" in thing else None


@cache
def _kinds() -> dict[str, str]:
    return {_kind_slug(kind): kind for kind in KG if KG.ancestors(kind) & {"Actor", "Place", "Work"}}


def _name_slug(name: str) -> str:
    return quote(fold(name).replace(" ", "-"), safe="") or hashlib.sha256(name.encode()).hexdigest()[:12]


def _kind_slug(kind: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind).lower()


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
