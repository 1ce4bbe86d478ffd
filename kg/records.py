"""The records that pass between stages, and their JSON codec.

One extraction is one JSON line and holds all that later stages need. Offsets are Unicode code points into
`Article.text`, end exclusive. References inside an extraction are keys ("e3", "v1", "s2") or offsets, never objects.
"""

from dataclasses import dataclass
from typing import Literal

import msgspec

Form = Literal["name", "demonym", "nominal", "pronoun"]
Polarity = Literal["Positive", "Negative"]
Modality = Literal["Actual", "Planned", "Possible", "Hypothetical"]
Approximation = Literal["Exact", "AtLeast", "AtMost", "About"]
Quotation = Literal["Direct", "Indirect", "Mixed"]
Certainty = Literal["Certain", "Probable", "Possible"]
Caution = Literal["None", "Unconfirmed", "Alleged", "Disputed"]
Precision = Literal["time", "hour", "part-of-day", "day", "week", "month", "season", "year", "decade", "fuzzy"]
RoleName = Literal["agent", "patient", "participant", "recipient", "place", "origin", "destination", "instrument"]
Stage = Literal["read", "extract", "link", "map", "validate", "load"]


@dataclass(frozen=True, slots=True)
class TextSpan:
    """Characters `start` to `end` (exclusive) of the article's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """One version of one article; `version` is a hash of the whole input row (see `kg.articles`)."""

    id: str
    text: str
    version: str
    url: str | None = None
    title: str | None = None
    published: str | None = None
    """Publication time as given: xsd:dateTime in UTC ("2021-08-07T09:30:00Z"), or a bare date."""
    publisher: str | None = None
    author: str | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class EntityMention:
    """Words that stand for an entity."""

    start: int
    end: int
    form: Form = "name"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A catalogue item an entity may be, with its score from 0 to 1."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing the article speaks of; `kind` is the local name of an ontology class."""

    key: str
    kind: str
    name: str
    mentions: tuple[EntityMention, ...]
    wikidata: str | None = None
    geonames: str | None = None
    lat: float | None = None
    long: float | None = None
    home: str | None = None
    """ISO 3166-1 code of the country the linked item belongs to; fills the thing's IRI."""
    label: str | None = None
    """Preferred name of the linked item; fills the thing's IRI."""
    distinct: str | None = None
    """What ends the thing's IRI where the catalogue holds several items of one kind, preferred name and home."""
    part_of: tuple[str, ...] = ()
    """Province and country that the linked item lies in, each by the part after the base of its thing's IRI."""
    score: float | None = None
    method: str | None = None
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's post: the title's words and what it belongs to."""

    person: str
    title: TextSpan
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """What plays a part in an event: words, and the entity they stand for where one is named."""

    name: RoleName
    start: int | None = None
    end: int | None = None
    entity: str | None = None
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """Words, and the entity they stand for where one is named."""

    start: int
    end: int
    entity: str | None = None


@dataclass(frozen=True, slots=True)
class Time:
    """A time expression and its working; bounds are xsd:dateTime in UTC, absent when not resolvable."""

    start: int
    end: int
    rule: str
    earliest: str | None = None
    latest: str | None = None
    precision: Precision | None = None
    anchor: str | None = None
    """What the phrase was resolved against: "published", an ISO date found in the text, or None."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with bounds (either may be open) and what it counts."""

    start: int
    end: int
    lower: float | None = None
    upper: float | None = None
    approximation: Approximation = "Exact"
    unit: str | None = None
    role: RoleName | None = None


@dataclass(frozen=True, slots=True)
class EventMention:
    """One trigger that names one occurrence; `same` is the key of its first mention in the article."""

    key: str
    kind: str
    trigger: TextSpan
    rule: str
    same: str = ""
    polarity: Polarity = "Positive"
    modality: Modality = "Actual"
    roles: tuple[Role, ...] = ()
    time: Time | None = None
    quantities: tuple[Quantity, ...] = ()
    voice: str | None = None
    """Key of the innermost statement whose content holds the trigger; None for the article's own voice."""
    cluster: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One reported statement: who said what to whom, by what act (local name of the act concept)."""

    key: str
    act: str
    rule: str
    content: tuple[TextSpan, ...]
    source: tuple[TextSpan, ...] = ()
    cue: tuple[TextSpan, ...] = ()
    quotation: Quotation = "Indirect"
    polarity: Polarity = "Positive"
    certainty: Certainty = "Certain"
    caution: Caution = "None"
    source_entities: tuple[str, ...] = ()
    on_behalf_of: str | None = None
    addressees: tuple[str, ...] = ()
    medium: TextSpan | None = None
    time: Time | None = None
    place: Reference | None = None
    within: str | None = None
    responds_to: tuple[str, ...] = ()
    sentence: TextSpan | None = None
    """The sentence of the cue, or of the content where there is no cue."""


@dataclass(frozen=True, slots=True)
class Furniture:
    """Text on the page that is not news."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was read out of one article; the unit of `kg extract`, of linking and of mapping."""

    article: Article
    entities: tuple[Entity, ...] = ()
    memberships: tuple[Membership, ...] = ()
    events: tuple[EventMention, ...] = ()
    main: str | None = None
    statements: tuple[Statement, ...] = ()
    furniture: tuple[Furniture, ...] = ()
    pipeline: str = ""
    catalogue: str = ""
    """Name and version of what the links were made with, NILs too; empty where nothing was linked."""


@dataclass(frozen=True, slots=True)
class Built:
    """An article version ready for the store: its N-Quads (quarantine included), its record (empty if unknown) and what to count."""

    version: str
    n_quads: bytes
    record: bytes
    statements: int = 0
    events: int = 0
    entities: int = 0
    links: int = 0
    triples: int = 0
    quarantined: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that could not be processed: where it came from, at which stage, why, and what to do."""

    place: str
    stage: Stage
    error: str


_encoder = msgspec.json.Encoder()
_extraction = msgspec.json.Decoder(Extraction)


def to_json(record: Extraction | Article | Failure) -> bytes:
    """Return the record as one line of JSON, without the newline."""
    return _encoder.encode(record)


def read_extraction(line: bytes | str) -> Extraction:
    """Read one line of `kg extract`; msgspec.ValidationError names the value and its path."""
    return _extraction.decode(line)
