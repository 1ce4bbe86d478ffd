"""A reader process (server/reading.py) as the web process sees it: forked, asked, read from, slowed, ended."""

import asyncio
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Self, cast

from server.nurseries import Nursery
from server.reading import FOOT, FRAME, HEAD, Asked

_PROCESS_CLOCK = 2  # CPUCLOCK_SCHED of Linux
_NICE = 19
_CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []  # those that this server may use
_RECEIVED_AHEAD = 131_072  # bytes that a reader may be ahead of the client
_NOTHING = Asked(
    text="SELECT * { VALUES ?nothing {} }",
    base="http://localhost/",
    solutions="application/sparql-results+json",
    graph=None,
    default_graphs=None,
    named_graphs=None,
    encoding=None,
    seconds=10.0,
    most_rows=1,
    most_bytes=1_000,
    prefixes={},
)


class _Link(asyncio.Protocol):
    """The connection to a reader: holds what was received and not yet used, and bounds it."""

    def __init__(self) -> None:
        self.received = bytearray()
        self.is_lost = self._is_paused = False
        self._waiter: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.received += data
        if self._waiter and (size := self.whole()) and len(self.received) >= size:
            self._wake()
        elif len(self.received) > _RECEIVED_AHEAD and not self._waiter:
            self._is_paused = True
            self.transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_lost = True
        self._wake()

    def whole(self) -> int:
        """Return how many bytes the next frame has, 0 where that has not come yet."""
        return FRAME.size + int(FRAME.unpack_from(self.received)[1]) if len(self.received) >= FRAME.size else 0

    async def more(self) -> None:
        """Wait until the next frame is whole, or the reader has ended."""
        if self._is_paused:
            self._is_paused = False
            self.transport.resume_reading()
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)


class Reader:
    """A reader process as the web process sees it."""

    def __init__(self, nursery: Nursery, folder: Path, pid: int, link: _Link) -> None:
        self.nursery, self.folder, self.pid, self._link = nursery, folder, pid, link
        self._ending: asyncio.Task[int] | None = None
        self._cpu_before = 0.0
        self._is_paused = False

    @classmethod
    async def forked(cls, nursery: Nursery, folder: Path) -> Self:
        """Have a process forked, which takes milliseconds; NurseryGone where it cannot be."""
        pid, connection = await asyncio.to_thread(nursery.fork, folder)
        _, link = await asyncio.get_running_loop().create_unix_connection(_Link, sock=connection)
        reader = cls(nursery, folder, pid, link)
        await reader._warm_up()
        return reader

    @property
    def is_lost(self) -> bool:
        """Whether the process has ended, as far as is known."""
        return self._link.is_lost

    def send(self, asked: Asked) -> None:
        """Hand over a query; a reader that has ended says so at the next frame."""
        self._link.transport.write(asked.frame())

    async def frame(self) -> tuple[bytes, bytes] | None:
        """Return the next frame's kind and content, None where the reader has ended."""
        link = self._link
        while not (size := link.whole()) or len(link.received) < size:
            if link.is_lost:
                return None
            await link.more()
        with memoryview(link.received) as view:
            kind, content = bytes(view[:1]), bytes(view[FRAME.size : size])
        del link.received[:size]
        return kind, content

    async def _warm_up(self) -> None:
        """Ask what gives nothing, so that no query is charged for opening the store, or for memory that is shared no more."""
        self.send(_NOTHING)
        if frame := await self.frame():
            self.done(FOOT.unpack_from(frame[1], HEAD.size)[2])

    def done(self, cpu: float) -> None:
        """Note how much CPU time the process had taken when it was done with a query."""
        self._cpu_before = cpu

    def cpu(self) -> float:
        """Return how much CPU time the process has taken for the query, in seconds.

        Reading the clock of another process takes half a microsecond; the id is that of clock_getcpuclockid(3).
        """
        with suppress(OSError):
            return time.clock_gettime(~self.pid << 3 | _PROCESS_CLOCK) - self._cpu_before
        return 0.0

    def slow(self) -> None:
        """Let the process go after those that answer short queries, and leave one core to these, if there are several."""
        with suppress(ProcessLookupError):
            if self._ending is None:  # the id is its own until it has been waited for
                os.setpriority(os.PRIO_PROCESS, self.pid, _NICE)
                if len(_CORES) > 1:
                    os.sched_setaffinity(self.pid, _CORES[1:])

    def pause(self) -> None:
        """Let the process do nothing until it is told to go on; its deadline stays."""
        if not self._is_paused:
            self._is_paused = True
            self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let the process go on if it was paused."""
        if self._is_paused:
            self._is_paused = False
            self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            if self._ending is None:
                os.kill(self.pid, number)

    def shut(self) -> None:
        """End every wait for the reader, as if it had ended; `end` ends it."""
        self._link.transport.abort()

    async def end(self) -> int:
        """End the process; return the signal that had ended it before, or did now."""
        if self._ending is None:
            is_lost = self.is_lost
            self.shut()
            self._ending = asyncio.create_task(asyncio.to_thread(self.nursery.end, self.pid, is_lost=is_lost))
        return await asyncio.shield(self._ending)
