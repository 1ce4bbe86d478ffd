"""An answer as it comes from a reader process: its head, its first part, and the rest as an asynchronous iterator.

All of this runs on the event loop. Nothing waits for a query with a timeout of its own: the clock lets it go on slowly, or
ends its reader, and the end of the reader ends every wait for it.
"""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from typing import Literal, Protocol

import msgspec

from server.clock import Clock
from server.limits import Limits
from server.reader_process import Reader
from server.reading import ENCODINGS, END, FAULT, FOOT, FORMS, HEAD, WHOLE, Asked, Fault

Reason = Literal["deadline", "memory", "busy", "rows", "bytes", "client"]
_A_MOMENT = 0.008  # seconds; a query that has taken so much CPU time goes behind the others
_GRACE = 0.3  # seconds after which a reader that should have ended at its deadline is ended from outside
_HEAD_AND_FOOT = HEAD.size + FOOT.size
_FAULTS = msgspec.json.Decoder(Fault)


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


class Places(Protocol):
    """The place of a query among those that run (server/pool.py)."""

    @property
    def is_aside(self) -> bool: ...
    def step_aside(self) -> None: ...
    def go_slow(self, ends: float) -> bool: ...
    def leave(self) -> None: ...


class Readers(Protocol):
    """Where a reader goes back to, or is ended (server/pool.py)."""

    limits: Limits
    clock: Clock

    def refused(self, detail: str) -> Ended: ...
    def take_back(self, reader: Reader, *, is_good: bool) -> None: ...
    def end(self, reader: Reader) -> None: ...


class Answer:
    """The answer to a query. Whoever has one closes it.

    Iterating raises Ended where the rest does not come: the transfer must then be broken off, not ended.
    """

    def __init__(self, pool: Readers, reader: Reader, place: Places, asked: Asked) -> None:
        self.form, self.encoding = "", ENCODINGS[0]
        self.media_type: str | None = None
        self.first = b""
        self.whole = self._is_done = self._is_niced = self._is_large = self._closed = False
        self.rows = self.bytes = 0
        self._pool, self._reader, self._place, self._asked = pool, reader, place, asked
        self._started = time.monotonic()
        self._why: Ended | None = None
        self._is_placed = asyncio.Event()  # in a slow place, or ended
        pool.clock.watch(self)

    async def read_first(self) -> None:
        """Read until all is there of a small answer, or the first part of a large one; closed if that fails."""
        try:
            self._reader.send(self._asked)
            kind, content = await self._frame()
            self.form, self.encoding = FORMS[content[0]], ENCODINGS[content[1]]
            self.media_type = self._asked.graph if self.form == "graph" else self._asked.solutions
            if kind == WHOLE:
                self.rows, self.bytes, cpu = FOOT.unpack_from(content, HEAD.size)
                self._reader.done(cpu)
                self.first = content[_HEAD_AND_FOOT:]
                self.whole = self._is_done = True
            else:
                self._is_large = True
                self.look(time.monotonic())
                await self._is_placed.wait()
                self.first = (await self._frame())[1]
        except BaseException:
            self.close()
            raise

    async def rest(self) -> AsyncIterator[bytes]:
        """Yield what comes after the first part."""
        while not self.whole:
            kind, content = await self._frame()
            if kind == END:
                self.rows, self.bytes, cpu = FOOT.unpack(content)
                self._reader.done(cpu)
                self.whole = self._is_done = True
            else:
                yield content

    def seconds(self) -> float:
        """Return how long the query has taken."""
        return time.monotonic() - self._started

    def stop(self, ended: Ended) -> None:
        """End the query: whoever waits for its answer gets `ended`."""
        if not self._is_done and not self._why:
            self._why = ended
            self._pool.end(self._reader)
            self._is_placed.set()

    def close(self) -> None:
        """Give place and reader back; a reader that is not done is ended."""
        if not self._closed:
            self._closed = True
            self._pool.clock.forget(self)
            self._pool.take_back(self._reader, is_good=self._is_done and not self._is_niced)
            self._place.leave()

    @property
    def _ends(self) -> float:
        return self._started + self._asked.seconds + _GRACE

    async def _frame(self) -> tuple[bytes, bytes]:
        """Return the next frame; Ended, BadQuery or NoFormat where it does not come."""
        frame = await self._reader.frame()
        if self._why:
            raise self._why
        if frame is None:
            raise await self._why_ended()
        if frame[0] == FAULT:
            self._is_done = True
            fault = _FAULTS.decode(frame[1])
            self._reader.done(fault.cpu)
            raise self._fault(fault)
        return frame

    def look(self, now: float) -> None:
        """Let others go first, leave the quick places, and end, when it is time for each: called by the clock.

        What counts is the time that the reader has worked: on a busy machine, a short query waits for a core.
        """
        if self._is_done or self._why:
            return
        if now >= self._ends:
            self.stop(self._over_time())
        elif self._is_large or (self._is_niced and now >= self._started + self._pool.limits.slow_after):
            self._go_slow(now)
        elif not self._is_niced and now >= self._started + _A_MOMENT and self._reader.cpu() >= _A_MOMENT:
            self._step_aside()

    def _step_aside(self) -> None:
        if not self._is_niced:
            self._is_niced = True
            self._place.step_aside()
            self._reader.slow()

    def _go_slow(self, now: float) -> None:
        """Go on in a slow place; where all are taken, pause until one comes free, which those pass by that hold a quick place."""
        limits = self._pool.limits
        if self._place.go_slow(self._ends):
            self._reader.go_on()
            self._is_placed.set()
            return
        self._step_aside()
        if not self._place.is_aside or now >= self._started + limits.slow_after + limits.wait_seconds:
            self.stop(self._pool.refused(f"{limits.slow_readers} long queries are running already"))
        else:
            self._reader.pause()

    def _fault(self, fault: Fault) -> Exception:
        self.form = fault.form
        if fault.kind == "rows":
            return Ended("rows", f"the answer has more than {fault.detail} rows; ask for fewer, with LIMIT and OFFSET")
        if fault.kind == "bytes":
            return Ended("bytes", f"the answer has more than {fault.detail} bytes; ask for less, with LIMIT or fewer variables")
        if fault.kind == "not acceptable":
            return NoFormat(fault.detail)
        return BadQuery(f"the query {'does not parse' if fault.kind == 'syntax' else 'cannot be answered'}: {fault.detail}")

    async def _why_ended(self) -> Exception:
        by = await self._reader.end()
        if by == signal.SIGALRM:
            return self._over_time()
        if by == signal.SIGSEGV:  # Oxigraph reads and rewrites nested parts by recursion; this is the end of the stack
            return BadQuery("the query cannot be answered: it is nested too deeply, or has too many parts in a row")
        if not by and self.media_type is None:
            return ReaderLost()
        return Ended("memory", "the query needs more memory than one query may take; make it more selective")

    def _over_time(self) -> Ended:
        seconds = f"{self._asked.seconds:g}"
        return Ended("deadline", f"the query was not done in {seconds} seconds; make it more selective, or ask for less")
