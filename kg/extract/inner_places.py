"""Finds the places inside the names of organisations and facilities: "Oslo" in "Oslo Harbour Authority".

Such words say whose the organisation is or where it sits, as a demonym does, and are marked so.
"""

from collections.abc import Collection, Iterator

from spacy.tokens import Doc

from kg.extract.gazetteer import KnownPlace, Words, city_population, folded, known_places, province_names
from kg.extract.name import Name
from kg.extract.name_kinds import is_connector
from kg.limits import count_limit

_MOST_WORDS = 4


def inner_places(doc: Doc, name: Name, of_article: Collection[Words]) -> Iterator[Name]:
    """Yield the places inside a name, longest first at each position; `of_article` are the folded names of the article's places.

    A city that the article does not name by itself counts where a name begins or a preposition stands before it.
    """
    position = name.start
    while position < name.end:
        for end in range(min(position + _MOST_WORDS, name.end), position, -1):
            if end - position < name.end - name.start and (found := _place(doc, position, end, name, of_article)):
                yield found
                position = end - 1
                break
        position += 1


def _place(doc: Doc, start: int, end: int, name: Name, of_article: Collection[Words]) -> Name | None:
    span = doc[start:end]
    if not span[0].text[0].isupper() or (not span[-1].text[-1].isalnum() and not span[-1].text.endswith(".")):
        return None
    words = folded(span.text)
    known = known_places().get(words)
    if known is not None:
        return Name(start, end, known.kind, form="demonym", place=known) if _written_alike(span.text, known) else None
    if words in of_article or (_may_hold_place(doc, start, name) and _is_well_known(words)):
        return Name(start, end, "Province" if words in province_names() else "City", form="demonym")
    return None


def _written_alike(text: str, known: KnownPlace) -> bool:
    """Tell whether an acronym of the table is written as one ("US", not "Us")."""
    return not known.words[0].isupper() or text.isupper()


def _may_hold_place(doc: Doc, start: int, name: Name) -> bool:
    return start == name.start or is_connector(doc[start - 1].lower_)


def _is_well_known(words: Words) -> bool:
    return city_population(words) >= count_limit("inner-city-people", "recognition_limits") or words in province_names()
