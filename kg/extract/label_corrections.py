"""Corrects the recogniser's labels before anything reads them: nouns that begin a sentence, languages, cities taken for people.

The capital at the beginning of a sentence is no sign of a name, and the recogniser takes it for one where nothing else speaks ("Gunfire
killed …"). Events and statements read the labels too: what is put right only with the entities comes too late for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Span

from kg.extract.gazetteer import cities_named, folded
from kg.extract.label_shares import keep_shares, label_shares
from kg.extract.nouns import is_known_noun, is_of_class
from kg.extract.triggers import is_noun_of_an_event
from kg.lexicon import read_table

_NAMES = frozenset(("PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "PRODUCT", "WORK_OF_ART", "LAW"))
_NOT_OF_PERSONS = frozenset(("GPE", "ORG", "LOC", "FAC"))
_COMMON_NOUN_TAGS = ("NN", "NNS")


@dataclass(frozen=True, slots=True)
class LanguageVerbRow:
    """A verb whose object, an adjective of a country without an article, is its language."""

    id: str
    example: str
    counterexample: str


def correct_labels(doc: Doc) -> None:
    """Take the labels off known nouns that begin a sentence; label languages as such, and cities beside others of their country."""
    ents = []
    others = dict.fromkeys(_cities_taken_for_persons(doc), "GPE") | dict.fromkeys(_holders_taken_for_others(doc), "PERSON")
    for ent in doc.ents:
        if label := others.get(ent.start):
            for token in ent:
                keep_shares(doc, token.i, {label: 1.0})
            ents.append(Span(doc, ent.start, ent.end, label=label))
        elif len(ent) > 1 or ent.label_ not in _NAMES:
            ents.append(ent)
        elif _is_language(ent):
            ents.append(Span(doc, ent.start, ent.end, label="LANGUAGE"))
        elif not _is_known_noun_at_beginning(ent):
            ents.append(ent)
    doc.ents = ents


def _cities_taken_for_persons(doc: Doc) -> Iterator[int]:
    """Yield where names of one word start that only one country has a city of, one whose other cities the article names."""
    places = (cities_named(folded(ent.text)) for ent in doc.ents if ent.label_ == "GPE")
    countries = {country for found in places if len(found) == 1 for country in found}
    of_persons = {token.text for ent in doc.ents if ent.label_ == "PERSON" and len(ent) > 1 for token in ent}
    for ent in doc.ents:
        if ent.label_ != "PERSON" or len(ent) > 1 or ent.text in of_persons:
            continue
        behind_person = ent.start > 0 and is_of_class(doc[ent.start - 1], "person")  # "her brother Kyle"
        found = cities_named(folded(ent.text))
        if not behind_person and len(found) == 1 and countries.issuperset(found):
            yield ent.start


def _holders_taken_for_others(doc: Doc) -> Iterator[int]:
    """Yield where names start that stand between commas behind a post at an organisation: "the spokesman for Clay Bank, Rui Costa,".

    The recogniser must hold that they may be a person's: "the spokesman for Clay Bank, New York," names none.
    """
    for ent in doc.ents:
        held = ent.root.head
        at_organisation = (
            ent.root.dep_ == "appos" and held.dep_ == "pobj" and held.ent_type_ == "ORG" and is_of_class(held.head.head, "person")
        )
        if not at_organisation or len(ent) == 1 or ent.label_ not in _NOT_OF_PERSONS or ent.end == len(doc):
            continue
        if doc[ent.start - 1].text == "," == doc[ent.end].text and label_shares(doc, ent.start, ent.end).get("PERSON"):
            yield ent.start


def _is_known_noun_at_beginning(ent: Span) -> bool:
    token = ent[0]
    if token.i != token.sent.start:
        return False
    lemma = token.lemma_.lower()
    # The tagger takes the rarer ones for names as well ("Graffiti"); people are seldom called by an event.
    return is_noun_of_an_event(lemma) or (token.tag_ in _COMMON_NOUN_TAGS and is_known_noun(lemma))


def _is_language(ent: Span) -> bool:
    """Tell whether a people's name is what is spoken: "speaks Spanish", not "met a Spaniard"."""
    token = ent[0]
    is_object = token.dep_ == "dobj" and token.head.lemma_.lower() in _language_verbs()
    return is_object and ent.label_ == "NORP" and not any(child.dep_ in ("det", "poss", "nummod") for child in token.children)


@cache
def _language_verbs() -> frozenset[str]:
    return frozenset(row.id for row in read_table("language_verbs", LanguageVerbRow))
