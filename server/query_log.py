"""One JSON line for each query and update: what was asked (as a hash), how long it took, how much came back, how it ended."""

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable

import msgspec

from server.answers import Answer
from server.reading import Asked
from server.tokens import is_repeatable

_HELD = 0.1  # seconds
LOGGER = logging.getLogger("news-kg.queries")


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is said of one query or update; `ended` is why its answer is not whole (`deadline`, `client` …), None where it is."""

    query: str
    form: str
    ms: float  # milliseconds
    rows: int
    bytes: int
    status: int
    ended: str | None = None

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ms / 1000

    def line(self) -> str:
        """Return the entry as a line of JSON."""
        return _ENCODER.encode(self).decode()


_ENCODER = msgspec.json.Encoder()


class QueryLog:
    """Writes the lines, and hands each entry to those who count (`listeners`)."""

    def __init__(self, *listeners: Callable[[Entry], None]) -> None:
        self._listeners = listeners
        self._lines: list[str] = []
        self._is_due = False

    def begin(self, text: str) -> "Told":
        """Return what the entry of a query or update will be written with, once it has ended."""
        return Told(self, text)

    def write(self, entry: Entry) -> None:
        """Log an entry: at once from a thread, on the event loop a moment later and together with others."""
        for listener in self._listeners:
            listener(entry)
        if not LOGGER.isEnabledFor(logging.INFO):
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            LOGGER.info("%s", entry.line())
            return
        self._lines.append(entry.line())
        if not self._is_due:
            self._is_due = True
            loop.call_later(_HELD, self.flush)

    def flush(self) -> None:
        """Write what is held."""
        self._is_due = False
        lines, self._lines = self._lines, []
        if lines:
            LOGGER.info("%s", "\n".join(lines))


class Told:
    """One query or update, from its arrival until it is told of in the log, once."""

    def __init__(self, log: QueryLog, text: str) -> None:
        self._log, self._text = log, text
        self._hash = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self._started = time.monotonic()
        self._is_told = False

    def tag(self, mark: str, asked: Asked) -> str | None:
        """Return what an ETag is made of: the generation and all that the answer depends on; None where it depends on more."""
        if not is_repeatable(self._text):
            return None
        parts = repr(
            (
                self._hash,
                asked.base,
                asked.solutions,
                asked.graph,
                asked.default_graphs,
                asked.named_graphs,
                asked.encoding,
                asked.most_rows,
            )
        )
        return f"{mark}-{hashlib.sha256(parts.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"

    def end(self, *, status: int, answer: Answer | None = None, form: str = "", ended: str | None = None) -> None:
        """Write the entry; what comes after the first time is passed over."""
        if self._is_told:
            return
        self._is_told = True
        form, rows, size = (answer.form, answer.rows, answer.bytes) if answer else (form, 0, 0)
        self._log.write(Entry(self._hash, form, round((time.monotonic() - self._started) * 1000, 2), rows, size, status, ended))
