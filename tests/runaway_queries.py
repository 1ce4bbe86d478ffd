"""Queries that would not end, or whose answers would not, and how each ended; small queries that go on beside them."""

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Event
from urllib.parse import quote

_CROSS = "{ ?a ?b ?c . ?d ?e ?f }"
JSON = "application/sparql-results+json"
# The text of each and what its answer is asked for as; demo data is enough, since each multiplies it with itself.
RUNAWAYS = {
    "cross product": ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", JSON),
    "heavy aggregate": (f"SELECT ?b (SUM(STRLEN(CONCAT(STR(?c), STR(?f)))) AS ?n) {_CROSS} GROUP BY ?b", JSON),
    "endless path": ("SELECT (COUNT(*) AS ?n) { ?a (!<http://example.org/y>)+ ?b . ?c (!<http://example.org/z>)* ?d }", JSON),
    "giant sort": (f"SELECT * {_CROSS} ORDER BY ?c ?f", JSON),
    "giant set": (f"SELECT DISTINCT ?a ?c ?d ?f {_CROSS}", JSON),
    "filter that nothing passes": (f"ASK {{ {_CROSS} FILTER(CONCAT(STR(?a), STR(?f)) = '') }}", JSON),
    "huge JSON": (f"SELECT * {_CROSS}", JSON),
    "huge XML": (f"SELECT * {_CROSS}", "application/sparql-results+xml"),
    "huge CSV": (f"SELECT * {_CROSS}", "text/csv"),
    "huge TSV": (f"SELECT * {_CROSS}", "text/tab-separated-values"),
    "huge Turtle": (f"CONSTRUCT {{ ?a ?b ?f }} {_CROSS}", "text/turtle"),
    "huge N-Triples": (f"CONSTRUCT {{ ?a ?b ?f }} {_CROSS}", "application/n-triples"),
}  # fmt: skip
SMALL = (
    "SELECT ?p ?o { <https://w3id.org/news-kg/id/country/afghanistan.af> ?p ?o }",
    "ASK { <https://w3id.org/news-kg/id/country/afghanistan.af> ?p ?o }",
    "PREFIX kg: <https://w3id.org/news-kg/ontology#> SELECT ?event ?name { ?event kg:place ?place . ?place kg:name ?name } LIMIT 20",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a query ended: its status, whether the transfer was whole, how many bytes came, and after how many seconds."""

    status: int
    is_whole: bool
    bytes: int
    seconds: float
    retry_after: str | None
    detail: str

    @property
    def is_complete(self) -> bool:
        """Return whether a client would take this for the answer."""
        return self.status == 200 and self.is_whole


def ask(
    port: int, text: str, accept: str = JSON, *, version: int = 11, timeout: str = "", headers: Mapping[str, str] | None = None
) -> Outcome:
    """Send a query and read what comes to its end; `version` is that of HTTP, 10 or 11, `timeout` the request's own."""
    started = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection._http_vsn = version  # type: ignore[attr-defined] # http.client has no public way
    connection._http_vsn_str = f"HTTP/1.{version - 10}"  # type: ignore[attr-defined]
    try:
        target = f"/sparql?query={quote(text)}" + (f"&timeout={timeout}" if timeout else "")
        connection.request("GET", target, headers={"Accept": accept, **(headers or {})})
        response = connection.getresponse()
        is_whole, size, last = True, 0, b""
        try:
            while part := response.read(262_144):
                size, last = size + len(part), part
        except (http.client.IncompleteRead, ConnectionResetError):
            is_whole = False
        seconds = time.monotonic() - started
        is_problem = response.headers.get_content_type() == "application/problem+json"
        detail = str(json.loads(last)["detail"]) if is_problem else ""
        return Outcome(response.status, is_whole, size, seconds, response.getheader("Retry-After"), detail)
    finally:
        connection.close()


def small_queries(port: int, *, count: int | None = None, until: Event | None = None, pause: float = 0.0) -> list[float]:
    """Ask small queries in turn over one connection, so many or until the event; return the seconds of each. ValueError where one fails."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    taken: list[float] = []
    try:
        while (count is None or len(taken) < count) and not (until and until.is_set()):
            started = time.monotonic()
            connection.request("GET", f"/sparql?query={quote(SMALL[len(taken) % len(SMALL)])}", headers={"Accept": JSON})
            response = connection.getresponse()
            body = response.read()
            if response.status != 200:
                raise ValueError(f"a small query was answered {response.status}: {body[:200]!r}")
            taken.append(time.monotonic() - started)
            time.sleep(pause)
    finally:
        connection.close()
    return taken


def percentile(values: list[float], share: float) -> float:
    """Return the value that a share of the values does not exceed."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]
