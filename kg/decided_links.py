"""What follows from decisions on links: which Wikidata item each thing is, and which it is not."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kg.joins import Names
from kg.judgements import BadJudgements, Judgement


@dataclass(frozen=True, slots=True)
class DecidedLink:
    """What people decided about the link of one thing."""

    accepted: str | None = None
    rejected: frozenset[str] = frozenset()

    def allows(self, item: str | None) -> bool:
        """Return whether what a program says of a thing by its own link, to this item or to none, may stand."""
        return item not in self.rejected and (item is None or self.accepted in (None, item))


UNDECIDED = DecidedLink()


def decided_links(judgements: Iterable[Judgement], names: Names) -> dict[str, DecidedLink]:
    """Return what was decided about links, by the name that a thing goes by everywhere.

    BadJudgements where a thing, with all that was joined with it, is said to be two items, or to be and not to be one.
    """
    accepted: defaultdict[str, list[Judgement]] = defaultdict(list)
    rejected: defaultdict[str, list[Judgement]] = defaultdict(list)
    for row in sorted(judgements):
        if row.item and row.judgement in ("same", "different"):
            sort = accepted if row.judgement == "same" else rejected
            sort[names.everywhere.get(row.left, row.left)].append(row)
    found = {}
    for thing in sorted({*accepted, *rejected}):
        first = next(iter(accepted[thing]), None)
        for other in accepted[thing] + rejected[thing]:
            if first and (other.item != first.item) == (other.judgement == "same"):
                raise BadJudgements(
                    f"{first.left} is {first.item} ({first.place}), but {other.left} {'is' if other.judgement == 'same' else 'is not'} "
                    f"{other.item} ({other.place}); take one back with: kg judge --take-back {other.left} {other.item}"
                )
        found[thing] = DecidedLink(first.item if first else None, frozenset(row.right for row in rejected[thing]))
    return found
