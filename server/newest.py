"""The newest published generation, kept open for the pages of this process; reader processes open theirs themselves."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from kg.generations import Generation, current_number, open_current

Made = TypeVar("Made")


class Newest:
    """Reopens the store when the pointer to the newest generation has moved; safe to use from many threads.

    A generation that was removed stays open, and its files on the disk, until somebody asks; /healthz and /metrics ask too.
    """

    def __init__(self, store_path: Path) -> None:
        self._path, self._lock = store_path, Lock()
        self._generation = open_current(store_path)

    def current(self) -> Generation:
        """Return the newest generation."""
        with self._lock:
            if current_number(self._path) != self._generation.number:
                self._generation = open_current(self._path)
            return self._generation


class MadeOfNewest(Generic[Made]):
    """What is made of the newest generation: when it is first asked for, and kept until the next. Who asks meanwhile waits."""

    def __init__(self, newest: Newest, make: Callable[[Generation], Made]) -> None:
        self._newest, self._make, self._lock = newest, make, Lock()
        self._kept: tuple[str, Made] | None = None

    def current(self) -> Made:
        """Return it."""
        with self._lock:
            generation = self._newest.current()
            if self._kept is None or self._kept[0] != generation.mark:
                self._kept = generation.mark, self._make(generation)
            return self._kept[1]
