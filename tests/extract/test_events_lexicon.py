"""Each row of the event lexicons fires on its example and not on its counterexample."""

from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from kg.extract.modality import ModalityRow, deciding_rows
from kg.extract.roles import LightVerbRow, RoleRow, light_verb_row
from kg.extract.triggers import TriggerRow, find_triggers
from kg.lexicon import read_table
from kg.vocab import KG

TRIGGER_ROWS = read_table("event_triggers", TriggerRow)
MODALITY_ROWS = read_table("event_modality", ModalityRow)
LIGHT_VERB_ROWS = read_table("light_verbs", LightVerbRow)
Parse = Callable[[str], Doc]


def _fired(doc: Doc) -> set[str]:
    return {trigger.row.id for trigger in find_triggers(doc)}


@pytest.mark.model
@pytest.mark.parametrize("row", [row for row in TRIGGER_ROWS if row.kind], ids=lambda row: row.id)
def test_trigger_row_fires_on_its_example_only(row: TriggerRow, parse: Parse) -> None:
    assert row.id in _fired(parse(row.example))
    assert row.id not in _fired(parse(row.counterexample))


@pytest.mark.model
@pytest.mark.parametrize("row", [row for row in TRIGGER_ROWS if not row.kind], ids=lambda row: row.id)
def test_figure_of_speech_fires_no_row_of_its_lemma(row: TriggerRow, parse: Parse) -> None:
    same_lemma = {other.id for other in TRIGGER_ROWS if (other.lemma, other.pos) == (row.lemma, row.pos)}
    assert not _fired(parse(row.example)) & same_lemma
    assert _fired(parse(row.counterexample)) & same_lemma


@pytest.mark.model
@pytest.mark.parametrize("row", MODALITY_ROWS, ids=lambda row: row.id)
def test_modality_row_decides_its_example_only(row: ModalityRow, parse: Parse) -> None:
    def deciding(text: str) -> set[str]:
        return {found.id for trigger in find_triggers(parse(text)) for found in deciding_rows(trigger.token)}

    assert row.id in deciding(row.example)
    assert row.id not in deciding(row.counterexample)


@pytest.mark.model
@pytest.mark.parametrize("row", LIGHT_VERB_ROWS, ids=lambda row: row.id)
def test_light_verb_carries_the_event_of_its_example_only(row: LightVerbRow, parse: Parse) -> None:
    def carrying(text: str) -> set[str]:
        return {found.id for trigger in find_triggers(parse(text)) if (found := light_verb_row(trigger.token))}

    assert row.id in carrying(row.example)
    assert row.id not in carrying(row.counterexample)


@pytest.mark.parametrize("kind", sorted(kind for kind in KG if {"Event"} < KG.ancestors(kind)))
def test_every_event_class_has_a_trigger_below_it(kind: str) -> None:
    assert any(kind in KG.ancestors(row.kind) for row in TRIGGER_ROWS if row.kind)


def test_every_event_class_finds_its_roles() -> None:
    kinds = {row.kind for row in read_table("event_roles", RoleRow)}
    assert all(kinds & KG.ancestors(row.kind) for row in TRIGGER_ROWS if row.kind)
