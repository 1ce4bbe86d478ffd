"""An answer as it comes from a reader process: its head, its first part, and the rest as an iterator."""

import json
import os
import signal
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal, Protocol, Self

from server.nurseries import Nursery
from server.reading import END, FAULT, FRAME, HEAD, Asked

Reason = Literal["deadline", "memory", "busy", "rows", "bytes"]
_GRACE = 0.3  # seconds after which a reader that should have ended at its deadline is ended from outside
_LOOKED_AFTER = 0.02  # seconds; a query that has taken so much CPU time goes behind the others
_TICKS = os.sysconf("SC_CLK_TCK")  # of a second, in which Linux counts CPU time
_PATIENCE = 0.05  # seconds that a wait may be longer than asked for, so that it need not be set for each
_RECEIVED_AT_ONCE = 262_144  # bytes


class Ended(Exception):
    """The query was ended before its answer was whole, or was not begun."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason: Reason = reason


class BadQuery(ValueError):
    """The query does not parse, or cannot be evaluated."""


class NoFormat(LookupError):
    """The client takes no format of what the query gives: `solutions` or a `graph`."""


class ReaderLost(Exception):
    """The reader ended before it began: its generation is not there any more."""


class Reader:
    """A reader process as the web process sees it: its connection, and what was received and not yet used."""

    def __init__(self, nursery: Nursery, folder: Path) -> None:
        self.nursery, self.folder = nursery, folder
        self.pid, self.connection = nursery.fork(folder)
        self._received = bytearray()
        self._waits = 0.0  # seconds that the kernel waits for something to receive
        self._is_over = False
        self._cpu_before = 0.0

    def send(self, asked: Asked) -> None:
        """Hand over a query; a reader that has ended says so at the next frame."""
        with suppress(OSError):
            self.connection.sendall(asked.frame())

    def frame(self, until: float) -> tuple[bytes, bytes] | None:
        """Return the next frame's kind and content, None where the reader has ended; TimeoutError at `until` (monotonic)."""
        while (found := self._taken()) is None:
            self._wait_until(until)
            try:
                part = self.connection.recv(_RECEIVED_AT_ONCE)
            except BlockingIOError as error:
                raise TimeoutError from error
            except OSError:
                return None
            if not part:
                return None
            self._received += part
        return found

    def _wait_until(self, until: float) -> None:
        """Let the kernel bound the next wait: cheaper than a Python timeout, which asks it once more for every call."""
        seconds = max(until - time.monotonic(), 0.001)
        if not seconds <= self._waits <= seconds + _PATIENCE:
            self._waits = seconds + _PATIENCE / 2
            whole = int(self._waits)
            self.connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", whole, int((self._waits - whole) * 1_000_000))
            )

    def done(self, cpu: float) -> None:
        """Note how much CPU time the process had taken when it was done with a query."""
        self._cpu_before = cpu

    def cpu(self) -> float:
        """Return how much CPU time the process has taken for the query, in seconds."""
        try:
            counted = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except FileNotFoundError:
            return 0.0
        return (int(counted[11]) + int(counted[12])) / _TICKS - self._cpu_before

    def end(self) -> None:
        """End the process, if that was not done."""
        if not self._is_over:
            self._is_over = True
            self.connection.close()
            self.nursery.end(self.pid)

    def ended_by(self) -> int:
        """Return the signal that has ended the process, after its last frame (0: none)."""
        self._is_over = True
        self.connection.close()
        return self.nursery.wait(self.pid)

    def _taken(self) -> tuple[bytes, bytes] | None:
        if len(self._received) < FRAME.size:
            return None
        kind, size = FRAME.unpack_from(self._received)
        if len(self._received) < FRAME.size + size:
            return None
        content = bytes(self._received[FRAME.size : FRAME.size + size])
        del self._received[: FRAME.size + size]
        return kind, content


class Places(Protocol):
    """The place of a query among those that run (server/pool.py)."""

    def step_aside(self) -> None: ...
    def go_slow(self, ends: float) -> None: ...
    def leave(self) -> None: ...


class Readers(Protocol):
    """Where a reader goes back to (server/pool.py)."""

    slow_after: float

    def take_back(self, reader: Reader, *, is_good: bool) -> None: ...


class Answer:
    """The answer to a query. Whoever has one closes it.

    Iterating raises Ended where the rest does not come: the transfer must then be broken off, not ended.
    """

    def __init__(self, pool: Readers, reader: Reader, place: Places, asked: Asked) -> None:
        self.form = self.media_type = ""
        self.encoding: str | None = None
        self.first = b""
        self.whole = self._is_done = self._is_niced = self._is_slow = self._closed = False
        self.rows = self.bytes = 0
        self._pool, self._reader, self._place = pool, reader, place
        self._seconds = asked.seconds
        self._started = time.monotonic()
        self._ends = self._started + asked.seconds + _GRACE
        self._looks = min(self._started + _LOOKED_AFTER, self._ends)  # when to look at what the reader does
        reader.send(asked)

    def read_first(self) -> Self:
        """Read until all is there of a small answer, or the first part of a large one; closed if that fails."""
        try:
            is_small = False
            for kind, content in self._frames():
                if kind == HEAD:
                    head = json.loads(content)
                    self.form, self.media_type, self.encoding, is_small = (
                        head[name] for name in ("form", "media_type", "encoding", "whole")
                    )
                    if not is_small:
                        self._go_slow()
                else:
                    self.first = content
                    if not is_small:
                        break
        except BaseException:
            self.close()
            raise
        return self

    def rest(self) -> Iterator[bytes]:
        """Yield what comes after the first part."""
        if not self.whole:
            for _, content in self._frames():
                yield content

    def seconds(self) -> float:
        """Return how long the query has taken."""
        return time.monotonic() - self._started

    def close(self) -> None:
        """Give place and reader back; a reader that is not done is ended."""
        if not self._closed:
            self._closed = True
            self._pool.take_back(self._reader, is_good=self._is_done and not self._is_niced)
            self._place.leave()

    def _frames(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield head and data until the end; Ended, BadQuery or NoFormat where it does not come."""
        while True:
            try:
                frame = self._reader.frame(self._looks)
            except TimeoutError as error:
                if time.monotonic() >= self._ends:
                    raise self._over_time() from error
                self._look()
                continue
            if frame is None:
                raise self._why_ended()
            kind, content = frame
            self._is_done = kind in (END, FAULT)
            if not self._is_done and time.monotonic() > self._looks:  # a reader that always has something is never waited for
                self._look()
            if kind == END:
                end = json.loads(content)
                self._reader.done(end["cpu"])
                self.rows, self.bytes, self.whole = end["rows"], end["bytes"], True
                return
            if kind == FAULT:
                fault = json.loads(content)
                self._reader.done(fault["cpu"])
                raise self._fault(fault)
            yield frame

    def _look(self) -> None:
        """Look whether the query runs long: then it lets others go first, and goes on in a slow place in the end.

        What counts is the time its reader has worked: on a busy machine, a short query waits for a core.
        """
        now = time.monotonic()
        if not self._is_niced and self._reader.cpu() >= _LOOKED_AFTER:
            self._is_niced = True
            self._place.step_aside()
            self._reader.nursery.slow(self._reader.pid)
        if self._is_niced and not self._is_slow and now >= self._started + self._pool.slow_after:
            self._go_slow()
        self._looks = self._ends if self._is_niced and self._is_slow else min(now + _LOOKED_AFTER, self._ends)

    def _go_slow(self) -> None:
        if not self._is_slow:
            self._place.go_slow(self._ends)
            self._is_slow = True

    def _fault(self, fault: dict[str, str]) -> Exception:
        kind, detail = fault["kind"], fault["detail"]
        self.form = fault["form"]
        if kind == "rows":
            return Ended("rows", f"the answer has more than {detail} rows; ask for fewer, with LIMIT and OFFSET")
        if kind == "bytes":
            return Ended("bytes", f"the answer has more than {detail} bytes; ask for less, with LIMIT or fewer variables")
        if kind == "not acceptable":
            return NoFormat(detail)
        return BadQuery(f"the query {'does not parse' if kind == 'syntax' else 'cannot be answered'}: {detail}")

    def _why_ended(self) -> Exception:
        by = self._reader.ended_by()
        if by == signal.SIGALRM:
            return self._over_time()
        if by == signal.SIGSEGV:  # Oxigraph reads and rewrites nested parts by recursion; this is the end of the stack
            return BadQuery("the query cannot be answered: it is nested too deeply, or has too many parts in a row")
        if not by and not self.media_type:
            return ReaderLost()
        return Ended("memory", "the query needs more memory than one query may take; make it more selective")

    def _over_time(self) -> Ended:
        return Ended("deadline", f"the query was not done in {self._seconds:g} seconds; make it more selective, or ask for less")
