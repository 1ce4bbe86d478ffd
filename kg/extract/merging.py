"""Joins the names of one thing in an article to one entity, and gives it the kind its mentions speak for together.

Joined are equal names (folded), a person's full name and parts of it, an acronym and its long form, "Ministry of
Health" and "Health Ministry", a country and its demonym. A province and a city of one name stay apart.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Doc

from kg.extract.gazetteer import Words, folded
from kg.extract.inner_places import inner_places
from kg.extract.kind_votes import judged_names
from kg.extract.name import Name
from kg.extract.name_borders import HYPHENS
from kg.extract.name_kinds import NAMED_BY_KIND, family, initials, is_connector, kind_evidence, without_kind_words
from kg.records import Entity, EntityMention

_NAMED_WITHOUT_HEAD = ("Company", "MediaOrganisation", "PoliticalParty")  # "Fjord Airlines" may go on as "Fjord"


@dataclass(slots=True)
class _Cluster:
    """Names that are one thing, with the folded words of one of them; `evidence` is what speaks for its family besides labels."""

    kind: str
    words: Words
    names: list[Name]
    evidence: int

    @property
    def family(self) -> str:
        return family(self.kind)


def merge_names(doc: Doc, names: Iterable[Name]) -> tuple[Entity, ...]:
    """Return the things that the names name, keyed in the order of first mention."""
    clusters = _equal_names(doc, names)
    for join in (_join_places, _join_persons, _join_variants, _join_acronyms):
        clusters = join(doc, clusters)
    _add_inner_places(doc, clusters)
    clusters = sorted((cluster for cluster in clusters if cluster.names), key=lambda cluster: min(name.start for name in cluster.names))
    return tuple(_entity(doc, cluster, f"e{number}") for number, cluster in enumerate(clusters, start=1))


# ---- equal names, and their kind


def _equal_names(doc: Doc, names: Iterable[Name]) -> list[_Cluster]:
    """Return one cluster for each folded name; two where some of its mentions are surely of another kind than the rest."""
    by_place: dict[str, list[Name]] = defaultdict(list)
    names = tuple(names)
    for name in names:
        if name.place is not None and name.kind != "Person":
            by_place[name.place.id].append(name)
    clusters = [
        _Cluster(same[0].place.kind, folded(same[0].place.name), same, kind_evidence()["known-place"].weight)
        for same in by_place.values()
        if same[0].place
    ]
    for judged in judged_names(doc, names):
        clusters.append(_Cluster(judged.kind, folded(_text(doc, judged.names[0])), judged.names, judged.evidence))
    return clusters


# ---- places


def _join_places(doc: Doc, clusters: list[_Cluster]) -> list[_Cluster]:
    """Join "Clay Province" to the province Clay, and a person's label on a country's name to the country or the person."""
    by_bare: dict[tuple[str, Words], _Cluster] = {}
    for cluster in clusters:
        if cluster.kind in NAMED_BY_KIND:
            bare = folded(without_kind_words(_text(doc, cluster.names[0]), cluster.kind))
            if (first := by_bare.setdefault((cluster.kind, bare), cluster)) is not cluster:
                _absorb(first, cluster)
    by_name = {cluster.words: cluster for cluster in clusters if cluster.family == "Place"}
    persons = {word for cluster in clusters if cluster.family == "Person" and len(cluster.words) > 1 for word in cluster.words}
    for cluster in clusters:
        # "Jordan" alone is the country unless the article knows a person of that name.
        place = cluster.names[0].place if cluster.names else None
        if cluster.family == "Person" and place and cluster.words[0] not in persons:
            if country := by_name.get(folded(place.name)):
                _absorb(country, cluster)
            else:
                cluster.kind = place.kind
    return clusters


# ---- persons


def _join_persons(doc: Doc, clusters: list[_Cluster]) -> list[_Cluster]:
    """Give parts of a person's name ("Lima", "Ana") to the full name ("Ana Lima"): the only one, else the nearest before."""
    persons = sorted((cluster for cluster in clusters if cluster.family == "Person"), key=lambda cluster: -len(cluster.words))
    full_names: dict[str, list[_Cluster]] = defaultdict(list)
    for cluster in persons:
        if len(cluster.words) > 1 and not _join_part(cluster, full_names):
            for word in dict.fromkeys(cluster.words):
                full_names[word].append(cluster)
    for cluster in clusters:
        if len(cluster.words) != 1 or not cluster.names or cluster.names[0].place:
            continue
        # A part of a person's name that the recogniser took for something else, when little but the recogniser says so.
        if cluster.family == "Person" or cluster.evidence < kind_evidence()["decides"].weight:
            _join_part(cluster, full_names)
    return clusters


def _join_part(cluster: _Cluster, full_names: dict[str, list[_Cluster]]) -> bool:
    """Give each mention of a part of a name to the full name it most likely stands for; tell whether there was one."""
    wholes = [whole for whole in full_names.get(cluster.words[-1], ()) if whole.names and _is_part(cluster.words, whole.words)]
    # A surname is a better sign than a first name shared with somebody.
    wholes = [whole for whole in wholes if whole.words[-1] == cluster.words[-1]] or wholes
    if not wholes:
        return False
    starts = [(name.start, whole) for whole in wholes for name in whole.names]
    for name in cluster.names:
        before = [(start, whole) for start, whole in starts if start < name.start]
        _, nearest = max(before, key=_start) if before else min(starts, key=_start)
        nearest.names.append(name)
    cluster.names = []
    return True


def _start(start_and_cluster: tuple[int, _Cluster]) -> int:
    return start_and_cluster[0]


def _is_part(part: Words, whole: Words) -> bool:
    """Tell whether the words stand in a longer name in the same order."""
    rest = iter(whole)
    return len(part) < len(whole) and all(word in rest for word in part)


# ---- organisations


def _join_variants(doc: Doc, clusters: list[_Cluster]) -> list[_Cluster]:
    """Join "Ministry of Health" and "Health Ministry", and "Fjord" to the only "Fjord Airlines"."""
    by_words: dict[tuple[Words, str], _Cluster] = {}
    short_forms: dict[Words, list[_Cluster]] = defaultdict(list)
    for cluster in clusters:
        if cluster.family != "Organisation" or not cluster.names:
            continue
        content = tuple(sorted(word for word in cluster.words if not is_connector(word)))
        if (first := by_words.setdefault((content, cluster.kind), cluster)) is not cluster:
            _absorb(first, cluster)
        elif cluster.kind in _NAMED_WITHOUT_HEAD:
            short = folded(without_kind_words(_text(doc, cluster.names[0]), cluster.kind))
            if short != cluster.words:
                short_forms[short].append(cluster)
    for cluster in clusters:
        longer = short_forms.get(cluster.words, [])
        if len(longer) == 1 and longer[0] is not cluster and cluster.family == "Organisation":
            _absorb(longer[0], cluster)
    return clusters


def _join_acronyms(doc: Doc, clusters: list[_Cluster]) -> list[_Cluster]:
    """Join an acronym to the only name with its initials; one in brackets after another name stays apart from it."""
    long_forms: dict[str, list[_Cluster]] = defaultdict(list)
    for cluster in clusters:
        if len(cluster.words) > 1 and cluster.names and cluster.family != "Person":
            text = _text(doc, max(cluster.names, key=lambda name: name.end - name.start))
            for acronym in dict.fromkeys(initials(text)):
                long_forms[acronym].append(cluster)
    for cluster in clusters:
        if not cluster.names or len(cluster.words) != 1:
            continue
        text = _text(doc, cluster.names[0]).replace(".", "")
        if text.isupper() and len(text) > 1 and len(fitting := long_forms.get(text.casefold(), [])) == 1:
            _absorb(fitting[0], cluster)
    return clusters


# ---- places inside names


def _add_inner_places(doc: Doc, clusters: list[_Cluster]) -> None:
    """Give the places inside the names of organisations and facilities to the article's places; add those it does not name else."""
    by_words = {cluster.words: cluster for cluster in clusters if cluster.names and cluster.family == "Place"}
    holders = [cluster for cluster in clusters if cluster.family == "Organisation" or cluster.kind == "Facility"]
    of_article = frozenset(by_words)
    for name in [name for cluster in holders for name in cluster.names]:
        for inner in inner_places(doc, name, of_article):
            words = folded(inner.place.name if inner.place else _text(doc, inner))
            if words not in by_words:
                by_words[words] = _Cluster(inner.kind, words, [], kind_evidence()["known-place"].weight)
                clusters.append(by_words[words])
            by_words[words].names.append(inner)


# ---- records


def _absorb(into: _Cluster, cluster: _Cluster) -> None:
    into.names += cluster.names
    into.evidence += cluster.evidence
    cluster.names = []


def _entity(doc: Doc, cluster: _Cluster, key: str) -> Entity:
    names = sorted(cluster.names, key=lambda name: name.start)
    mentions = tuple(EntityMention(doc[name.start].idx, _end(doc, name), name.form) for name in names)
    return Entity(key, cluster.kind, _fullest(doc, names), mentions)


def _fullest(doc: Doc, names: list[Name]) -> str:
    """Return the name with the most words, then not all in capitals, then the longest; the usual name where only demonyms stand."""
    written = [_text(doc, name) for name in names if name.form == "name"]
    usual = next((name.place.name for name in names if name.place), _text(doc, names[0]))
    return max(written, key=lambda text: (len(text.split()), len(text) < 5 or not text.isupper(), len(text)), default=usual)


def _end(doc: Doc, name: Name) -> int:
    last = doc[name.end - 1]
    return int(last.idx) + len(last.text.rstrip("".join(HYPHENS)))  # a dateline's: "Oslo- The …"


def _text(doc: Doc, name: Name) -> str:
    return str(doc[name.start : name.end].text)
