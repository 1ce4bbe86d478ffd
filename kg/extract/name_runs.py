"""Finds names that the recogniser missed by their form: acronyms, hyphens, words for a kind, runs of proper nouns."""

from collections.abc import Container, Iterable, Iterator

from spacy.tokens import Doc

from kg.extract.name import Name
from kg.extract.name_borders import HYPHENS, is_particle, names_something, trimmed
from kg.extract.name_kinds import Vote, kind_evidence, vote_of_words
from kg.extract.parse import PARAGRAPHS
from kg.extract.titles import leading_titles


def names_by_form(doc: Doc, names: list[Name]) -> Iterator[Name]:
    """Yield names that their form betrays; they may hold some of those that are known."""
    yield from _acronyms(doc, names)
    yield from _with_kind_words(doc, names)
    yield from _hyphenated(doc)


def unrecognised_names(doc: Doc, names: list[Name]) -> Iterator[Name]:
    """Yield the runs of capitalised proper nouns that are no part of a name; whether they are names is told by their signs."""
    covered = {position for name in names for position in range(name.start, name.end)}
    covered.update(position for ent in doc.ents for position in range(ent.start, ent.end))
    for start, end in _noun_runs(doc, covered):
        first, last = trimmed(doc, start + leading_titles(doc, start, end), end)
        if first < last and names_something(doc, "Organisation", first, last):
            yield Name(first, last, kind_evidence()["ORG"].kind, unrecognised=True)


def _noun_runs(doc: Doc, left_out: Container[int]) -> Iterator[tuple[int, int]]:
    """Yield the runs of capitalised proper nouns in the paragraphs, without some tokens."""
    for paragraph in doc.spans[PARAGRAPHS]:
        start = None
        for token in paragraph:
            # The cheapest test first: this is asked of every token.
            if token.text[0].isupper() and token.tag_ in ("NNP", "NNPS") and token.i not in left_out:
                start = token.i if start is None else start
            elif start is not None:
                yield start, token.i
                start = None
        if start is not None:
            yield start, paragraph.end


def _by_form() -> int:
    return kind_evidence()["by-form"].weight


def _acronyms(doc: Doc, names: Iterable[Name]) -> Iterator[Name]:
    """Yield the acronyms in brackets after names, and the names before acronyms: "Harbour Seed Network (HSN)"."""
    ends = {name.end for name in names}
    for paragraph in doc.spans[PARAGRAPHS]:
        brackets = [token.i for token in paragraph if token.text == "("]
        for position in brackets:
            if not paragraph.start < position < paragraph.end - 2 or doc[position + 2].text != ")":
                continue
            if not (doc[position + 1].is_upper and doc[position + 1].is_alpha):
                continue
            acronym = Name(position + 1, position + 2, "Organisation", _by_form())
            start = position - len(doc[position + 1].text)
            if position in ends:
                yield acronym
            elif start >= paragraph.start and [token.text[0] for token in doc[start:position]] == list(doc[position + 1].text):
                yield from (Name(start, position, "Organisation", kind_evidence()["ORG"].weight), acronym)


def _hyphenated(doc: Doc) -> Iterator[Name]:
    """Yield names that their hyphens betray ("Port-au-Prince"): places, until something tells more."""
    for token in doc[1 : len(doc) - 3]:
        if not token.whitespace_ and is_particle(token.text) and doc[token.i - 1].text in HYPHENS and doc[token.i + 1].text in HYPHENS:
            start, end = token.i - 2, token.i + 3
            if start >= 0 and doc[start].text[0].isupper() and doc[end - 1].text[0].isupper() and not doc[start].whitespace_:
                yield Name(start, end, kind_evidence()["GPE"].kind, _by_form())


def _with_kind_words(doc: Doc, names: list[Name]) -> Iterator[Name]:
    """Yield runs of capitalised proper nouns that end in a word for a kind and that nobody recognised whole ("Clay Harbour Herald")."""
    persons = {position for name in names if name.kind == "Person" for position in range(name.start, name.end)}
    whole = {position: name for name in names for position in range(name.start, name.end)}
    for start, end in _noun_runs(doc, persons):
        if end - start > 1 and (end - 1 not in whole or whole[end - 1].start > start) and (vote := _vote_of_last_word(doc, end)):
            first = start + leading_titles(doc, start, end)
            if end - first > 1:
                yield Name(first, end, vote.kind, _by_form())


def _vote_of_last_word(doc: Doc, end: int) -> Vote | None:
    vote = vote_of_words(doc[end - 1].text)
    return vote if vote and vote.weight >= kind_evidence()["names-alone"].weight else None
