"""The HTTP endpoint over a store's published graph: SPARQL at /sparql, reconciliation at /reconcile, a start page; read-only."""

from pathlib import Path

from flask import Flask, Response, render_template

from kg.resources import resource
from server.errors import register_errors
from server.readers import Reader
from server.reconcile import reconcile_blueprint
from server.sparql import sparql_blueprint


def create_app(store_path: Path, *, max_body: int = 1_000_000) -> Flask:
    """Return the application for a store folder; `max_body` is the largest request in bytes.

    A new generation is seen at the next request; kg.generations.NotPublished where there is none.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = max_body
    app.config["MAX_FORM_MEMORY_SIZE"] = max_body
    reader = Reader(store_path)
    app.register_blueprint(sparql_blueprint(reader))
    app.register_blueprint(reconcile_blueprint(reader))
    register_errors(app)

    @app.get("/")
    def start() -> str:
        generation = reader.current()
        return render_template("start.html", counts=generation.counts(), generation=generation.number, example=_example())

    @app.get("/healthz")
    def healthz() -> Response:
        return Response(f"ok, generation {reader.current().number}\n", mimetype="text/plain")

    return app


def _example() -> str:
    return resource("data", "queries", "who-said-which-city-was-taken.rq").read_text(encoding="utf-8")
