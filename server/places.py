"""The place of a query among those that run: server/pool.py says who gets which."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.pool import Pool


class Place:
    """A query's place among those that run, once it has entered the pool: quick at first, aside when it has taken a moment, slow later."""

    def __init__(self, pool: "Pool") -> None:
        self._pool, self._is_slow = pool, False
        self._leave: Callable[[], None] | None = pool.leave

    @property
    def is_aside(self) -> bool:
        """Return whether the query holds no place of the few."""
        return self._leave == self._pool.leave_aside

    def step_aside(self) -> None:
        """Let the next query have the quick place, if this is one."""
        if self._leave == self._pool.leave and self._pool.step_aside():
            self._leave = self._pool.leave_aside

    def go_slow(self, ends: float) -> bool:
        """Go on in a slow place; return whether there was one, or this is one."""
        if not self._is_slow and self._pool.enter_slow(self, ends):
            self.leave()
            self._is_slow, self._leave = True, partial(self._pool.leave_slow, self)
        return self._is_slow

    def leave(self) -> None:
        """Give the place back."""
        leave, self._leave = self._leave, None
        if leave:
            leave()
