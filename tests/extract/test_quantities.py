"""Quantities: words, bounds, closeness and unit."""

from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from kg.extract.figures import BoundWord, figure_at
from kg.extract.numbers import number_bounds
from kg.extract.quantities import find_quantities
from kg.lexicon import read_table

Parse = Callable[[str], Doc]

# sentence, words of its last quantity, lower, upper, approximation, unit
CASES = [
    ("The flood killed 385 miners.", "385", 385, 385, "Exact", "miners"),
    ("The flood killed at least 385 miners.", "at least 385", 385, None, "AtLeast", "miners"),
    ("More than 2,014 miners fled.", "More than 2,014", 2014, None, "AtLeast", "miners"),
    ("Nearly 600 miners fled.", "Nearly 600", 600, 600, "About", "miners"),
    ("About 250 temporary miners fled.", "About 250", 250, 250, "About", "miners"),
    ("Some 40 miners fled.", "Some 40", 40, 40, "About", "miners"),
    ("Up to 300 miners fled.", "Up to 300", None, 300, "AtMost", "miners"),
    ("As many as 300 miners fled.", "As many as 300", None, 300, "AtMost", "miners"),
    ("Fewer than 100 miners fled.", "Fewer than 100", None, 100, "AtMost", "miners"),
    ("No fewer than nine miners fled.", "No fewer than nine", 9, None, "AtLeast", "miners"),
    ("No more than nine miners fled.", "No more than nine", None, 9, "AtMost", "miners"),
    ("Over 40 miners fled.", "Over 40", 40, None, "AtLeast", "miners"),
    ("An estimated 40,000 miners fled.", "An estimated 40,000", 40000, 40000, "About", "miners"),
    ("Between 20 and 30 miners fled.", "Between 20 and 30", 20, 30, "About", "miners"),
    ("The flood killed 20-30 miners.", "20-30", 20, 30, "About", "miners"),
    ("Two or three miners fled.", "Two or three", 2, 3, "About", "miners"),
    ("Twenty to thirty miners fled.", "Twenty to thirty", 20, 30, "About", "miners"),
    ("Twenty-five miners fled.", "Twenty-five", 25, 25, "Exact", "miners"),
    ("Two hundred and ten miners fled.", "Two hundred and ten", 210, 210, "Exact", "miners"),
    ("A dozen miners fled.", "A dozen", 12, 12, "Exact", "miners"),
    ("Two dozen miners fled.", "Two dozen", 24, 24, "Exact", "miners"),
    ("Half a million miners marched.", "Half a million", 500000, 500000, "Exact", "miners"),
    ("Several hundred miners marched.", "Several hundred", 300, 999, "About", "miners"),
    ("A few thousand miners marched.", "A few thousand", 2000, 6999, "About", "miners"),
    ("Dozens of miners fled.", "Dozens", 24, 99, "About", "miners"),
    ("Hundreds of miners fled.", "Hundreds", 200, 999, "About", "miners"),
    ("Tens of thousands of miners fled.", "Tens of thousands", 20000, 99999, "About", "miners"),
    ("Hundreds of thousands of miners fled.", "Hundreds of thousands", 200000, 999999, "About", "miners"),
    ("Dozens were hurt.", "Dozens", 24, 99, "About", None),
    ("At least 40 were hurt.", "At least 40", 40, None, "AtLeast", None),
    ("The union holds 15 of the 34 mines.", "15 of the 34", 15, 15, "Exact", "mines"),
    ("The union won 95 percent of the vote.", "95 percent", 95, 95, "Exact", "percent"),
    ("Output fell by 9.5%.", "9.5%", 9.5, 9.5, "Exact", "percent"),
    ("The mine was sold for $1.5 million.", "$1.5 million", 1500000, 1500000, "Exact", "dollars"),
    ("The mine was sold for up to €20-30 million.", "up to €20-30 million", None, 30000000, "AtMost", "euros"),
    ("The mine was sold for 20 million pesos.", "20 million", 20000000, 20000000, "Exact", "pesos"),
    ("Forty or more miners fled.", "Forty or more", 40, None, "AtLeast", "miners"),
    ("Forty miners or so fled.", "Forty", 40, 40, "About", "miners"),
    ("The mine has 1.2 million visitors.", "1.2 million", 1200000, 1200000, "Exact", "visitors"),
    ("The mine made 100,000+ visitors happy.", "100,000+", 100000, None, "AtLeast", "visitors"),
    ("One miner fled.", "One", 1, 1, "Exact", "miner"),
    ("The two owners met.", "two", 2, 2, "Exact", "owners"),
    ("Workers blocked 100 heavy trucks.", "100", 100, 100, "Exact", "trucks"),
    ("The crew grew from 20 to 30 miners.", "30", 30, 30, "Exact", "miners"),
]


@pytest.mark.model
@pytest.mark.parametrize(("sentence", "words", "lower", "upper", "approximation", "unit"), CASES)
def test_quantity_has_its_words_bounds_and_unit(
    parse: Parse, sentence: str, words: str, lower: float | None, upper: float | None, approximation: str, unit: str | None
) -> None:
    quantity = find_quantities(parse(sentence))[-1]
    assert sentence[quantity.start : quantity.end] == words
    assert (quantity.lower, quantity.upper, quantity.approximation, quantity.unit) == (lower, upper, approximation, unit)
    assert quantity.role is None


@pytest.mark.model
@pytest.mark.parametrize(
    "sentence",
    [
        "The war began in 1999.",
        "The man, 45, fled.",
        "The man, aged 45, fled.",
        "A 45-year-old fled.",
        "He lives at 5 Mill Lane.",
        "It happened on 7 August 2021.",
        "The train left at 5:30 p.m.",
        "It was the 3rd fire.",
        "Call 020-7946 0018.",
        "Only one of them fled.",
        "One fled.",
        "Article 370 was dropped.",
        "Flight 714 was late.",
        "Turn to page 12.",
        "She read the No. 1 book.",
        "The team won 3-1.",
        "He was jailed for three years.",
        "They had a 20-member crew.",
        "The 2008 season was wet.",
        "The code is 007.",
        "The version is 3.11.2.",
    ],
)
def test_numbers_that_count_nothing_are_no_quantities(parse: Parse, sentence: str) -> None:
    assert find_quantities(parse(sentence)) == ()


@pytest.mark.model
@pytest.mark.parametrize(
    ("sentence", "units"),
    [
        ("The flood left 385 miners dead and 210 wounded.", ["miners", "miners"]),
        ("The flood, which has left at least 385 miners dead and 210 wounded in the last month, goes on.", ["miners", "miners"]),
        ("They said 385 miners were killed and 210 wounded in the last week.", ["miners", "miners"]),
        ("The flood killed 30 miners and injured 40 others.", ["miners", "miners"]),
        ("The flood killed 12 and injured 40 miners.", ["miners", "miners"]),
        ("Police seized 40 trucks and 12 were arrested.", ["trucks", None]),
    ],
)
def test_number_without_a_noun_takes_that_of_a_neighbour_in_a_like_place(parse: Parse, sentence: str, units: list[str | None]) -> None:
    assert [quantity.unit for quantity in find_quantities(parse(sentence))] == units


@pytest.mark.model
def test_offsets_are_those_of_the_article(parse: Parse) -> None:
    text = "First line.\n\nThe flood killed at least 385 miners."
    (quantity,) = find_quantities(parse(text))
    assert text[quantity.start : quantity.end] == "at least 385"


@pytest.mark.model
@pytest.mark.parametrize("row", read_table("bounds", BoundWord), ids=lambda row: row.id)
def test_example_of_a_bound_has_its_closeness(parse: Parse, row: BoundWord) -> None:
    assert find_quantities(parse(row.example))[-1].approximation == row.approximation


@pytest.mark.model
@pytest.mark.parametrize("row", read_table("bounds", BoundWord), ids=lambda row: row.id)
def test_counterexample_of_a_bound_reads_differently(parse: Parse, row: BoundWord) -> None:
    def reading(sentence: str) -> tuple[tuple[float | None, float | None, str], ...]:
        return tuple((quantity.lower, quantity.upper, quantity.approximation) for quantity in find_quantities(parse(sentence)))

    assert reading(row.example) != reading(row.counterexample)


@pytest.mark.parametrize(
    ("words", "bounds"),
    [
        ("2,014", (2014, 2014)),
        ("two hundred and ten", (210, 210)),
        ("a hundred", (100, 100)),
        ("two hundred thousand", (200_000, 200_000)),
        ("1.5 million", (1_500_000, 1_500_000)),
        ("5bn", (5_000_000_000, 5_000_000_000)),
        ("half a dozen", (6, 6)),
        ("ninety-nine", (99, 99)),
        ("tens of thousands", (20_000, 99_999)),
        ("hundreds", (200, 999)),
        ("a few hundred", (200, 699)),
        ("miners", None),
    ],
)
def test_number_in_digits_or_words_has_its_value(words: str, bounds: tuple[float, float] | None) -> None:
    assert number_bounds(words) == bounds


@pytest.mark.parametrize("text", ["20-member", "12/08", "5:30", "3.11.2", "007", "9/11", "30-20 miners"])
def test_figures_that_run_on_are_none(text: str) -> None:
    assert figure_at(text, 0) is None
