"""Marks the names of places that only say whose something is: "U.S." of "the U.S. military", "Wick" of "the Duke of Wick".

Like demonyms ("the American military") they stand beside what is meant; the place itself is still the country or town.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from spacy.tokens import Doc, Token

from kg.extract.gazetteer import Words, folded, province_names
from kg.extract.name import Name
from kg.extract.name_kinds import family, is_kind_word
from kg.extract.titles import is_title
from kg.lexicon import read_table
from kg.limits import count_limit

_CLOSING = frozenset('"”»')
_OPENING = frozenset('"“„«')


@dataclass(frozen=True, slots=True)
class BodyRow:
    """What a state has one of, in lower-case words: "armed forces"."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class RankRow:
    """A rank that is called by a place: "duke"."""

    id: str


def with_belongings(doc: Doc, names: Collection[Name]) -> Iterator[Name]:
    """Yield the names, those of places that only say whose something is marked as demonyms are."""
    ends = {name.end for name in names if name.kind == "Organisation"}
    families = {position: family(name.kind) for name in names for position in range(name.start, name.end) if not name.unrecognised}
    for name in names:
        is_place = name.form == "name" and family(name.kind) == "Place"
        belongs = is_place and (_belongs(doc, name, ends) or _ends_longer_name(doc, name, families))
        yield replace(name, form="demonym") if belongs else name


def behind_rank(doc: Doc, start: int, end: int) -> int:
    """Return where the place begins in words that begin with a rank that is called by it: at "Wick" in "Duke of Wick"."""
    return start + 2 if end - start > 2 and _is_behind_rank(doc, start + 2) else start


def _belongs(doc: Doc, name: Name, ends_of_organisations: Collection[int]) -> bool:
    return (
        _is_before_body(doc, name)
        or _is_behind_rank(doc, name.start)
        or (name.place is not None and _is_in_bracket_behind(doc, name.start, ends_of_organisations))
        or _opens_title(doc, name)
    )


def _ends_longer_name(doc: Doc, name: Name, families: Mapping[int, str]) -> bool:
    """Tell whether a place of the tables ends a name that nobody recognised as a whole: "Clay Buses Wales", "Red Shield of Texas"."""
    is_known = name.place is not None or folded(doc[name.start : name.end].text) in province_names()
    if not is_known or name.start == 0:
        return False
    before = doc[name.start - 1]
    if before.lower_ == "of" and before.i > 0:
        return _is_part_of_a_name(doc[before.i - 1]) and before.i - 1 not in families
    is_compound = before.dep_ == "compound" and name.start <= before.head.i < name.end
    return is_compound and _is_part_of_a_name(before) and families.get(before.i, "Organisation") == "Organisation"


def _is_part_of_a_name(token: Token) -> bool:
    return token.tag_ in ("NNP", "NNPS") and token.text[0].isupper() and not is_title(token.text) and not is_kind_word(token.text)


def _is_before_body(doc: Doc, name: Name) -> bool:
    """Tell whether a country stands right before a body that it has one of ("the Norway government", not "a Norway team")."""
    if name.place is None or name.kind != "Country":
        return False
    longest = max(map(len, _bodies()))
    return any(
        folded(doc[name.end : end].text) in _bodies() and doc[name.end].is_lower
        for end in range(name.end + 1, min(name.end + longest, len(doc)) + 1)
    )


def _is_behind_rank(doc: Doc, start: int) -> bool:
    return start > 1 and doc[start - 1].lower_ == "of" and doc[start - 2].is_title and doc[start - 2].lower_ in _ranks()


def _is_in_bracket_behind(doc: Doc, start: int, ends_of_organisations: Collection[int]) -> bool:
    """Tell whether a name stands in a bracket that opens right behind the name of an organisation ("Clay Aid (Norway and Spain)")."""
    floor = max(0, start - count_limit("bracket-tokens-most", "recognition_limits"))
    for position in range(start - 1, floor - 1, -1):
        token = doc[position]
        if token.text == "(":
            return position in ends_of_organisations
        if not (token.text[0].isupper() or token.lower_ in (",", "and")):
            return False
    return False


def _opens_title(doc: Doc, name: Name) -> bool:
    """Tell whether a quotation of capitalised words begins with the name's possessive: it is the title of a work."""
    if name.start == 0 or doc[name.start - 1].text not in _OPENING or name.end >= len(doc) or doc[name.end].tag_ != "POS":
        return False
    words = 0
    for token in doc[name.end + 1 : name.end + 1 + count_limit("title-tokens-most", "recognition_limits")]:
        if token.text in _CLOSING:
            return words > 0
        if token.is_alpha and not token.text[0].isupper() and not token.is_stop:
            return False
        words += token.is_alpha
    return False


@cache
def _bodies() -> frozenset[Words]:
    return frozenset(folded(row.words) for row in read_table("state_bodies", BodyRow))


@cache
def _ranks() -> frozenset[str]:
    return frozenset(row.id for row in read_table("ranks_of_places", RankRow))
