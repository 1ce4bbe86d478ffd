"""How alike names are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.candidates import acronym, initials, name_similarity

NAMES = st.text(alphabet="abAB éğ.-’1 ", max_size=24)


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("The Dorvan Board", "DORVAN  board", 1.0, 1.0),
        ("Lashkartal", "Lashkar Tal", 0.97, 0.99),
        ("Velmar, Ilse", "Ilse Velmar", 0.97, 0.97),
        ("Ilse Vlemar", "Ilse Velmar", 0.85, 0.95),
        ("Tervo Sarafmal", "Tervo Sharafmal", 0.9, 0.99),
        ("Belaqan", "Belakan", 0.94, 0.94),
        ("I. Velmar", "Ilse Velmar", 0.8, 0.9),
        ("I. Velmar", "Velmar", 0.0, 0.7),
        ("D.R.B.", "Dorvan Relief Board", 0.88, 0.88),
        ("BfE", "Board for Emergencies", 0.0, 0.5),
        ("Velmar", "Ilse Velmar", 0.6, 0.7),
        ("Northern Command", "Southern Command", 0.0, 0.6),
        ("Northwestern Regional Command", "Northeastern Regional Command", 0.0, 0.89),
        ("203rd Corps", "215th Corps", 0.0, 0.3),
        ("Amon Khel", "Amos Khel", 0.0, 0.89),
        ("Ilse", "Otto", 0.0, 0.0),
        ("", "Otto", 0.0, 0.0),
        ("???", "Otto", 0.0, 0.0),
    ],
)
def test_names_are_as_alike_as_they_look(one: str, other: str, least: float, most: float) -> None:
    assert least <= name_similarity(one, other) <= most


@given(NAMES, NAMES)
def test_likeness_is_a_share_and_has_no_direction(one: str, other: str) -> None:
    likeness = name_similarity(one, other)
    assert 0.0 <= likeness <= 1.0
    assert likeness == pytest.approx(name_similarity(other, one))


def test_acronyms_are_written_in_capitals() -> None:
    assert (acronym("U.N."), acronym("Un"), acronym("HRW"), acronym("A"), acronym("HRW 2")) == ("un", None, "hrw", None, None)
    assert initials("Board for the Relief of Dorvan") == {"bftrod", "brd"}
