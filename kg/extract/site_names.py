"""Takes the common noun of a site into its name: "Clay mine", "Wick airport", "Sorn river".

The place that such a name begins with is marked inside it (kg/extract/inner_places.py), as in "Clay Harbour".
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc

from kg.extract.name import Name
from kg.extract.name_kinds import family, kind_evidence, vote_of_words
from kg.lexicon import read_table


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A common noun for a site that is mostly called by the place it is at."""

    id: str


def with_site_words(doc: Doc, names: Iterable[Name]) -> Iterator[Name]:
    """Yield the names, those of places that the noun of a site follows with this noun."""
    for name in names:
        end = _end_of_site(doc, name) if name.form == "name" and family(name.kind) == "Place" and name.kind != "Country" else None
        vote = vote_of_words(doc[name.start : end].text) if end is not None else None
        if end is None or vote is None:
            yield name
        else:
            yield Name(name.start, end, vote.kind, kind_evidence()["by-form"].weight)


def _end_of_site(doc: Doc, name: Name) -> int | None:
    """Return where the name of a site ends: right after its noun ("a Clay mine" is no name, and "Clay mine workers" are people)."""
    if name.end == len(doc) or doc[name.end].text not in _sites():
        return None
    if name.start and "Definite=Ind" in doc[name.start - 1].morph:
        return None
    is_last = name.end + 1 == len(doc) or not doc[name.end + 1].tag_.startswith("NN")
    return name.end + 1 if is_last else None


@cache
def _sites() -> frozenset[str]:
    return frozenset(row.id for row in read_table("site_words", SiteRow))
