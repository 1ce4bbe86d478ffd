"""Finds the names in an article: the spans of the recogniser with their borders put right, and the places of the tables.

A name is found again at its other occurrences in the article, where the recogniser missed it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from spacy.tokens import Doc, Span

from kg.extract.belongings import behind_rank, with_belongings
from kg.extract.gazetteer import KnownPlace, city_population, folded, known_places, longest_known_place, lower_case_beginnings
from kg.extract.name import Name
from kg.extract.name_borders import HYPHENS, hyphenated_end, names_something, person_borders, trimmed
from kg.extract.name_joins import adjoined, neighbours_joined, split_after_preposition, split_at_known_names
from kg.extract.name_kinds import family, kind_evidence, vote_of_words
from kg.extract.name_runs import names_by_form, unrecognised_names
from kg.extract.parse import PARAGRAPHS
from kg.extract.site_names import with_site_words
from kg.extract.titles import leading_titles

__all__ = ["Name", "find_names"]

_CUTS = frozenset('"“”„«»()[]{}|\n\t@')
_JOINTS = HYPHENS | {",", "/"}


def find_names(doc: Doc) -> tuple[Name, ...]:
    """Return the names of a Doc, none overlapping, in text order."""
    recognised = [name for ent in doc.ents for name in _recognised(doc, ent)]
    names = _without_overlaps(_with_places(doc, recognised, _language_tokens(doc)))
    names = _without_overlaps([part for name in adjoined(doc, names) for part in split_after_preposition(doc, name, names)])
    names = _without_overlaps([*names, *names_by_form(doc, names)])
    names = list(adjoined(doc, _without_overlaps([*names, *_found_again(doc, names)])))
    names = list(split_at_known_names(doc, names))
    names = sorted((*names, *unrecognised_names(doc, names)), key=lambda name: name.start)
    return tuple(with_belongings(doc, tuple(with_site_words(doc, neighbours_joined(doc, names)))))


# ---- what the recogniser found


def _recognised(doc: Doc, ent: Span) -> Iterator[Name]:
    """Yield the names in one span of the recogniser, with titles, articles, possessives and brackets cut off."""
    label = kind_evidence().get(ent.label_)
    if label is None:
        return
    kind = label.kind
    pieces, start = [], ent.start
    for position in range(ent.start, ent.end):
        token = doc[position]
        if token.tag_ == "_SP" or not _CUTS.isdisjoint(token.text) or token.like_url or _parts_cities(doc, ent, position):
            pieces.append((start, position))
            start = position + 1
    for piece_start, piece_end in (*pieces, (start, ent.end)):
        start, end = trimmed(doc, piece_start, piece_end)
        if kind == "Person" and start < end:
            start, end = person_borders(doc, start + leading_titles(doc, start, end), end)
        elif family(kind) == "Place":
            start = behind_rank(doc, start, end)
        if start < end and names_something(doc, kind, start, end):
            yield Name(start, hyphenated_end(doc, end), kind, label.weight)


def _parts_cities(doc: Doc, ent: Span, position: int) -> bool:
    """Tell whether a token is a hyphen in a span that names cities only ("Oslo-Bergen", not "Port-au-Prince")."""
    if doc[position].text not in HYPHENS or not ent.start < position < ent.end - 1:
        return False
    if city_population(folded(ent.text)):
        return False
    hyphens = [token.i for token in ent if token.text in HYPHENS]
    parts = zip([ent.start, *(hyphen + 1 for hyphen in hyphens)], [*hyphens, ent.end], strict=True)
    return all(start < end and city_population(folded(doc[start:end].text)) for start, end in parts)


def _language_tokens(doc: Doc) -> frozenset[int]:
    """Return the tokens that name languages ("in Spanish"): they are no demonyms."""
    return frozenset(position for ent in doc.ents if ent.label_ == "LANGUAGE" for position in range(ent.start, ent.end))


# ---- places of the tables


def _with_places(doc: Doc, names: list[Name], skipped: frozenset[int]) -> list[Name]:
    """Add the table's places to the names; inside a name a place counts only where the name splits there."""
    holder = {position: name for name in names for position in range(name.start, name.end)}
    result: dict[int, Name] = {name.start: name for name in names}
    for place in _places(doc):
        if place.start in skipped:
            continue
        around = holder.get(place.start) or holder.get(place.end - 1)
        if around is None:
            result.setdefault(place.start, place)
        elif place.start <= around.start and around.end <= place.end:
            result.pop(around.start, None)
            result[place.start] = place if around.kind != "Person" else replace(place, kind="Person")
        else:
            for part in _parts(doc, place, around):
                result[part.start] = part
    return list(result.values())


def _parts(doc: Doc, place: Name, around: Name) -> Iterator[Name]:
    """Yield the parts of a name that is two, one of them with a place: "Norwegian Kari Moe", "Oslo, Norway", not "New Zealand Post"."""
    whole = doc[around.start : around.end].text
    if around.kind == "Organisation" and vote_of_words(whole):
        return
    if place.end < around.end and doc[place.end].text in _JOINTS:
        cuts = [(around.start, place.end), (place.end + 1, around.end)]
    elif place.start > around.start and doc[place.start - 1].text in _JOINTS:
        cuts = [(around.start, place.start - 1), (place.start, around.end)]
    elif place.start == around.start and place.form == "demonym" and around.kind in ("Person", "Group"):
        cuts = [(place.start, place.end), (place.end, around.end)]
    else:
        return
    for cut_start, cut_end in cuts:
        start, end = trimmed(doc, cut_start, cut_end)
        if start < end:
            yield place if (start, end) == (place.start, place.end) else replace(around, start=start, end=end)


def _places(doc: Doc) -> Iterator[Name]:
    """Yield the table's places and demonyms in the paragraphs, longest first at each position."""
    known = known_places()
    for paragraph in doc.spans[PARAGRAPHS]:
        reached = paragraph.start
        for token in paragraph:
            text, position = token.text, token.i
            if position < reached or not (text[0].isupper() or text in lower_case_beginnings()):
                continue
            first = folded(text)
            longest = longest_known_place(first[0]) if first else 0
            for end in range(min(position + 2 * longest, paragraph.end), position, -1) if longest else ():
                span_text = doc[position:end].text
                place = known.get(folded(span_text)) if doc[end - 1].text[0].isalnum() else None
                if place and _same_capitals(span_text, place):
                    yield Name(position, end, place.kind, form=place.form, place=place)
                    reached = end
                    break


def _same_capitals(text: str, place: KnownPlace) -> bool:
    """Tell whether the words are capitalised as in the table; "us" and "Us" are not the United States."""
    if text.isupper():
        return True
    return not place.words[0].isupper() and (text[0].isupper() or text[0] == place.words[0][0])


# ---- corrections within the article


def _found_again(doc: Doc, names: list[Name]) -> Iterator[Name]:
    """Yield further occurrences of the names: in full, or a person's last name alone."""
    sought: dict[str, dict[tuple[str, ...], Name]] = {}
    for name in names:
        words = tuple(token.text for token in doc[name.start : name.end])
        sought.setdefault(words[0], {}).setdefault(words, name)
        if name.kind == "Person" and len(words) > 1 and len(words[-1]) > 2:
            sought.setdefault(words[-1], {}).setdefault(words[-1:], name)
    covered = {position for name in names for position in range(name.start, name.end)}
    for paragraph in doc.spans[PARAGRAPHS]:
        for token in paragraph:
            position = token.i
            if position in covered or not (candidates := sought.get(token.text)):
                continue
            for words, name in sorted(candidates.items(), key=lambda item: -len(item[0])):
                end = position + len(words)
                if (
                    end <= paragraph.end
                    and tuple(token.text for token in doc[position:end]) == words
                    and _stands_alone(doc, position, end, covered)
                ):
                    yield replace(name, start=position, end=end, weight=0)
                    break


def _stands_alone(doc: Doc, start: int, end: int, covered: set[int]) -> bool:
    """Tell whether words are a name of their own: proper nouns, and no part of a longer name that nobody recognised."""
    if not covered.isdisjoint(range(start, end)) or not doc[start].text[0].isupper():
        return False
    if end - start == 1 and not doc[start].tag_.startswith("NNP"):
        return False
    return not any(
        0 <= beside < len(doc) and beside not in covered and doc[beside].tag_.startswith("NNP") and doc[beside].text[0].isupper()
        for beside in (start - 1, end)
    )


def _without_overlaps(names: Iterable[Name]) -> list[Name]:
    """Keep, of names that overlap, the longest, and of equals the first; return them in text order."""
    taken: set[int] = set()
    kept = []
    for name in sorted(names, key=lambda name: (name.start - name.end, name.start)):
        if taken.isdisjoint(range(name.start, name.end)):
            taken.update(range(name.start, name.end))
            kept.append(name)
    return sorted(kept, key=lambda name: name.start)
