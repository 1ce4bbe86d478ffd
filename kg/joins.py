"""What follows from decisions: which things go by one name, everywhere or in one article; contradictions are found here."""

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from kg.judgements import BadJudgements, Judgement

Rank = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """The name that each joined thing goes by; a thing that is not in here goes by its own."""

    everywhere: Mapping[str, str] = field(default_factory=dict)
    in_article: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By article id: all that holds in that article, for the articles that people decided on apart."""

    def of(self, article_id: str) -> Mapping[str, str]:
        """Return the names that hold in an article."""
        return self.in_article.get(article_id, self.everywhere)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things that a program holds to be one, with its score."""

    left: str
    right: str
    score: float


@dataclass(frozen=True, slots=True)
class Hints:
    """What a program adds to people's decisions: pairs that may be joined, what to call them, and what keeps them apart."""

    pairs: Collection[Pair] = ()
    ranks: Mapping[str, Rank] = field(default_factory=dict)
    """How well a thing's name would do for its group where no person named one; the highest wins."""
    items: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Catalogue items that things are linked to: two different ones are never joined by a program."""
    denied: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Catalogue items that things are not, as people say: never joined by a program with one of these."""


def join(judgements: Iterable[Judgement], hints: Hints | None = None) -> Names:
    """Return who goes by which name, for any order of the decisions; BadJudgements names the decisions that contradict.

    A decision for one article takes the place, in it, of a decision on the same pair that holds everywhere.
    """
    hints = hints or Hints()
    judgements = sorted({row for row in judgements if row.item is None})
    everywhere = [row for row in judgements if not row.article]
    apart: dict[str, Mapping[str, str]] = {}
    for article in sorted({row.article for row in judgements if row.article}):
        own = [row for row in judgements if row.article == article]
        pairs = {row.pair for row in own}
        apart[article] = _names([*own, *(row for row in everywhere if row.pair not in pairs)], hints)
    return Names(_names(everywhere, hints), apart)


def _names(judgements: list[Judgement], hints: Hints) -> dict[str, str]:
    same = [row for row in judgements if row.judgement == "same"]
    different = [row for row in judgements if row.judgement == "different"]
    groups = _Groups()
    for row in same:
        groups.unite(row.left, row.right)
    for row in different:
        if groups.of(row.left) == groups.of(row.right):
            raise BadJudgements(_contradiction(row, same))
    _add_pairs(groups, judgements, hints)
    found = {}
    for members in groups.members():
        name = _name(members, same, hints)
        found.update({member: name for member in members if member != name})
    return dict(sorted(found.items()))


def _add_pairs(groups: "_Groups", judgements: list[Judgement], hints: Hints) -> None:
    """Unite what a program proposes, best first, wherever no person and no two catalogue items stand against it."""
    decided = {row.pair for row in judgements}
    walls: defaultdict[str, set[str]] = defaultdict(set)
    for row in judgements:
        if row.judgement == "different":
            walls[groups.of(row.left)].add(groups.of(row.right))
            walls[groups.of(row.right)].add(groups.of(row.left))
    items: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    denied: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for of_group, of_things in ((items, hints.items), (denied, hints.denied)):
        for thing, some in of_things.items():
            of_group[groups.of(thing)] |= some
    for pair in sorted(hints.pairs, key=lambda pair: (-pair.score, pair.left, pair.right)):
        left, right = groups.of(pair.left), groups.of(pair.right)
        linked = items[left] | items[right]
        barred = right in walls[left] or len(linked) > 1 or not linked.isdisjoint(denied[left] | denied[right])
        if left == right or barred or frozenset((pair.left, pair.right)) in decided:
            continue
        groups.unite(left, right)
        whole = groups.of(left)
        items[whole], denied[whole] = linked, denied[left] | denied[right]
        walls[whole] = {groups.of(wall) for wall in walls[left] | walls[right]}
        for wall in walls[whole]:
            walls[wall].add(whole)


def _name(members: list[str], same: list[Judgement], hints: Hints) -> str:
    """Return the thing that a group goes by: whom people name second ("A is B") and never first, else the best known."""
    inside = [row for row in same if row.left in members]
    second = Counter(row.right for row in inside)
    first = {row.left for row in inside}
    candidates = [member for member in members if second[member] and member not in first] or sorted(second) or members
    best = max((second[member], hints.ranks.get(member, ())) for member in candidates)
    return min(member for member in candidates if (second[member], hints.ranks.get(member, ())) == best)


def _contradiction(row: Judgement, same: list[Judgement]) -> str:
    """Say by which decisions two things are joined that a person holds to be different."""
    beside: defaultdict[str, list[tuple[str, Judgement]]] = defaultdict(list)
    for link in same:
        beside[link.left].append((link.right, link))
        beside[link.right].append((link.left, link))
    way: dict[str, list[Judgement]] = {row.left: []}
    todo = deque([row.left])
    while row.right not in way:
        thing = todo.popleft()
        for other, link in beside[thing]:
            if other not in way:
                way[other] = [*way[thing], link]
                todo.append(other)
    chain = " and ".join(f"{link.left} is {link.right} ({link.place})" for link in way[row.right])
    return f"{row.place}: {row.left} and {row.right} are said to be different, but {chain}; take one of these decisions back"


class _Groups:
    """Union-find over things; a group's representative is its first member in alphabetical order, so that order leaves no trace."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def of(self, thing: str) -> str:
        """Return the representative of the thing's group."""
        while (above := self._above.get(thing, thing)) != thing:
            self._above[thing] = self._above.get(above, above)
            thing = above
        return thing

    def unite(self, left: str, right: str) -> None:
        """Put two things, and all that is with them, into one group."""
        one, other = sorted((self.of(left), self.of(right)))
        self._above.setdefault(one, one)
        self._above[other] = one

    def members(self) -> list[list[str]]:
        """Return the groups, sorted, with their members, sorted."""
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for thing in sorted(self._above):
            groups[self.of(thing)].append(thing)
        return [groups[first] for first in sorted(groups)]
