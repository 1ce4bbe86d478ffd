"""The taught recogniser: which model has it, what it finds, and how its labels are corrected."""

from collections.abc import Callable

import pytest
import spacy
from spacy.tokens import Doc, Span

from kg.extract.entities import find_entities
from kg.extract.extractor import pipeline_name
from kg.extract.label_corrections import LanguageVerbRow, correct_labels
from kg.extract.parse import load_plain_model, read_recogniser, recogniser_folder
from kg.lexicon import read_table

Parse = Callable[[str], Doc]
LANGUAGE_VERBS = read_table("language_verbs", LanguageVerbRow)

# Names that the recogniser of the package takes for others, or does not find.
NAMES = [
    ("The Waikato Herald wrote that Tama Ngata would leave Huntly.", "City Huntly"),
    ("Aymara leader Rosa Mamani spoke in Oruro for the Consejo Andino.", "Organisation Consejo Andino"),
]


@pytest.mark.model
@pytest.mark.parametrize(("text", "thing"), NAMES)
def test_names_of_the_world_are_found(parse: Parse, text: str, thing: str) -> None:
    assert thing in {f"{entity.kind} {entity.name}" for entity in find_entities(parse(text))}


@pytest.mark.model
def test_taught_recogniser_has_the_labels_of_the_packages() -> None:
    plain = load_plain_model()
    taught = load_plain_model()
    read_recogniser(taught, recogniser_folder())

    assert taught.get_pipe("ner").labels == plain.get_pipe("ner").labels
    assert taught.get_pipe("ner").to_bytes() != plain.get_pipe("ner").to_bytes()


def test_pipeline_names_the_weights_of_the_default_model_only() -> None:
    assert "; recogniser " in pipeline_name()
    assert "recogniser" not in pipeline_name("spacy")  # any installed package has a version


@pytest.mark.model
@pytest.mark.parametrize("row", LANGUAGE_VERBS, ids=lambda row: row.id)
def test_objects_of_some_verbs_are_languages(row: LanguageVerbRow, parse: Parse) -> None:
    doc, counter = parse(row.example), parse(row.counterexample)

    assert not find_entities(doc)
    assert find_entities(counter)


LABELS = [
    (["Gunfire", "stopped", "."], ["NN", "VBD", "."], "PERSON", False),
    (["Villages", "burned", "."], ["NNS", "VBD", "."], "GPE", False),
    (["Mamani", "spoke", "."], ["NN", "VBD", "."], "PERSON", True),
    (["Village", "spoke", "."], ["NNP", "VBD", "."], "PERSON", True),  # a name that looks like a noun, by the tagger
]


@pytest.mark.parametrize(("words", "tags", "label", "stays"), LABELS)
def test_known_nouns_at_the_beginning_of_a_sentence_are_no_names(words: list[str], tags: list[str], label: str, stays: bool) -> None:
    lemmas = [word.lower().removesuffix("s") for word in words]
    doc = Doc(spacy.blank("en").vocab, words=words, tags=tags, lemmas=lemmas, sent_starts=[True, False, False])
    doc.ents = [Span(doc, 0, 1, label=label)]

    correct_labels(doc)

    assert bool(doc.ents) is stays


CITIES = [
    ("Drammen fell after Stavanger .", [(0, 1, "PERSON"), (3, 4, "GPE")], "GPE"),
    ("Drammen fell after Osaka .", [(0, 1, "PERSON"), (3, 4, "GPE")], "PERSON"),  # no other city of its country is named
    ("Drammen left Stavanger , Ola Drammen said .", [(0, 1, "PERSON"), (2, 3, "GPE"), (4, 6, "PERSON")], "PERSON"),  # a surname
    ("My brother Drammen left Stavanger .", [(2, 3, "PERSON"), (4, 5, "GPE")], "PERSON"),
]


@pytest.mark.parametrize(("text", "labels", "expected"), CITIES)
def test_person_named_as_a_city_beside_others_of_its_country_is_the_city(
    text: str, labels: list[tuple[int, int, str]], expected: str
) -> None:
    words = text.split()
    doc = Doc(spacy.blank("en").vocab, words=words, lemmas=words, sent_starts=[place == 0 for place in range(len(words))])
    doc.ents = [Span(doc, start, end, label=label) for start, end, label in labels]

    correct_labels(doc)

    assert [ent.label_ for ent in doc.ents] == [expected, *(label for _, _, label in labels[1:])]
