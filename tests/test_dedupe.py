"""Proposed pairs: what speaks for one, what against it, and the views that join by them."""

import csv
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judged_sample import kg
from named import record, with_post

from kg import likeness
from kg.dedupe import Proposal, propose
from kg.generations import open_current
from kg.identity import choose_view
from kg.iris import DEFAULT_BASE as BASE
from kg.joins import Names
from kg.limits import limit
from kg.publish import publish
from kg.rdf import n_quads, quads
from kg.records import Built, Extraction, Statement, TextSpan, to_json
from kg.resources import resource
from kg.sketches import read_sketches
from kg.store import Store
from kg.validate import Gate


def proposed(*records: Extraction) -> list[Proposal]:
    return list(propose(read_sketches(records, BASE, Names())))


def article(number: int, *things: str) -> Extraction:
    return record(f"news-{number}", *things)


def pair(*things: str) -> Proposal | None:
    """Return what is proposed for the first things of two articles that name no other common things."""
    found = proposed(*(article(number, thing) for number, thing in enumerate(things)))
    return found[0] if found else None


def test_a_place_that_is_not_linked_is_one_of_several_of_its_name() -> None:
    linked = record("a", "City: Nyby @ no", "Country: Norway @ no", items={"Nyby": "Q1"})
    several = replace(linked, entities=(replace(linked.entities[0], distinct="425"), linked.entities[1]))
    (found,) = proposed(several, record("b", "City: Nyby", "Country: Norway @ no"))
    assert (found.right, found.rule) == ("city/nyby.no.425", "same-name-of-several")
    assert found.score < limit("loose-least", "identity_limits")


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        ("City: Talvoqan @ no", "City: Talvukan @ no", "spelling"),
        ("City: Mashkar Gah @ no", "City: Mashkargah @ no", "spelling"),
        ("Province: Wardal @ no", "Province: Vardal", "spelling"),
        ("Person: Governor Ana Ilić @ no", "Person: Ana Ilic @ no", "title"),
        ("Person: Ana K. Ilic @ no", "Person: Ana Ilic @ no", "middle"),
        ("Person: Mohamed Berg @ no", "Person: Muhammad Berg @ no", "spelling"),
        ("Person: Ana Maria Ilic @ no", "Person: Ana Ilic @ no", "parts"),
        ("Person: Ana Ilic @ no", "Person: Ana Ilic", "same-name"),
        ("Person: Ana Ilic @ no", "Person: Ana Ilic @ se", "same-name-elsewhere"),
        ("Organisation: NHRC @ no", "Organisation: Norda Harbour Relief Council @ no", "acronym"),
        ("GovernmentBody: Council of Fishing Towns @ no", "Organisation: CFT @ no", "acronym"),
        ("Organisation: Harbour Front @ no", "ArmedGroup: Harbour Front @ no", "same-name-other-kind"),
    ],
)
def test_names_that_may_be_one_are_proposed(one: str, other: str, rule: str) -> None:
    found = pair(one, other)
    assert found is not None and found.rule == rule


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("City: Vardal @ no", "City: Vardal @ se"),
        ("City: Vardal @ no", "Province: Vardal @ no"),
        ("City: Neyrok @ no", "City: Niriak @ no"),
        ("City: Talvoqan @ no", "City: Talvukan @ se"),
        ("Person: Vardal @ no", "City: Vardal @ no"),
        ("Person: Ilic @ no", "Person: Ilic @ se"),
        ("Person: Ana H. K. Ilic @ no", "Person: Ana K. Ilic @ no"),
        ("Person: Solvei Rue @ no", "Person: Solvei @ se"),
        ("GovernmentBody: Parliament @ no", "GovernmentBody: Parliament @ se"),
        ("Organisation: NHRC @ no", "Organisation: Harbour Relief Council @ no"),
    ],
)
def test_names_of_two_things_are_not_proposed(one: str, other: str) -> None:
    assert pair(one, other) is None


def test_two_catalogue_items_are_never_proposed() -> None:
    items = {"Talvoqan": "Q1", "Talvukan": "Q2"}
    assert proposed(record("a", "City: Talvoqan @ no", items=items), record("b", "City: Talvukan @ no", items=items)) == []


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Person: Governor Ana Ilic @ no", "Person: Ana Ilic @ no"),
        ("Person: Ana Ilic", "Person: Ana Ilic @ no"),
        ("Person: Ana Ilic @ no", "Person: Ana Maria Ilic @ no"),
        ("Organisation: NHRC @ no", "Organisation: Norda Harbour Relief Council @ no"),
    ],
)
def test_the_better_name_stands_right(left: str, right: str) -> None:
    found = [pair(left, right), pair(right, left)]
    assert found[0] == found[1] is not None
    assert found[0].right == next(iter(read_sketches([article(0, right)], BASE, Names()).things))


def test_the_linked_one_stands_right() -> None:
    linked = record("a", "City: Talvoqan @ no", items={"Talvoqan": "Q1"})
    others = [article(number, "City: Talvukan @ no") for number in range(3)]
    assert proposed(linked, *others)[0].right == "city/talvoqan.no"


def test_company_and_posts_speak_for_a_pair() -> None:
    bare = proposed(article(1, "Person: Ana Maria Ilic @ no"), article(2, "Person: Ana Ilic @ no"))[0]
    company = ("City: Vardal @ no", "Person: Bo Lund @ no")
    beside = [article(1, "Person: Ana Maria Ilic @ no", *company), article(2, "Person: Ana Ilic @ no", *company)]
    in_company = proposed(*beside)[0]
    in_post = proposed(*(with_post(each, "mayor", 1) for each in beside))[0]
    assert bare.score < in_company.score < in_post.score
    assert "same-company (city/vardal.no person/bo-lund.no)" in in_company.evidence
    assert "same-post (mayor of city/vardal.no)" in in_post.evidence


def test_an_article_that_keeps_two_apart_speaks_against_them() -> None:
    apart = proposed(article(1, "Person: Ana K. Ilic @ no", "Person: Ana Ilic @ no"), article(2, "Person: Ana Ilic @ no"))
    assert apart == [] or apart[0].score < 0.5


def test_a_surname_of_three_people_says_little_of_each() -> None:
    people = [article(number, f"Person: {first} Ilic @ no", "City: Vardal @ no") for number, first in enumerate(("Ana", "Bo", "Eva"))]
    surname = article(9, "Person: Ilic @ no", "City: Vardal @ no")
    assert proposed(surname, people[0])[0].rule == "part"
    assert proposed(surname, *people) == []


def test_scores_stand_between_the_least_and_one() -> None:
    found = proposed(*(article(number, *things) for number, things in enumerate(PRESS)))
    assert found and all(0.5 <= each.score <= 1 for each in found)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


PRESS = (
    ("City: Talvoqan @ no", "Person: Ana Ilic @ no", "Organisation: NHRC @ no"),
    ("City: Talvukan @ no", "Person: A. Ilic @ no", "Organisation: Norda Harbour Relief Council @ no"),
    ("City: Talvoqan", "Person: Mayor Ana Ilic @ no", "MediaOrganisation: Fjord Press @ se"),
    ("Person: Ana Ilic @ se", "MediaOrganisation: Fjord Press @ no", "City: Talvoqan @ no"),
)


def test_the_order_of_articles_leaves_no_trace() -> None:
    records = [article(number, *things) for number, things in enumerate(PRESS)]
    assert len({tuple(proposed(*order)) for order in permutations(records)}) == 1


@given(st.lists(st.text("abcdehkwyz", min_size=1, max_size=8), min_size=1, max_size=3).map(tuple))
def test_every_name_is_spelled_like_itself_or_is_too_short(words: tuple[str, ...]) -> None:
    assert likeness.is_spelled_alike(words, words) or len(likeness.spelling_key(words)) < 3


@given(st.text(max_size=20), st.text(max_size=20))
def test_likeness_has_no_order(one: str, other: str) -> None:
    for rules in (likeness.person_rules, likeness.organisation_rules, likeness.place_rules):
        assert sorted(rules(one, other)) == sorted(rules(other, one))


# --- views


def told(each: Extraction) -> Extraction:
    """Return the record with one statement whose content is the whole text."""
    whole = TextSpan(0, len(each.article.text))
    return replace(each, statements=(Statement("s1", "Assert", "say", (whole,), source=(TextSpan(0, 3),), sentence=whole),))


def store_of(path: Path) -> Store:
    store = Store(path, base=BASE, text="evidence")
    for number, things in enumerate(PRESS):
        each = told(article(number, *things))
        article_quads = quads(each)
        store.add([Built(article_quads[0].graph_name.value, n_quads(article_quads), to_json(each))])
    publish(store, Gate())
    return store


def count_of_things(path: Path) -> int:
    return len(list(open_current(path).query("SELECT DISTINCT ?t { ?t <http://www.w3.org/2000/01/rdf-schema#label> ?l }")))


def test_each_view_joins_more_than_the_stricter_one(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    counts = {}
    for view in ("loose", "strict", "balanced"):
        choose_view(store, view)  # type: ignore[arg-type]
        publish(store, Gate())
        counts[view] = count_of_things(tmp_path)
    assert counts["strict"] > counts["balanced"] > counts["loose"]


def test_a_query_can_join_by_a_threshold(tmp_path: Path) -> None:
    store_of(tmp_path)
    query = resource("data", "queries", "things-joined-by-score.rq").read_text(encoding="utf-8")
    rows = {row["name"].value: int(row["joined"].value) for row in open_current(tmp_path).query(query)}
    assert rows["Talvoqan"] == 2
    strict = {row["name"].value: int(row["joined"].value) for row in open_current(tmp_path).query(query.replace("0.65", "1.01"))}
    assert strict["Talvukan"] == 1


def test_proposals_are_printed_as_a_ledger_without_judgements(tmp_path: Path) -> None:
    store_of(tmp_path).close()
    kg(tmp_path, "dedupe", "-o", str(tmp_path / "pairs.csv"), "--least", "0.6")
    with (tmp_path / "pairs.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert rows and all(row["judgement"] == "" and float(row["score"]) >= 0.6 and row["evidence"] for row in rows)
