"""One JSON line for each query: what was asked (as a hash), how long it took, how much came back, and how it ended."""

import hashlib
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from server.answers import Answer
from server.reading import Asked
from server.tokens import is_repeatable

LOGGER = logging.getLogger("news-kg.queries")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said of one query; `ended` is why its answer is not whole (`deadline`, `client` …), None where it is."""

    query: str
    form: str
    status: int
    seconds: float
    rows: int
    bytes: int
    ended: str | None

    def line(self) -> str:
        """Return the entry as a line of JSON; `ms` are milliseconds."""
        said = {"query": self.query, "form": self.form, "ms": round(self.seconds * 1000, 1), "rows": self.rows, "bytes": self.bytes}
        return json.dumps({**said, "status": self.status, **({"ended": self.ended} if self.ended else {})})


class QueryLog:
    """Writes the lines, and hands each entry to those who count (`listeners`)."""

    def __init__(self, *listeners: Callable[[Entry], None]) -> None:
        self._listeners = listeners

    def begin(self, text: str) -> "Told":
        """Return what the entry of a query will be written with, once it has ended."""
        return Told(self, text)

    def write(self, entry: Entry) -> None:
        """Log an entry."""
        LOGGER.info("%s", entry.line())
        for listener in self._listeners:
            listener(entry)


class Told:
    """One query, from its arrival until it is told of in the log, once."""

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

    def end(self, *, status: int, answer: Answer | None = None, ended: str | None = None) -> None:
        """Write the entry; what comes after the first time is passed over."""
        if self._is_told:
            return
        self._is_told = True
        form, rows, size = (answer.form, answer.rows, answer.bytes) if answer else ("", 0, 0)
        self._log.write(Entry(self._hash, form, status, time.monotonic() - self._started, rows, size, ended))
