"""The recogniser: what it reads at once, which labels it takes, what it finds in news; and how its labels are corrected."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, Span

from kg.extract.entities import find_entities
from kg.extract.extractor import pipeline_name
from kg.extract.label_corrections import LanguageVerbRow, correct_labels
from kg.extract.label_shares import keep_shares
from kg.extract.parse import load_model, recogniser_folder
from kg.extract.recogniser import Reader, Recogniser, Word, read_numbers
from kg.extract.word_pieces import BEGIN, END, UNKNOWN, WordPieces
from kg.lexicon import read_table

Parse = Callable[[str], Doc]
LANGUAGE_VERBS = read_table("language_verbs", LanguageVerbRow)
LABELS = ["O", "B-PERSON", "I-PERSON", "B-GPE", "I-GPE"]

# Names that the recogniser of the package takes for others, or does not find.
NAMES = [
    ("Officials in Nukus said the Karakalpak activist Lolagul Kallykhanova was held.", "Group Karakalpak"),
    ("Thandiwe Dube left Gweru for Bulawayo.", "Person Thandiwe Dube"),
]


@pytest.mark.model
@pytest.mark.parametrize(("text", "thing"), NAMES)
def test_names_of_the_world_are_found(parse: Parse, text: str, thing: str) -> None:
    assert thing in {f"{entity.kind} {entity.name}" for entity in find_entities(parse(text))}


@pytest.mark.model
def test_labels_and_tags_are_those_of_the_package() -> None:
    plain = load_model()
    reader, labels = read_numbers(recogniser_folder())

    assert {label[2:] for label in labels if label != "O"} == set(plain.get_pipe("ner").labels)  # type: ignore[attr-defined]
    assert set(plain.get_pipe("tagger").labels) <= reader.tags.keys()  # type: ignore[attr-defined]


@pytest.mark.model
def test_same_text_is_labelled_the_same_wherever_it_was_read(parse: Parse) -> None:
    text = "Rosa Mamani left Oruro on 3 May 2024, the Consejo Andino said."
    first = [(ent.text, ent.label_) for ent in parse(text).ents]
    parse("Tama Ngata spoke in Huntly.\nHe stayed there.")

    assert first == [(ent.text, ent.label_) for ent in parse(text).ents] != []


def test_pipeline_names_the_weights_of_the_default_model_only() -> None:
    assert "; recogniser " in pipeline_name()
    assert "recogniser" not in pipeline_name("spacy")  # any installed package has a version


class Scores:
    """Stands for the weights: gives the same scores whatever it reads."""

    def __init__(self, rows: Sequence[Sequence[float]]) -> None:
        self.rows = list(rows)

    def run(self, _: None, read: dict[str, Any]) -> list[Any]:
        count = len(read["first"])
        taken, self.rows = self.rows[:count], self.rows[count:]
        return [numpy.array(taken, dtype=numpy.float32)]


def labelled(text: str, rows: Sequence[Sequence[float]]) -> list[tuple[str, str]]:
    """Recognise lines as paragraphs of one sentence each."""
    lines = [line.split() for line in text.splitlines()]
    starts = [place == 0 for line in lines for place in range(len(line))]
    doc = Doc(spacy.blank("en").vocab, words=[word for line in lines for word in line], sent_starts=starts)
    ends = [sum(map(len, lines[: place + 1])) for place in range(len(lines))]
    paragraphs = [doc[end - len(line) : end] for line, end in zip(lines, ends, strict=True)]
    reader = Reader(WordPieces([BEGIN, END, UNKNOWN]), {})
    Recogniser(Scores(rows), reader, LABELS).recognise(doc, paragraphs)
    return [(ent.text, ent.label_) for ent in doc.ents]


O, B_PERSON, I_PERSON, B_GPE, I_GPE = numpy.eye(5).tolist()  # noqa: E741  # the label has this name
ROWS = [
    ("Rosa Mamani spoke", [B_PERSON, I_PERSON, O], [("Rosa Mamani", "PERSON")]),
    ("Rosa Oruro", [B_PERSON, B_GPE], [("Rosa", "PERSON"), ("Oruro", "GPE")]),
    ("Rosa Ana", [B_PERSON, B_PERSON], [("Rosa", "PERSON"), ("Ana", "PERSON")]),
    ("Rosa Mamani", [[0, 0.9, 0, 1, 0], I_PERSON], [("Rosa Mamani", "PERSON")]),  # the first alone would be a place
    ("Rosa Mamani", [O, [0.9, 0, 1, 0, 0]], []),  # nothing goes on that did not begin
    ("Rosa\nMamani", [B_PERSON, I_PERSON], [("Rosa", "PERSON"), ("Mamani", "PERSON")]),  # nor from a paragraph to the next
]


@pytest.mark.parametrize(("text", "rows", "expected"), ROWS)
def test_best_row_of_labels(text: str, rows: list[list[float]], expected: list[tuple[str, str]]) -> None:
    assert labelled(text, rows) == expected


@given(st.lists(st.lists(st.just(Word("oruro", "NNP", False)), min_size=1, max_size=300), max_size=8))
def test_windows_hold_all_words_in_their_order_and_few_pieces(sentences: list[list[Word]]) -> None:
    reader = Reader(WordPieces([BEGIN, END, UNKNOWN, "oru", "##ro"]), {})
    numbered = [[word._replace(tag=f"{place}-{number}") for number, word in enumerate(words)] for place, words in enumerate(sentences)]

    windows = list(reader.windows(numbered))

    assert [word for window in windows for word in window] == [word for words in numbered for word in words]
    assert all(0 < len(window) <= 100 for window in windows)
    for window in windows:
        ends_with = window[-1].tag.split("-")
        assert len(window) == 100 or ends_with[1] == str(len(numbered[int(ends_with[0])]) - 1)  # whole sentences, where they fit


def test_window_tells_shapes_tags_and_beginnings() -> None:
    reader = Reader(WordPieces([BEGIN, END, UNKNOWN, "oru", "##ro", "in"]), {"": 0, "IN": 7})

    read = reader.read([Word("In", "IN", True), Word("ORURO", "NNP", False)])

    assert read.pieces.tolist() == [0, 5, 3, 4, 1]
    assert read.features.tolist() == [[0, 0, 0], [4, 7, 2], [2, 0, 1], [2, 0, 1], [0, 0, 0]]
    assert read.first.tolist() == [1, 2]


@pytest.mark.model
@pytest.mark.parametrize("row", LANGUAGE_VERBS, ids=lambda row: row.id)
def test_objects_of_some_verbs_are_languages(row: LanguageVerbRow, parse: Parse) -> None:
    doc, counter = parse(row.example), parse(row.counterexample)

    assert not find_entities(doc)
    assert find_entities(counter)


NOUNS = [
    (["Gunfire", "stopped", "."], ["NN", "VBD", "."], "PERSON", False),
    (["Villages", "burned", "."], ["NNS", "VBD", "."], "GPE", False),
    (["Mamani", "spoke", "."], ["NN", "VBD", "."], "PERSON", True),
    (["Village", "spoke", "."], ["NNP", "VBD", "."], "PERSON", True),  # a name that looks like a noun, by the tagger
]


@pytest.mark.parametrize(("words", "tags", "label", "stays"), NOUNS)
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


HOLDERS = [
    ("The spokeswoman for Clay Bank , Ana Lima , objected .", 0.1, "PERSON"),
    ("The branch of Clay Bank , Ana Lima , objected .", 0.1, "GPE"),  # no person's post
    ("The spokeswoman for Clay Bank , New York , objected .", 0.0, "GPE"),  # surely a place
    ("The spokeswoman for Clay Bank , Ana Lima objected .", 0.1, "GPE"),
]


@pytest.mark.parametrize(("text", "person", "expected"), HOLDERS)
def test_who_is_named_behind_a_post_between_commas_holds_it(text: str, person: float, expected: str) -> None:
    words = text.split()
    heads = [1, len(words) - 2, 1, 4, 2, 4, 7, 4, *[len(words) - 2] * (len(words) - 8)]
    deps = ["det", "nsubj", "prep", "compound", "pobj", "punct", "compound", "appos", *["punct"] * (len(words) - 8)]
    deps[-2] = "ROOT"
    tags = ["DT", "NN", "IN", "NNP", "NNP", ",", "NNP", "NNP", *["."] * (len(words) - 8)]
    doc = Doc(spacy.blank("en").vocab, words=words, lemmas=[word.lower() for word in words], tags=tags, heads=heads, deps=deps)
    doc.ents = [Span(doc, 3, 5, label="ORG"), Span(doc, 6, 8, label="GPE")]
    keep_shares(doc, 6, {"GPE": 1 - person, "PERSON": person})

    correct_labels(doc)

    assert doc.ents[1].label_ == expected


@pytest.mark.parametrize(("text", "labels", "expected"), CITIES)
def test_person_named_as_a_city_beside_others_of_its_country_is_the_city(
    text: str, labels: list[tuple[int, int, str]], expected: str
) -> None:
    words = text.split()
    doc = Doc(spacy.blank("en").vocab, words=words, lemmas=words, sent_starts=[place == 0 for place in range(len(words))])
    doc.ents = [Span(doc, start, end, label=label) for start, end, label in labels]

    correct_labels(doc)

    assert [ent.label_ for ent in doc.ents] == [expected, *(label for _, _, label in labels[1:])]
