"""Kinds of names by what the article says of others."""

from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from kg.extract.entities import find_entities

Parse = Callable[[str], Doc]


@pytest.mark.model
def test_names_of_a_list_are_what_is_said_before_it(parse: Parse) -> None:
    kinds = {entity.name: entity.kind for entity in find_entities(parse("Rebels hold the towns of Selim, Bilal and Rosa, Kari Moe said."))}

    assert kinds == {"Selim": "City", "Bilal": "City", "Rosa": "City", "Kari Moe": "Person"}
