"""Time expressions: words, bounds and rule for each kind, against one date of publication (a Tuesday)."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from spacy.tokens import Doc

from kg.extract.time_bounds import read_moment
from kg.extract.time_patterns import TimeRule
from kg.extract.times import find_times
from kg.lexicon import read_table

pytestmark = pytest.mark.model

Parse = Callable[[str], Doc]
PUBLISHED = "2021-08-10T09:30:00Z"

# sentence, words of its last time, earliest, latest (without the Z), rule
CASES = [
    ("The ferry capsized on 7 August 2021.", "7 August 2021", "2021-08-07T00:00:00", "2021-08-07T23:59:59", "day-month-year"),
    ("The ferry capsized on August 7.", "August 7", "2021-08-07T00:00:00", "2021-08-07T23:59:59", "month-day"),
    ("The ferry capsized on Aug. 7th, 2019.", "Aug. 7th, 2019", "2019-08-07T00:00:00", "2019-08-07T23:59:59", "month-day-year"),
    ("The ferry capsized on the 7th of August.", "the 7th of August", "2021-08-07T00:00:00", "2021-08-07T23:59:59", "day-month"),
    ("The ferry capsized on Saturday, August 7.", "Saturday, August 7", "2021-08-07T00:00:00", "2021-08-07T23:59:59", "month-day"),
    ("The ferry capsized on 2021-08-07 at noon.", "2021-08-07 at noon", "2021-08-07T12:00:00", "2021-08-07T12:59:59", "day-at-part"),
    ("The ferry capsized in May.", "May", "2021-05-01T00:00:00", "2021-05-31T23:59:59", "month"),
    ("The ferry capsized in October.", "October", "2020-10-01T00:00:00", "2020-10-31T23:59:59", "month"),
    ("The ferry capsized in May 2020.", "May 2020", "2020-05-01T00:00:00", "2020-05-31T23:59:59", "month-year"),
    ("The ferry will sail again in May.", "May", "2022-05-01T00:00:00", "2022-05-31T23:59:59", "month"),
    ("The ferry capsized in May last year.", "May last year", "2020-05-01T00:00:00", "2020-05-31T23:59:59", "date-in-year"),
    ("The ferry capsized in 2014.", "2014", "2014-01-01T00:00:00", "2014-12-31T23:59:59", "year"),
    ("The ferry capsized on Monday morning.", "Monday morning", "2021-08-09T05:00:00", "2021-08-09T11:59:59", "weekday"),
    ("The ferry capsized on Tuesday.", "Tuesday", "2021-08-10T00:00:00", "2021-08-10T23:59:59", "weekday"),
    ("The ferry capsized on Wednesday.", "Wednesday", "2021-08-04T00:00:00", "2021-08-04T23:59:59", "weekday"),
    ("The ferry will sail on Wednesday.", "Wednesday", "2021-08-11T00:00:00", "2021-08-11T23:59:59", "weekday"),
    ("The ferry will sail next Tuesday.", "next Tuesday", "2021-08-17T00:00:00", "2021-08-17T23:59:59", "next-weekday"),
    ("The ferry capsized last Tuesday.", "last Tuesday", "2021-08-03T00:00:00", "2021-08-03T23:59:59", "last-weekday"),
    ("The ferry capsized this Saturday.", "this Saturday", "2021-08-07T00:00:00", "2021-08-07T23:59:59", "this-weekday"),
    ("The ferry capsized yesterday.", "yesterday", "2021-08-09T00:00:00", "2021-08-09T23:59:59", "yesterday"),
    ("The ferry capsized yesterday evening.", "yesterday evening", "2021-08-09T17:00:00", "2021-08-09T23:59:59", "yesterday"),
    ("The ferry will sail tomorrow.", "tomorrow", "2021-08-11T00:00:00", "2021-08-11T23:59:59", "tomorrow"),
    ("The ferry capsized last night.", "last night", "2021-08-09T18:00:00", "2021-08-10T05:59:59", "last-night"),
    ("The ferry will sail tonight.", "tonight", "2021-08-10T18:00:00", "2021-08-11T05:59:59", "tonight"),
    ("The ferry capsized last week.", "last week", "2021-08-02T00:00:00", "2021-08-08T23:59:59", "last-unit"),
    ("The ferry capsized last month.", "last month", "2021-07-01T00:00:00", "2021-07-31T23:59:59", "last-unit"),
    ("The ferry capsized last year.", "last year", "2020-01-01T00:00:00", "2020-12-31T23:59:59", "last-unit"),
    ("The ferry capsized earlier this month.", "earlier this month", "2021-08-01T00:00:00", "2021-08-10T09:30:00", "earlier-in"),
    ("The ferry is expected to sail later this month.", "later this month", "2021-08-10T09:30:00", "2021-08-31T23:59:59", "later-in"),
    ("The ferry capsized over the weekend.", "the weekend", "2021-08-07T00:00:00", "2021-08-08T23:59:59", "the-weekend"),
    (
        "The ferry made four trips in the past 24 hours.",
        "the past 24 hours",
        "2021-08-09T09:30:00",
        "2021-08-10T09:30:00",
        "past-count-units",
    ),
    (
        "The ferry made four trips over the past two weeks.",
        "the past two weeks",
        "2021-07-27T00:00:00",
        "2021-08-10T09:30:00",
        "past-count-units",
    ),
    ("The ferry was checked in recent months.", "recent months", "2021-02-10T00:00:00", "2021-08-10T09:30:00", "recent-units"),
    ("The ferry was checked in recent days.", "recent days", "2021-08-03T00:00:00", "2021-08-10T09:30:00", "recent-units"),
    ("The ferry has been idle since May.", "since May", "2021-05-01T00:00:00", "2021-08-10T09:30:00", "since"),
    ("The ferry has been idle since Friday.", "since Friday", "2021-08-06T00:00:00", "2021-08-10T09:30:00", "since"),
    ("The ferry was idle until 2014.", "until 2014", None, "2014-12-31T23:59:59", "until"),
    ("The ferry must be repaired by August 31.", "by August 31", None, "2021-08-31T23:59:59", "by"),
    ("The ferry was repaired before 2014.", "before 2014", None, "2013-12-31T23:59:59", "before"),
    ("The ferry was idle after 2014.", "after 2014", "2015-01-01T00:00:00", None, "after"),
    ("The ferry has been idle for several weeks.", "for several weeks", "2021-06-08T00:00:00", "2021-08-10T09:30:00", "for-count-units"),
    ("The ferry was hired for three weeks.", "for three weeks", None, None, "for-count-units"),
    ("The ferry capsized three days ago.", "three days ago", "2021-08-07T00:00:00", "2021-08-07T23:59:59", "ago"),
    ("The ferry capsized two weeks ago.", "two weeks ago", "2021-07-26T00:00:00", "2021-08-01T23:59:59", "ago"),
    ("The ferry capsized a few months ago.", "a few months ago", "2021-02-01T00:00:00", "2021-06-30T23:59:59", "ago"),
    ("The ferry capsized an hour ago.", "an hour ago", "2021-08-10T08:00:00", "2021-08-10T08:59:59", "ago"),
    ("The ferry sank early on Friday afternoon.", "early on Friday afternoon", "2021-08-06T12:00:00", "2021-08-06T13:59:59", "fraction"),
    ("The ferry sank late on Monday night.", "late on Monday night", "2021-08-09T21:00:00", "2021-08-10T03:59:59", "fraction"),
    ("The ferry sank in early 2020.", "early 2020", "2020-01-01T00:00:00", "2020-04-30T23:59:59", "fraction"),
    ("The ferry sank in mid-August.", "mid-August", "2021-08-11T00:00:00", "2021-08-21T23:59:59", "fraction"),
    ("The ferry sank at the end of July.", "the end of July", "2021-07-24T00:00:00", "2021-07-31T23:59:59", "fraction"),
    ("The ferry sank in the second half of 2019.", "the second half of 2019", "2019-07-01T00:00:00", "2019-12-31T23:59:59", "fraction"),
    (
        "The ferry sank in the early hours of Monday.",
        "the early hours of Monday",
        "2021-08-09T00:00:00",
        "2021-08-09T05:59:59",
        "part-of-day",
    ),
    (
        "The ferry sank on Monday at 5:30 p.m. local time.",
        "Monday at 5:30 p.m. local time",
        "2021-08-09T17:30:00",
        "2021-08-09T17:30:59",
        "clock-after-day",
    ),
    ("The ferry sank at 1430 GMT on Monday.", "1430 GMT on Monday", "2021-08-09T14:30:00", "2021-08-09T14:30:59", "clock-before-day"),
    ("The ferry sailed from May to July 2020.", "from May to July 2020", "2020-05-01T00:00:00", "2020-07-31T23:59:59", "from-to"),
    (
        "The ferry sailed between Friday and Monday.",
        "between Friday and Monday",
        "2021-08-06T00:00:00",
        "2021-08-09T23:59:59",
        "between-and",
    ),
    ("The ferry sailed from August 3 to August 5.", "from August 3 to August 5", "2021-08-03T00:00:00", "2021-08-05T23:59:59", "from-to"),
    ("The ferry sailed on August 3-5.", "August 3-5", "2021-08-03T00:00:00", "2021-08-05T23:59:59", "month-day-range"),
    ("The ferry sailed in 2014-16.", "2014-16", "2014-01-01T00:00:00", "2016-12-31T23:59:59", "year-range"),
    ("The ferry was built in the 1980s.", "the 1980s", "1980-01-01T00:00:00", "1989-12-31T23:59:59", "decade"),
    ("The ferry was built in the 19th century.", "the 19th century", "1800-01-01T00:00:00", "1899-12-31T23:59:59", "century"),
    ("The ferry was painted last summer.", "last summer", "2020-06-01T00:00:00", "2020-08-31T23:59:59", "last-season"),
    ("The ferry was painted in spring 2019.", "spring 2019", "2019-03-01T00:00:00", "2019-05-31T23:59:59", "season-year"),
    (
        "The ferry left on Friday morning. A few hours later it sank.",
        "A few hours later",
        "2021-08-06T07:00:00",
        "2021-08-06T17:59:59",
        "count-later",
    ),
    ("The ferry left on Friday. The next day it sank.", "The next day", "2021-08-07T00:00:00", "2021-08-07T23:59:59", "next-day-anchored"),
    (
        "The ferry left on 3 March 2020. Two days earlier it had been checked.",
        "Two days earlier",
        "2020-03-01T00:00:00",
        "2020-03-01T23:59:59",
        "count-earlier",
    ),
    ("The ferry left on Friday and sank that night.", "that night", "2021-08-06T18:00:00", "2021-08-07T05:59:59", "that-part"),
    (
        "The ferry left in May 2019 and sank the following month.",
        "the following month",
        "2019-06-01T00:00:00",
        "2019-06-30T23:59:59",
        "following-unit",
    ),
    (
        "The ferry sank two days after 3 March 2020.",
        "two days after 3 March 2020",
        "2020-03-05T00:00:00",
        "2020-03-05T23:59:59",
        "count-after",
    ),
    ("The ferry sails every Sunday.", "every Sunday", None, None, "recurring"),
    ("The ferry will return in three weeks.", "in three weeks", "2021-08-30T00:00:00", "2021-09-05T23:59:59", "in-units"),
    ("The ferry will return within ten days.", "within ten days", "2021-08-10T09:30:00", "2021-08-20T23:59:59", "within-units"),
    (
        "The ferry sank in the first week of March 2020.",
        "the first week of March 2020",
        "2020-03-01T00:00:00",
        "2020-03-07T23:59:59",
        "first-units-of",
    ),
    ("The ferry sank overnight.", "overnight", "2021-08-09T18:00:00", "2021-08-10T05:59:59", "overnight"),
    ("A few hours later it sank.", "A few hours later", None, None, "count-later"),
    ("The day after the storm they left.", "The day after the storm", None, None, "unit-after-event"),
    ("The ferry is to sail on Thursday.", "Thursday", "2021-08-12T00:00:00", "2021-08-12T23:59:59", "weekday"),
    ("The owner set an August 31 deadline.", "August 31", "2021-08-31T00:00:00", "2021-08-31T23:59:59", "month-day"),
    (
        "The ferry sank on the night of 3 April 2020.",
        "the night of 3 April 2020",
        "2020-04-03T18:00:00",
        "2020-04-04T05:59:59",
        "part-of-day",
    ),
]


@pytest.mark.parametrize(("sentence", "words", "earliest", "latest", "rule"), CASES)
def test_time_has_its_words_bounds_and_rule(
    parse: Parse, sentence: str, words: str, earliest: str | None, latest: str | None, rule: str
) -> None:
    time = find_times(parse(sentence), PUBLISHED)[-1]
    assert sentence[time.start : time.end] == words
    assert (time.earliest, time.latest) == (earliest and f"{earliest}Z", latest and f"{latest}Z")
    assert time.rule == rule


@pytest.mark.parametrize(
    "sentence",
    [
        "The council may act.",
        "It took a second.",
        "The second truck left.",
        "The army can march.",
        "The mill employs 2,014 people.",
        "The shop sold 2014 lamps.",
        "The man, 45, left.",
        "A 35-year-old man left.",
        "May the best team win.",
        "Theresa May spoke.",
        "The Sunday Herald wrote about it.",
        "He is in his 70s.",
        "Turn to page 2014.",
        "It was a sun-drenched day.",
    ],
)
def test_words_that_only_look_like_a_time_are_none(parse: Parse, sentence: str) -> None:
    assert find_times(parse(sentence), PUBLISHED) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "The ferry sank on Monday.",
        "The ferry sank on August 7.",
        "It sank last week.",
        "It has been idle since May.",
        "It was idle until Monday.",
    ],
)
def test_without_a_date_relative_words_keep_no_bounds(parse: Parse, sentence: str) -> None:
    (time,) = find_times(parse(sentence), None)
    assert (time.earliest, time.latest, time.precision, time.anchor) == (None, None, None, None)


def test_without_a_date_a_year_is_still_bounded(parse: Parse) -> None:
    (time,) = find_times(parse("The ferry sank in 2014."), None)
    assert (time.earliest, time.latest, time.precision, time.anchor) == ("2014-01-01T00:00:00Z", "2014-12-31T23:59:59Z", "year", None)


def test_without_a_date_since_a_year_has_no_end(parse: Parse) -> None:
    (time,) = find_times(parse("The ferry has been idle since 2014."), None)
    assert (time.earliest, time.latest) == ("2014-01-01T00:00:00Z", None)


def test_a_date_in_the_text_anchors_what_comes_later(parse: Parse) -> None:
    _, time = find_times(parse("The ferry sank on 3 May 2019. Two days later it was raised."), None)
    assert (time.earliest, time.anchor) == ("2019-05-05T00:00:00Z", "2019-05-03")


def test_a_date_many_paragraphs_back_anchors_nothing(parse: Parse) -> None:
    _, time = find_times(parse("The ferry sank on 3 May 2019.\nIt was new.\nIt was white.\nTwo days later it was raised."), None)
    assert (time.earliest, time.anchor) == (None, None)


def test_a_bare_date_of_publication_counts_to_its_end(parse: Parse) -> None:
    (time,) = find_times(parse("The ferry has been idle since May."), "2021-08-10")
    assert time.latest == "2021-08-10T23:59:59Z"


def test_published_with_an_offset_is_read_in_utc() -> None:
    assert read_moment("2021-08-10T01:30:00+04:30").earliest == read_moment("2021-08-09T21:00:00Z").earliest


def test_a_wrong_date_of_publication_names_itself_and_the_remedy() -> None:
    with pytest.raises(ValueError, match="'last week' is neither an xsd:dateTime nor a date; write it like"):
        read_moment("last week")


def test_times_stand_in_text_order_and_do_not_overlap(parse: Parse) -> None:
    times = find_times(
        parse("On Monday morning, since May and by August 31, from 2014 to 2016.\nLast week it rained until Friday."), PUBLISHED
    )
    assert len(times) == 6
    assert all(one.end <= other.start for one, other in pairwise(times))


def test_offsets_are_those_of_the_article_behind_a_gap(parse: Parse) -> None:
    text = "First line.\n\n\nThe ferry sank on Monday."
    (time,) = find_times(parse(text), PUBLISHED)
    assert text[time.start : time.end] == "Monday"


@pytest.mark.parametrize("rule", read_table("time_rules", TimeRule), ids=lambda rule: rule.id)
def test_example_fires_its_rule_and_counterexample_does_not(parse: Parse, rule: TimeRule) -> None:
    assert rule.id in {time.rule for time in find_times(parse(rule.example), PUBLISHED)}
    assert rule.id not in {time.rule for time in find_times(parse(rule.counterexample), PUBLISHED)}


@pytest.mark.parametrize(
    "text", ["Quiet before the election on Monday.", "Next up: Tuesday's vote.", "Not the poll of 3 May!", "The vote on Friday?"]
)
def test_a_sentence_without_a_verb_has_its_times(text: str, parse: Parse) -> None:
    assert find_times(parse(text), "2024-05-15T12:00:00Z")


def test_no_finder_compares_tokens_by_identity() -> None:
    # spaCy may make a new Token object at each access: `token.head is token` is false at a root, and a loop never ends.
    files = sorted((Path(__file__).parents[2] / "kg" / "extract").glob("*.py"))
    assert files
    assert not [file.name for file in files if re.search(r"\.(?:head|nbor\(-?1\)) is (?:not )?\w+", file.read_text(encoding="utf-8"))]
