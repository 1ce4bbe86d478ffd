"""A Wikidata of a few items on loopback that misbehaves as the real one does, one misbehaviour a request, in the order given."""

import gzip
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

Json = dict[str, object]
Misbehaviour = Callable[["Handler"], None]
NOW = "Tue, 10 Mar 2026 12:00:00 GMT"


def statement(value: object, *, rank: str = "normal", **qualifiers: str) -> Json:
    """Return a statement; `qualifiers` are times by property ("P585='+2020-00-00T00:00:00Z'")."""
    snaks = {of: [{"snaktype": "value", "datavalue": {"value": {"time": time}}}] for of, time in qualifiers.items()}
    return {"mainsnak": {"snaktype": "value", "datavalue": {"value": value}}, "rank": rank, "qualifiers": snaks}


def entity(qid: str, label: str, *aliases: str, classes: tuple[str, ...] = (), sitelinks: int = 0, **claims: object) -> Json:
    """Return an item as wbgetentities gives it; `claims` are values, or lists of statements, by property."""
    statements = {of: value if isinstance(value, list) else [statement(value)] for of, value in claims.items()}
    if classes:
        statements["P31"] = [statement({"id": of}) for of in classes]
    return {
        "type": "item",
        "id": qid,
        "lastrevid": 1000 + int(qid[1:]),
        "labels": {"en": {"language": "en", "value": label}},
        "aliases": {"en": [{"language": "en", "value": alias} for alias in aliases]},
        "descriptions": {"en": {"language": "en", "value": f"invented {label}"}},
        "claims": statements,
        "sitelinks": {f"{number}wiki": {"title": label} for number in range(sitelinks)},
    }


@dataclass
class FakeWikidata:
    """The items, and what was asked of them."""

    items: Mapping[str, Json]
    merged: Mapping[str, str] = field(default_factory=dict)
    never: frozenset[str] = frozenset()
    """Ids that make a whole request fail with no-such-entity."""
    indexed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Items that the full-text index gives for a GeoNames id, beside those that state it."""
    merged_style: str = "both"
    most_in_answer: int = 50
    names_the_missing: bool = True
    misbehaviours: list[Misbehaviour] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    url: str = ""
    at_once: int = 0
    most_at_once: int = 0

    def answer(self, asked: Mapping[str, str]) -> Json:
        """Return what the API answers to the parameters of a request."""
        if asked["action"] == "wbsearchentities":
            return self._search(asked)
        if asked["action"] == "wbgetentities":
            return self._entities(asked["ids"].split("|"))
        return self._statements(asked)

    def _search(self, asked: Mapping[str, str]) -> Json:
        wanted = asked["search"].casefold()
        hits = [item for item in self.items.values() if any(name.casefold().startswith(wanted) for name in names(item))]
        hits.sort(key=lambda item: -len(item["sitelinks"]))  # type: ignore[arg-type]
        return {
            "searchinfo": {"search": asked["search"]},
            "search": [{"id": item["id"]} for item in hits[: int(asked["limit"])]],
            "success": 1,
        }

    def _entities(self, qids: list[str]) -> Json:
        if len(qids) > 50:
            return error("toomanyvalues", "Too many values supplied for parameter ids. The limit is 50.")
        for qid in qids:
            if qid in self.never:
                named = {"id": qid} if self.names_the_missing else {}
                return error("no-such-entity", f'Could not find an entity with the ID "{qid}".', **named)
        found: Json = {}
        for qid in qids[: self.most_in_answer]:
            target = self.merged.get(qid, qid)
            item = self.items.get(target)
            key = qid if self.merged_style == "asked" else target
            told = {"redirects": {"from": qid, "to": target}} if target != qid and self.merged_style == "both" else {}
            found[key] = {**item, **told} if item else {"id": qid, "missing": ""}
        warning = {"warnings": {"result": {"*": "This result was truncated."}}} if len(qids) > self.most_in_answer else {}
        return {"entities": found, "success": 1, **warning}

    def _statements(self, asked: Mapping[str, str]) -> Json:
        wanted = [part.partition("=")[2] for part in asked["srsearch"].removeprefix("haswbstatement:").split("|")]
        hits = [str(qid) for qid, item in self.items.items() if any(states(item, geonames) for geonames in wanted)]
        hits += [qid for geonames in wanted for qid in self.indexed.get(geonames, ())]
        most = int(asked["srlimit"])
        more = {"continue": {"sroffset": most}} if len(hits) > most else {}
        return {"batchcomplete": "", "query": {"search": [{"ns": 0, "title": qid} for qid in hits[:most]]}, **more}


def names(item: Mapping[str, object]) -> list[str]:
    labels, aliases = item["labels"], item["aliases"]
    return [text["value"] for text in (*labels.values(), *aliases["en"])]  # type: ignore[attr-defined,index,call-overload]


def states(item: Mapping[str, object], geonames: str) -> bool:
    return any(found["mainsnak"]["datavalue"]["value"] == geonames for found in item["claims"].get("P1566", ()))  # type: ignore[attr-defined]


def error(code: str, info: str, **more: str) -> Json:
    return {"error": {"code": code, "info": info, **more}, "servedby": "mw1"}


class Handler(BaseHTTPRequestHandler):
    """One request; the fake it belongs to hangs on the server."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_GET(self) -> None:
        fake = self.server.fake
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        fake.requests.append(asked)
        fake.agents.append(self.headers["User-Agent"])
        fake.at_once += 1
        fake.most_at_once = max(fake.most_at_once, fake.at_once)
        self.close_connection = True
        if "@" not in self.headers["User-Agent"] and "://" not in self.headers["User-Agent"]:
            self.reply(b"Please set a user-agent and respect our robot policy", status=403)
        elif fake.misbehaviours:
            fake.misbehaviours.pop(0)(self)
        else:
            self.reply(fake.answer(asked))
        fake.at_once -= 1

    def reply(self, body: Json | bytes, *, status: int = 200, length: int | None = None, packed: bool = True, **headers: str) -> None:
        """Answer; `length` may be more than there is."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        if packed and not isinstance(body, bytes) and "gzip" in self.headers.get("Accept-Encoding", ""):
            data, headers = gzip.compress(data), {**headers, "Content_Encoding": "gzip"}
        self.send_response_only(status)
        for name, value in {"Date": NOW, "Content_Type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(length or len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        return


class Server(ThreadingHTTPServer):
    fake: FakeWikidata
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that hang up."""


def replying(body: Json | bytes = b"", **how: object) -> Misbehaviour:
    """Return a misbehaviour that sends this answer."""
    return lambda handler: handler.reply(body, **how)  # type: ignore[arg-type]


def silent(handler: Handler) -> None:
    """Close the connection without a word."""
    handler.connection.close()


def slow(handler: Handler) -> None:
    """Say nothing until the client has gone; half a second is longer than the tests' timeout."""
    threading.Event().wait(0.5)


@contextmanager
def serving(fake: FakeWikidata) -> Iterator[FakeWikidata]:
    """Serve a fake on a free port of 127.0.0.1; `url` is its API."""
    with Server(("127.0.0.1", 0), Handler) as server:
        server.fake = fake
        fake.url = f"http://127.0.0.1:{server.server_port}/w/api.php"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield fake
        server.shutdown()
        thread.join()
