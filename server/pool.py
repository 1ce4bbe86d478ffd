"""The pool of reader processes: who may run a query now, in which generation, and how many at once.

A query first holds one of few quick places. When it has taken CPU time for a moment it steps aside, so that the next has
its place, and its reader goes after the others (a higher nice value, and not on every core); such readers are not used
again. Once it has run for a while, or its answer turns out large, it goes on in one of the slow places; where those are
full it is ended. So long queries do not keep short ones waiting, and a short one is not taken for a long one because the
machine is busy.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Condition, Event, Lock, Thread

from kg.generations import NotPublished, current_number, generation_path, mark_of
from server.answers import Answer, Ended, Reader, ReaderLost
from server.limits import Limits
from server.nurseries import Nursery, NurseryGone
from server.reading import Asked

_WATCHED_EVERY = 0.25  # seconds
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
    """Runs queries over the newest generation of a store folder; safe to use from many threads.

    With `fresh`, a generation is used as soon as it is published (its readers open it from disk); otherwise it is seen a
    moment later, and a small one is first read into memory, while the one before goes on answering.
    """

    def __init__(self, store_path: Path, limits: Limits, *, fresh: bool = False) -> None:
        self.limits, self.counts, self.slow_after = limits, Counts(), limits.slow_after
        self._path, self._fresh = store_path, fresh
        self._places = Condition()
        self._slow: dict[Place, float] = {}  # when the reader of each has ended at the latest
        self._readers = Lock()
        self._idle: list[Reader] = []
        folder = self._current_folder()
        self._folder, self._number, self._mark = folder, int(folder.name), mark_of(folder)
        self._nursery = self._nursery_for(folder)
        self._turning = Lock()
        self._closed = Event()
        if not fresh:
            Thread(target=self._watch, daemon=True, name="generations").start()

    def ask(self, asked: Asked) -> Answer:
        """Evaluate a query: an answer of which at least the head is there.

        Raises Ended (deadline, memory, busy, rows, bytes), answers.BadQuery and answers.NoFormat.
        """
        if self._fresh:
            self._turn_to_newest()
        try:
            return self._answer(asked)
        except ReaderLost:  # its generation was removed before it was opened: there is a newer one
            self._turn_to_newest()
            return self._answer(asked)

    def _answer(self, asked: Asked) -> Answer:
        place = Place(self)
        try:
            reader = self._reader()
        except BaseException:
            place.leave()
            raise
        return Answer(self, reader, place, asked).read_first()

    def current_mark(self) -> str:
        """Return what tells the generation in use from every other."""
        if self._fresh:
            self._turn_to_newest()
        return self._mark

    def close(self) -> None:
        """End all readers."""
        self._closed.set()
        with self._readers:
            for reader in self._idle:
                reader.connection.close()
            self._idle.clear()
            self._nursery.close()

    def take_back(self, reader: Reader, *, is_good: bool) -> None:
        """Take a reader back from a query; it is ended if it cannot be used again."""
        with self._readers:
            if is_good and reader.folder == self._folder and reader.nursery is self._nursery and len(self._idle) < self.limits.readers:
                self._idle.append(reader)
                return
        reader.end()

    # Places -----------------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Take a quick place, waiting for one if need be; Ended("busy") where too many wait, or none comes free in time."""
        with self._places:
            if self.counts.running >= self.limits.readers:
                if self.counts.waiting >= self.limits.waiting:
                    self.counts.refused += 1
                    raise Ended("busy", f"{self.counts.waiting} requests are waiting already")
                self.counts.waiting += 1
                free = self._places.wait_for(lambda: self.counts.running < self.limits.readers, self.limits.wait_seconds)
                self.counts.waiting -= 1
                if not free:
                    self.counts.refused += 1
                    raise Ended("busy", f"no reader came free in {self.limits.wait_seconds:g} seconds")
            self.counts.running += 1

    def leave(self) -> None:
        """Give a quick place back."""
        with self._places:
            self.counts.running -= 1
            self._places.notify()

    def step_aside(self) -> bool:
        """Give a quick place to the next query and go on without one; return whether there was room for that."""
        with self._places:
            if self.counts.aside >= _ASIDE * self.limits.readers:
                return False
            self.counts.aside += 1
            self.counts.running -= 1
            self._places.notify()
            return True

    def leave_aside(self) -> None:
        """Be done, or go on in a slow place."""
        with self._places:
            self.counts.aside -= 1

    def enter_slow(self, place: "Place", ends: float) -> None:
        """Take a slow place, whose reader has ended at `ends` at the latest; Ended("busy") where all are taken.

        A place is free at that time even if its client has not taken the answer: a client that does not read keeps none.
        """
        with self._places:
            now = time.monotonic()
            self._slow = {other: end for other, end in self._slow.items() if end > now}
            if len(self._slow) >= self.limits.slow_readers:
                self.counts.refused += 1
                raise Ended("busy", f"{len(self._slow)} long queries are running already")
            self._slow[place] = ends
            self.counts.slow = len(self._slow)

    def leave_slow(self, place: "Place") -> None:
        """Give a slow place back."""
        with self._places:
            self._slow.pop(place, None)
            self.counts.slow = len(self._slow)

    # Readers and generations ------------------------------------------------------------------------------------------

    def _reader(self) -> Reader:
        with self._readers:
            if self._idle:
                return self._idle.pop()
            nursery, folder = self._nursery, self._folder
            self.counts.forked += 1
        try:
            return Reader(nursery, folder)
        except NurseryGone:
            with self._readers:  # another may have come in its place
                if nursery is self._nursery:
                    self._nursery = self._nursery_for(self._folder)
                return Reader(self._nursery, self._folder)

    def _turn_to_newest(self) -> None:
        """Use the newest generation, if it is not in use; one that is small is first read into memory."""
        if current_number(self._path) == self._number:
            return
        with self._turning:
            folder = self._current_folder()
            if int(folder.name) == self._number:
                return
            keeps = self._nursery.loaded is None and not self._is_loaded(folder)
            nursery = self._nursery if keeps else self._nursery_for(folder)
            with self._readers:
                self._use(folder, nursery)

    def _watch(self) -> None:
        """Turn to each generation soon after it was published, while the one before answers."""
        while not self._closed.wait(_WATCHED_EVERY):
            # Gone meanwhile, because others were published since: the next look finds the newest.
            with suppress(NurseryGone, FileNotFoundError):
                self._turn_to_newest()

    def _use(self, folder: Path, nursery: Nursery) -> None:
        old, idle = self._nursery, self._idle
        self._folder, self._number, self._mark = folder, int(folder.name), mark_of(folder)
        self._nursery, self._idle = nursery, []
        for reader in idle:
            reader.end()
        if old is not nursery:
            old.retire()

    def _current_folder(self) -> Path:
        number = current_number(self._path)
        if number is None:
            raise NotPublished(f"{self._path}: no published graph in this folder; make one with: kg build ARTICLES --store {self._path}")
        return generation_path(self._path, number)

    def _nursery_for(self, folder: Path) -> Nursery:
        return Nursery(self._memory, folder if self._is_loaded(folder) else None)

    def _is_loaded(self, folder: Path) -> bool:
        return not self._fresh and sum(path.stat().st_size for path in folder.iterdir()) <= self.limits.loaded_megabytes * 1_000_000

    @property
    def _memory(self) -> int:
        return self.limits.memory_megabytes * 1_000_000


class Place:
    """A query's place among those that run: quick at first, aside when it has taken a moment, slow later."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        pool.enter()
        self._leave: Callable[[], None] | None = pool.leave

    def step_aside(self) -> None:
        """Let the next query have the quick place, if this is one."""
        if self._leave == self._pool.leave and self._pool.step_aside():
            self._leave = self._pool.leave_aside

    def go_slow(self, ends: float) -> None:
        """Go on in a slow place; Ended("busy") where all are taken."""
        self._pool.enter_slow(self, ends)
        self.leave()
        self._leave = partial(self._pool.leave_slow, self)

    def leave(self) -> None:
        """Give the place back."""
        leave, self._leave = self._leave, None
        if leave:
            leave()
