"""What the web process and the writer process say to each other: one change at a time, and what became of it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Update:
    """A SPARQL update; `base` is what its relative IRIs are resolved against."""

    text: str
    base: str


@dataclass(frozen=True, slots=True)
class Part:
    """An RDF document that a request sent, with the media type it was sent as."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class GraphChange:
    """A whole graph replaced (PUT), added to (POST) or removed (DELETE); `graph` None is the default graph.

    `is_minted` asks for a new graph, whose IRI begins with `graph`. Relative IRIs of the parts are resolved against `base`.
    """

    method: Literal["PUT", "POST", "DELETE"]
    graph: str | None
    parts: tuple[Part, ...]
    base: str
    is_minted: bool = False


Change = Update | GraphChange


@dataclass(frozen=True, slots=True)
class Committed:
    """The change is stored and cannot be lost; its publication follows. `graph` is the one that was changed, if one was."""

    graph: str | None = None
    created: bool = False


@dataclass(frozen=True, slots=True)
class Published:
    """Readers see all changes that were committed before; also what a writer process says when it is ready."""

    generation: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The change was not carried out, and the store is as it was.

    Reasons: syntax (a text or document does not parse), impossible (it parses and cannot be done), missing (no such graph),
    store (the store cannot be written to; it is busy or broken).
    """

    reason: Literal["syntax", "impossible", "missing", "store"]
    detail: str


Told = Committed | Published | Refused
