"""Keeps the newest published generation open for the requests of this process."""

from pathlib import Path
from threading import Lock

from kg.generations import Generation, current_number, open_current


class Reader:
    """Reopens the store when the pointer to the newest generation has moved; safe to use from many threads."""

    def __init__(self, store_path: Path) -> None:
        self._path, self._lock = store_path, Lock()
        self._generation = open_current(store_path)

    def current(self) -> Generation:
        """Return the newest generation."""
        with self._lock:
            if current_number(self._path) != self._generation.number:
                self._generation = open_current(self._path)
            return self._generation
