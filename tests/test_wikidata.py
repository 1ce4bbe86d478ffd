"""The live service: every way in which it misbehaves, over real HTTP on loopback; nobody sleeps."""

import ast
from datetime import date
from pathlib import Path

import pytest
from wikidata_fake import FakeWikidata, Misbehaviour, entity, error, replying, silent, slow, statement

from kg.limits import limit
from kg.wikidata import LIMITS, NoContact, Stopped, Wikidata
from kg.wikidata_cache import AnswerCache
from kg.wikidata_lookup import Lookup

ROOT = Path(__file__).parent.parent
CONTACT = "desk@velmar.example"
DAY = date(2026, 3, 10)
MOST_BYTES = 20_000
ITEMS = {
    "Q11": entity("Q11", "Velmar", "Velmarr", classes=("Q515",), sitelinks=9, P1566="4001"),
    "Q12": entity("Q12", "Velmar", classes=("Q5",), sitelinks=3),
    "Q13": entity("Q13", "Velmar University", sitelinks=1, P1566=[statement("4002"), statement("4003")]),
    "Q14": entity("Q14", "Osterholm", P1566="4003"),
}


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def client(fake: FakeWikidata, slept: list[float]) -> Wikidata:
    return Wikidata(CONTACT, url=fake.url, timeout=0.2, most_bytes=MOST_BYTES, sleep=slept.append)


@pytest.fixture
def lookup(client: Wikidata, tmp_path: Path) -> Lookup:
    return Lookup(client, cache_in(tmp_path))


def cache_in(folder: Path, on: date = DAY) -> AnswerCache:
    return AnswerCache(folder / "cache", on=on, days=30)


def labels(lookup: Lookup, *qids: str) -> dict[str, str | None]:
    return {qid: known.facts.label if known.facts else None for qid, known in lookup.items(qids).items()}


@pytest.mark.parametrize("contact", ["", "  ", "me", "python-requests/2.32", "me@home", "https://localhost", "a@b.example\r\nX-Evil: 1"])
def test_nobody_goes_online_without_a_contact(contact: str) -> None:
    with pytest.raises(NoContact, match="give --contact"):
        Wikidata(contact)


def test_a_request_names_its_program_and_contact_and_minds_the_lag(client: Wikidata, fake: FakeWikidata) -> None:
    client.ask({"action": "wbgetentities", "ids": "Q11"}, expected="entities")
    assert fake.agents[0].startswith("news-kg/") and f"({CONTACT})" in fake.agents[0]
    assert fake.requests == [{"action": "wbgetentities", "ids": "Q11", "format": "json", "maxlag": "5"}]


PASSING: dict[str, tuple[Misbehaviour, float]] = {
    "lag inside HTTP 200": (replying(error("maxlag", "Waiting for db1: 6 seconds lagged."), Retry_After="7"), 7),
    "lag without a wait": (replying(error("maxlag", "Waiting for db1: 6 seconds lagged.")), 5),
    "rate limit inside HTTP 200": (replying(error("ratelimited", "You've exceeded your rate limit.")), 5),
    "internal error inside HTTP 200": (replying(error("internal_api_error_DBQueryError", "[x] Caught exception")), 5),
    "429 with seconds": (replying(b"Too many requests", status=429, Retry_After="11"), 11),
    "429 with a date": (replying(b"", status=429, Retry_After="Tue, 10 Mar 2026 12:00:42 GMT"), 42),
    "429 with a date that has passed": (replying(b"", status=429, Retry_After="Tue, 10 Mar 2026 11:00:00 GMT"), 0),
    "429 with nonsense": (replying(b"", status=429, Retry_After="soon"), 5),
    "503": (replying(b"<html>Wikimedia Error</html>", status=503, Retry_After="3"), 3),
    "500": (replying(b"", status=500), 5),
    "empty body": (replying(b""), 5),
    "empty object": (replying({}), 5),
    "other object": (replying({"batchcomplete": ""}), 5),
    "list": (replying(b"[]"), 5),
    "HTML": (replying(b"<!DOCTYPE html><title>Wikidata</title>"), 5),
    "truncated JSON": (replying(b'{"entities": {"Q11": {"type": "it'), 5),
    "body shorter than it says": (replying(b'{"entities": {"Q11"', length=4000), 5),
    "body that does not unpack": (replying(b"not packed at all", Content_Encoding="gzip"), 5),
    "closed connection": (silent, 5),
    "silence": (slow, 5),
}


@pytest.mark.parametrize("name", PASSING)
def test_what_passes_is_waited_for_and_never_kept(name: str, lookup: Lookup, fake: FakeWikidata, slept: list[float]) -> None:
    misbehaviour, wait = PASSING[name]
    fake.misbehaviours.append(misbehaviour)
    assert labels(lookup, "Q11") == {"Q11": "Velmar"}
    assert slept == [wait]
    assert len(fake.requests) == 2 and len(list(lookup.cache.folder.rglob("*.json"))) == 1


def test_waits_double_until_the_run_gives_up(lookup: Lookup, fake: FakeWikidata, slept: list[float]) -> None:
    fake.misbehaviours += [replying(b"", status=502)] * 9
    assert labels(lookup, "Q11") == {}
    assert slept == [5, 10, 20, 40] and lookup.unanswered == 1
    assert "HTTP 502 Bad Gateway, 5 times in a row; run again later" in str(lookup.stopped)
    assert not list(lookup.cache.folder.rglob("*.json"))


def test_once_stopped_only_the_cache_answers(lookup: Lookup, fake: FakeWikidata) -> None:
    assert labels(lookup, "Q11") == {"Q11": "Velmar"}
    fake.misbehaviours += [replying(b"", status=502)] * 5
    lookup.search("Velmar")
    asked = len(fake.requests)
    assert labels(lookup, "Q11", "Q12") == {"Q11": "Velmar"}
    assert (len(fake.requests), lookup.unanswered) == (asked, 2)


def test_a_wait_beyond_reason_ends_the_run_at_once(lookup: Lookup, fake: FakeWikidata, slept: list[float]) -> None:
    fake.misbehaviours.append(replying(b"", status=429, Retry_After="86400"))
    assert labels(lookup, "Q11") == {} and slept == []
    assert "asks to wait 86400 s" in str(lookup.stopped)


@pytest.mark.parametrize(
    ("misbehaviour", "message"),
    [
        (replying(b"Please respect our robot policy", status=403), "HTTP 403: the service refuses this program; see that --contact"),
        (replying(b"", status=302, Location="http://127.0.0.1:9/other"), "leads to http://127.0.0.1:9/other, which is not followed"),
        (replying(b"", status=404), "no API answers there"),
    ],
)
def test_a_refusal_ends_the_run_and_says_why(misbehaviour: Misbehaviour, message: str, lookup: Lookup, fake: FakeWikidata) -> None:
    fake.misbehaviours.append(misbehaviour)
    assert labels(lookup, "Q11") == {} and len(fake.requests) == 1
    assert message in str(lookup.stopped)


def test_a_generic_agent_is_refused_by_the_fake_as_by_the_service(fake: FakeWikidata, client: Wikidata) -> None:
    client.agent = "Python-urllib/3.11"
    with pytest.raises(Stopped, match="HTTP 403"):
        client.ask({"action": "wbgetentities", "ids": "Q11"}, expected="entities")


def test_a_question_that_the_service_finds_wrong_stops_nothing(lookup: Lookup, fake: FakeWikidata) -> None:
    fake.misbehaviours.append(replying(error("badvalue", "Unrecognized value")))
    assert (lookup.search("Velmar"), lookup.stopped, lookup.unanswered) == ((), None, 1)
    assert lookup.search("Velmar") == ("Q11", "Q12", "Q13")


def test_the_budget_ends_a_run_and_the_next_goes_on(fake: FakeWikidata, tmp_path: Path) -> None:
    names = ("Velmar", "Osterholm", "Nowhere")
    first = Lookup(Wikidata(CONTACT, url=fake.url, budget=2), cache_in(tmp_path))
    assert [first.search(name) for name in names] == [("Q11", "Q12", "Q13"), ("Q14",), ()]
    assert first.unanswered == 1 and "budget of 2 requests is spent; run again to go on" in str(first.stopped)
    second = Lookup(Wikidata(CONTACT, url=fake.url, budget=2), cache_in(tmp_path))
    assert [second.search(name) for name in names] == [("Q11", "Q12", "Q13"), ("Q14",), ()]
    assert second.unanswered == 0 and len(fake.requests) == 3


def test_requests_sent_again_count(fake: FakeWikidata) -> None:
    fake.misbehaviours += [replying(b"", status=503)] * 3
    client = Wikidata(CONTACT, url=fake.url, budget=2, sleep=lambda _: None)
    with pytest.raises(Stopped, match="budget"):
        client.ask({"action": "wbgetentities", "ids": "Q11"}, expected="entities")
    assert (client.asked, len(fake.requests)) == (2, 2)


def test_ids_go_fifty_at_a_time_and_one_request_after_the_other(lookup: Lookup, fake: FakeWikidata) -> None:
    qids = [f"Q{number}" for number in range(100, 221)]
    assert labels(lookup, *qids, *qids) == dict.fromkeys(qids)
    assert [len(asked["ids"].split("|")) for asked in fake.requests] == [50, 50, 21]
    assert fake.most_at_once == 1


def test_a_missing_item_is_kept_as_missing(lookup: Lookup, fake: FakeWikidata) -> None:
    assert labels(lookup, "Q99") == labels(lookup, "Q99") == {"Q99": None}
    assert len(fake.requests) == 1 and lookup.unanswered == 0


@pytest.mark.parametrize("named", [True, False])
def test_an_id_that_never_was_does_not_spoil_its_batch(named: bool, lookup: Lookup, fake: FakeWikidata) -> None:
    fake.never, fake.names_the_missing = frozenset({"Q98", "Q97"}), named
    wanted = {"Q11": "Velmar", "Q12": "Velmar", "Q14": "Osterholm", "Q97": None, "Q98": None}
    assert labels(lookup, "Q11", "Q98", "Q12", "Q97", "Q14") == wanted
    asked = len(fake.requests)
    assert labels(lookup, *wanted) == wanted and len(fake.requests) == asked


@pytest.mark.parametrize("style", ["asked", "target", "both"])
def test_a_merged_item_answers_with_its_present_id(style: str, lookup: Lookup, fake: FakeWikidata) -> None:
    fake.merged, fake.merged_style = {"Q50": "Q14"}, style
    known = lookup.items(["Q11", "Q50"])
    assert {qid: found.facts.qid for qid, found in known.items() if found.facts} == {"Q11": "Q11", "Q50": "Q14"}


def test_items_left_out_of_a_large_answer_are_asked_for_again(lookup: Lookup, fake: FakeWikidata) -> None:
    fake.most_in_answer = 2
    assert len(labels(lookup, "Q11", "Q12", "Q13", "Q14", "Q99")) == 5
    assert lookup.unanswered == 0


def test_an_answer_too_large_is_asked_for_in_halves(lookup: Lookup, fake: FakeWikidata) -> None:
    fake.misbehaviours.append(replying(b" " * (MOST_BYTES + 1)))
    assert labels(lookup, "Q11", "Q12") == {"Q11": "Velmar", "Q12": "Velmar"}
    assert [asked["ids"] for asked in fake.requests] == ["Q11|Q12", "Q11", "Q12"]


def test_an_item_too_large_alone_is_unanswered(lookup: Lookup, fake: FakeWikidata) -> None:
    fake.misbehaviours.append(replying({"entities": {}, "padding": " " * MOST_BYTES}))  # small once packed
    assert labels(lookup, "Q11") == {} and (lookup.unanswered, lookup.stopped) == (1, None)


def test_ids_that_are_none_are_never_sent(lookup: Lookup, fake: FakeWikidata) -> None:
    assert (lookup.items(["", "Q0", "P31", "Q1|Q2"]), lookup.with_geonames(["", "x", "4|5"])) == ({}, {})
    assert fake.requests == []


def test_a_geonames_id_leads_to_the_items_that_state_it(lookup: Lookup, fake: FakeWikidata) -> None:
    assert lookup.with_geonames(["4001", "4003", "4009"]) == {"4001": ("Q11",), "4003": ("Q13", "Q14"), "4009": ()}
    assert fake.requests[0]["srsearch"] == "haswbstatement:P1566=4001|P1566=4003|P1566=4009"
    asked = len(fake.requests)
    assert lookup.with_geonames(["4003"]) == {"4003": ("Q13", "Q14")} and len(fake.requests) == asked


def test_what_the_index_says_counts_only_if_the_item_says_so(lookup: Lookup, fake: FakeWikidata) -> None:
    fake.indexed = {"4001": ("Q12", "Q99")}
    assert lookup.with_geonames(["4001"]) == {"4001": ("Q11",)}


def test_a_geonames_query_keeps_to_the_services_length(lookup: Lookup, fake: FakeWikidata) -> None:
    assert len(lookup.with_geonames([str(number) for number in range(1000000, 1000050)])) == 50
    assert len(fake.requests) == 3 and all(len(asked["srsearch"]) <= limit("query-characters", LIMITS) for asked in fake.requests)


def test_geonames_ids_with_more_hits_than_one_answer_holds_are_halved(lookup: Lookup, fake: FakeWikidata) -> None:
    fake.indexed = {"4001": tuple(f"Q{number}" for number in range(200, 249)), "4003": ("Q250", "Q251")}
    assert lookup.with_geonames(["4001", "4003"]) == {"4001": ("Q11",), "4003": ("Q13", "Q14")}


def test_a_geonames_id_whose_items_cannot_be_read_is_left_open(lookup: Lookup, fake: FakeWikidata) -> None:
    fake.misbehaviours += [lambda handler: handler.reply(fake.answer(fake.requests[-1])), *[replying(b"", status=502)] * 5]
    assert lookup.with_geonames(["4001"]) == {}
    assert lookup.stopped and cache_in(lookup.cache.folder.parent).read("P1566/4001") is None


def test_the_same_questions_in_another_order_leave_the_same_bytes(fake: FakeWikidata, tmp_path: Path) -> None:
    def kept(folder: Path, *names: str) -> dict[str, bytes]:
        lookup = Lookup(Wikidata(CONTACT, url=fake.url), cache_in(folder))
        for name in names:
            lookup.items(lookup.search(name))
        return {path.name: path.read_bytes() for path in sorted(folder.rglob("*.json"))}

    there, back = kept(tmp_path / "a", "Velmar", "Osterholm"), kept(tmp_path / "b", "Osterholm", "Velmar")
    assert there == back and len(there) == 6
    assert all(b'"asked": "2026-03-10"' in file for file in there.values())


def test_without_a_client_a_full_cache_answers(lookup: Lookup, tmp_path: Path) -> None:
    asked = (lookup.search("Velmar"), labels(lookup, "Q11"), lookup.with_geonames(["4001"]))
    offline = Lookup(None, cache_in(tmp_path))
    assert (offline.search("Velmar"), labels(offline, "Q11"), offline.with_geonames(["4001"])) == asked
    assert (offline.stopped, offline.unanswered) == (None, 0)
    assert (offline.search("Osterholm"), offline.stopped, offline.unanswered) == ((), "only the cache is asked", 1)


@pytest.mark.parametrize(("on", "requests"), [(date(2026, 4, 9), 1), (date(2026, 4, 10), 2), (date(2026, 1, 1), 1)])
def test_an_answer_grows_old_by_the_callers_date(on: date, requests: int, lookup: Lookup, fake: FakeWikidata, tmp_path: Path) -> None:
    lookup.search("Osterholm")
    Lookup(lookup.client, cache_in(tmp_path, on)).search("Osterholm")
    assert len(fake.requests) == requests


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"question": "other", "asked": "2026-03-10", "answer": []}', b'{"asked": 3}', b"\xff"]
)
def test_a_broken_cache_file_is_asked_for_again(damage: bytes, lookup: Lookup, fake: FakeWikidata) -> None:
    lookup.search("Osterholm")
    (path,) = lookup.cache.folder.rglob("*.json")
    path.write_bytes(damage)
    assert lookup.search("Osterholm") == ("Q14",) and len(fake.requests) == 2


def test_only_the_client_speaks_to_the_network() -> None:
    network = ("socket", "ssl", "http", "urllib.request", "urllib3", "requests", "httpx", "asyncio", "ftplib", "smtplib", "aiohttp")
    found = set()
    for path in sorted((ROOT / "kg").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            imported = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            imported += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            if any(name == one or name.startswith(f"{one}.") for name in imported for one in network):
                found.add(path.name)
    assert found == {"wikidata.py"}
