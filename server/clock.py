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
        self.watched: set[Watched] = set()
        self._is_running = False

    def run(self) -> None:
        """See to it that what is watched is looked at."""
        if not self._is_running:
            self._is_running = True
            asyncio.get_running_loop().call_later(_LOOKS_EVERY, self._look)

    def _look(self) -> None:
        self._is_running = False
        now = time.monotonic()
        for watched in list(self.watched):
            watched.look(now)
        if self.watched:
            self.run()
