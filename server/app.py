"""Puts the endpoint together: SPARQL at /sparql, reconciliation at /reconcile, pages for people."""

from pathlib import Path

from flask import Flask, Response, render_template

from kg.resources import resource
from server.errors import problem, register_errors
from server.headers import register_headers
from server.limits import Limits
from server.pool import Pool
from server.protocol import Operation
from server.query_log import QueryLog
from server.readers import Reader
from server.reconcile import reconcile_blueprint
from server.sparql import SparqlEndpoint


def make_app(store_path: Path, limits: Limits) -> Flask:
    """Return the application for a store folder; kg.generations.NotPublished where nothing is published."""
    app = Flask("server")
    app.config["MAX_CONTENT_LENGTH"] = limits.most_body
    app.config["MAX_FORM_MEMORY_SIZE"] = limits.most_body
    reader = Reader(store_path)
    pool = Pool(store_path, limits)
    app.extensions["pool"] = pool
    app.register_blueprint(reconcile_blueprint(reader))
    register_errors(app)
    register_headers(app)

    @app.get("/")
    def start() -> str:
        generation = reader.current()
        return render_template("start.html", counts=generation.counts(), generation=generation.number, example=_example())

    @app.get("/healthz")
    def healthz() -> Response:
        return Response(f"ok, generation {reader.current().number}\n", mimetype="text/plain")

    app.wsgi_app = SparqlEndpoint(  # type: ignore[method-assign]  # as Flask documents for middleware
        app, pool, QueryLog(), describe=lambda: problem(400, "No query", "send a query"), update=_read_only
    )
    return app


def _read_only(operation: Operation) -> Response:
    return problem(403, "Read-only", "this endpoint is read-only; send queries")


def _example() -> str:
    return resource("data", "queries", "who-said-which-city-was-taken.rq").read_text(encoding="utf-8")
