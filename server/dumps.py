"""/dump.ttl, /dump.trig and /dump.nq: the whole graph as sorted files, made once a generation and served from a cache folder.

A dump is made by a thread of its own at the first request for it; who has waited long enough is told to come back. The
files lie outside the store, which may be read-only, and those of older generations are removed.
"""

import gzip
import io
import logging
import re
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock, Thread
from typing import cast, get_args

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import HTTPException, ServiceUnavailable
from werkzeug.utils import send_file

from kg import __version__
from kg.dump import Format, write_dump
from kg.generations import Generation
from kg.limits import count_limit, limit
from server.caching import accepts_coding, compressed
from server.newest import Newest
from server.page_errors import answer_error

_TABLE = "page_limits"
FORMATS: tuple[Format, ...] = get_args(Format)
MEDIA_TYPES = {"ttl": "text/turtle", "trig": "application/trig", "nq": "application/n-quads"}
_HOLDS = {
    "ttl": "Turtle: what queries see, with prefixes",
    "trig": "TriG: every graph, quarantine and replaced versions too",
    "nq": "N-Quads: the same, one fact a line",
}
_MARK = re.compile(r"\d+-[0-9a-f]+")
# One range of bytes; any other Range may be ignored, and one in a unit that is not known must be (RFC 9110, 14.2).
_ONE_RANGE = re.compile(r"\s*bytes\s*=\s*(?:\d+\s*-\s*\d*|-\s*\d+)\s*")


@dataclass(frozen=True, slots=True)
class Listed:
    """A dump as the page of dumps shows it; a size is None until somebody asked for the dump."""

    name: str
    holds: str
    size: int | None
    pressed_size: int | None


class Dumps:
    """The dump files of the newest generation that was asked for; safe to use from many threads and processes."""

    def __init__(self, folder: Path, base: str | None = None) -> None:
        self._folder, self._base, self._lock = folder, base, Lock()
        self._making: dict[Path, Event] = {}

    def path(self, generation: Generation, form: Format, *, pressed: bool = False) -> Path:
        """Return where a dump lies once it is made."""
        return self._folder / "news-kg-dumps" / generation.mark / f"news-kg.{form}{'.gz' if pressed else ''}"

    def make(self, generation: Generation, form: Format, *, seconds: float) -> bool:
        """Return whether a dump is there, after making it or waiting so long for whoever is at it."""
        if self.is_made(generation, form):
            return True
        path = self.path(generation, form)
        with self._lock:
            done = self._making.get(path)
            if done is None:
                done = self._making[path] = Event()
                Thread(target=self._make, args=(generation, form, done), name=f"dump-{form}", daemon=True).start()
        done.wait(seconds)
        return self.is_made(generation, form)

    def is_made(self, generation: Generation, form: Format) -> bool:
        """Return whether a dump lies there, plain and pressed."""
        return all(self.path(generation, form, pressed=pressed).exists() for pressed in (False, True))

    def _make(self, generation: Generation, form: Format, done: Event) -> None:
        plain, pressed = self.path(generation, form), self.path(generation, form, pressed=True)
        try:
            plain.parent.mkdir(parents=True, exist_ok=True)
            self._remove_all_but(plain.parent)
            # Written aside and moved: another process may be at the same dump, which has the same bytes.
            with tempfile.TemporaryDirectory(dir=plain.parent, prefix="part-") as aside:
                part = Path(aside) / plain.name
                write_dump(generation, form, part, base=self._base or generation.base, stdout=io.BytesIO())
                _press(part, part.with_name(pressed.name))
                part.replace(plain)
                part.with_name(pressed.name).replace(pressed)
        except OSError as error:
            logging.getLogger(__name__).error("the dump %s of generation %d could not be made: %s", form, generation.number, error)
        finally:
            with self._lock:
                del self._making[plain]
            done.set()

    def _remove_all_but(self, newest: Path) -> None:
        for old in newest.parent.iterdir():
            if old != newest and _MARK.fullmatch(old.name):
                shutil.rmtree(old, ignore_errors=True)


def dumps_blueprint(newest: Newest, folder: Path, base: str | None = None) -> Blueprint:
    """Return the routes; the dumps are kept in a folder, which may be gone with the process that serves."""
    blueprint = Blueprint("dumps", __name__)
    dumps = Dumps(folder, base)

    @blueprint.get("/dumps")
    def listed() -> Response:
        generation = newest.current()
        rows = [_listed(dumps, generation, form) for form in FORMATS]
        response = Response(render_template("dumps.html", dumps=rows, generation=generation.number), mimetype="text/html")
        response.headers["Cache-Control"] = "no-cache"
        return compressed(response)

    @blueprint.get("/dump.<any(ttl, trig, nq):form>")
    def dump(form: Format) -> Response:
        return _sent(dumps, newest.current(), form, as_file=False)

    @blueprint.get("/dump.<any(ttl, trig, nq):form>.gz")
    def pressed_dump(form: Format) -> Response:
        return _sent(dumps, newest.current(), form, as_file=True)

    blueprint.register_error_handler(HTTPException, answer_error)
    return blueprint


def _sent(dumps: Dumps, generation: Generation, form: Format, *, as_file: bool) -> Response:
    """Return a dump: as it is, pressed on the way if the client likes that, or as a file that is pressed itself."""
    # A part is sent only to who holds the rest of the very same bytes, which a weak tag does not say (RFC 9110, 13.1.5).
    is_sure = not request.headers.get("If-Range", "").strip().startswith("W/")
    is_part = request.method == "GET" and is_sure and bool(_ONE_RANGE.fullmatch(request.headers.get("Range", "")))
    is_coded = not as_file and not is_part and accepts_coding("gzip")
    tag = f"{generation.mark}-{__version__}-{form}{'-gzip' if is_coded else '.gz' if as_file else ''}"
    if request.if_none_match.contains_weak(tag):
        return _headed(Response(status=304), tag, as_file=as_file)
    if not dumps.make(generation, form, seconds=limit("dump-wait", _TABLE)):
        detail = "this dump is being made, which takes minutes where the graph is large; come back for it"
        raise ServiceUnavailable(detail, retry_after=count_limit("dump-retry", _TABLE))
    environ = {name: value for name, value in request.environ.items() if name not in ("HTTP_RANGE", "HTTP_IF_NONE_MATCH") or is_part}
    sent = send_file(
        dumps.path(generation, form, pressed=is_coded or as_file),
        environ,
        mimetype="application/gzip" if as_file else MEDIA_TYPES[form],
        as_attachment=True,
        download_name=f"news-kg-{generation.number}.{form}{'.gz' if as_file else ''}",
        etag=tag,
        last_modified=_published(generation),
        response_class=Response,
    )
    response = cast(Response, sent)
    if is_coded:
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Accept-Ranges"] = "none"
    return _headed(response, tag, as_file=as_file)


def _headed(response: Response, tag: str, *, as_file: bool) -> Response:
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    if not as_file:
        response.vary.update(("Accept-Encoding", "Range"))
    return response


def _listed(dumps: Dumps, generation: Generation, form: Format) -> Listed:
    made = dumps.is_made(generation, form)
    sizes = [dumps.path(generation, form, pressed=pressed).stat().st_size if made else None for pressed in (False, True)]
    return Listed(f"dump.{form}", _HOLDS[form], *sizes)


def _published(generation: Generation) -> datetime | None:
    """Return when a generation was published, which its mark tells; to the second, as HTTP has it."""
    digits = generation.mark.rpartition("-")[2]
    return datetime.fromtimestamp(int(digits, 16) // 1_000_000_000, UTC) if _MARK.fullmatch(generation.mark) else None


def _press(plain: Path, pressed: Path) -> None:
    """Write a file pressed, a piece at a time; the same bytes give the same bytes."""
    level = count_limit("gzip-level", _TABLE)
    with (
        plain.open("rb") as source,
        pressed.open("wb") as target,
        gzip.GzipFile(filename="", mode="wb", compresslevel=level, fileobj=target, mtime=0) as file,
    ):
        shutil.copyfileobj(source, file, count_limit("dump-piece", _TABLE))
