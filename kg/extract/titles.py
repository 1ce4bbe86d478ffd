"""Knows the words of posts and honorifics ("deputy governor", "Dr") and finds them around a name."""

from functools import cache

from spacy.tokens import Doc

from kg.extract.gazetteer import Words, folded
from kg.lexicon import read_table
from kg.title_words import TitleRow

_POSTS = ("post", "portfolio")
_SIZES = (5, 4, 3, 2, 1)  # tokens; "editor-in-chief" has five
_TITLES = (*_POSTS, "honorific")


def leading_titles(doc: Doc, start: int, end: int) -> int:
    """Return how many tokens of a name are titles before it ("Warden Ana Lima": 1); never all of them."""
    position = start
    while position < end - 1 and (size := _title_at(doc, position, end - 1)):
        position += size
    return position - start if any(token.text[0].isupper() for token in doc[position:end]) else 0


def title_before(doc: Doc, start: int, floor: int) -> int:
    """Return the first token of the title that ends right before a name; `start` where there is none.

    A title is a post or an honorific with the modifiers before it ("former deputy governor").
    """
    sorts = _sorts()
    first = start
    for size in _SIZES:
        if start - size >= floor and sorts.get(folded(doc[start - size : start].text)) in _TITLES:
            first = start - size
            break
    if first == start and start - 1 > floor and doc[start - 1].text == ".":
        return title_before(doc, start - 1, floor) if title_before(doc, start - 1, floor) < start - 1 else start
    while start > first > floor and sorts.get(folded(doc[first - 1].text)) and doc[first - 1].tag_ != "_SP":
        first -= 1
    return first


def is_title(text: str) -> bool:
    """Tell whether words are a post or an honorific and nothing else."""
    return _sorts().get(folded(text)) in _TITLES


def follows_portfolio(doc: Doc, start: int) -> bool:
    """Tell whether words are the field of a post: "Fisheries" in "Minister of Fisheries"."""
    return start > 1 and doc[start - 1].tag_ == "IN" and _sorts().get(folded(doc[start - 2].lemma_)) == "portfolio"


def is_honorific(text: str) -> bool:
    """Tell whether words only honour a person ("Mrs"), without naming a post."""
    return _sorts().get(folded(text)) == "honorific"


def is_post(text: str) -> bool:
    """Tell whether words name a post."""
    return _sorts().get(folded(text)) in _POSTS


def _title_at(doc: Doc, position: int, end: int) -> int:
    for size in _SIZES:
        if position + size <= end and folded(doc[position : position + size].text) in _sorts():
            return size
    return 0


@cache
def _sorts() -> dict[Words, str]:
    """Return the sort of each title by its folded words; a word that is a post and a modifier counts as a post."""
    sorts: dict[Words, str] = {}
    for row in read_table("titles", TitleRow):
        sorts.setdefault(folded(row.words), row.sort)
    return sorts
