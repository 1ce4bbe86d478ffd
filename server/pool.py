"""The pool of reader processes: who may run a query now, in which generation, and how many at once.

A query first holds one of few quick places. When it has taken CPU time for a moment it steps aside, so that the next has
its place, and its reader goes after the others (a higher nice value, and not on every core); such readers are not used
again, and others are kept at hand. Once it has run for a while, or its answer turns out large, it goes on in one of the
slow places; where those are full it is paused until one comes free, or it has waited too long. So long queries do not keep
short ones waiting, and a short one is not taken for a long one because the machine is busy.

All of this runs on the event loop; what takes a nursery more than a moment runs in a thread.
"""

import asyncio
import time
from collections import deque
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kg.generations import NotPublished, current_number, generation_path, mark_of
from server.answers import Answer, Ended, ReaderLost
from server.clock import Clock
from server.limits import Limits
from server.nurseries import Nursery, NurseryGone
from server.places import Place
from server.reader_process import Reader
from server.reading import Asked

_TRIES = 3
_WATCHED_EVERY = 0.25  # seconds
_SPARE = 2  # readers beyond those that quick places need: for the next, when one has stepped aside
_ASIDE = 4  # queries that may stand aside for each quick place


@dataclass
class Counts:
    """What happened since the start, and what is going on: for the metrics."""

    forked: int = 0
    running: int = 0
    aside: int = 0
    slow: int = 0
    waiting: int = 0
    refused: int = 0


class Pool:
    """Runs queries over the newest generation of a store folder, on one event loop.

    With `fresh`, a generation is used as soon as it is published (its readers open it from disk); otherwise it is seen a
    moment later, and a small one is first read into memory, while the one before goes on answering.
    """

    def __init__(self, store_path: Path, limits: Limits, *, fresh: bool = False) -> None:
        self.limits, self.counts = limits, Counts()
        self._path, self._fresh = store_path, fresh
        self.clock = Clock()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._slow: dict[Place, float] = {}  # when the reader of each has ended at the latest
        self._idle: list[Reader] = []
        self._most_idle = limits.readers + _SPARE
        folder = self._current_folder()
        self._folder, self._number, self._mark = folder, int(folder.name), mark_of(folder)
        self._nursery = self._nursery_for(folder)
        self._turning, self._renewing, self._sparing = asyncio.Lock(), asyncio.Lock(), asyncio.Lock()
        self._tasks: set[asyncio.Task[object]] = set()  # the loop keeps no hold on them
        self._has_begun = False

    async def ask(self, asked: Asked) -> Answer:
        """Evaluate a query: an answer of which at least the first part is there.

        Raises Ended (deadline, memory, busy, rows, bytes), answers.BadQuery and answers.NoFormat.
        """
        for _ in range(_TRIES):
            # A reader is lost where its generation was removed before it was opened, or its nursery ended.
            with suppress(ReaderLost):
                return await self._answer(asked)
            await self._turn_to_newest()
        raise Ended("memory", "no process to answer the query could be had")

    async def _answer(self, asked: Asked) -> Answer:
        place = Place(self)
        await self.enter()
        try:
            reader = self._idle_reader() or await self._forked()
        except BaseException:
            place.leave()
            raise
        answer = Answer(self, reader, place, asked)
        await answer.read_first()
        return answer

    async def current_mark(self) -> str:
        """Return what tells the generation in use from every other."""
        await self.begin()
        if self._fresh:
            await self._turn_to_newest()
        return self._mark

    async def begin(self) -> None:
        """Have readers at hand and follow the newest generation, from now on."""
        if not self._has_begun:
            self._has_begun = True
            if not self._fresh:
                self._start(self._watch())
            await self._keep_spare()

    def close(self) -> None:
        """End all readers."""
        for task in self._tasks:
            task.cancel()
        for reader in self._idle:
            reader.shut()
        self._idle.clear()
        self._nursery.close()

    def take_back(self, reader: Reader, *, is_good: bool) -> None:
        """Take a reader back from a query; it is ended if it cannot be used again."""
        if is_good and reader.folder == self._folder and reader.nursery is self._nursery and len(self._idle) < self._most_idle:
            self._idle.append(reader)
        else:
            self.end(reader)
            self._start(self._keep_spare())

    def end(self, reader: Reader) -> None:
        """End a reader; what waits for it sees at once that it has ended."""
        reader.shut()
        self._start(reader.end())

    # Places -----------------------------------------------------------------------------------------------------------

    async def enter(self) -> None:
        """Take a quick place, waiting for one if need be; Ended("busy") where too many wait, or none comes free in time."""
        if self.counts.running < self.limits.readers:
            self.counts.running += 1
            return
        if len(self._waiting) >= self.limits.waiting:
            raise self.refused(f"{len(self._waiting)} requests are waiting already")
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self.counts.waiting = len(self._waiting)
        try:
            async with asyncio.timeout(self.limits.wait_seconds):
                await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():  # the place came in the same moment
                self.leave()
            else:
                self._waiting.remove(turn)
                self.counts.waiting = len(self._waiting)
            if isinstance(error, TimeoutError):
                raise self.refused(f"no reader came free in {self.limits.wait_seconds:g} seconds") from error
            raise

    def refused(self, detail: str) -> Ended:
        """Return what says that the server is busy, and count it."""
        self.counts.refused += 1
        return Ended("busy", detail)

    def leave(self) -> None:
        """Give a quick place back: to who has waited longest."""
        if self._waiting:
            self._waiting.popleft().set_result(None)
            self.counts.waiting = len(self._waiting)
        else:
            self.counts.running -= 1

    def step_aside(self) -> bool:
        """Give a quick place to the next query and go on without one; return whether there was room for that."""
        if self.counts.aside >= _ASIDE * self.limits.readers:
            return False
        self.counts.aside += 1
        self.leave()
        self._start(self._keep_spare())  # its reader does not come back
        return True

    def leave_aside(self) -> None:
        """Be done, or go on in a slow place."""
        self.counts.aside -= 1

    def enter_slow(self, place: Place, ends: float) -> bool:
        """Take a slow place, whose reader has ended at `ends` at the latest; return whether one was free.

        A place is free at that time even if its client has not taken the answer: a client that does not read keeps none.
        """
        now = time.monotonic()
        self._slow = {other: end for other, end in self._slow.items() if end > now}
        if len(self._slow) >= self.limits.slow_readers:
            return False
        self._slow[place] = ends
        self.counts.slow = len(self._slow)
        self._start(self._keep_spare())  # its reader does not come back soon
        return True

    def leave_slow(self, place: Place) -> None:
        """Give a slow place back."""
        self._slow.pop(place, None)
        self.counts.slow = len(self._slow)

    # Readers and generations ------------------------------------------------------------------------------------------

    def _idle_reader(self) -> Reader | None:
        while self._idle:
            reader = self._idle.pop()
            if not reader.is_lost:
                return reader
            self.end(reader)
        return None

    async def _forked(self) -> Reader:
        """Return a new reader; one that nobody waits for any more is ended."""
        task = asyncio.get_running_loop().create_task(self._fork())
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(lambda done: self.end(done.result()) if not done.cancelled() and not done.exception() else None)
            raise

    async def _fork(self) -> Reader:
        nursery = self._nursery
        self.counts.forked += 1
        try:
            return await Reader.forked(nursery, self._folder)
        except NurseryGone:
            async with self._renewing:  # another may have come in its place
                if nursery is self._nursery:
                    self._nursery = await asyncio.to_thread(self._nursery_for, self._folder)
            return await Reader.forked(self._nursery, self._folder)

    async def _keep_spare(self) -> None:
        """Have readers at hand, so that no query waits for one to be forked; one that ends at once is not tried again here."""
        async with self._sparing:
            while len(self._idle) + self.counts.running < self._most_idle:
                try:
                    reader = await self._fork()
                except NurseryGone:
                    return
                if reader.is_lost:
                    self.end(reader)
                    return
                self.take_back(reader, is_good=True)

    async def _turn_to_newest(self) -> None:
        """Use the newest generation, if it is not in use; one that is small is first read into memory."""
        if current_number(self._path) == self._number:
            return
        async with self._turning:
            folder = self._current_folder()
            if int(folder.name) == self._number:
                return
            mark = mark_of(folder)
            keeps = self._nursery.loaded is None and not self._is_loaded(folder)
            nursery = self._nursery if keeps else await asyncio.to_thread(self._nursery_for, folder)
            self._use(folder, mark, nursery)

    async def _watch(self) -> None:
        """Turn to each generation soon after it was published, while the one before answers."""
        while True:
            # Gone meanwhile, because others were published since: the next look finds the newest.
            with suppress(NurseryGone, FileNotFoundError):
                await self._turn_to_newest()
            await asyncio.sleep(_WATCHED_EVERY)

    def _use(self, folder: Path, mark: str, nursery: Nursery) -> None:
        old, idle = self._nursery, self._idle
        self._folder, self._number, self._mark = folder, int(folder.name), mark
        self._nursery, self._idle = nursery, []
        for reader in idle:
            self.end(reader)
        if old is not nursery:
            self._start(asyncio.to_thread(old.retire))
        self._start(self._keep_spare())

    def _start(self, work: Coroutine[object, object, object]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _current_folder(self) -> Path:
        number = current_number(self._path)
        if number is None:
            raise NotPublished(f"{self._path}: no published graph in this folder; make one with: kg build ARTICLES --store {self._path}")
        return generation_path(self._path, number)

    def _nursery_for(self, folder: Path) -> Nursery:
        return Nursery(self.limits.memory_megabytes * 1_000_000, folder if self._is_loaded(folder) else None)

    def _is_loaded(self, folder: Path) -> bool:
        return not self._fresh and sum(path.stat().st_size for path in folder.iterdir()) <= self.limits.loaded_megabytes * 1_000_000
