"""Puts the endpoint together: /sparql, the graph store, pages for people, dumps, reconciliation, and what operators ask."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response

from kg.store import is_store, read_settings
from server.description import Service
from server.description_answer import CurrentStatistics, description_response
from server.dumps import dumps_blueprint
from server.graph_store import graph_store_blueprint
from server.headers import register_headers
from server.limits import Limits
from server.metrics import Metrics
from server.operations import operations_blueprint, state
from server.page_errors import register_errors
from server.pages import pages_blueprint
from server.pool import Pool
from server.public_address import at_address
from server.query_log import QueryLog
from server.query_page import query_page_blueprint
from server.readers import Reader
from server.reconcile import reconcile_blueprint
from server.schema_pages import schema_blueprint
from server.sparql import SparqlEndpoint
from server.updates import Writing, update_answer
from server.writer import Writer


@dataclass(frozen=True, slots=True)
class Setup:
    """How a server is run, beside its limits.

    With `writable`, it is the one writer of the store, and makes an empty one where none is; without a `token` anyone who
    reaches it may write. `outside` are the beginnings of addresses that SERVICE and LOAD may ask; `public_url` is how
    clients know a server behind a proxy; `licence` is that of the data, as an IRI.
    """

    writable: bool = False
    token: str | None = None
    outside: tuple[str, ...] = ()
    public_url: str | None = None
    licence: str | None = None


def make_app(store_path: Path, limits: Limits, setup: Setup) -> Flask:
    """Return the application for a store folder.

    Raises kg.generations.NotPublished where there is nothing to read, kg.store.BadStore where it cannot be written to, and
    ValueError where the public address is none.
    """
    writing = Writing(_writer(store_path, limits) if setup.writable else None, setup.token, setup.outside)
    reader = Reader(store_path)
    pool = Pool(store_path, limits, fresh=setup.writable)
    statistics = CurrentStatistics(store_path)
    service = Service(limits, setup.writable, setup.outside, setup.licence)
    metrics = Metrics(lambda: state(reader, statistics, pool.counts))
    app = Flask("server")
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = limits.most_body
    app.extensions["pool"], app.extensions["writer"] = pool, writing.writer
    metrics.count_requests(app)
    base = read_settings(store_path)["base"] if is_store(store_path) else None
    dumps = tempfile.TemporaryDirectory(prefix="news-kg-dumps-")
    app.extensions["dumps"] = dumps  # removed with the application
    for blueprint in (
        operations_blueprint(reader, metrics),
        reconcile_blueprint(reader),
        graph_store_blueprint(reader, writing),
        query_page_blueprint(reader),
        pages_blueprint(reader, base),
        dumps_blueprint(reader, Path(dumps.name), base),
        schema_blueprint(),
    ):
        app.register_blueprint(blueprint)
    register_errors(app)
    register_headers(app)

    def describe() -> Response:
        generation = reader.current()
        return description_response(generation, statistics.of(generation), service)

    app.wsgi_app = SparqlEndpoint(  # type: ignore[method-assign]  # as Flask documents for middleware
        app,
        pool,
        QueryLog(metrics.observe_query),
        describe=describe,
        update=lambda operation: update_answer(writing, operation),
        allowed=setup.outside,
    )
    if setup.public_url:
        app.wsgi_app = at_address(app.wsgi_app, setup.public_url)  # type: ignore[assignment,method-assign]
    return app


def close(app: Flask) -> None:
    """End the processes of an application and remove its files."""
    app.extensions["pool"].close()
    if app.extensions["writer"]:
        app.extensions["writer"].close()
    app.extensions["dumps"].cleanup()


def _writer(store_path: Path, limits: Limits) -> Writer:
    return Writer(store_path, deadline=limits.deadline_seconds, wait=limits.wait_seconds, memory=limits.memory_megabytes * 1_000_000)
