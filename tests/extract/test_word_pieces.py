"""Words are split into the longest pieces that are known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.word_pieces import BEGIN, END, UNKNOWN, WordPieces

KNOWN = [BEGIN, END, UNKNOWN, "oru", "##ro", "##r", "or", "u", ".", "s", "-", "’", "strasse", "##t"]
PIECES = [
    ("Oruro", ["oru", "##ro"]),
    ("ORÚRO", ["oru", "##ro"]),
    ("oruru", [UNKNOWN]),  # what is left over makes the whole unknown
    ("U.S.", ["u", ".", "s", "."]),
    ("or-or", ["or", "-", "or"]),
    ("s’s", ["s", "’", "s"]),
    ("or\u00adu", ["oru"]),  # a soft hyphen is no letter
    ("\n", [UNKNOWN]),
    ("北京", [UNKNOWN]),
    ("s" + "." * 20, ["s", *["."] * 7]),  # the first eight
    ("s" * 101, [UNKNOWN]),
]


@pytest.mark.parametrize(("word", "expected"), PIECES)
def test_longest_known_pieces(word: str, expected: list[str]) -> None:
    assert [KNOWN[number] for number in WordPieces(KNOWN).of(word)] == expected


@given(st.text(min_size=1, max_size=120))
def test_every_word_has_one_to_eight_pieces(word: str) -> None:
    assert 1 <= len(WordPieces(KNOWN).of(word)) <= 8
