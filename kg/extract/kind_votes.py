"""Weighs what speaks for the kind of a name: the recogniser's labels, its own words, the words and lists it stands in."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from spacy.tokens import Doc

from kg.extract.gazetteer import Words, city_population, folded, province_names
from kg.extract.name import Name
from kg.extract.name_kinds import FAMILIES, Vote, family, initials, kind_evidence, vote_of_words, votes_of_context, votes_of_list
from kg.extract.name_signs import NOTHING, ArticleSigns, family_of, signs_of

_LIST_JOINTS = [[","], ["and"], ["or"], ["&"], [",", "and"], [",", "or"]]
_AROUND = 3  # tokens; as many as the longest row of name_contexts.csv has


@dataclass(frozen=True, slots=True)
class Judged:
    """Names of one thing, its kind, and the weight of what speaks for the kind's family besides the recogniser's labels."""

    kind: str
    evidence: int
    names: list[Name]


def judged_names(doc: Doc, names: Iterable[Name]) -> Iterator[Judged]:
    """Yield equal names with their kind, in the order of their first mentions; names that signs take for nothing are left out."""
    names = tuple(names)
    first_of_list = _first_of_lists(doc, names)
    for same, signs in signs_by_name(doc, names):
        judged = family_of(signs)
        # Peoples and followers are named by common words too, and act all the same.
        group = judged == NOTHING and any(family(name.kind) == "Group" for name in same)
        yield from _names_by_kind(doc, same, "Group" if group else judged, first_of_list)


def signs_by_name(doc: Doc, names: Iterable[Name]) -> Iterator[tuple[list[Name], Mapping[str, float]]]:
    """Yield equal names, compared folded, with their signs; those that stand for a place of the tables are not among them."""
    names = tuple(names)
    by_words: dict[Words, list[Name]] = defaultdict(list)
    for name in names:
        if (name.place is None or name.kind == "Person") and (words := folded(doc[name.start : name.end].text)):
            by_words[words].append(name)
    persons = [words for words, same in by_words.items() if len(words) > 1 and any(name.kind == "Person" for name in same)]
    person_words = {word for words in persons for word in words}
    countries = frozenset(name.place.id for name in names if name.place is not None and name.place.kind == "Country")
    ordered = sorted(names, key=lambda name: name.start)
    beside = {name.start: (before, after) for before, name, after in zip((None, *ordered), ordered, (*ordered[1:], None), strict=False)}
    organisations = [same[0] for words, same in by_words.items() if len(words) > 1 and family(same[0].kind) == "Organisation"]
    first_words = {folded(doc[name.start].text)[0] for name in organisations if folded(doc[name.start].text)}
    acronyms = {acronym for name in organisations for acronym in initials(doc[name.start : name.end].text)}
    article = ArticleSigns(beside, person_words, countries, first_words, acronyms)
    for same in by_words.values():
        yield same, signs_of(doc, same, article)


def _first_of_lists(doc: Doc, names: Iterable[Name]) -> dict[int, int]:
    """Return, for the starts of names behind the first of a list ("Clay, Reed and Sand"), where the first starts; "and" ends a list."""
    first: dict[int, int] = {}
    listed: list[Name] = []
    for name in sorted(names, key=lambda name: name.start):
        between = [token.lower_ for token in doc[listed[-1].end : name.start]] if listed else []
        if between not in _LIST_JOINTS:
            listed = [name]
            continue
        listed.append(name)
        if between != [","]:
            first |= {member.start: listed[0].start for member in listed[1:]}
            listed = []
    return first


def _names_by_kind(doc: Doc, names: list[Name], of_family: str, first_of_list: Mapping[int, int]) -> Iterator[Judged]:
    """Yield equal names with their kind: all as one, or apart where some are surely of another kind ("Clay province", "Clay city")."""
    votes = {name.start: tuple(_votes(doc, name, first_of_list.get(name.start))) for name in names}
    decided: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        strongest = max(votes[name.start], key=lambda vote: vote.weight, default=None)
        decides = strongest is not None and strongest.weight >= kind_evidence()["decides"].weight
        decided[strongest.kind if decides and strongest else ""].append(name)
    undecided = decided.pop("", [])
    if len(decided) < 2:
        sure = next((family(kind) for kind in decided), of_family)
        if sure != NOTHING:
            yield _judged(names, [vote for name in names for vote in votes[name.start]], sure)
        return
    largest = max(decided, key=lambda kind: len(decided[kind]))
    decided[largest] += undecided
    weight = kind_evidence()["decides"].weight
    yield from (Judged(kind, weight, sorted(same, key=lambda name: name.start)) for kind, same in decided.items())


def _votes(doc: Doc, name: Name, first_of_list: int | None) -> Iterator[Vote]:
    """Yield what speaks for a kind of one mention, besides the recogniser."""
    text = doc[name.start : name.end].text
    if vote := vote_of_words(text):
        yield vote
    words = folded(text)
    for sign, holds in (("known-province", words in province_names()), ("known-city", city_population(words) > 0)):
        if holds:
            evidence = kind_evidence()[sign]
            yield Vote(evidence.kind, evidence.weight, evidence.id)
    sentence = doc[name.start].sent
    floor = max(sentence.start, name.start - _AROUND)
    before = [token.lower_ for token in doc[floor : name.start]]
    after = [token.lower_ for token in doc[name.end : min(sentence.end, name.end + _AROUND)]]
    yield from votes_of_context(before, after)
    if first_of_list is not None:
        yield from votes_of_list([token.lower_ for token in doc[max(sentence.start, first_of_list - _AROUND) : first_of_list]])


def _judged(names: list[Name], votes: list[Vote], of_family: str) -> Judged:
    """Return names as one thing of a family; inside it a kind that words tell goes before a label's."""
    labels: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for name in names:
        labels[name.kind] += name.weight
    for vote in votes:
        words[vote.kind] += vote.weight
    evidence = sum(vote.weight for vote in votes if family(vote.kind) == of_family)
    for kinds in (words, labels):
        fitting = [kind for kind in kinds if family(kind) == of_family and kind not in FAMILIES]
        if fitting:
            return Judged(max(fitting, key=lambda kind: kinds[kind]), evidence, names)
    return Judged(next(row.kind for row in kind_evidence().values() if family(row.kind) == of_family), evidence, names)
