"""Recognition of names: borders, kinds, places of the tables, names found again."""

import math
from collections.abc import Callable

import pytest
import spacy
from spacy.tokens import Doc

from kg.extract.entities import find_entities
from kg.extract.gazetteer import (
    CityRow,
    CountryRow,
    DemonymRow,
    ProvinceRow,
    RegionRow,
    cities_named,
    city_population,
    folded,
    known_places,
)
from kg.extract.kind_votes import signs_by_name
from kg.extract.label_shares import keep_shares
from kg.extract.name import Name
from kg.extract.name_borders import trimmed
from kg.extract.name_kinds import NameContextRow, NameWordRow, vote_of_words, votes_of_context
from kg.extract.name_signs import NOTHING, SignRow, family_of
from kg.extract.names import find_names
from kg.extract.parse import PARAGRAPHS
from kg.extract.titles import TitleRow, leading_titles
from kg.lexicon import read_table
from kg.records import Entity

Parse = Callable[[str], Doc]
NAME_WORDS = (*read_table("organisation_words", NameWordRow), *read_table("place_words", NameWordRow))
CONTEXTS = read_table("name_contexts", NameContextRow)
TITLES = [row for row in read_table("titles", TitleRow) if row.sort != "modifier"]


def context_rules(example: str) -> set[str]:
    """Return the rules that fire around the [bracketed] name of an example."""
    before, _, rest = example.lower().partition("[")
    tokenizer = spacy.blank("en").tokenizer
    after = rest.partition("]")[2]
    words = [[token.text for token in tokenizer(part.strip())] for part in (before, after)]
    return {vote.rule for vote in votes_of_context(*words)}


def forms(doc: Doc, entities: tuple[Entity, ...]) -> dict[str, list[str]]:
    """Return the words of each entity's mentions by "Kind name"."""
    return {f"{entity.kind} {entity.name}": [doc.text[m.start : m.end] for m in entity.mentions] for entity in entities}


def _words(doc: Doc, name: Name) -> str:
    return str(doc[name.start : name.end].text).replace(" - ", "-")


@pytest.mark.parametrize("row", NAME_WORDS, ids=lambda row: row.id)
def test_words_of_a_name_tell_its_kind(row: NameWordRow) -> None:
    vote, counter = vote_of_words(row.example), vote_of_words(row.counterexample)

    assert vote is not None and vote.rule == row.id
    assert counter is None or counter.rule != row.id


@pytest.mark.parametrize("row", CONTEXTS, ids=lambda row: row.id)
def test_words_around_a_name_tell_its_kind(row: NameContextRow) -> None:
    assert row.id in context_rules(row.example)
    assert row.id not in context_rules(row.counterexample)


@pytest.mark.parametrize("row", TITLES, ids=lambda row: row.id)
def test_title_before_a_name_is_no_part_of_it(row: TitleRow) -> None:
    doc = spacy.blank("en")(f"{row.words.title()} Ana Lima")

    assert leading_titles(doc, 0, len(doc)) == len(doc) - 2


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Saint-Étienne", "saint etienne"),
        ("U.S.", "US"),
        ("Côte d’Ivoire", "Cote d'Ivoire"),
        ("N'Djamena", "N’Djamena"),
    ],
)
def test_names_are_equal_without_case_diacritics_and_marks(left: str, right: str) -> None:
    assert folded(left) == folded(right)


@pytest.mark.parametrize(
    ("table", "row_type"),
    [
        ("countries", CountryRow),
        ("regions", RegionRow),
        ("demonyms", DemonymRow),
        ("provinces", ProvinceRow),
        ("cities", CityRow),
        ("name_signs", SignRow),
    ],
)
def test_tables_of_places_are_read(table: str, row_type: type) -> None:
    assert read_table(table, row_type)


def test_city_is_known_by_any_spelling_of_its_marks() -> None:
    assert city_population(folded("Bogota")) == city_population(folded("Bogotá")) > 1_000_000


def test_cities_of_one_name_are_told_apart_by_country() -> None:
    assert {"CL", "PH"} <= set(cities_named(folded("Santiago")))


def test_words_that_are_mostly_common_words_are_no_cities() -> None:
    assert not city_population(folded("Reading"))


SIGNS = [
    ({"label:Person": 1.0, "title-before": 0.7}, "Person"),
    ({"label:City": 0.7, "before:in": 0.7, "big-city": 1.0}, "Place"),
    ({"label:City": 0.7, "words-for:Organisation": 1.0, "after:said": 0.7}, "Organisation"),
    ({"unrecognised": 0.7, "before:<start>": 0.7}, NOTHING),
]


@pytest.mark.parametrize(("signs", "expected"), SIGNS)
def test_signs_of_a_name_tell_its_family(signs: dict[str, float], expected: str) -> None:
    assert family_of({"always": 1.0, **signs}) == expected


def test_every_demonym_belongs_to_a_place_of_the_tables() -> None:
    places = {row.alpha2 for row in read_table("countries", CountryRow)} | {row.id for row in read_table("regions", RegionRow)}

    assert {row.place for row in read_table("demonyms", DemonymRow)} <= places


def test_most_countries_have_a_demonym() -> None:
    with_demonym = {place.id for place in known_places().values() if place.form == "demonym"}

    assert len(with_demonym) > 180


NAMED = [
    ("The Ministry of Fisheries closed the harbour.", "GovernmentBody Ministry of Fisheries", ["Ministry of Fisheries"]),
    ("Norwegian boats left Norway on Monday.", "Country Norway", ["Norwegian", "Norway"]),
    ("Portugal's president met Kari Moe in Lisbon.", "Country Portugal", ["Portugal"]),
    ("President Kari Moe flew to Lisbon.", "Person Kari Moe", ["Kari Moe"]),
    ("Officials met in Port-au-Prince on Monday.", "City Port-au-Prince", ["Port-au-Prince"]),
    ("Rain fell in Bergen province.", "Province Bergen", ["Bergen"]),
    ("The US-Japan talks went on in Osaka.", "Country Japan", ["Japan"]),
    ("The Harbour Seed Network (HSN) gave grain.", "Organisation Harbour Seed Network", ["Harbour Seed Network", "HSN"]),
    ("He spoke for the United Nations in Geneva.", "InternationalOrganisation United Nations", ["United Nations"]),
    ("Snow fell across sub-Saharan Africa.", "Region sub-Saharan Africa", ["sub-Saharan Africa"]),
]


@pytest.mark.model
@pytest.mark.parametrize(("text", "entity", "mentions"), NAMED, ids=[entity for _, entity, _ in NAMED])
def test_name_is_found_with_kind_and_borders(parse: Parse, text: str, entity: str, mentions: list[str]) -> None:
    doc = parse(text)

    assert forms(doc, find_entities(doc)).get(entity) == mentions


NOT_NAMED = [
    ("He speaks Spanish at home.", "Spain"),
    ("Gunfire killed a guard near the bank.", "Gunfire"),
    ("They told us to wait.", "United States"),
    ("Read more at https://example.org/Oslo today.", "Oslo"),
    ("The Minister of Fisheries resigned.", "Fisheries"),
]


@pytest.mark.model
@pytest.mark.parametrize(("text", "name"), NOT_NAMED)
def test_words_that_name_nothing_are_left_out(parse: Parse, text: str, name: str) -> None:
    assert name not in {entity.name for entity in find_entities(parse(text))}


@pytest.mark.model
def test_name_never_crosses_a_paragraph(parse: Parse) -> None:
    doc = parse("The boats reached Lisbon\nAna Lima welcomed them.")

    assert all("\n" not in doc.text[m.start : m.end] for entity in find_entities(doc) for m in entity.mentions)


def test_place_after_a_preposition_is_split_from_the_person_after_it() -> None:
    words = ["Nordmark", "burned", ".", "The", "envoy", "to", "Nordmark", "Rui", "Costa", "spoke", "."]
    doc = Doc(
        spacy.blank("en").vocab,
        words=words,
        tags=["NNP", "VBD", ".", "DT", "NN", "IN", "NNP", "NNP", "NNP", "VBD", "."],
        sent_starts=[position in (0, 3) for position in range(len(words))],
        ents=["B-GPE", "O", "O", "O", "O", "O", "B-PERSON", "I-PERSON", "I-PERSON", "O", "O"],
    )
    doc.spans[PARAGRAPHS] = [doc[:]]

    assert [doc[name.start : name.end].text for name in find_names(doc)] == ["Nordmark", "Nordmark", "Rui Costa"]


# Words with tag and recogniser's label; the names that are found.
BORDERS = [
    ("Ana/NNP/B-PERSON Sofia/NNP/I-PERSON Lima/NNP/B-PERSON came/VBD/O ././O", ["Ana Sofia Lima"]),
    ("Ana/NNP/B-PERSON Sofia/NNP/I-PERSON Lima/NNP/O came/VBD/O ././O", ["Ana Sofia Lima"]),
    ("Ryxo/NNP/B-GPE Sofia/NNP/B-PERSON Lima/NNP/I-PERSON came/VBD/O", ["Ryxo Sofia Lima"]),
    ("the/DT/O Government/NNP/O of/IN/O Nordmark/NNP/B-GPE fell/VBD/O", ["Government of Nordmark"]),
    ("in/IN/O Foz/NNP/B-GPE de/IN/O Clay/NNP/B-PERSON ././O", ["Foz de Clay"]),
    ("OSLO/NNP/B-ORG KRAFT/NNP/O grew/VBD/O", ["OSLO KRAFT"]),
    ("the/DT/O Government/NNP/B-ORG of/IN/I-ORG Nordmark/NNP/I-ORG fell/VBD/O", ["Government of Nordmark"]),
    ("the/DT/O Minister/NNP/B-ORG of/IN/I-ORG Nordmark/NNP/I-ORG fell/VBD/O", []),
    ("the/DT/O Clay/NNP/B-ORG Seed/NNP/I-ORG Aid/NNP/I-ORG of/IN/O Nordmark/NNP/B-GPE grew/VBD/O", ["Clay Seed Aid of Nordmark"]),
    ("Ryxo/NNP/B-ORG Vyl/NNP/I-ORG of/IN/O Nordmark/NNP/B-GPE grew/VBD/O", ["Ryxo Vyl", "Nordmark"]),
    ("Norway/NNP/B-GPE Kvist/NNP/B-ORG grew/VBD/O", ["Norway Kvist"]),
    ("in/IN/O Santa/NNP/B-GPE Ryxo/NNP/I-GPE de/NNP/B-PERSON Vyl/NNP/I-PERSON ././O", ["Santa Ryxo de Vyl"]),
    ("the/DT/O Oslo/NNP/B-GPE -/HYPH/I-GPE Bergen/NNP/I-GPE line/NN/O", ["Oslo", "Bergen"]),
    ("in/IN/O Ryxo/NNP/B-GPE sub/NN/I-GPE -/HYPH/I-GPE county/NN/I-GPE ././O", ["Ryxo"]),
    ("at/IN/O Nordmark/NNP/B-GPE mine/NN/O ././O", ["Nordmark mine"]),
    ("at/IN/O Nordmark/NNP/B-GPE mine/NN/O workers/NNS/O left/VBD/O", ["Nordmark"]),
    (
        "Nordmark/NNP/B-GPE saw/VBD/O Ryxo/NNP/B-ORG ././O Nordmark/NNP/B-ORG Ryxo/NNP/I-ORG fell/VBD/O",
        ["Nordmark", "Ryxo", "Nordmark", "Ryxo"],
    ),
]


@pytest.mark.parametrize(("tagged", "names"), BORDERS, ids=[tagged for tagged, _ in BORDERS])
def test_borders_of_names_are_put_right(tagged: str, names: list[str]) -> None:
    words, tags, labels = zip(*(word.rsplit("/", 2) for word in tagged.split()), strict=True)
    starts = [position == 0 or words[position - 1] == "." for position in range(len(words))]
    doc = Doc(spacy.blank("en").vocab, words=words, tags=tags, ents=labels, sent_starts=starts)
    doc.spans[PARAGRAPHS] = [doc[:]]

    assert [_words(doc, name) for name in find_names(doc) if not name.unrecognised] == names


def test_a_lower_case_word_that_leads_on_to_a_noun_ends_no_name() -> None:
    words, deps = ["Nordmark", "education", "complex", "opened"], ["compound", "compound", "nsubj", "ROOT"]
    doc = Doc(spacy.blank("en").vocab, words=words, tags=["NNP", "NN", "NN", "VBD"], heads=[2, 2, 3, 3], deps=deps)

    assert trimmed(doc, 0, 2) == (0, 1)


def test_a_label_counts_by_how_sure_the_recogniser_is_of_it() -> None:
    words = ["Ryxo", "spoke"]
    doc = Doc(spacy.blank("en").vocab, words=words, lemmas=words, tags=["NNP", "VBD"], heads=[1, 1], deps=["nsubj", "ROOT"])
    names = [Name(0, 1, "Person", 2)]
    ((_, sure),) = signs_by_name(doc, names)
    keep_shares(doc, 0, {"PERSON": 0.6, "ORG": 0.3, "DATE": 0.1})
    ((_, unsure),) = signs_by_name(doc, names)

    labels = [{sign: round(math.expm1(value), 3) for sign, value in signs.items() if sign.startswith("label:")} for signs in (sure, unsure)]
    assert labels == [{"label:Person": 1.0}, {"label:Person": 0.6, "label:Organisation": 0.3}]


# Whether the name of the place is one of the place itself ("name"), or only says whose something is ("demonym").
BELONGING = [
    ("The Norway government fell.", "Norway", "demonym"),
    ("The U.S. armed forces left.", "U.S.", "demonym"),
    ("Norway sent forces.", "Norway", "name"),
    ("A Norway team won.", "Norway", "name"),
    ("She met the Duke of Bergen in Lima.", "Bergen", "demonym"),
    ("She met the mayor of Bergen in Lima.", "Bergen", "name"),
    ("The Harbour Seed Network (Norway and Spain) gave grain.", "Spain", "demonym"),
    ("They sold grain (Norway and Spain).", "Spain", "name"),
    ('He sang "Norway\'s Best Harbours" again.', "Norway", "demonym"),
    ('He said: "Norway\'s best harbours are closed."', "Norway", "name"),
    ("The fact that H Texas included me in its selection honours me.", "Texas", "demonym"),
    ("It gives cover through the Blue Lamp and Blue Shield of Bavaria health care plan.", "Bavaria", "demonym"),
    ("They asked the people of Norway.", "Norway", "name"),
]


@pytest.mark.model
@pytest.mark.parametrize(("text", "words", "form"), BELONGING)
def test_a_place_that_only_says_whose_something_is_is_marked(parse: Parse, text: str, words: str, form: str) -> None:
    mentions = [mention for entity in find_entities(parse(text)) for mention in entity.mentions]

    assert [mention.form for mention in mentions if text[mention.start : mention.end] == words] == [form]


@pytest.mark.model
def test_a_site_holds_the_place_it_is_called_by(parse: Parse) -> None:
    doc = parse("The Lisbon airport was closed.")

    assert forms(doc, find_entities(doc)) == {"Facility Lisbon airport": ["Lisbon airport"], "City Lisbon": ["Lisbon"]}


@pytest.mark.model
def test_two_cities_with_a_hyphen_between_are_two(parse: Parse) -> None:
    doc = parse("The Lisbon-Madrid train was late.")

    assert {"City Lisbon", "City Madrid"} == set(forms(doc, find_entities(doc)))


@pytest.mark.model
def test_the_hyphen_of_a_dateline_is_no_part_of_the_name(parse: Parse) -> None:
    doc = parse("LISBON- The harbour was closed.")

    assert all(not doc.text[m.start : m.end].endswith("-") for entity in find_entities(doc) for m in entity.mentions)


@pytest.mark.model
def test_the_university_of_a_state_is_not_the_state(parse: Parse) -> None:
    doc = parse("Ana Lima studied at Ohio State. She was born in Ohio.")

    assert {"Organisation Ohio State", "Province Ohio"} <= set(forms(doc, find_entities(doc)))


@pytest.mark.model
def test_article_without_names_has_no_entities(parse: Parse) -> None:
    assert find_entities(parse("it rained, and nobody came.")) == ()


@pytest.mark.model
def test_empty_article_has_no_entities(parse: Parse) -> None:
    assert find_entities(parse("")) == ()
