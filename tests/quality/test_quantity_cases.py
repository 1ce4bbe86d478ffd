"""Hand-made cases of quantities, annotated as by a careful reader: `quantities.yaml`.

A case lists all quantities of its text, in text order. `exact`, `about`, `at_least` or `at_most` gives the closeness and the
bounds. Where `of` stands, it names every event that has the quantity, by the words of its trigger, with the role it counts.
A case with `fails` is known to fail, for the cause it gives, and is noticed as soon as it passes.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import yaml
from spacy.tokens import Doc

from kg.extract.entities import find_entities
from kg.extract.events import find_events
from kg.extract.named import NamedWords
from kg.extract.quantities import find_quantities
from kg.records import Quantity

Parse = Callable[[str], Doc]
Case = Mapping[str, object]
BOUNDS = {"AtLeast": "at_least", "AtMost": "at_most", "About": "about", "Exact": "exact"}


def cases() -> Iterator[object]:
    """Yield each case as a parameter, its id the pattern and the first words."""
    for group in yaml.safe_load(Path(__file__).with_name("quantities.yaml").read_text(encoding="utf-8")):
        for case in group["cases"]:
            marks = [pytest.mark.xfail(strict=True, reason=case["fails"])] if "fails" in case else []
            yield pytest.param(case, marks=marks, id=f"{group['about']}: {case['text'][:60]}")


@pytest.mark.model
@pytest.mark.parametrize("case", list(cases()))
def test_quantities_are_those_of_a_careful_reader(case: Case, parse: Parse) -> None:
    doc = parse(str(case["text"]))
    quantities = find_quantities(doc)
    events = find_events(doc, NamedWords(find_entities(doc)), (), quantities)
    expected = list(case.get("quantities", ()))
    found = []
    for number, quantity in enumerate(quantities):
        fields = shown(str(case["text"]), quantity)
        if number < len(expected) and "of" in expected[number]:
            fields["of"] = {
                str(case["text"])[event.trigger.start : event.trigger.end]: one.role
                for event in events
                for one in event.quantities
                if one.start == quantity.start
            }
        found.append(fields)
    assert found == expected


def shown(text: str, quantity: Quantity) -> dict[str, object]:
    """Return a quantity as the cases write it; a range is a list of two."""
    bounds = [bound for bound in (quantity.lower, quantity.upper) if bound is not None]
    value = bounds[0] if len(set(bounds)) == 1 else bounds
    return {"words": text[quantity.start : quantity.end], BOUNDS[quantity.approximation]: value, "unit": quantity.unit}


def test_no_text_is_a_case_twice() -> None:
    texts = [parameter.values[0]["text"] for parameter in cases()]
    assert sorted(texts) == sorted(set(texts))
