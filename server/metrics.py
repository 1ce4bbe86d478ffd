"""/metrics in the Prometheus text format: requests, queries, readers, and the generation that is served.

Each application has a registry of its own. Labels take few values: routes as they are declared and never paths, statuses,
forms of queries, reasons out of a list.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import get_args

from flask import Flask, Response, request
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from server.answers import Reason
from server.query_log import Entry
from server.reading import FORMS

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)  # bounds of the histogram
_FORMS = frozenset({*FORMS, "update"})
_REASONS = frozenset(get_args(Reason))
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "QUERY"})


@dataclass(frozen=True, slots=True)
class Now:
    """What a server is doing at the moment of a scrape; `published` is the Unix time in seconds of the generation it serves."""

    running: int
    slow: int
    waiting: int
    forked: int
    generation: int | None
    published: float | None
    triples: int | None


class Metrics:
    """The numbers of one application; safe to use from many threads."""

    def __init__(self, now: Callable[[], Now]) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # when each counter began: twice the lines, and nobody asks
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "news_kg_requests", "Requests by route, method and class of status", ("route", "method", "status"), registry=self._registry
        )
        self._queries = Counter("news_kg_queries", "Queries and updates by form and status", ("form", "status"), registry=self._registry)
        self._seconds = Histogram(
            "news_kg_query_seconds",
            "Time from a query's arrival to the end of its answer",
            ("form",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._rows = Counter("news_kg_answer_rows", "Solutions and triples sent", ("form",), registry=self._registry)
        self._bytes = Counter("news_kg_answer_bytes", "Bytes of answers before compression", ("form",), registry=self._registry)
        self._ended = Counter("news_kg_queries_ended", "Queries without a whole answer, by reason", ("reason",), registry=self._registry)
        for reason in sorted(_REASONS):
            self._ended.labels(reason)  # a reason that has not been met is 0, and not missing
        self._registry.register(_NowCollector(now))
        ProcessCollector(registry=self._registry)

    def observe_query(self, entry: Entry) -> None:
        """Count one query or update that has ended; for server.query_log.QueryLog."""
        form = entry.form if entry.form in _FORMS else "unknown"
        self._queries.labels(form, str(entry.status)).inc()
        self._seconds.labels(form).observe(entry.seconds)
        self._rows.labels(form).inc(entry.rows)
        self._bytes.labels(form).inc(entry.bytes)
        if entry.ended:
            self.ended(entry.ended)

    def ended(self, reason: str) -> None:
        """Count a query that ended before its answer was whole."""
        self._ended.labels(reason if reason in _REASONS else "other").inc()

    def observe_request(self, route: str, method: str, status: int) -> None:
        """Count one request; `route` is as it is declared, never a path."""
        self._requests.labels(route, method if method in _METHODS else "other", f"{status // 100}xx").inc()

    def count_requests(self, app: Flask) -> None:
        """Count all requests that reach an application; queries do not, they are told of by `observe_query`."""

        @app.after_request
        def count(response: Response) -> Response:
            self.observe_request(request.url_rule.rule if request.url_rule else "none", request.method, response.status_code)
            return response

    def text(self) -> bytes:
        """Return all numbers in the Prometheus text format."""
        return bytes(generate_latest(self._registry))

    def response(self) -> Response:
        """Return them as an answer that no cache keeps."""
        return Response(self.text(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


class _NowCollector(Collector):
    """Asks for the state of the server at each scrape."""

    def __init__(self, now: Callable[[], Now]) -> None:
        self._now = now

    def describe(self) -> list[Metric]:
        """Nothing is known before the first scrape."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges of this moment."""
        now = self._now()
        yield GaugeMetricFamily("news_kg_readers_running", "Queries in readers for short queries", value=now.running)
        yield GaugeMetricFamily("news_kg_readers_slow", "Queries in readers for long queries", value=now.slow)
        yield GaugeMetricFamily("news_kg_requests_waiting", "Requests that wait for a reader", value=now.waiting)
        yield CounterMetricFamily("news_kg_readers_started", "Reader processes started", value=now.forked)
        yield GaugeMetricFamily("news_kg_up", "1 where a generation can be read", value=0 if now.generation is None else 1)
        if now.generation is not None:
            yield GaugeMetricFamily("news_kg_generation", "Number of the generation that is served", value=now.generation)
        if now.published is not None:
            text = "Unix time at which the generation that is served was published"
            yield GaugeMetricFamily("news_kg_generation_published_timestamp_seconds", text, value=now.published)
        if now.triples is not None:
            yield GaugeMetricFamily("news_kg_triples", "Triples of the default graph, as counted when it was published", value=now.triples)
