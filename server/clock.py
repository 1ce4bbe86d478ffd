"""One clock for all that takes its time: a timer for each query would cost more than short queries do."""

import asyncio
import time
from typing import Protocol

_LOOKS_EVERY = 0.005  # seconds


class Watched(Protocol):
    """What is to be looked after while it lasts."""

    def look(self, now: float) -> None: ...


class Clock:
    """Looks at what is watched, two hundred times a second while there is something."""

    def __init__(self) -> None:
        self._watched: dict[Watched, None] = {}  # in the order in which they came
        self._is_running = False

    def watch(self, watched: Watched) -> None:
        """Look at it from now on."""
        self._watched[watched] = None
        self._run()

    def forget(self, watched: Watched) -> None:
        """Look at it no more."""
        self._watched.pop(watched, None)

    def _run(self) -> None:
        if not self._is_running:
            self._is_running = True
            asyncio.get_running_loop().call_later(_LOOKS_EVERY, self._look)

    def _look(self) -> None:
        self._is_running = False
        now = time.monotonic()
        for watched in list(self._watched):
            watched.look(now)
        if self._watched:
            self._run()
