"""Puts the borders of names right: what may begin, end and be a name.

Borders are token positions in a Doc, the end exclusive.
"""

from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token

from kg.extract.gazetteer import city_population, folded, known_places
from kg.extract.name_kinds import NAMED_BY_KIND, is_kind_word, vote_of_words
from kg.extract.titles import follows_portfolio, is_title, leading_titles
from kg.lexicon import read_table


@dataclass(frozen=True, slots=True)
class ParticleRow:
    """A lower-case word inside names of persons and places ("Rio de Janeiro")."""

    id: str


HYPHENS = frozenset("-‐‑–")
_BORDER_TAGS = frozenset(("_SP", "POS", ",", ".", ":", "``", "''", "-LRB-", "-RRB-", "HYPH", "NFP", "SYM"))
_CONNECTING_TAGS = frozenset(("IN", "CC", "DT", "TO", "POS"))
_DETERMINER_TAGS = frozenset(("DT", "PDT", "PRP$"))
_APOSTROPHES = ("'s", "’s", "'", "’")


def names_something(doc: Doc, kind: str, start: int, end: int) -> bool:
    """Tell whether words can be a name: no common nouns, bare posts ("Minister of Fisheries") or fields of a minister."""
    text = doc[start:end].text
    if text.islower() or (kind != "Person" and is_kind_word(text, "Place")) or (kind == "Organisation" and follows_portfolio(doc, start)):
        return False
    position = start + leading_titles(doc, start, end)
    if position > start and doc[position].tag_ == "IN":
        # "Government of …" and "Council for …" begin with a word that may stand before a post, but with none.
        return vote_of_words(text) is not None and not any(is_title(doc[first:position].text) for first in range(start, position))
    return not is_title(doc[position:end].text)


def person_borders(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """Return the borders of a person's name: no lower-case words at the end, and a first name that was missed ("Ana" of "Ana Lima")."""
    while end - start > 1 and doc[end - 1].is_lower and doc[end - 2].text not in HYPHENS:
        end -= 1
    first = doc[start - 1] if start else doc[start]
    missed = (
        end - start == 1
        and first.i < start
        and first.tag_ == "NNP"
        and first.ent_iob_ == "O"
        and first.is_title
        and first.sent == doc[start].sent
    )
    if missed and not is_title(first.text) and not is_kind_word(first.text):
        start -= 1
    return trimmed(doc, start, end)


def trimmed(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """Cut off what cannot begin or end a name; a lower-case word for a kind is none of it ("Clay city")."""
    while start < end and not _may_begin(doc, start):
        start += 1
    while end > start and (_may_not_end(doc, end - 1) or (end - start > 1 and _leads_on(doc[end - 1]))):
        end -= 1
    if end - start > 1 and doc[end - 1].is_lower and (vote := vote_of_words(doc[end - 1].text)) and vote.kind in NAMED_BY_KIND:
        end -= 1
        while end - start > 1 and (doc[end - 1].is_lower or doc[end - 1].text in HYPHENS):  # "Clay sub-county", "Clay oil field"
            end -= 1
    return start, end


def _leads_on(token: Token) -> bool:
    """Tell whether a lower-case word tells more of a noun behind it ("Clay education complex")."""
    return token.is_lower and token.dep_ in ("compound", "amod", "nmod") and token.head.i > token.i


def _may_not_end(doc: Doc, position: int) -> bool:
    token = doc[position]
    if not token.text[-1].isalnum():
        return token.tag_ in _BORDER_TAGS or token.text in _APOSTROPHES
    return token.tag_ in _CONNECTING_TAGS and token.is_lower and doc[position - 1].text not in HYPHENS


def _may_begin(doc: Doc, position: int) -> bool:
    """Tell whether a token may begin a name: it has a capital or a digit, or is a particle ("al-Masri", "de Lima")."""
    token = doc[position]
    if token.tag_ in _DETERMINER_TAGS or not token.text[0].isalnum():
        return False
    if token.tag_ == "NNP" or any(character.isupper() or character.isdigit() for character in token.text) or not token.text[0].islower():
        return True
    follows = position + 1 < len(doc) and (doc[position + 1].is_title or doc[position + 1].text in HYPHENS)
    return is_particle(token.text) and follows


def hyphenated_end(doc: Doc, end: int) -> int:
    """Return the end of a name with the parts that are hyphenated to it ("Port" of "Port-au-Prince")."""
    while end + 1 < len(doc) and doc[end].text in HYPHENS and not doc[end - 1].whitespace_ and not doc[end].whitespace_:
        following = end + 1
        if is_particle(doc[following].text) and following + 2 < len(doc) and doc[following + 1].text in HYPHENS:
            following += 2
        if not doc[following].text[0].isupper() or folded(doc[following].text) in known_places() or _joins_cities(doc, end):
            break
        end = following + 1
    return end


def _joins_cities(doc: Doc, hyphen: int) -> bool:
    """Tell whether a hyphen stands between two cities ("Oslo-Bergen"), and the whole is none."""
    words = [folded(doc[start:end].text) for start, end in ((hyphen - 1, hyphen), (hyphen + 1, hyphen + 2), (hyphen - 1, hyphen + 2))]
    first, second, whole = map(city_population, words)
    return first > 0 and second > 0 and not whole


def is_particle(word: str) -> bool:
    """Tell whether a lower-case word stands inside names ("de")."""
    return word in _particles()


@cache
def _particles() -> frozenset[str]:
    return frozenset(row.id for row in read_table("name_particles", ParticleRow))
