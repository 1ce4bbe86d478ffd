"""The pages in a real browser: headless Chromium against `kg serve` on loopback."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode
from urllib.request import urlopen

import pytest

pytest.importorskip("selenium", reason="selenium is not installed")
from browsing import CHROMEDRIVER, CHROMIUM, all_of, barriers, coloured, complaints, focused, open_browser, opened, requested, until
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from served import kg_serve

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(not (CHROMIUM and CHROMEDRIVER), reason="chromium and chromedriver (Debian: chromium-driver) are not installed"),
]
ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js"
needs_editor = pytest.mark.skipif(
    not (ROOT / "server" / "static" / "yasgui" / "yasgui.min.js").exists(), reason="the editor is not fetched; make ui does it"
)
needs_axe = pytest.mark.skipif(not AXE.exists(), reason="axe-core is not fetched; make ui does it")
BASE = "https://w3id.org/news-kg/id/"
SOMEBODY = """PREFIX kg: <https://w3id.org/news-kg/ontology#>
SELECT ?person { ?statement kg:source ?person . ?person a kg:Person } ORDER BY ?person LIMIT 1"""
TABLE, MAP, TIMELINE = ".yasr table.dataTable tbody tr", "svg.map .mark", "svg.timeline .mark"


@pytest.fixture(scope="module")
def address(demo_store: Path) -> Iterator[str]:
    with kg_serve(demo_store) as server:
        yield server.address


@pytest.fixture(scope="module")
def browser() -> Iterator[WebDriver]:
    driver = open_browser({})
    try:
        yield driver
    finally:
        driver.quit()


@pytest.fixture(scope="module")
def plain_browser() -> Iterator[WebDriver]:
    """A browser that runs no scripts."""
    driver = open_browser({"profile.managed_default_content_settings.javascript": 2})
    try:
        yield driver
    finally:
        driver.quit()


@pytest.fixture(scope="module")
def pages(address: str) -> dict[str, str]:
    """The addresses of the pages by name."""
    with urlopen(f"{address}/sparql?{urlencode({'query': SOMEBODY, 'format': 'json'})}", timeout=10) as answer:
        person = json.load(answer)["results"]["bindings"][0]["person"]["value"]
    return {
        "start": f"{address}/",
        "entity": f"{address}/id/{person.removeprefix(BASE)}",
        "query": f"{address}/query",
        "table": f"{address}/query?recipe=who-said-what",
        "map": f"{address}/query?recipe=event-map",
        "timeline": f"{address}/query?recipe=event-timeline",
        "graph": f"{address}/query?recipe=describe-a-place",
    }


DRAWN = {"table": TABLE, "map": MAP, "timeline": TIMELINE, "graph": TABLE}


def shown(browser: WebDriver, pages: dict[str, str], page: str) -> WebDriver:
    """Open a page and wait for what is drawn on it."""
    opened(browser, pages[page])
    if page in DRAWN:
        until(browser, lambda _: all_of(browser, DRAWN[page]), what=DRAWN[page])
    elif page == "query":
        until(browser, lambda _: all_of(browser, ".yasqe .CodeMirror"), what="the editor")
    return browser


def with_editor(*names: str) -> list[object]:
    return [pytest.param(name, marks=needs_editor) for name in names]


@pytest.mark.parametrize("page", ["start", "entity", *with_editor("query", *DRAWN)])
def test_a_page_asks_its_own_server_only_and_its_console_stays_silent(
    browser: WebDriver, pages: dict[str, str], address: str, page: str
) -> None:
    shown(browser, pages, page)
    assert complaints(browser) == []
    assert [url for url in requested(browser) if not url.startswith((f"{address}/", "data:", "about:"))] == []


@needs_axe
@pytest.mark.parametrize("page", ["start", "entity", *with_editor("table", "map", "timeline")])
def test_a_page_has_no_serious_barrier(browser: WebDriver, pages: dict[str, str], page: str) -> None:
    shown(browser, pages, page)
    assert barriers(browser, AXE, {}) == []
    coloured(browser, "dark")
    assert barriers(browser, AXE, {"runOnly": ["color-contrast"]}) == []


def test_the_start_page_answers_a_question(browser: WebDriver, pages: dict[str, str]) -> None:
    shown(browser, pages, "start")
    assert len(all_of(browser, "main tbody tr")) == 8
    assert "things are said" in browser.find_element(By.TAG_NAME, "main").text


def test_an_entity_page_tells_what_it_said(browser: WebDriver, pages: dict[str, str]) -> None:
    shown(browser, pages, "entity")
    assert browser.find_element(By.TAG_NAME, "h1").text
    assert all_of(browser, "main blockquote")


@needs_editor
def test_an_example_is_answered_as_a_table(browser: WebDriver, pages: dict[str, str]) -> None:
    shown(browser, pages, "table")
    assert len(all_of(browser, TABLE)) == 50
    assert "200 results" in browser.find_element(By.CSS_SELECTOR, ".yasr_response_chip").text


@needs_editor
@pytest.mark.parametrize("page", ["map", "timeline"])
def test_a_drawing_says_the_same_in_words(browser: WebDriver, pages: dict[str, str], page: str) -> None:
    shown(browser, pages, page)
    said = "return Array.from(document.querySelectorAll(arguments[0]), mark => [mark.ariaLabel, mark.querySelector('title').textContent])"
    marks = browser.execute_script(said, DRAWN[page])
    assert all(label == title for label, title in marks)
    assert len(all_of(browser, ".in-words tbody tr")) >= len(marks) > 10


@needs_editor
def test_a_map_has_outlines_a_graticule_and_a_scale(browser: WebDriver, pages: dict[str, str]) -> None:
    shown(browser, pages, "map")
    assert len(browser.find_element(By.CSS_SELECTOR, "svg.map .land").get_attribute("d") or "") > 1000
    assert all_of(browser, "svg.map .graticule line")
    assert "km" in browser.find_element(By.CSS_SELECTOR, "svg.map .scale").text


@needs_editor
@pytest.mark.parametrize(("page", "button"), [("map", "All places"), ("timeline", "All times")])
def test_a_drawing_shows_all_when_asked(browser: WebDriver, pages: dict[str, str], page: str, button: str) -> None:
    shown(browser, pages, page)
    before = len(all_of(browser, DRAWN[page]))
    browser.find_element(By.XPATH, f"//button[.='{button}']").click()
    assert len(all_of(browser, DRAWN[page])) == len(all_of(browser, ".in-words tbody tr")) > before


@needs_editor
def test_iris_of_the_graph_lead_to_this_server(browser: WebDriver, pages: dict[str, str], address: str) -> None:
    shown(browser, pages, "graph")
    links = {link.get_attribute("href") for link in all_of(browser, "a.iri") if link.text.startswith("id:")}
    assert f"{address}/id/city/kandahar.af" in links and all(link.startswith(f"{address}/id/") for link in links)


@needs_editor
def test_a_link_brings_a_query_and_its_view(browser: WebDriver, address: str) -> None:
    query = 'SELECT ("Vestby" AS ?label) (59.6 AS ?lat) (10.7 AS ?long) {}'
    opened(browser, f"{address}/query#{urlencode({'query': query, 'view': 'map'}, quote_via=quote)}")
    until(browser, lambda _: all_of(browser, MAP), what="a mark")
    assert all_of(browser, MAP)[0].get_attribute("aria-label") == "Vestby"


@needs_editor
def test_an_update_that_a_link_brings_is_not_sent_by_itself(browser: WebDriver, address: str) -> None:
    opened(browser, f"{address}/query#{urlencode({'query': 'CLEAR ALL'}, quote_via=quote)}")
    until(browser, lambda _: "CLEAR ALL" in browser.find_element(By.CSS_SELECTOR, ".CodeMirror").text, what="the update")
    assert not [url for url in requested(browser) if "/sparql" in url]


@needs_editor
def test_a_wrong_query_gets_the_words_of_the_server(browser: WebDriver, address: str) -> None:
    opened(browser, f"{address}/query#{urlencode({'query': 'SELECT * { ?s ?p }'}, quote_via=quote)}")
    until(browser, lambda _: all_of(browser, "#results [role=alert]"), what="the error")
    assert "parse" in browser.find_element(By.CSS_SELECTOR, "#results [role=alert]").text


@needs_editor
@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("PREFIX kg: <https://w3id.org/news-kg/ontology#>\nSELECT * { ?s kg:quot", "kg:quotation"),
        ("PREFIX sk", "skos: <http://www.w3.org/2004/02/skos/core#>"),
    ],
)
def test_the_editor_completes_with_what_the_graph_knows(browser: WebDriver, pages: dict[str, str], typed: str, completed: str) -> None:
    shown(browser, pages, "query")
    complete = "const editor = document.querySelector('.CodeMirror').CodeMirror; editor.setValue(arguments[0]); editor.setCursor(9, 99)"
    browser.execute_script(f"{complete}; editor.autocomplete()", typed)
    until(browser, lambda _: completed in [hint.text for hint in all_of(browser, ".CodeMirror-hint")], what=completed)
    assert not [url for url in requested(browser) if "prefix.cc" in url or "lov" in url]


@needs_editor
def test_the_link_to_a_query_holds_it(browser: WebDriver, pages: dict[str, str]) -> None:
    shown(browser, pages, "map").find_element(By.ID, "share").click()
    until(browser, lambda _: browser.find_element(By.ID, "shared").text, what="the notice")
    assert "#query=" in browser.current_url and browser.current_url.endswith("&view=map")


@needs_editor
def test_the_keyboard_reaches_the_examples_and_the_editor_and_leaves_it(browser: WebDriver, pages: dict[str, str]) -> None:
    shown(browser, pages, "query")
    assert focused(browser, Keys.TAB).text == "Skip to the content"
    focused(browser, Keys.ENTER)
    assert focused(browser, Keys.TAB).text == "Skip the examples"
    focused(browser, Keys.ENTER)
    assert focused(browser, Keys.TAB).get_attribute("id") == "ask"
    assert focused(browser, Keys.TAB).get_attribute("id") == "share"
    assert focused(browser, Keys.TAB).get_attribute("aria-label") == "SPARQL query"
    assert focused(browser, Keys.TAB).get_attribute("aria-label") != "SPARQL query"


@needs_editor
def test_arrow_keys_go_from_mark_to_mark(browser: WebDriver, pages: dict[str, str]) -> None:
    shown(browser, pages, "map")
    first = browser.find_element(By.CSS_SELECTOR, f"{MAP}[tabindex='0']")
    browser.execute_script("arguments[0].focus()", first)
    second = focused(browser, Keys.ARROW_RIGHT)
    assert second != first
    assert (second.get_attribute("aria-label") or "?") in browser.find_element(By.CSS_SELECTOR, ".said-of-mark").text


def test_without_scripts_the_form_stands_and_asks(plain_browser: WebDriver, address: str) -> None:
    opened(plain_browser, f"{address}/query?recipe=who-said-what")
    assert "SELECT ?published" in (plain_browser.find_element(By.ID, "query").get_attribute("value") or "")
    assert all_of(plain_browser, "nav.examples a[aria-current]")[0].text == "Who said what?"
    assert plain_browser.find_element(By.CSS_SELECTOR, "#plain button").is_displayed()
    assert not plain_browser.find_element(By.ID, "editor").is_displayed()
    plain_browser.find_element(By.CSS_SELECTOR, "#format option[value=json]").click()
    plain_browser.find_element(By.CSS_SELECTOR, "#plain button").click()
    until(plain_browser, lambda _: "/sparql?" in plain_browser.current_url, what="the answer")
    assert "bindings" in plain_browser.page_source


@pytest.mark.parametrize("page", ["start", "entity"])
def test_without_scripts_a_page_says_the_same(plain_browser: WebDriver, browser: WebDriver, pages: dict[str, str], page: str) -> None:
    assert (
        opened(plain_browser, pages[page]).find_element(By.TAG_NAME, "main").text
        == opened(browser, pages[page]).find_element(By.TAG_NAME, "main").text
    )
