"""How many operations run at a time: all of them, but only a few while the Administration API rate limit is reached."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

THROTTLED_CONCURRENCY = 4
"""The number while requests are refused. It is enough to use the whole limit. With more, each operation would wait
longer within its own `max_wait_seconds`."""


class Admission:
    """Lets operations start.

    Args:
        is_throttled: Whether requests wait for the Administration API rate limit.
    """

    def __init__(self, is_throttled: Callable[[], bool]) -> None:
        self._is_throttled = is_throttled
        self._changed = threading.Condition()
        self._running = 0

    @contextmanager
    def operation(self, wait: Callable[[Callable[[float], bool]], None]) -> Iterator[None]:
        """Wait until another operation may start, and count it until it ends.

        Args:
            wait: Waits until a function returns true, which waits for at most so many seconds (`Requestor.await_turn`).
        """
        wait(self._starts)
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def _starts(self, seconds: float) -> bool:
        """Wait for at most so many seconds; whether the operation may start, and is counted."""
        with self._changed:
            if not self._changed.wait_for(
                lambda: self._running < THROTTLED_CONCURRENCY or not self._is_throttled(), seconds
            ):
                return False
            self._running += 1
            return True
