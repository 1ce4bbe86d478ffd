"""What words point back to: the statement that "the claim", "her accusation of theft", "those reports" or "it" stands for."""

from dataclasses import dataclass

from spacy.tokens import Token

from kg.extract.named import NamedWords
from kg.extract.tellings import Telling, key_words, response_words
from kg.limits import count_limit

ANY_ACT = "*"


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Where words point back from: a telling, the tellings before it, nearest first, and whose statements can be meant.

    With `own` it is what the same side said ("apologised for the remarks"), else what others said.
    """

    telling: Telling
    earlier: tuple[Telling, ...]
    named: NamedWords
    own: bool = False

    def distance(self, other: Telling) -> int:
        """Return how many sentences lie between another telling and this one."""
        return self.telling.first - other.last

    def is_meant(self, other: Telling, acts: str = ANY_ACT) -> bool:
        """Tell whether another is a statement by one of the acts and of the side that is meant; who is not known may be either."""
        if other.statement is None or not (acts == ANY_ACT or other.statement.act in acts.split()):
            return False
        same = bool(self.telling.side & other.side)
        return same if self.own else not same


def antecedent(standpoint: Standpoint, head: Token) -> Telling | None:
    """Return the nearest statement that a definite noun or a pronoun can stand for; None when the words point nowhere."""
    words = response_words()
    is_pronoun = head.pos_ == "PRON"
    acts = words["pointer"].get(head.lower_) if is_pronoun else words["anaphor"].get(head.lemma_.lower())
    if acts is None or not (is_pronoun or is_definite(head)):
        return None
    owners = {key for child in head.children if child.dep_ == "poss" and (key := standpoint.named.at(child)) is not None}
    more = key_words((word for word in head.subtree if word.i != head.i), standpoint.named) - owners
    most = count_limit("response-near-most" if is_pronoun else "response-reach-most", "reporting_limits")
    for allowed in (acts, ANY_ACT) if owners else (acts,):  # "his criticism" may be of any act, where he made none by its own
        for other in standpoint.earlier:
            if not standpoint.is_meant(other, allowed) or (owners and not owners & other.side) or (more and not more & other.words):
                continue
            if standpoint.distance(other) <= most or (owners and more):
                return other
    return None


def is_definite(noun: Token) -> bool:
    """Tell whether a noun points at something known: "the claim", "his claim", "those claims"."""
    definite = response_words()["definite"]
    return any(child.dep_ == "poss" or (child.dep_ in ("det", "predet", "amod") and child.lower_ in definite) for child in noun.children)
