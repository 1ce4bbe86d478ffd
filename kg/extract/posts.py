"""Finds the posts of persons: "deputy governor of Clay Province", "party leader Ana Lima", "Ana Lima, head of Fjord Bank"."""

from collections.abc import Iterable, Iterator

from spacy.tokens import Doc, Span, Token

from kg.extract.named import NamedWords
from kg.extract.titles import is_honorific, is_post, title_before
from kg.records import Entity, Membership, TextSpan

_PARTS_OF_OWNER = ("pobj", "poss", "compound", "amod", "nmod")
_LONGEST_FIELD = 6  # tokens of "of …" that belong to a title: "minister of agriculture and rural development"


def find_memberships(doc: Doc, entities: Iterable[Entity]) -> tuple[Membership, ...]:
    """Return the posts that stand beside a person's name, in text order."""
    entities = tuple(entities)
    named = NamedWords(entities)
    found: dict[tuple[str, int], Membership] = {}
    for entity in entities:
        if entity.kind == "Person":
            for mention in entity.mentions:
                name = doc.char_span(mention.start, mention.end, alignment_mode="expand")
                for membership in (*_before(doc, name, entity.key, named), *_beside(doc, name, entity.key, named)) if name else ():
                    found.setdefault((entity.key, membership.title.start), membership)
    return tuple(sorted(found.values(), key=lambda membership: (membership.title.start, membership.person)))


def _before(doc: Doc, name: Span, key: str, named: NamedWords) -> Iterator[Membership]:
    """Yield the title right before a name: "Fjord Bank director Ana Lima" (of Fjord Bank)."""
    floor = name.sent.start
    if (before := name.start - 1) > floor and (owner_key := named.at(doc[before])) and owner_key != key:
        yield from _over_owner(doc, before, key, named)
        return
    first = title_before(doc, name.start, floor)
    while first < name.start and named.at(doc[first]):
        first += 1
    first = _with_modifiers(doc, first, name.start, named)
    if first == name.start or is_honorific(doc[first : name.start].text):
        return
    title = doc[first : name.start]
    owner = next((token for token in _backwards(doc, first, floor)), None)
    yield Membership(key, _text_span(title), named.at(owner) if owner is not None else None)


def _over_owner(doc: Doc, position: int, key: str, named: NamedWords) -> Iterator[Membership]:
    """Yield the post before "of" or "for" and its owner, right before a name: "the deputy for Clay Ana Lima"."""
    owner = named.at(doc[position])
    while position > 0 and named.at(doc[position]) == owner:
        position -= 1
    noun = position - 1
    if noun > 0 and doc[position].tag_ == "IN" and is_post(doc[noun].lemma_):
        # At least the noun itself: not every post is a title that stands before names.
        first = min(noun, title_before(doc, position, doc[noun].sent.start))
        yield Membership(key, _text_span(doc[first:position]), owner)


def _backwards(doc: Doc, first: int, floor: int) -> Iterator[Token]:
    """Yield the token before a title, past a possessive ("Norway's prime minister Ana Lima")."""
    position = first - 1
    if position > floor and doc[position].tag_ == "POS":
        position -= 1
    if position >= floor:
        yield doc[position]


def _beside(doc: Doc, name: Span, key: str, named: NamedWords) -> Iterator[Membership]:
    """Yield the posts in apposition to a name, on either side, and those said of it ("Ana Lima is the mayor of Oslo")."""
    head = name.root
    candidates = [child for child in head.children if child.dep_ == "appos" and child.i not in range(name.start, name.end)]
    if head.dep_ == "appos":
        candidates.append(head.head)
        # "the spokesman for Fjord Bank, Ana Lima": parsed as if she were the bank.
        if head.head.dep_ == "pobj" and head.head.head.dep_ == "prep" and named.at(head.head):
            candidates.append(head.head.head.head)
    for noun in candidates:
        yield from _post(doc, noun, key, named)


def _post(doc: Doc, noun: Token, key: str, named: NamedWords) -> Iterator[Membership]:
    """Yield the post that a noun phrase names, with what it belongs to: "the deputy governor of Clay Province"."""
    if named.at(noun) or not (is_post(noun.lemma_) or is_post(noun.text)):
        return
    first = min(noun.i, title_before(doc, noun.i + 1, noun.sent.start))
    while first < noun.i and named.at(doc[first]):
        first += 1
    first = _with_modifiers(doc, first, noun.i + 1, named)
    last = noun.i
    owners: list[Token] = []
    for child in noun.children:
        if child.dep_ == "prep" and child.i == noun.i + 1:
            objects = [grandchild for grandchild in child.children if grandchild.dep_ == "pobj"]
            owners += [
                part for noun_of_owner in objects for part in (noun_of_owner, *noun_of_owner.children) if part.dep_ in _PARTS_OF_OWNER
            ]
            field = doc[child.i : objects[0].right_edge.i + 1] if objects else doc[0:0]
            if objects and not any(named.at(token) for token in field) and len(field) <= _LONGEST_FIELD:
                last = field.end - 1
    owners += [child for child in noun.children if child.dep_ in _PARTS_OF_OWNER and child.i < first]
    yield Membership(key, _text_span(doc[first : last + 1]), next((owner for token in owners if (owner := named.at(token))), None))


def _with_modifiers(doc: Doc, first: int, end: int, named: NamedWords) -> int:
    """Return where a title begins with the nouns and adjectives before it that name nothing: "fisheries minister"."""
    while (
        first > 0
        and first < end
        and doc[first - 1].dep_ in ("compound", "amod")
        and first <= doc[first - 1].head.i < end
        and not named.at(doc[first - 1])
    ):
        first -= 1
    return first


def _text_span(span: Span) -> TextSpan:
    return TextSpan(span.start_char, span.end_char)
