"""Reads the signs for what a name names: its form, the words around it, the recogniser's labels, the tables that hold it.

Each sign has a learned weight for each family of kinds, and for naming nothing, in name_signs.csv; the weights of a
name's signs are added up. A sign of its mentions that is seen n times counts ln(1 + n) times.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from spacy.tokens import Doc, Token

from kg.extract.gazetteer import cities_named, city_population, folded, known_places, province_names
from kg.extract.label_shares import label_shares
from kg.extract.name import Name
from kg.extract.name_kinds import FAMILIES, beside_kind, family, is_connector, kind_evidence, vote_of_words
from kg.extract.titles import title_before
from kg.lexicon import read_table
from kg.limits import count_limit

NOTHING = "Nothing"
"""The family of words that name nothing we keep."""
_GOVERNED = frozenset(("nsubj", "nsubjpass", "dobj", "pobj", "poss", "compound", "appos", "nmod", "conj"))
_MOST_WORDS = 4
_MOST_CAPITALS = 6
_MOST_BETWEEN = 2  # tokens
_ENDINGS = (2, 3, 4)  # letters


@dataclass(frozen=True, slots=True)
class SignRow:
    """A sign and the weights by which it speaks for a family of kinds, or for naming nothing."""

    id: str
    person: float
    organisation: float
    place: float
    group: float
    nothing: float


def family_of(signs: Mapping[str, float]) -> str:
    """Return the family of kinds that the signs of a name speak for, or NOTHING."""
    totals = dict.fromkeys((*FAMILIES, NOTHING), 0.0)
    weights = _weights()
    for sign, times in signs.items():
        for name, weight in weights.get(sign, ()):
            totals[name] += weight * times
    return max(totals, key=lambda name: totals[name])


@dataclass(frozen=True, slots=True)
class ArticleSigns:
    """What an article says about its names: the names before and after each in the text, by the token it starts at; the
    folded words of its persons of several names; the ISO 3166-1 codes of its countries; the folded first words of its
    organisations of several words, and the acronyms these can have."""

    beside: Mapping[int, tuple[Name | None, Name | None]]
    person_words: Collection[str]
    countries: frozenset[str]
    first_words: Collection[str]
    acronyms: Collection[str]


def signs_of(doc: Doc, names: Collection[Name], article: ArticleSigns) -> dict[str, float]:
    """Return the signs of equal names of an article."""
    counted: defaultdict[str, float] = defaultdict(float)
    for name in names:
        for sign in _signs_of_mention(doc, name):
            counted[sign] += 1
        for kind, share in _label_kinds(doc, name):
            counted[f"label:{kind}"] += share
        before, after = article.beside[name.start]
        if before is not None and (between := _between(doc, before, name)):
            counted[f"follows:{_guess(before)}:{between}"] += 1
        if after is not None and (between := _between(doc, name, after)):
            counted[f"precedes:{_guess(after)}:{between}"] += 1
    signs = {sign: math.log1p(times) for sign, times in counted.items()}
    first = next(iter(names))
    text = str(doc[first.start : first.end].text)
    signs |= dict.fromkeys(_signs_of_text(text), 1.0)
    words = folded(text)
    if len(words) == 1 and words[0] in article.person_words:
        signs["part-of-person"] = 1.0
    if len(words) == 1 and words[0] in article.first_words:
        signs["begins-organisation"] = 1.0
    if text.isupper() and text.casefold() in article.acronyms:
        signs["acronym-of-organisation"] = 1.0
    if not article.countries.isdisjoint(cities_named(words)):
        signs["city-of-a-country-here"] = 1.0
    return signs


def _signs_of_mention(doc: Doc, name: Name) -> Iterator[str]:
    if not _is_labelled(name):
        yield f"by-form:{family(name.kind)}" if name.weight else "unrecognised" if name.unrecognised else "again"
    start, end = name.start, name.end
    sentence = doc[start].sent
    yield f"before:{_shape(doc[start - 1])}" if start > sentence.start else "before:<start>"
    if start - 1 > sentence.start:
        yield f"before2:{_shape(doc[start - 2])}"
    yield f"after:{_shape(doc[end])}" if end < sentence.end else "after:<end>"
    if end + 1 < sentence.end:
        yield f"after2:{_shape(doc[end + 1])}"
    beside = (beside_kind(doc[position].lower_) for position in (end, start - 1) if sentence.start <= position < sentence.end)
    yield from (f"beside:{kind}" for kind in beside if kind)
    head = doc[end - 1]
    yield f"role:{head.dep_}"
    yield f"tag:{head.tag_}"
    if head.dep_ in _GOVERNED and head.head.i not in range(start, end):
        yield f"under:{head.dep_}:{head.head.lemma_.lower()}"
        if head.dep_ in ("appos", "compound", "nmod") and (kind := beside_kind(head.head.lower_)):
            yield f"under:{head.dep_}:{kind}"
    if title_before(doc, start, max(sentence.start, start - _MOST_WORDS)) < start:
        yield "title-before"


def _is_labelled(name: Name) -> bool:
    return name.weight > kind_evidence()["by-form"].weight


def _label_kinds(doc: Doc, name: Name) -> Iterator[tuple[str, float]]:
    """Yield the kinds that the recogniser's labels speak for, and how much of a label each is: all of it where it did not say."""
    if not _is_labelled(name):
        return
    shares = label_shares(doc, name.start, name.end)
    if not shares:
        yield name.kind, 1.0
    for label, share in shares.items():
        if label in kind_evidence():
            yield kind_evidence()[label].kind, share


def _guess(name: Name) -> str:
    """Return what a neighbour is taken for at first: a place of the tables, or a family by the recogniser's label."""
    if name.place is not None:
        return name.form if name.form == "demonym" else "known-place"
    return "unrecognised" if name.unrecognised else family(name.kind)


def _between(doc: Doc, first: Name, second: Name) -> str:
    """Return the words between two names of a sentence that stand close together, else nothing."""
    if not 0 < second.start - first.end <= _MOST_BETWEEN or doc[first.start].sent != doc[second.start].sent:
        return ""
    return " ".join(_shape(token) for token in doc[first.end : second.start])


def _shape(token: Token) -> str:
    if token.like_num:
        return "#"
    if token.is_quote:
        return "<quote>"
    return "<space>" if token.is_space else str(token.lower_)


@lru_cache(maxsize=65536)
def _signs_of_text(text: str) -> tuple[str, ...]:
    return tuple(_text_signs(text))


def _text_signs(text: str) -> Iterator[str]:
    words, parts = folded(text), text.split()
    yield "always"
    yield f"words:{min(len(parts), _MOST_WORDS)}"
    if text.isupper():
        yield f"capitals:{min(len(text), _MOST_CAPITALS)}" if len(words) == 1 else "capitals-long"
    elif any(character.isupper() for part in parts for character in part[1:]):
        yield "inner-capital"
    if any(character.isdigit() for character in text):
        yield "digit"
    for mark, sign in (("&", "ampersand"), ("-", "hyphen")):
        if mark in text:
            yield sign
    if any(is_connector(part) for part in parts):
        yield "connector"
    if vote := vote_of_words(text):
        yield f"words-for:{family(vote.kind)}{'' if vote.weight >= kind_evidence()['names-alone'].weight else '-weak'}"
    if not words:
        return
    if population := city_population(words):
        yield "big-city" if population >= count_limit("big-city-people", "recognition_limits") else "city"
    if words in province_names():
        yield "province"
    if words in known_places():
        yield f"known-{known_places()[words].form}"
    if len(words) > 1:
        yield f"first:{words[0]}"
        yield f"last:{words[-1]}"
        if city_population(words[:1]):
            yield "first-is-city"
        if words[:1] in known_places() or words[:2] in known_places():
            yield "first-is-known-place"
    yield from (f"{'ends' if len(words) > 1 else 'alone-ends'}:{words[-1][-size:]}" for size in _ENDINGS if len(words[-1]) > size + 1)


@cache
def _weights() -> Mapping[str, tuple[tuple[str, float], ...]]:
    return {row.id: tuple(_weights_of(row)) for row in read_table("name_signs", SignRow)}


def _weights_of(row: SignRow) -> Iterable[tuple[str, float]]:
    weights = (row.person, row.organisation, row.group, row.place, row.nothing)
    return ((name, weight) for name, weight in zip((*FAMILIES, NOTHING), weights, strict=True) if weight)
