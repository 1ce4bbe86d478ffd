"""The dates of articles: what is taken for one, and what is refused as unclear."""

import json
from pathlib import Path

import pytest

from kg.article_dates import normal_date
from kg.articles import read_articles
from kg.records import Failure

DATES = [
    ("2020-03-03", "2020-03-03"),
    ("2020-03-03T10:15:00Z", "2020-03-03T10:15:00Z"),
    ("2020-03-03 10:15", "2020-03-03T10:15:00Z"),
    ("2020-03-03T10:15:00.250+04:30", "2020-03-03T05:45:00Z"),
    ("Tue, 03 Mar 2020 23:15:00 -0500", "2020-03-04T04:15:00Z"),
    ("Tue, 03 Mar 2020 10:15:00 GMT", "2020-03-03T10:15:00Z"),
    ("3 March 2020", "2020-03-03"),
    ("March 3rd, 2020 at 9:05 p.m.", "2020-03-03T21:05:00Z"),
    ("25/03/2020", "2020-03-25"),
    ("20200303T101500Z", "2020-03-03T10:15:00Z"),
]


@pytest.mark.parametrize(("given_date", "normal"), DATES)
def test_dates_are_normalised_to_utc(given_date: str, normal: str) -> None:
    assert normal_date(given_date) == normal


@pytest.mark.parametrize(
    "bad",
    [
        "03/04/2020",
        "2020",
        "2020-02-30",
        "yesterday",
        "3 March 20",
        "3 Marsh 2020",
        "2020-03-03 10:15 ET",
        "2020-03-03T25:00",
        "0001-01-01T00:00+14:00",
    ],
)
def test_a_date_that_is_unclear_is_refused_by_name(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "The ferry sank off Port Alder on Tuesday.", "published": bad}))
    (found,) = read_articles([path])
    assert isinstance(found, Failure), found
    assert repr(bad) in found.error
    assert "2021-08-07T09:30:00Z" in found.error
