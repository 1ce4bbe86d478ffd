"""Weighs what speaks for the kind of a name: the recogniser's labels, its own words, the words and lists it stands in."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from kg.extract.gazetteer import folded, province_names
from kg.extract.name_kinds import FAMILIES, Vote, family, kind_evidence, vote_of_words, votes_of_context
from kg.extract.names import Name
from kg.extract.titles import title_before

ListVotes = dict[int, tuple[Vote, ...]]
"""Votes for names by the token they start at."""
_HEAD_OF_PHRASE = ("nsubj", "nsubjpass", "dobj", "pobj", "conj", "attr", "ROOT")  # "the Clays", not "the Clay case"
_AROUND = 3  # tokens; as many as the longest row of name_contexts.csv has


@dataclass(frozen=True, slots=True)
class Judged:
    """Names of one thing, its kind, and the weight of what speaks for the kind's family besides the recogniser's labels."""

    kind: str
    evidence: int
    names: list[Name]


def names_by_kind(doc: Doc, names: list[Name], in_lists: ListVotes) -> Iterator[Judged]:
    """Yield equal names with their kind: all as one, or apart where some are surely of another kind ("Clay province", "Clay city")."""
    votes = {name.start: (*_votes(doc, name), *in_lists.get(name.start, ())) for name in names}
    decided: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        strongest = max(votes[name.start], key=lambda vote: vote.weight, default=None)
        decides = strongest is not None and strongest.weight >= kind_evidence()["decides"].weight
        decided[strongest.kind if decides and strongest else ""].append(name)
    undecided = decided.pop("", [])
    if len(decided) < 2:
        kind, evidence = _kind_of(names, [vote for name in names for vote in votes[name.start]])
        yield Judged(kind, evidence, names)
        return
    largest = max(decided, key=lambda kind: len(decided[kind]))
    decided[largest] += undecided
    sure = kind_evidence()["decides"].weight
    yield from (Judged(kind, sure, sorted(same, key=lambda name: name.start)) for kind, same in decided.items())


def votes_of_lists(doc: Doc, names: tuple[Name, ...]) -> ListVotes:
    """Return, for names in lists ("in Oslo, Bergen, Hamar and Clay"), the kind that the others of the list have."""
    votes: ListVotes = {}
    row = kind_evidence()["in-list"]
    for names_of_list in _lists(doc, names):
        kinds = Counter(name.kind for name in names_of_list if name.weight or name.place)
        kind, count = kinds.most_common(1)[0] if kinds else ("", 0)
        if len(names_of_list) > 2 and count > len(names_of_list) / 2:
            votes |= {name.start: (Vote(kind, row.weight, row.id),) for name in names_of_list if family(name.kind) != family(kind)}
    return votes


def _votes(doc: Doc, name: Name) -> Iterator[Vote]:
    """Yield what speaks for a kind of one mention, besides the recogniser."""
    text = doc[name.start : name.end].text
    if vote := vote_of_words(text):
        yield vote
    if folded(text) in province_names():
        evidence = kind_evidence()["known-province"]
        yield Vote(evidence.kind, evidence.weight, evidence.id)
    sentence = doc[name.start].sent
    floor = max(sentence.start, name.start - _AROUND)
    before = [token.lower_ for token in doc[floor : name.start]]
    after = [token.lower_ for token in doc[name.end : min(sentence.end, name.end + _AROUND)]]
    yield from votes_of_context(before, after)
    head = doc[name.end - 1]
    if name.kind == "Person" and name.end - name.start == 1 and before[-1:] == ["the"] and head.dep_ in _HEAD_OF_PHRASE:
        evidence = kind_evidence()["article-before"]
        yield Vote(evidence.kind, evidence.weight, evidence.id)
    if title_before(doc, name.start, floor) < name.start:
        evidence = kind_evidence()["title-before"]
        yield Vote(evidence.kind, evidence.weight, evidence.id)


def _lists(doc: Doc, names: tuple[Name, ...]) -> Iterator[list[Name]]:
    """Yield runs of names with nothing but commas and conjunctions between them."""
    run: list[Name] = []
    for name in names:
        between = doc[run[-1].end : name.start] if run else ()
        if not 0 < len(between) <= 2 or any(token.tag_ not in (",", "CC") for token in between):
            yield run
            run = []
        run.append(name)
    yield run


def _kind_of(names: list[Name], votes: list[Vote]) -> tuple[str, int]:
    """Return the kind of one thing, and the weight of what speaks for its family besides the recogniser's labels.

    All evidence chooses the family; inside it a kind that words tell goes before a label's.
    """
    labels: Counter[str] = Counter()
    words: Counter[str] = Counter()
    families: Counter[str] = Counter()
    for name in names:
        labels[name.kind] += name.weight
        families[family(name.kind)] += name.weight
    for vote in votes:
        words[vote.kind] += vote.weight
        families[family(vote.kind)] += vote.weight
    best = max(families, key=lambda key: families[key])
    evidence = sum(vote.weight for vote in votes if family(vote.kind) == best)
    for kinds in (words, labels):
        fitting = [kind for kind in kinds if family(kind) == best and kind not in FAMILIES]
        if fitting:
            return max(fitting, key=lambda kind: kinds[kind]), evidence
    return next(row.kind for row in kind_evidence().values() if family(row.kind) == best), evidence
