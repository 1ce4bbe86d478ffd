"""Puts the endpoint together: /sparql, the graph store, pages for people, dumps, reconciliation, and what operators ask."""

import gc
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, request

from kg.store import is_store, read_settings
from server.description import Service
from server.description_answer import CurrentStatistics, description_response
from server.dumps import dumps_blueprint
from server.graph_store import graph_store_blueprint
from server.headers import OPTIONS, register_headers
from server.limits import Limits
from server.metrics import Metrics
from server.newest import Newest
from server.operations import operations_blueprint, state
from server.page_errors import register_errors
from server.pages import pages_blueprint
from server.pool import Pool
from server.protocol import read_operation
from server.public_address import at_address
from server.query_log import QueryLog
from server.query_page import query_page_blueprint
from server.reconcile import reconcile_blueprint
from server.schema_pages import schema_blueprint
from server.sparql import METHODS, PATH, SparqlEndpoint
from server.updates import Writing, update_answer
from server.views import Views
from server.writer import Writer

if TYPE_CHECKING:
    from a2wsgi.asgi_typing import Receive, Scope, Send


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


class Endpoint:
    """The whole endpoint as an ASGI application; `flask` answers all but queries."""

    def __init__(self, store_path: Path, limits: Limits, setup: Setup) -> None:
        """Start the processes that read, and the one that writes if there is to be one.

        Raises kg.generations.NotPublished where there is nothing to read, kg.store.BadStore where it cannot be written to,
        and ValueError where the public address is none.
        """
        self.writer = _writer(store_path, limits) if setup.writable else None
        self.pool = Pool(store_path, limits, fresh=setup.writable)
        self._dumps = tempfile.TemporaryDirectory(prefix="news-kg-dumps-")
        newest, statistics = Newest(store_path), CurrentStatistics(store_path)
        metrics = Metrics(lambda: state(newest, statistics, self.pool.counts))
        self._log = QueryLog(metrics.observe_query)
        writing = Writing(self.writer, setup.token, setup.outside)
        base = read_settings(store_path)["base"] if is_store(store_path) else None
        self.flask = Flask("server")
        self.flask.config["MAX_CONTENT_LENGTH"] = self.flask.config["MAX_FORM_MEMORY_SIZE"] = limits.most_body
        metrics.count_requests(self.flask)
        for blueprint in (
            operations_blueprint(newest, metrics),
            reconcile_blueprint(newest),
            graph_store_blueprint(newest, writing),
            query_page_blueprint(newest),
            pages_blueprint(newest, base),
            dumps_blueprint(newest, Path(self._dumps.name), base),
            schema_blueprint(),
        ):
            self.flask.register_blueprint(blueprint)
        register_errors(self.flask)
        register_headers(self.flask)
        service = Service(limits, setup.writable, setup.outside, setup.licence)

        @self.flask.route(PATH, methods=METHODS, provide_automatic_options=False)
        def sparql() -> Response:
            """Answer what is no query: a preflight, an update, a request for the description."""
            if request.method == "OPTIONS":
                return Response(status=204, headers=OPTIONS)
            operation = read_operation(request.method, request.query_string, request.headers.get("Content-Type", ""), request.get_data())
            if operation:
                return update_answer(writing, operation, self._log)
            generation = newest.current()
            return description_response(generation, statistics.of(generation), service)

        if setup.public_url:
            self.flask.wsgi_app = at_address(self.flask.wsgi_app, setup.public_url)  # type: ignore[assignment,method-assign]
        self._sparql = SparqlEndpoint(
            Views(self.flask, limits.most_body), self.pool, self._log, allowed=setup.outside, public_url=setup.public_url
        )

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer a request, or start and stop."""
        if scope["type"] == "http":
            await self._sparql(scope, receive, send)
        elif scope["type"] == "lifespan":
            await receive()
            gc.collect()
            gc.freeze()  # what is there now stays: looking through it again and again would cost a tenth of a short query
            await self.pool.begin()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            self.close()
            await send({"type": "lifespan.shutdown.complete"})

    def close(self) -> None:
        """End the processes, and remove the files of the dumps."""
        self.pool.close()
        if self.writer:
            self.writer.close()
        self._log.flush()
        self._dumps.cleanup()


def _writer(store_path: Path, limits: Limits) -> Writer:
    return Writer(store_path, deadline=limits.deadline_seconds, wait=limits.wait_seconds, memory=limits.memory_megabytes * 1_000_000)
