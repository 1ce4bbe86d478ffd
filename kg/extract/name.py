"""A name: words of an article that name something, with a first guess of its kind."""

from dataclasses import dataclass

from kg.extract.gazetteer import KnownPlace
from kg.records import Form


@dataclass(frozen=True, slots=True)
class Name:
    """Tokens `start` to `end` (exclusive) that name something; `kind` is a first guess of that `weight`.

    `place` is the table's place the words stand for; `form` "demonym" says that they only name what is the place's.
    `unrecognised` are proper nouns that nothing but their capitals speaks for.
    """

    start: int
    end: int
    kind: str
    weight: int = 0
    form: Form = "name"
    place: KnownPlace | None = None
    unrecognised: bool = False
