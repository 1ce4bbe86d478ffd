"""The golden chain: each stage starts from the golden input of its stage, so that a failure points to one stage.

`pytest tests/test_cases.py --update-golden` writes the files anew; the difference is for people to read. Beside each
span stands the text that it covers; it is not read back.
"""

import json
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from kg.catalogue import read_catalogue
from kg.extract.extractor import Extractor
from kg.link import link
from kg.rdf import n_quads, quads
from kg.records import Article, Extraction, read_extraction

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())
EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


@pytest.mark.model
@EVERY_CASE
def test_extraction(case: Path, extractor: Extractor, update_golden: bool) -> None:
    article = msgspec.json.decode((case / "article.json").read_bytes(), type=Article)
    # The pipeline's name holds a digest of all lexicons: it would change every golden file with every new word.
    extraction = replace(extractor.extract(article), pipeline="golden")
    compare(case / "extraction.json", readable(extraction), update_golden)


@EVERY_CASE
def test_link(case: Path, update_golden: bool) -> None:
    extraction = read_extraction((case / "extraction.json").read_bytes())
    compare(case / "linked.json", readable(link(extraction, read_catalogue())), update_golden)


@EVERY_CASE
def test_map(case: Path, update_golden: bool) -> None:
    linked = read_extraction((case / "linked.json").read_bytes())
    compare(case / "graph.nq", n_quads(quads(linked)), update_golden)


def compare(path: Path, made: bytes, update: bool) -> None:
    if update:
        path.write_bytes(made)
    assert path.read_bytes() == made, f"{path.parent.name}/{path.name} differs; if that is right: make golden"


def readable(extraction: Extraction) -> bytes:
    """Return the record as indented JSON with the covered words beside each span."""
    text = extraction.article.text

    def with_words(value: object) -> object:
        if isinstance(value, list | tuple):
            return [with_words(item) for item in value]
        if not isinstance(value, dict):
            return value
        found = {name: with_words(item) for name, item in value.items()}
        if isinstance(found.get("start"), int) and isinstance(found.get("end"), int):
            found["words"] = text[found["start"] : found["end"]]
        return found

    return json.dumps(with_words(msgspec.to_builtins(extraction)), ensure_ascii=False, indent=1).encode() + b"\n"
