"""What the pages for people tell, and what they never do."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from linked_sample import ARTICLE, BASE, EVENT, MAYOR, NEW, OLD, OTHER, TOWN, application, live_store, path_of
from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from kg.generations import publish
from kg.vocab import KG
from server.addresses import address

HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SUPERSEDED = "a newer one has replaced"


def page(client: FlaskClient, iri: str, query: str = "") -> str:
    response = client.get(path_of(iri) + query, headers=HTML)
    assert (response.status_code, response.mimetype) == (200, "text/html")
    return response.get_data(as_text=True)


def test_the_page_of_a_place_tells_names_links_and_map(linked_client: FlaskClient) -> None:
    text = page(linked_client, TOWN)
    assert "VESTBY" in text and 'href="geo:59.5,10.7"' in text and "https://sws.geonames.org/3131067/" in text
    assert 'href="http://www.wikidata.org/entity/Q77"' in text and "0.91" in text and "place-evidence" in text
    assert 'href="/id/country/norway.no"' in text and "/ontology#City" in text


def test_the_page_of_a_thing_tells_what_it_may_be_the_same_as(linked_client: FlaskClient) -> None:
    text = page(linked_client, TOWN)
    assert "rejected" in text and "an editor, 2031-06-01" in text and "/id/city/vestby.se" in text


def test_the_page_of_a_person_tells_posts_and_statements_with_marked_words(linked_client: FlaskClient) -> None:
    text = page(linked_client, MAYOR)
    assert ">mayor</a>" in text and ">confirm</a>" in text and ">probable</a>" in text
    assert '<mark class="source">The mayor</mark> <mark class="cue">confirmed</mark> <mark class="content">Vestby had fallen</mark>' in text


def test_words_of_the_graph_are_words_on_the_page(linked_client: FlaskClient) -> None:
    for iri in (
        ARTICLE,
        NEW,
        MAYOR,
        TOWN,
        f"{NEW}/statement/10-20-37",
        f"{NEW}/mention/20-37",
        NEW + "/quarantine",
        BASE + "graph/entities",
    ):
        assert not re.search("<(i|b|script)>", page(linked_client, iri))
    assert "Vestby &lt;b&gt;taken&lt;/b&gt;" in page(linked_client, ARTICLE)


def test_only_web_addresses_become_links(linked_client: FlaskClient) -> None:
    text = page(linked_client, NEW)
    assert "javascript:alert(1)" in text and 'href="javascript' not in text
    assert 'href="https://brook.example/8"' in page(linked_client, OTHER)


def test_an_article_tells_its_versions_and_what_is_said_in_it(linked_client: FlaskClient) -> None:
    text = page(linked_client, ARTICLE)
    assert path_of(OLD) in text and path_of(NEW) in text and "Tarn Post" in text and "replaced" in text and "confirmed" in text


def test_a_superseded_version_still_answers_and_says_so(linked_client: FlaskClient) -> None:
    assert SUPERSEDED in page(linked_client, OLD) and "Vestby holds out" in page(linked_client, OLD)
    assert SUPERSEDED in page(linked_client, f"{OLD}/statement/1-2-3") and SUPERSEDED not in page(linked_client, NEW)


def test_what_is_in_quarantine_still_answers_and_says_so(linked_client: FlaskClient) -> None:
    text = page(linked_client, f"{NEW}/mention/90-99")
    assert "kept apart" in text and "taken out of the graph" in text


def test_a_statement_tells_its_working(linked_client: FlaskClient) -> None:
    text = page(linked_client, f"{NEW}/statement/10-20-37")
    assert all(words in text for words in ("confirm-clause", "Ilda Fenwick", "reporters", "indirect", "seizure", "Tarn Post"))


def test_an_event_mention_tells_who_says_so_and_who_denies(linked_client: FlaskClient) -> None:
    text = page(linked_client, f"{NEW}/event/31-37-Seizure")
    assert all(words in text for words in ("at least 12", "12 or more guards", "2031-05-01", "fall-place", ">deny</a>", "the army"))


def test_an_occurrence_tells_its_evidence(linked_client: FlaskClient) -> None:
    text = page(linked_client, EVENT)
    assert "Ilda Fenwick (confirm; possible)" in text and path_of(f"{NEW}/event/31-37-Seizure") in text and "the army" in text


def test_a_store_without_words_says_that_it_keeps_none(linked_client: FlaskClient) -> None:
    assert "keeps no words" in page(linked_client, f"{OTHER}/statement/5-8-30")


@pytest.mark.parametrize(
    "iri",
    [f"{NEW}/time/40-46", f"{NEW}/quantity/50-59", f"{NEW}/judgement/Q77", f"{NEW}/membership/0-9", f"{NEW}/mention/0-9", f"{BASE}dataset"],
)
def test_anything_else_has_a_plain_page(linked_client: FlaskClient, iri: str) -> None:
    assert "What is said of it" in page(linked_client, iri)


@pytest.mark.parametrize("iri", [f"{BASE}graph/entities", f"{BASE}graph/dataset", f"{NEW}/quarantine"])
def test_a_named_graph_has_a_page_of_its_triples(linked_client: FlaskClient, iri: str) -> None:
    assert "A named graph" in page(linked_client, iri)


def test_long_lists_come_in_parts(tmp_path: Path) -> None:
    live = live_store(tmp_path)
    for number in range(60):
        node = NamedNode(f"{NEW}/statement/{number + 1000}-{number + 1001}-{number + 1002}")
        facts = ((KG.source, NamedNode(MAYOR)), (NamedNode(RDF_TYPE), KG.ReportedStatement), (KG.inArticle, NamedNode(NEW)))
        live.extend(Quad(node, term, value, NamedNode(NEW)) for term, value in facts)
    publish(live, tmp_path)
    client = application(tmp_path, tmp_path / "dumps").test_client()
    parts = [page(client, MAYOR, f"?says={number}&named=1") for number in (1, 2, 3)]
    shown = [re.findall(r"statement/(\d+)-\d+-\d+\">this", text) for text in parts]
    assert [len(part) for part in shown] == [25, 25, 11] and len({number for part in shown for number in part}) == 61
    assert "named=1&amp;says=2#says" in parts[0] and "1 to 25 of 61" in parts[0]


def test_a_list_that_is_too_long_to_read_says_so(tmp_path: Path) -> None:
    live = live_store(tmp_path)
    live.bulk_extend(Quad(NamedNode(f"{BASE}x/{number}"), KG.denotes, NamedNode(MAYOR), NamedNode(NEW)) for number in range(5100))
    publish(live, tmp_path)
    text = page(application(tmp_path, tmp_path / "dumps").test_client(), MAYOR)
    assert "hold a part of it only" in text and "1 to 50 of 5,000" in text


@pytest.mark.parametrize(
    ("query", "status"), [("?says=0", 400), ("?says=x", 400), ("?says=%C2%B2", 400), ("?says=9", 404), ("?says=1", 200), ("?other=x", 200)]
)
def test_a_part_that_is_none_is_an_error(linked_client: FlaskClient, query: str, status: int) -> None:
    assert linked_client.get(path_of(MAYOR) + query, headers=HTML).status_code == status


def test_pages_have_no_inline_script_or_style(linked_client: FlaskClient) -> None:
    for path in (*map(path_of, (TOWN, MAYOR, ARTICLE, EVENT, f"{NEW}/time/40-46")), "/dumps", "/ontology", "/shapes", "/id/none"):
        assert not re.search(
            r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", linked_client.get(path, headers=HTML).get_data(as_text=True)
        )


def test_a_page_can_be_used_without_eyes_or_mouse(linked_client: FlaskClient) -> None:
    text = page(linked_client, TOWN)
    assert '<html lang="en">' in text and 'class="skip"' in text and text.count("<h1") == 1 and "<main" in text
    anchors = set(re.findall(r'href="#([^"]+)"', text))
    assert anchors <= set(re.findall(r'id="([^"]+)"', text))


def test_data_that_others_wrote_does_not_break_a_page(tmp_path: Path) -> None:
    live = Store(str(tmp_path / "oxigraph"))
    odd = [
        f'<{BASE}s> a kg:ReportedStatement ; kg:inArticle "no node" ; kg:sentenceMention "x" ; kg:within <{BASE}s> ; kg:act "y" .',
        f'<{BASE}e> a kg:EventMention ; kg:voice "z" ; kg:triggerMention 5 ; kg:eventClass <http://x.example/C> ; kg:time "soon" .',
        f'<{BASE}t> a kg:City , kg:Unheard , <http://x.example/C> ; kg:geonames "<script>" ; kg:wikidata <urn:x> ; rdfs:label [] .',
        f"<{BASE}judgement/j> a kg:Judgement ; kg:judges <{BASE}t> ; kg:comparedWith <{BASE}t> ; kg:score <urn:s> .",
        f'<{BASE}o> a kg:Event ; kg:evidencedBy 7 . <{BASE}a> a kg:Article ; kg:currentVersion "v" .',
        f'<{BASE}v> a kg:ArticleVersion ; kg:published "when" ; kg:sourceUrl <data:text/html,x> .',
        f"<{BASE}é/ü> kg:about <{BASE}t> . <{BASE}q?x=1#y> kg:about <{BASE}q%3Fx> , << <urn:a> <urn:b> <urn:c> >> .",
    ]
    prefixes = f"PREFIX kg: <{KG.namespace}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    live.load((prefixes + "\n".join(odd)).encode(), format=RdfFormat.TURTLE, to_graph=NamedNode("http://x.example/g"))
    publish(live, tmp_path)
    client = application(tmp_path, tmp_path / "dumps").test_client()
    for name in ("s", "e", "t", "judgement/j", "o", "v", "a", "é/ü", "q?x=1#y", "q%3Fx"):
        where = address(BASE + name, BASE)
        assert where is not None
        for form in ("html", "ttl", "nq", "rdf"):
            response = client.get(f"{where}?format={form}")
            assert response.status_code == 200 and b'href="data:text' not in response.data, (name, form, response.data)
