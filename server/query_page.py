"""The start page and the query page, for people: both answer as plain HTML, and get an editor and drawings where the browser can."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, render_template, request
from pyoxigraph import Literal, QuerySolutions
from werkzeug.exceptions import NotFound

from kg.dump import PREFIXES
from kg.generations import Generation
from kg.limits import count_limit
from kg.vocab import FOREIGN, KG
from server.caching import compressed
from server.cookbook import Recipe, Result, recipes
from server.newest import MadeOfNewest, Newest

_SHOWN = "who-said-which-city-was-taken"  # the question that the start page answers, and the first that the editor holds
XSD = FOREIGN["xsd"]
_TABLE = "query_page_limits"
_TITLES: dict[Result, str] = {"map": "Drawn on a map", "timeline": "Drawn on a time line", "table": "As a table", "graph": "As a graph"}


@dataclass(frozen=True, slots=True)
class Answer:
    """The first rows of a recipe's answer as text, and whether there are more."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class _Contents:
    """What the start page says of one generation; worked out once, since it reads much of the graph."""

    generation: int
    counts: Mapping[str, int]
    answer: Answer


def query_page_blueprint(newest: Newest) -> Blueprint:
    """Return the routes `/` and `/query`, and press the static files on their way out."""
    blueprint = Blueprint("query_page", __name__)
    contents = MadeOfNewest(newest, _contents)

    @blueprint.get("/")
    def start() -> Response:
        told = contents.current()
        drawn = [recipe for recipe in recipes() if recipe.result in ("map", "timeline")]
        return _page(
            render_template(
                "start.html",
                answer=told.answer,
                counts=told.counts,
                drawn=drawn,
                generation=told.generation,
                questions=len(recipes()),
                recipe=_recipe(_SHOWN),
            )
        )

    @blueprint.get("/query")
    def query() -> Response:
        name = request.args.get("recipe")
        recipe = _recipe(name or _SHOWN)
        given = request.args.get("query", "")
        text = given or recipe.text
        base = newest.current().base
        settings = {
            "base": base,
            "classes": [KG[term].value for term in KG if term[0].isupper()],
            "is_given": bool(given or name),
            "prefixes": {**PREFIXES, "id": base, "rdf": FOREIGN["rdf"].namespace},
            "properties": [KG[term].value for term in KG if term[0].islower()],
            "view": recipe.result,
        }
        return _page(
            render_template(
                "query.html",
                groups=_groups(),
                has_editor=has_editor(current_app),
                recipe=recipe if name and not given else None,
                settings=settings,
                text=text,
            )
        )

    @blueprint.after_app_request
    def press_static(response: Response) -> Response:
        """Press the editor's files, which are large; browsers keep them and ask with their ETag."""
        if request.endpoint != "static" or response.status_code != 200:
            return response
        response.direct_passthrough = False
        response.make_sequence()
        tag, _ = response.get_etag()
        if tag:
            response.set_etag(tag, weak=True)
        return compressed(response)

    return blueprint


def _contents(generation: Generation) -> _Contents:
    return _Contents(generation.number, generation.counts(), first_rows(generation, _recipe(_SHOWN)))


def first_rows(generation: Generation, recipe: Recipe) -> Answer:
    """Return the first rows of the answer to a recipe that asks for a table; made and read in the calling thread."""
    found = generation.query(recipe.text)
    if not isinstance(found, QuerySolutions):
        raise TypeError(f"recipe {recipe.name!r} asks for no table; name one with SELECT")
    columns = tuple(variable.value for variable in found.variables)
    shown = count_limit("start-rows", _TABLE)
    rows = [tuple(_text(row[column]) for column in columns) for row in islice(found, shown + 1)]
    return Answer(columns, tuple(rows[:shown]), len(rows) > shown)


def has_editor(app: Flask) -> bool:
    """Return whether `make ui` has fetched the editor into the static files of the application."""
    return app.static_folder is not None and Path(app.static_folder, "yasgui", "yasgui.min.js").exists()


def _text(term: object) -> str:
    """Return a term as people read it; a moment to the minute, since all times of the graph are in UTC."""
    if not isinstance(term, Literal):
        return str(term or "")
    return term.value[:16].replace("T", " ") if term.datatype == XSD.dateTime else term.value


def _recipe(name: str) -> Recipe:
    for recipe in recipes():
        if recipe.name == name:
            return recipe
    raise NotFound(f"there is no example {name!r}; /query lists those there are")


def _groups() -> list[tuple[str, list[Recipe]]]:
    """Return the examples by how their answers are best looked at, the drawn ones first."""
    return [(title, [recipe for recipe in recipes() if recipe.result == result]) for result, title in _TITLES.items()]


def _page(text: str) -> Response:
    """Return a page with an ETag of its words; browsers ask again each time."""
    response = Response(text, mimetype="text/html")
    response.add_etag(weak=True)
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return compressed(response)
