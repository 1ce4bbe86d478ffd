"""The occasion of a statement: to whom, through what, when and where it was said."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from spacy.tokens import Span, Token

from kg.extract.complements import Words
from kg.extract.cues import read_cues, read_wordings
from kg.extract.drafts import Draft
from kg.extract.named import NamedWords
from kg.extract.speakers import conjoined
from kg.records import Reference, TextSpan, Time

_PLACES = frozenset({"GPE", "LOC", "FAC"})
_OUTLETS = frozenset({"ORG", "WORK_OF_ART"})
_NAME_PARTS = frozenset({"compound", "amod", "nmod", "poss", "nummod"})
_TIMED = frozenset({"npadvmod", "prep", "advmod"})
_MISTAKEN = frozenset({"dobj", "nmod"})


def addressees_of(draft: Draft, named: NamedWords) -> tuple[str, ...]:
    """Return the entities that are told, asked, urged or warned, or to whom something is said, also through a medium."""
    heads = [word for child in _addressed(draft) for word in conjoined(child)]
    return tuple(dict.fromkeys(key for head in heads if (key := named.at(head)) is not None))


def _addressed(draft: Draft) -> Iterator[Token]:
    yield from _told(draft)
    addressing = read_wordings()["addressing"]
    for carrier in (*_speaking(draft), *(noun for _, noun in _carriers(draft, frozenset(draft.words)))):
        for phrase in carrier.children:  # "speaking to X", "in an interview with X", "in a letter to X"
            if phrase.dep_ == "prep" and phrase.lower_ in addressing:
                yield from _objects(phrase)


def _told(draft: Draft) -> Iterator[Token]:
    content_head = draft.root.i if draft.root is not None else -1
    exhorting = draft.cue.frame in ("object-infinitive", "on") and draft.cue.act in ("Demand", "Ask", "Warn")
    for child in draft.head.children:
        if child.i == content_head and not exhorting:
            continue
        told = child.dep_ in ("dobj", "dative", "iobj") and child.pos_ != "ADP" and draft.cue.frame not in ("object", "predicate")
        was_told = child.dep_ == "nsubjpass" and draft.cue.frame in ("clause", "object-infinitive")
        if told or was_told:
            yield child
        elif child.dep_ in ("prep", "dative") and (child.lower_ in read_wordings()["addressing"] or (exhorting and child.lower_ == "on")):
            if draft.preposition is not None and child.i == draft.preposition.i and not exhorting:
                continue
            yield from _objects(child)


def medium_of(draft: Draft, content: Words) -> TextSpan | None:
    """Return the words for what carried the statement: "on Twitter", "in a written statement", "a letter saying", "tweeted"."""
    for preposition, noun in _carriers(draft, frozenset(content)):
        return _noun_words(noun) if noun.ent_type_ not in _OUTLETS else _named_words(preposition, noun)
    carrier = draft.head.head
    if draft.head.dep_ == "acl" and _is_medium(carrier):
        return _noun_words(carrier)
    if draft.head.lemma_.lower() in read_wordings()["medium-verb"]:
        return TextSpan(draft.head.idx, draft.head.idx + len(draft.head))
    return None


def _carriers(draft: Draft, inside: frozenset[int]) -> Iterator[tuple[Token, Token]]:
    """Yield preposition and noun of what carries the words: a kind of text or talk, or an outlet ("on Radio Norway")."""
    words = read_wordings()
    for phrase in _phrases(draft, inside):
        if phrase.lower_ not in words["carrying"]:
            continue
        for noun in _objects(phrase):
            aired = phrase.lower_ in words["airing"] and noun.ent_type_ in _OUTLETS
            if noun.i not in inside and (aired or (_is_medium(noun) and not _reports(noun))):
                yield phrase, noun


def _is_medium(noun: Token) -> bool:
    media = read_wordings()["medium"]
    pair = f"{noun.nbor(-1).lower_} {noun.lemma_.lower()}" if noun.i else ""
    return noun.lemma_.lower() in media or pair in media


def _reports(noun: Token) -> bool:
    """Tell whether a noun is itself a reporting word with its content: "over his call for a ban"."""
    found = read_cues().frames_of(noun)
    return found is not None and any(("NOUN", child.lower_) in found[1] for child in noun.children if child.dep_ == "prep")


def _phrases(draft: Draft, inside: frozenset[int]) -> Iterator[Token]:
    """Yield the prepositions of the reporting clause, outside the content.

    They stand on its verb, on who is told, on "speaking …", or on a source that is itself a text ("a post on Facebook says").
    """
    texts = (draft.speaker,) if draft.speaker is not None and _is_medium(draft.speaker) else ()
    hosts = (draft.head, *_speaking(draft), *(word for word in _told(draft) if word.head.i == draft.head.i), *texts)
    for host in hosts:
        for phrase in host.children:
            own = draft.preposition is not None and phrase.i == draft.preposition.i
            if phrase.dep_ == "prep" and phrase.i not in inside and not own:
                yield phrase


def _speaking(draft: Draft) -> Iterator[Token]:
    """Yield the participle that sets the scene: "Speaking in Geneva, X said …", "X wrote, addressing the council, that …"."""
    inside = frozenset(draft.words)
    for child in draft.head.children:
        if child.dep_ == "advcl" and child.tag_ == "VBG" and child.i not in inside and child.lemma_.lower() in read_wordings()["speaking"]:
            yield child


def _objects(preposition: Token) -> Iterator[Token]:
    return (word for word in preposition.children if word.dep_ == "pobj")


def _noun_words(noun: Token) -> TextSpan:
    first = noun
    for child in noun.lefts:
        if child.dep_ in _NAME_PARTS:
            first = child.left_edge
            break
    return TextSpan(first.idx, noun.idx + len(noun))


def _named_words(preposition: Token, noun: Token) -> TextSpan:
    """Return the outlet's name without its article and what follows it."""
    start = min((word.idx for word in noun.doc[preposition.i + 1 : noun.i + 1] if word.ent_type_ in _OUTLETS), default=noun.idx)
    return TextSpan(start, noun.idx + len(noun))


def time_of(draft: Draft, content: Sequence[TextSpan], times: Sequence[Time]) -> Time | None:
    """Return the time expression that belongs to the saying: in the reporting clause and outside the content."""
    clause = [child for host in (draft.head, *_speaking(draft)) for child in host.children]
    sentence = draft.head.sent
    for time in times[bisect_left(times, sentence.start_char, key=lambda time: time.start) :]:
        if time.start >= sentence.end_char:
            break
        if any(piece.start < time.end and time.start < piece.end for piece in content):
            continue
        if any(_times(child, time) for child in clause):
            return time
    return None


def _times(child: Token, time: Time) -> bool:
    """Tell whether part of a clause gives the time: it holds the phrase, or is the phrase parsed as an object ("said Friday")."""
    if child.dep_ in _TIMED and child.lower_ not in read_wordings()["represents"]:  # "said of the 2016 season" gives no time
        return bool(child.left_edge.idx < time.end and time.start < child.right_edge.idx + len(child.right_edge))
    return child.dep_ in _MISTAKEN and time.start <= child.idx < time.end


def place_of(draft: Draft, content: Words, named: NamedWords) -> Reference | None:
    """Return the place name of "in X" or "at X" on the reporting word, on who is told, or on the medium ("a speech in X")."""
    inside = frozenset(content)
    media = (phrase for _, noun in _carriers(draft, inside) for phrase in noun.children if phrase.dep_ == "prep")
    words = read_wordings()
    for phrase in (*_phrases(draft, inside), *media):
        on_cue = phrase.head.i == draft.head.i or _is_medium(phrase.head)
        elsewhere = not on_cue and phrase.lower_ in words["represents"]  # "told envoys from X": not said there
        if phrase.lower_ not in words["placing"] or phrase.i in inside or elsewhere:
            continue
        for word in _objects(phrase):
            at_someone = word.ent_type_ == "GPE" and phrase.lower_ in words["pointing"]  # "tweeted back at X"
            if word.ent_type_ in _PLACES and word.i not in inside and not at_someone and not _is_medium(word):
                span: Span = word.doc[word.left_edge.i : word.i + 1]
                return Reference(span.start_char, span.end_char, named.at(word))
    return None
