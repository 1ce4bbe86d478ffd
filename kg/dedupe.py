"""Proposes pairs of things that may be one, with a score and the evidence for it; it joins nothing.

Only things that share a key are compared: a name, its consonants, a word of a person's name, an acronym. Weights and
bounds stand in data/lexicon/identity_evidence.csv and identity_limits.csv.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from kg import likeness
from kg.folding import fold
from kg.iris import NO_HOME
from kg.joins import Hints, Pair, Rank
from kg.lexicon import read_table
from kg.limits import count_limit, limit
from kg.sketches import Sketch, Sketches
from kg.vocab import KG

_EVIDENCE, _LIMITS = "identity_evidence", "identity_limits"
_VAGUE_RULES = ("part", "parts", "same-word")
_RULES = {
    "Person": likeness.person_rules,
    "Organisation": likeness.organisation_rules,
    "Place": likeness.place_rules,
    "Work": likeness.place_rules,
}


@dataclass(frozen=True, slots=True)
class KindRow:
    """How sure it is that two things of this kind and of one name are one, though their countries differ."""

    id: str
    kind: str
    value: float
    note: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two things that may be one: "left is right", the one whose name would do better stands right."""

    left: str
    right: str
    score: float
    rule: str
    evidence: str


def propose(sketches: Sketches) -> tuple[Proposal, ...]:
    """Return the pairs that score at least `proposed-least`, best first; the order of articles leaves no trace."""
    things, common = sketches.things, _common(sketches)
    pairs = [pair for pair in sorted(_candidates(things)) if _comparable(things[pair[0]], things[pair[1]])]
    named = {pair: found for pair in pairs if (found := _rule(things[pair[0]], things[pair[1]]))}
    # A surname that fits three people says a third as much about each, a parliament without a country as well.
    fits = Counter((rule, _vaguer(things[one], things[other])) for (one, other), (rule, _, _) in named.items())
    proposals = []
    for (one, other), (rule, words, weight) in named.items():
        choices = fits[rule, _vaguer(things[one], things[other])] if _is_vague(rule, things[one]) else 1
        for_, against = _evidence(things[one], things[other], rule, sketches, common)
        for_[rule] = words if choices == 1 else f"{words}, one of {choices}"
        score = _score(for_, against, rule, weight / choices)
        if score >= limit("proposed-least", _LIMITS):
            left, right = sorted((one, other), key=lambda thing: (_rank(things[thing]), thing))
            said = "; ".join(f"{name} ({what})" for name, what in [*sorted(for_.items()), *sorted(against.items())])
            proposals.append(Proposal(left, right, score, rule, said))
    return tuple(sorted(proposals, key=lambda proposal: (-proposal.score, proposal.left, proposal.right)))


def hints(sketches: Sketches, proposals: Iterable[Proposal], *, least: float) -> Hints:
    """Return what a view joins by: the pairs that score at least `least`, and what is known of their things."""
    pairs = tuple(Pair(proposal.left, proposal.right, proposal.score) for proposal in proposals if proposal.score >= least)
    return Hints(
        pairs,
        {thing: _rank(sketch) for thing, sketch in sketches.things.items()} if pairs else {},
        {thing: frozenset(sketch.items) for thing, sketch in sketches.things.items() if sketch.items} if pairs else {},
        {thing: sketch.denied for thing, sketch in sketches.things.items() if sketch.denied} if pairs else {},
    )


def _rank(sketch: Sketch) -> Rank:
    """Say how well a thing's name does for a pair: linked, with a home, without title, in full words, in many articles."""
    words = likeness.untitled(sketch.name)
    titles = len(fold(sketch.name).split()) - len(words)
    is_short = likeness.is_acronym(sketch.name)
    return bool(sketch.items), not is_short, sketch.home != NO_HOME, -titles, sum(len(word) > 1 for word in words), len(sketch.articles)


# --- which things are compared


def _candidates(things: dict[str, Sketch]) -> set[tuple[str, str]]:
    """Return the pairs of one family that share a key."""
    blocks: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for thing, sketch in things.items():
        for sort, key in _keys(sketch):
            blocks[_family(sketch), sort, key].add(thing)
    most = count_limit("block-most", _LIMITS)
    return {pair for block in blocks.values() if len(block) <= most for pair in combinations(sorted(block), 2)}


def _keys(sketch: Sketch) -> Iterator[tuple[str, str]]:
    for name in sketch.names:
        folded = fold(name)
        yield "name", folded
        words = likeness.untitled(name) if sketch.kind == "Person" else tuple(folded.split())
        yield "spelling", likeness.spelling_key(words)
        if sketch.kind == "Person":
            yield from (("word", word) for word in words if len(word) > 1)
        elif likeness.is_acronym(name):
            yield "acronym", folded.replace(" ", "")
        else:
            yield from (("acronym", letters) for letters in likeness.acronyms(name))


def _family(sketch: Sketch) -> str:
    """Return the kinds that a recogniser mixes up: organisations of all kinds, else the kind itself."""
    return "Organisation" if "Organisation" in KG.ancestors(sketch.kind) else sketch.kind


def _comparable(one: Sketch, other: Sketch) -> bool:
    """Tell whether nothing keeps two things apart for good: two items, or two known homes (but people and bodies of one name)."""
    if len(one.items | other.items) > 1 or one.denied & other.items or other.denied & one.items:
        return False
    homes = {one.home, other.home} - {NO_HOME}
    has_one_name = bool({fold(name) for name in one.names} & {fold(name) for name in other.names})
    return len(homes) < 2 or (has_one_name and "Place" not in KG.ancestors(one.kind))


# --- what speaks for a pair, and what against it


def _rule(one: Sketch, other: Sketch) -> tuple[str, str, float] | None:
    """Return the strongest rule that two things' names fit, the names, and the weight; None where they fit none."""
    rules = next(rules for kind, rules in _RULES.items() if kind in KG.ancestors(one.kind))
    found: list[tuple[float, str, str]] = []
    for name, other_name in likeness.pairs_of(one.names, other.names):
        words = f"{name} / {other_name}"
        if fold(name) == fold(other_name):
            rule, weight = _same_name(name, one, other)
            found.append((-weight, rule, words))
        else:
            found += ((-limit(rule, _EVIDENCE), rule, words) for rule in rules(name, other_name))
    if not found:
        return None
    weight, rule, words = min(found)
    return rule, words, -weight


def _same_name(name: str, one: Sketch, other: Sketch) -> tuple[str, float]:
    """Return the rule for two things of one name, and its weight."""
    if one.kind != other.kind:
        return "same-name-other-kind", limit("same-name-other-kind", _EVIDENCE)
    if one.home == other.home != NO_HOME:
        return "same-name-of-several", limit("same-name-of-several", _EVIDENCE)
    is_elsewhere = one.home != other.home and NO_HOME not in (one.home, other.home)
    if one.kind == "Person" and len(likeness.untitled(name)) == 1:
        rule = "same-word-elsewhere" if is_elsewhere else "same-word"
        return rule, limit(rule, _EVIDENCE)
    if is_elsewhere:
        return "same-name-elsewhere", _elsewhere(one.kind)
    return "same-name", max(limit("same-name", _EVIDENCE), _elsewhere(one.kind))


@cache
def _elsewhere(kind: str) -> float:
    """Return how sure it is that one name in two countries is one thing of this kind; nought where no row says it."""
    return next((row.value for row in read_table("identity_kinds", KindRow) if row.kind == kind), 0.0)


def _evidence(one: Sketch, other: Sketch, rule: str, sketches: Sketches, common: frozenset[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return what else speaks for and against a pair: the name of the evidence, and what it consists of."""
    for_, against = {}, {}
    if one.home == other.home != NO_HOME:
        for_["same-home"] = one.home
    if posts := sorted(f"{title} of {of}" for title, of in one.posts & other.posts if of):
        for_["same-post"] = posts[0]
    together = set(one.articles) & set(other.articles)
    company = (_company(one, together, sketches) & _company(other, together, sketches)) - common - {one.thing, other.thing}
    if company:
        for_["same-company"] = " ".join(sorted(company)[: count_limit("company-most", _LIMITS)])
    if together:
        against["named-apart"] = f"in {len(together)} articles"
    if one.kind != other.kind and rule != "same-name-other-kind":
        against["other-kind"] = f"{one.kind}, {other.kind}"
    return for_, against


def _company(sketch: Sketch, together: set[int], sketches: Sketches) -> set[str]:
    """Return what a thing is named beside, but for the articles that name the other one too."""
    articles = [number for number in sketch.articles if number not in together][: count_limit("company-articles-most", _LIMITS)]
    return {thing for number in articles for thing in sketches.articles[number]}


def _common(sketches: Sketches) -> frozenset[str]:
    """Return the things that so many articles name that they tell nothing about those beside them."""
    least = max(limit("common-least", _LIMITS), limit("common-share-least", _LIMITS) * len(sketches.articles))
    return frozenset(thing for thing, sketch in sketches.things.items() if len(sketch.articles) >= least)


def _score(for_: dict[str, str], against: dict[str, str], rule: str, weight: float) -> float:
    """Return one minus the chance that all evidence misleads, lessened by what speaks against the pair."""
    doubt = 1 - weight
    for name, what in for_.items():
        if name != rule:
            doubt *= (1 - limit(name, _EVIDENCE)) ** (len(what.split()) if name == "same-company" else 1)
    score = 1 - doubt
    for name in against:
        score *= 1 - limit(name, _EVIDENCE)
    return round(score, 2)


def _is_vague(rule: str, sketch: Sketch) -> bool:
    """Tell whether a rule leaves open which of several things a name stands for."""
    return rule in _VAGUE_RULES or (rule == "same-name" and _elsewhere(sketch.kind) < limit(rule, _EVIDENCE) / 2)


def _vaguer(one: Sketch, other: Sketch) -> str:
    """Return which of two things is less determined: the shorter name, the one without a home."""
    return min((sketch.home != NO_HOME, len(likeness.untitled(sketch.name)), sketch.thing) for sketch in (one, other))[2]
