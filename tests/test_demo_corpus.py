"""The demo corpus: its articles keep their traits."""

import json
import re
from datetime import date, datetime
from pathlib import Path

import pytest
import yaml

from kg.resources import resource

ARTICLES = resource("data", "articles")
TEXT_FILES = sorted(ARTICLES.glob("*.txt"))
ROWS = [json.loads(line) for path in sorted(ARTICLES.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
PAGE = ARTICLES / "2021-08-07-quillbrook-sheberghan-prison.html"
OUTLETS = {"Marlpost Wire", "The Quillbrook Courier", "Saffron Gate Monitor", "Ostervik Daily"}

FrontMatter = dict[str, str | date]


def read_parts(path: Path) -> tuple[FrontMatter, str]:
    """Split a text file into its front matter and its text."""
    _, head, text = re.split(r"^---\r?\n", path.read_bytes().decode("utf-8"), maxsplit=2, flags=re.MULTILINE)
    return yaml.safe_load(head), text


HEADS = {path.name: read_parts(path)[0] for path in TEXT_FILES}
TEXTS = {path.name: read_parts(path)[1] for path in TEXT_FILES} | {row["id"]: row["text"] for row in ROWS}
VISIBLE_PAGE = re.sub(r"<[^>]+>", " ", PAGE.read_text(encoding="utf-8"))


def test_corpus_holds_at_least_26_articles() -> None:
    assert len(TEXTS) + 1 >= 26


@pytest.mark.parametrize("head", [*HEADS.values(), *ROWS], ids=[*HEADS, *(row["id"] for row in ROWS)])
def test_article_names_title_outlet_author_and_invented_address(head: FrontMatter) -> None:
    assert head["publisher"] in OUTLETS
    assert head["title"]
    assert head["author"]
    assert re.match(r"https://[a-z]+\.example\.org/", str(head["url"]))


@pytest.mark.parametrize("head", [*HEADS.values(), *ROWS], ids=[*HEADS, *(row["id"] for row in ROWS)])
def test_article_was_published_in_the_first_half_of_august_2021(head: FrontMatter) -> None:
    published = head.get("published", "2021-08-01")
    moment = datetime.fromisoformat(published) if isinstance(published, str) else published
    day = moment.date() if isinstance(moment, datetime) else moment
    assert date(2021, 8, 1) <= day <= date(2021, 8, 15)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_article_is_a_short_report(text: str) -> None:
    assert 120 <= len(re.findall(r"\w+", text)) <= 350


def test_only_the_updated_report_shares_its_identity_with_another() -> None:
    identities = [str(head.get("id", head["url"])) for head in [*HEADS.values(), *ROWS]]
    assert {name for name in identities if identities.count(name) > 1} == {"marlpost-210808-kunduz"}


def test_update_is_published_later_with_another_text() -> None:
    first, later = "2021-08-08-marlpost-kunduz.txt", "2021-08-08-marlpost-kunduz-update.txt"
    assert str(HEADS[first]["published"]) < str(HEADS[later]["published"])
    assert TEXTS[first] != TEXTS[later]


def test_two_outlets_run_the_same_wire_text_with_small_edits() -> None:
    wire, copy = (set(re.split(r"(?<=[.])\s+", TEXTS[f"2021-08-06-{outlet}-zaranj.txt"])) for outlet in ("marlpost", "quillbrook"))
    assert wire != copy
    assert len(wire & copy) >= 5


def test_exactly_one_article_has_no_date() -> None:
    assert [name for name, head in HEADS.items() if "published" not in head] == ["undated-ostervik-borders.txt"]


def test_one_article_has_crlf_line_ends_and_the_others_none() -> None:
    assert [path.name for path in TEXT_FILES if b"\r\n" in path.read_bytes()] == ["2021-08-13-marlpost-kandahar.txt"]
    assert not re.search(r"(?<!\r)\n", TEXTS["2021-08-13-marlpost-kandahar.txt"])


def test_git_never_translates_the_line_ends_of_articles() -> None:
    rules = (ARTICLES / ".gitattributes").read_text(encoding="utf-8").splitlines()
    assert {"*.txt -text", "*.html -text", "*.jsonl -text"} <= set(rules)


def test_readme_says_that_people_and_quotations_are_invented() -> None:
    readme = (ARTICLES / "README.md").read_text(encoding="utf-8")
    assert "CC0" in readme
    assert "every quotation" in readme


@pytest.mark.parametrize(
    ("trait", "pattern", "least"),
    [
        ("refusal to comment", r"(declined|refused|would not|will not) (to )?(comment|say)", 8),
        ("not verified", r"could (not )?(be )?(independently )?(verif|confirm|checked)", 6),
        ("unnamed source", r"not to be named|condition of anonymity|wishes to be anonymous|does not want (to be named|his name)", 10),
        ("nested attribution", r"said (that )?[^.“\"]{0,80} had told [^.]{0,60} that", 4),
        ("denial", r"\bden(y|ied|ies)\b", 12),
        ("confirmation", r"\bconfirm(s|ed)\b", 12),
        ("hearsay", r"(is|are) (said|reported) to|reportedly|unconfirmed reports", 5),
        ("bound", r"at least|at most|nearly|no more than|more than|between [\d,]+ and", 15),
        ("relative time", r"past 24 hours|hours (earlier|later)|since (May|July|June)|on (Monday|Friday) (morning|afternoon|evening)", 8),
        ("quotation over paragraphs", r"“[^”]+\n\n“[^”]+", 1),
        ("wrongly turned mark", r"“ [^“”\n]+, “ said", 1),
        ("quotation with a dash", r"^– ", 1),
        ("acronym after the long form", r"[a-z] \([A-Z]{4,6}\)", 5),
        ("social media and statements", r"on (Twitter|Facebook|Telegram)|in a statement|press conference|interview", 10),
        ("credit line", r"^\(Reporting by .*; Editing by .*\)$", 8),
        ("other furniture", r"^(Read also|Read more|Related|Share this|Follow|Download|Sign up|Subscribe|Advertisement|©|By [A-Z])", 12),
    ],
)
def test_corpus_carries_the_trait(trait: str, pattern: str, least: int) -> None:
    carriers = [name for name, text in TEXTS.items() if re.search(pattern, text.replace("\r", ""), re.MULTILINE)]
    assert len(carriers) >= least, f"{trait}: only in {carriers}"


@pytest.mark.parametrize(
    "spellings",
    [
        ("Pul-e-Khumri", "Pul-e Khumri", "Pol-e Khomri"),
        ("Lashkar Gah", "Lashkargah"),
        ("Sar-e-Pul", "Saripul"),
        ("Mazar-i-Sharif", "Mazar-e Sharif"),
    ],
)
def test_place_is_spelled_in_several_ways(spellings: tuple[str, ...]) -> None:
    assert all(any(spelling in text for text in TEXTS.values()) for spelling in spellings)


@pytest.mark.parametrize("words", ["partners use cookies", "Share on Facebook", "Politics", "More from World", "Privacy policy"])
def test_page_has_what_surrounds_an_article_on_the_web(words: str) -> None:
    assert words in VISIBLE_PAGE
