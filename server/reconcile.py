"""/reconcile: the W3C Reconciliation Service API 0.2 over the things of the graph and the embedded catalogue; read-only.

JSONP is not offered: it would run our answer as code in the caller's page, and every answer may be read across origins.
"""

import json
from collections.abc import Iterable

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import BadRequest, NotFound, RequestEntityTooLarge, UnsupportedMediaType

from kg.catalogue import read_catalogue
from kg.limits import count_limit
from server.newest import MadeOfNewest, Newest
from server.reconcile_entries import Entry, catalogue_prefixed
from server.reconcile_facts import sentences, values
from server.reconcile_index import NameIndex
from server.reconcile_manifest import Json, Property, ThingClass, classes, manifest, properties
from server.reconcile_queries import BadQuery, read_json_object, read_query
from server.reconcile_scores import Candidate, reconcile

PATH = "/reconcile"
_TABLE = "reconciliation_limits"
_FORM = "application/x-www-form-urlencoded"
Indexes = MadeOfNewest[NameIndex]


def reconcile_blueprint(newest: Newest) -> Blueprint:
    """Return the service's routes; the names are indexed at the first request of a generation."""
    blueprint = Blueprint("reconcile", __name__)
    indexes = MadeOfNewest(newest, lambda generation: NameIndex(generation, read_catalogue()))

    @blueprint.route(PATH, methods=["GET", "POST"])
    def service() -> Response:
        return _service(newest, indexes)

    @blueprint.get(f"{PATH}/suggest/<any(entity, property, type):what>")
    def suggest(what: str) -> Response:
        return _json({"result": _suggestions(what, request.args.get("prefix", ""), indexes)})

    @blueprint.get(f"{PATH}/flyout/<any(entity, property, type):what>")
    def flyout(what: str) -> Response:
        wanted = request.args.get("id", "")
        if what == "entity":
            return _json({"id": wanted, "html": _preview(wanted, indexes.current())})
        known: dict[str, Property] | dict[str, ThingClass] = {**properties()} if what == "property" else {**classes()}
        if wanted not in known:
            raise NotFound(f"there is no {what} {wanted!r}")
        return _json({"id": wanted, "html": render_template("flyout.html", described=known[wanted])})

    @blueprint.get(f"{PATH}/preview")
    def preview() -> Response:
        return Response(_preview(request.args.get("id", ""), indexes.current()), mimetype="text/html")

    @blueprint.get(f"{PATH}/properties")
    def proposed() -> Response:
        most = _whole_number("limit", otherwise=len(properties())) or len(properties())
        proposed = [{"id": row.id, "name": row.name, "description": row.description} for row in properties().values()][:most]
        return _json({"properties": proposed, "limit": most, **({"type": request.args["type"]} if "type" in request.args else {})})

    @blueprint.after_app_request
    def open_to_all(response: Response) -> Response:
        """Say what may be sent here from another origin, where that is asked; any page may read (server.headers)."""
        if request.method == "OPTIONS" and (request.path == PATH or request.path.startswith(f"{PATH}/")):
            response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
            response.headers["Access-Control-Allow-Headers"] = "*"
        return response

    return blueprint


def _service(newest: Newest, indexes: Indexes) -> Response:
    if request.method == "POST" and request.mimetype != _FORM:
        raise UnsupportedMediaType(f"send queries or extend as {_FORM}")
    try:
        if (text := _parameter("queries")) is not None:
            return _json(_reconciled(read_json_object(text, "queries"), indexes))
        if (text := _parameter("extend")) is not None:
            return _json(_extended(read_json_object(text, "extend"), indexes))
    except BadQuery as error:
        raise BadRequest(str(error)) from error
    if request.method == "POST":
        raise BadRequest("neither queries nor extend was sent; send one of them, a JSON object")
    return _json(manifest(newest.current().base, request.host_url.rstrip("/") + PATH))


def _parameter(name: str) -> str | None:
    given = (request.form if request.method == "POST" else request.args).getlist(name)
    if len(given) > 1:
        raise BadRequest(f"{len(given)} parameters named {name} were sent; send one")
    return given[0] if given else None


def _reconciled(batch: dict[str, object], indexes: Indexes) -> Json:
    """Return the candidates of every query of a batch, each for itself."""
    most = count_limit("batch-most", _TABLE)
    if len(batch) > most:
        raise RequestEntityTooLarge(f"{len(batch)} queries in one batch; send at most {most} (batchSize in the manifest)")
    index = indexes.current()
    return {key: _answered(value, index) for key, value in batch.items()}


def _answered(value: object, index: NameIndex) -> Json:
    try:
        query = read_query(value)
    except BadQuery as error:
        return {"result": [], "error": str(error)}
    return {"result": [_candidate(candidate) for candidate in reconcile(query, index)]}


def _candidate(candidate: Candidate) -> Json:
    entry = candidate.entry
    return {
        "id": entry.id,
        "name": entry.name,
        "description": entry.description,
        "type": _types(entry),
        "score": candidate.score,
        "features": [{"id": name, "value": value} for name, value in candidate.features],
        "match": candidate.match,
    }


def _extended(wanted: dict[str, object], indexes: Indexes) -> Json:
    ids, asked = wanted.get("ids"), wanted.get("properties")
    if not isinstance(ids, list) or not isinstance(asked, list) or not all(isinstance(entry_id, str) for entry_id in ids):
        raise BadQuery("extend needs ids, a list of strings, and properties, a list of objects with id")
    if len(ids) > (most := count_limit("extended-most", _TABLE)):
        raise RequestEntityTooLarge(f"{len(ids)} ids in one request; send at most {most}")
    columns = dict(_column(item) for item in asked)
    index = indexes.current()
    rows: Json = {}
    for entry_id in ids:
        entry = next(iter(index.identified(entry_id)), None)
        rows[entry_id] = {name: values(entry, name, index)[:limit] if entry else [] for name, limit in columns.items()}
    return {"meta": [{"id": name, "name": properties()[name].name} for name in columns], "rows": rows}


def _column(item: object) -> tuple[str, int | None]:
    """Return a property that is asked for and how many of its values; None for all."""
    wanted = item.get("id") if isinstance(item, dict) else None
    if not isinstance(item, dict) or not isinstance(wanted, str) or wanted not in properties():
        raise BadQuery(f"property {json.dumps(wanted)[:80]} is not known; there are {', '.join(properties())}")
    settings = item.get("settings")
    limit = settings.get("limit") if isinstance(settings, dict) else None
    try:
        most = int(limit or 0)
    except (TypeError, ValueError, OverflowError) as error:
        raise BadQuery(f"limit of property {wanted!r} is {json.dumps(limit)[:80]}; send a number") from error
    return wanted, most if most > 0 else None


def _suggestions(what: str, prefix: str, indexes: Indexes) -> list[Json]:
    """Return one page of what begins with a prefix; `cursor` says how many to pass over."""
    start = _whole_number("cursor", otherwise=0)
    page = slice(start, start + count_limit("suggestions", _TABLE))
    if what == "entity":
        return [
            {"id": entry.id, "name": entry.name, "description": entry.description, "notable": _types(entry)}
            for entry in _entities(prefix, indexes.current())[page]
        ]
    if what == "property":
        found = [row for row in properties().values() if _begins(prefix, (row.id, row.name))]
        return [{"id": row.id, "name": row.name, "description": row.description} for row in found[page]]
    return [kind.json() for kind in classes().values() if _begins(prefix, (kind.id, kind.name))][page]


def _entities(prefix: str, index: NameIndex) -> list[Entry]:
    """Return what an identifier means, or what has a name with the prefix: things first, whole names first."""
    if found := index.identified(prefix):
        return found
    things = index.prefixed(prefix)
    linked = {entry.qid for entry in things if entry.qid}
    items = [
        item for item in catalogue_prefixed(index.catalogue, prefix, most=count_limit("suggestions-most", _TABLE)) if item.qid not in linked
    ]
    whole = prefix.strip().lower()
    return sorted(
        (*things, *items),
        key=lambda entry: (bool(entry.source), not entry.name.lower().startswith(whole), -entry.population, entry.name, entry.id),
    )


def _begins(prefix: str, names: Iterable[str]) -> bool:
    wanted = prefix.strip().lower()
    return any(name.lower().startswith(wanted) or f" {wanted}" in name.lower() for name in names)


def _preview(entry_id: str, index: NameIndex) -> str:
    entry = next(iter(index.identified(entry_id)), None)
    if entry is None:
        raise NotFound(f"there is no thing {entry_id!r} in the graph and no such item in the embedded catalogue")
    return render_template(
        "preview.html", entry=entry, names=entry.names[: count_limit("names-shown", _TABLE)], sentences=sentences(entry, index)
    )


def _types(entry: Entry) -> list[Json]:
    return [{"id": kind, "name": classes()[kind].name} for kind in entry.kinds]


def _whole_number(name: str, *, otherwise: int) -> int:
    text = request.args.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadRequest(f"{name} is {text!r}; send a whole number")
    return int(text) if text else otherwise


def _json(body: Json) -> Response:
    return Response(json.dumps(body) + "\n", mimetype="application/json")
