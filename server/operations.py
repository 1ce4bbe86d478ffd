"""What those who run a server ask it: /healthz, /metrics, /openapi.json, and where programs look for its VoID description."""

import json
from functools import cache
from importlib.resources import files
from typing import TypeAlias

import yaml
from flask import Blueprint, Response, request

from kg import __version__
from kg.generations import Generation, NotPublished
from server.caching import compressed
from server.description_answer import CurrentStatistics
from server.errors import problem
from server.metrics import Metrics, Now
from server.newest import Newest
from server.pool import Counts

Json: TypeAlias = "dict[str, object]"
_NOTHING = "no generation of the store can be read; build it or restore it, and this server will see it"


def operations_blueprint(newest: Newest, metrics: Metrics) -> Blueprint:
    """Return the routes."""
    blueprint = Blueprint("operations", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        generation = readable(newest)
        if generation is None:
            response = problem(503, "No graph", _NOTHING)
            response.headers["Retry-After"] = "10"
        else:
            response = Response(f"ok, generation {generation.number}\n", mimetype="text/plain")
        response.headers["Cache-Control"] = "no-store"
        return response

    @blueprint.get("/metrics")
    def numbers() -> Response:
        return compressed(metrics.response())

    @blueprint.get("/openapi.json")
    def openapi() -> Response:
        return compressed(Response(json.dumps(openapi_document()) + "\n", mimetype="application/json"))

    @blueprint.get("/.well-known/void")
    def void() -> Response:
        return Response(status=303, headers={"Location": f"{request.script_root}/sparql"})

    return blueprint


def readable(newest: Newest) -> Generation | None:
    """Return the newest generation, None where none can be opened."""
    try:
        return newest.current()
    except (NotPublished, OSError, ValueError):  # nothing published, its files are gone or broken, its pointer is no number
        return None


def state(newest: Newest, statistics: CurrentStatistics, counts: Counts) -> Now:
    """Return what a server is doing now."""
    generation = readable(newest)
    counted = statistics.known(generation) if generation else None
    return Now(
        running=counts.running,
        slow=counts.slow,
        waiting=counts.waiting,
        forked=counts.forked,
        generation=generation.number if generation else None,
        published=statistics.published(generation) if generation else None,
        triples=counted.triples if counted else None,
    )


@cache
def openapi_document() -> Json:
    """Return the OpenAPI 3.1 description of the routes, from server/openapi.yaml."""
    document: Json = yaml.safe_load(files("server").joinpath("openapi.yaml").read_text(encoding="utf-8"))
    return {**document, "info": {**_part(document, "info"), "version": __version__}}


def _part(document: Json, name: str) -> Json:
    found = document.get(name)
    return found if isinstance(found, dict) else {}
