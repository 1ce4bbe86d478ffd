"""Joins names that are one ("Clay" + "National Park", "Government" of "Norway") and splits those that are two."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from spacy.tokens import Doc

from kg.extract.gazetteer import Words, city_population, folded, province_names
from kg.extract.name import Name
from kg.extract.name_borders import is_particle
from kg.extract.name_kinds import Vote, family, is_kind_word, kind_evidence, vote_of_words
from kg.extract.titles import is_title

_MOST_BETWEEN = 2  # tokens between the parts of a name


def adjoined(doc: Doc, names: Iterable[Name]) -> Iterator[Name]:
    """Yield the names, those joined that are one: "Clay" + "National Park", "Ana" + the surname Lima found again."""
    held: Name | None = None
    for name in names:
        joined = None
        if held is not None and held.end == name.start and held.place is None:
            if is_kind_word(doc[name.start : name.end].text):
                joined = replace(name, start=held.start)
            elif name.weight == 0 and name.place is None and held.end - held.start == 1:
                joined = replace(name, start=held.start, kind="Person")
        if held is not None and joined is None:
            yield held
        held = joined or name
    if held is not None:
        yield held


def neighbours_joined(doc: Doc, names: Iterable[Name]) -> Iterator[Name]:
    """Yield the names, each joined with the next where the two touch, or stand around "of", and are parts of one."""
    held: Name | None = None
    for name in names:
        joined = None if held is None else _as_one(doc, held, name)
        if held is not None and joined is None:
            yield held
        held = joined or name
    if held is not None:
        yield held


def _as_one(doc: Doc, first: Name, second: Name) -> Name | None:
    if second.start - first.end > _MOST_BETWEEN or doc[first.start].sent != doc[second.start].sent:
        return None
    if first.end == second.start and second.place is None:
        if first.place is not None and first.form == "name" and second.kind == "Organisation" and not second.unrecognised:
            return replace(second, start=first.start)  # "Norway Fish Board"
        if family(first.kind) == "Place" and is_particle(doc[second.start].text):
            return replace(first, end=second.end, place=None, kind=kind_evidence()["GPE"].kind)  # "Villa Clay" + "de los Santos"
    if first.place is not None:
        return None
    if first.end < second.start:
        return _after_of(doc, first, second) or _around_particles(doc, first, second)
    person = _person_of(doc, first, second)
    if person is not None:
        return person
    if (
        first.kind == second.kind == kind_evidence()["GPE"].kind
        and second.place is None
        and not (first.unrecognised or second.unrecognised)
    ):
        return replace(first, end=second.end)
    alike = first.unrecognised != second.unrecognised and _written_alike(doc, first, second)
    if first.kind == "Organisation" and ((second.place is not None and second.form == "name" and not first.unrecognised) or alike):
        return replace(first, end=second.end, weight=max(first.weight, second.weight), unrecognised=False)
    return None


def _after_of(doc: Doc, first: Name, second: Name) -> Name | None:
    """Return "Government of Norway" as one name: an organisation's name of several words, or a word for one, and what it is of."""
    between = [token.lower_ for token in doc[first.end : second.start]]
    if between not in (["of"], ["of", "the"]) or second.form != "name" or second.kind == "Person":
        return None
    if family(second.kind) == "Place" and _names_organisation_of(doc, first, second):
        return replace(first, end=second.end)
    vote = _organisation_word(doc, first)
    return None if vote is None else Name(first.start, second.end, vote.kind, kind_evidence()["ORG"].weight)


def _names_organisation_of(doc: Doc, first: Name, place: Name) -> bool:
    """Tell whether a name is surely that of an organisation: of two words only one of a kind, or of a country or province."""
    if first.kind != "Organisation" or first.unrecognised or first.end - first.start == 1:
        return False
    words = [str(doc[name.start : name.end].text) for name in (first, place)]
    vote = vote_of_words(words[0])
    is_of_kind = vote is not None and family(vote.kind) == "Organisation"
    return first.end - first.start > 2 or is_of_kind or place.place is not None or folded(words[1]) in province_names()


def _around_particles(doc: Doc, first: Name, second: Name) -> Name | None:
    """Return names around particles as one: "Foz" de "Clay"; English has some of the particles as words of its own."""
    between = doc[first.end : second.start]
    if second.place is not None or not all(is_particle(token.text) and not token.is_stop for token in between):
        return None
    return replace(first, end=second.end, unrecognised=first.unrecognised and second.unrecognised)


def _organisation_word(doc: Doc, name: Name) -> Vote | None:
    text = doc[name.start : name.end].text
    vote = vote_of_words(text) if name.end - name.start == 1 and is_kind_word(text, "Organisation") else None
    return vote if vote is not None and vote.weight >= kind_evidence()["names-alone"].weight else None


def _person_of(doc: Doc, first: Name, second: Name) -> Name | None:
    """Return two neighbours as one person: "Ana Sofia" + "Lima", or "Ana" taken for a city + "Sofia Lima"."""
    texts = [str(doc[name.start : name.end].text) for name in (first, second)]
    if second.place is not None or any(is_title(text) or is_kind_word(text) for text in texts):
        return None
    persons = [name.kind == "Person" and not name.unrecognised for name in (first, second)]
    single = [name.end - name.start == 1 for name in (first, second)]
    if all(persons):
        fits = True
    elif persons[0]:
        fits = second.unrecognised and single[1]
    elif persons[1]:
        # A single word that the recogniser took for something else: no acronym, no city and no organisation of its own.
        fits = (
            single[0]
            and first.weight > 0
            and not texts[0].isupper()
            and not vote_of_words(texts[0])
            and not city_population(folded(texts[0]))
        )
    else:
        fits = False
    weight = kind_evidence()["PERSON"].weight
    return Name(first.start, second.end, "Person", weight) if fits else None


def _written_alike(doc: Doc, first: Name, second: Name) -> bool:
    """Tell whether both are in capitals, so that the second goes on with the first ("OSLO HARBOUR")."""
    texts = [str(doc[name.start : name.end].text) for name in (first, second)]
    return all(text.isupper() for text in texts) and not any(is_kind_word(text) for text in texts) and second.end - second.start == 1


def split_after_preposition(doc: Doc, name: Name, names: Iterable[Name]) -> Iterator[Name]:
    """Split a place that stands after a preposition from the person named right after it ("the deputy for Clay Ana Lima")."""
    first = folded(doc[name.start].text)
    if (
        name.kind == "Person"
        and name.end - name.start > 2
        and name.start > 0
        and doc[name.start - 1].tag_ == "IN"
        and any(_is_place_named(doc, other, first) for other in names)
    ):
        yield Name(name.start, name.start + 1, "City")
        yield replace(name, start=name.start + 1)
    else:
        yield name


def split_at_known_names(doc: Doc, names: Collection[Name]) -> Iterator[Name]:
    """Yield the names, an organisation or place split that is a place and a name which the article names apart ("Oslo | Fjord Bank")."""
    known = {folded(doc[name.start : name.end].text): name for name in names}
    for name in names:
        cut = None if name.place is not None or family(name.kind) not in ("Organisation", "Place") else _cut(doc, name, known)
        if cut is None:
            yield name
        else:
            first, second = (known[folded(doc[start:end].text)] for start, end in ((name.start, cut), (cut, name.end)))
            yield replace(first, start=name.start, end=cut)
            yield replace(second, start=cut, end=name.end)


def _cut(doc: Doc, name: Name, known: Mapping[Words, Name]) -> int | None:
    for cut in range(name.start + 1, name.end):
        first, second = (known.get(folded(doc[start:end].text)) for start, end in ((name.start, cut), (cut, name.end)))
        if first is not None and second is not None and family(first.kind) == "Place" and not is_kind_word(doc[cut : name.end].text):
            return cut
    return None


def _is_place_named(doc: Doc, name: Name, words: Words) -> bool:
    return family(name.kind) == "Place" and folded(doc[name.start].text) == words
