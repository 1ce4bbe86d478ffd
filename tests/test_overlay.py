"""The overlay of the catalogue: what is asked for it, written and read."""

from pathlib import Path

import pytest
from online_sample import CATALOGUE, CLASSES, catalogue_of, holds, item, linker
from wikidata_fake import FakeWikidata, entity, replying, statement

from kg.lexicon import BadLexicon
from kg.overlay import items_to_ask, overlay_rows, read_overlay, with_overlay, write_overlay

ITEMS = CLASSES


OVERLAID = (
    item(None, "City", "Found", "1", population=9),
    item("Q102", "City", "Confirmed", "2", population=8),
    item("Q103", "City", "Corrected", "3", population=7),
    item(None, "City", "Several", "4", population=6),
    item("Q105", "City", "Of several", "5", population=5),
    item("Q106", "City", "Moved", "6", population=4),
    item("Q107", "InternationalOrganisation", "Merged", population=3),
    item("Q108", "InternationalOrganisation", "Gone", population=2),
    item("Q109", "City", "Silent", "9", country="os", population=1),
    item(None, "City", "Unknown", "10"),
)


@pytest.fixture
def overlay(fake: FakeWikidata, tmp_path: Path) -> Path:
    """What the service says of the catalogue above, written down."""
    holds(
        fake,
        entity("Q201", "Found", P1566="1"),
        entity("Q102", "Confirmed", P1566="2"),
        entity("Q103", "Corrected wrongly"),
        entity("Q203", "Corrected", P1566="3"),
        *(entity(qid, "Several", P1566="4") for qid in ("Q204", "Q205")),
        *(entity(qid, "Of several", P1566="5") for qid in ("Q105", "Q206")),
        entity("Q207", "Moved", P1566=[statement("6")]),
        entity("Q208", "Merged"),
        entity("Q109", "Silent"),
    )
    fake.merged = {"Q106": "Q207", "Q107": "Q208"}
    catalogue = catalogue_of(*OVERLAID)
    path = tmp_path / "overlay.csv"
    write_overlay(path, overlay_rows(items_to_ask(catalogue, ()), linker(fake, tmp_path).lookup))
    return path


def test_the_overlay_tells_what_became_of_each_item(overlay: Path) -> None:
    assert {row.id: (row.finding, row.was, row.became) for row in read_overlay(overlay)} == {
        "1": ("found", None, "Q201"),
        "2": ("confirmed", "Q102", "Q102"),
        "3": ("corrected", "Q103", "Q203"),
        "4": ("several", None, None),
        "5": ("confirmed", "Q105", "Q105"),
        "6": ("redirected", "Q106", "Q207"),
        "9": ("current", "Q109", "Q109"),
        "Q107": ("redirected", "Q107", "Q208"),
        "Q108": ("gone", "Q108", None),
    }
    assert overlay.read_text(encoding="utf-8").splitlines()[:2] == [
        "id,was,became,finding,label,revision,asked",
        "1,,Q201,found,Found,1201,2026-03-10",
    ]


def test_a_catalogue_heeds_its_overlay(overlay: Path) -> None:
    catalogue = with_overlay(catalogue_of(*OVERLAID), overlay)
    names = ("Found", "Confirmed", "Corrected", "Several", "Moved", "Merged", "Gone", "Unknown")
    assert [found.qid for name in names for found in catalogue.named(name)] == ["Q201", "Q102", "Q203", None, "Q207", "Q208", None, None]
    assert catalogue.version == "invented 1; overlay 2026-03-10"
    assert (found := catalogue.item("Q201")) is not None and found.name == "Found"


def test_an_overlay_of_other_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "overlay.csv"
    path.write_text("id,qid\n1,Q1\n", encoding="utf-8")
    with pytest.raises(BadLexicon, match=r"overlay.csv:1: the header is"):
        with_overlay(CATALOGUE, path)


def test_the_most_peopled_places_of_a_country_come_first() -> None:
    assert [one.name for one in items_to_ask(catalogue_of(*OVERLAID), {"os"})] == ["Silent"]
    assert [one.population for one in items_to_ask(catalogue_of(*OVERLAID), ())] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]


def test_what_could_not_be_asked_gives_no_row(fake: FakeWikidata, tmp_path: Path) -> None:
    fake.misbehaviours += [replying(b"", status=403)]
    lookup = linker(fake, tmp_path).lookup
    assert list(overlay_rows(OVERLAID, lookup)) == [] and lookup.stopped
