"""The web process's end of the one writer: hands changes over one at a time, and ends the writer process at the deadline."""

import signal
import subprocess
import sys
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from threading import Lock

from kg.store import BadStore
from server.changes import Change, Committed, GraphChange, Published, Refused, Told, Update

_READY_SECONDS = 600.0  # opening a large store and publishing what an ended writer left may take minutes


class WriterBusy(Exception):
    """Another change is being carried out; this one was not begun."""


class ChangeEnded(Exception):
    """A change took too long or too much memory, and was taken back."""


class ChangeRefused(ValueError):
    """A change could not be carried out, and was taken back; `reason` is one of changes.Refused."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.detail)
        self.reason = refused.reason


class Writer:
    """The only one to write to a store folder; safe to use from many threads. A change is published when its method returns.

    `deadline` is how many seconds a change may take before it is stored, `wait` how many it may wait for others. Publication
    is not bounded: it takes time in proportion to the graph, and cannot fail the change any more.
    """

    def __init__(self, store_path: Path, *, deadline: float, wait: float, memory: int) -> None:
        """Open the store, or make an empty one; BadStore where it cannot be written to, as while a build runs."""
        self._path, self._deadline, self._wait, self._memory = store_path, deadline, wait, memory
        self._lock = Lock()
        self._start()
        self._await_ready()

    def update(self, text: str, base: str) -> None:
        """Carry out a SPARQL update, all of it or nothing; raises WriterBusy, ChangeEnded or ChangeRefused."""
        self._carry_out(Update(text, base))

    def change_graph(self, change: GraphChange) -> Committed:
        """Replace, add to or remove a graph; raises WriterBusy, ChangeEnded or ChangeRefused."""
        return self._carry_out(change)

    def close(self) -> None:
        """End the writer process; a change that is going on is taken back."""
        with suppress(OSError):
            self._connection.close()
        self._end()

    def _carry_out(self, change: Change) -> Committed:
        if not self._lock.acquire(timeout=self._wait):
            raise WriterBusy(f"other changes have taken longer than {self._wait:g} seconds; nothing was changed")
        try:
            return self._exchange(change)
        finally:
            self._lock.release()

    def _exchange(self, change: Change) -> Committed:
        if self._process.poll() is not None:
            self._restart()
        self._await_ready()
        try:
            self._connection.send(change)
            told = self._told(self._deadline)
        except (EOFError, OSError) as error:
            self._restart()
            if self._ended_by == signal.SIGSEGV:  # a parser's stack ran over
                raise ChangeRefused(Refused("impossible", "the change is nested too deeply; nothing was changed")) from error
            raise ChangeEnded("the change took too much memory, or its process was ended; nothing was changed") from error
        if told is None:
            self._end()  # before the last look: what was stored meanwhile was stored
            told = self._last_word()
            self._restart()
        if told is None:
            raise ChangeEnded(f"the change took longer than {self._deadline:g} seconds; nothing was changed")
        if isinstance(told, Committed):
            self._await_publication()
            return told
        if isinstance(told, Refused):
            raise ChangeRefused(told)
        raise TypeError(f"the writer said {told!r}")

    def _told(self, seconds: float) -> Told | None:
        return self._connection.recv() if self._connection.poll(seconds) else None

    def _last_word(self) -> Told | None:
        try:
            return self._told(0.0)
        except (EOFError, OSError):
            return None

    def _await_publication(self) -> None:
        """Wait until readers see a stored change; a writer that ends before is followed by one that publishes first."""
        if not self._is_ready:
            return self._await_ready()
        try:
            told = self._told(_READY_SECONDS)
        except (EOFError, OSError):
            told = None
        if told is None:
            self._restart()
            self._await_ready()
        return None

    def _start(self) -> None:
        ours, theirs = Pipe()
        self._connection: Connection[Change, Told] = ours
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "server.writer_process", str(theirs.fileno()), str(self._path), str(self._memory)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.PIPE,  # never written to: it ends when this process does
            )
        self._is_ready = False

    def _await_ready(self) -> None:
        if self._is_ready:
            return
        try:
            told = self._told(_READY_SECONDS)
        except (EOFError, OSError):
            told = None
        if not isinstance(told, Published):
            self._end()
            raise BadStore(told.detail if isinstance(told, Refused) else f"{self._path}: the store cannot be opened for writing")
        self._is_ready = True

    def _restart(self) -> None:
        with suppress(subprocess.TimeoutExpired):  # it has closed its end already where it ended by itself
            self._process.wait(0.1)
        self._end()
        self._connection.close()
        self._start()

    def _end(self) -> None:
        """End the writer process and wait until it has given the store's lock back."""
        self._process.kill()
        self._ended_by = -self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
