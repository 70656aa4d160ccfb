"""How many operations go on at a time: all that come while OpenAI refuses none, few while its limit is reached."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FEW = 4
"""While requests are refused: enough to send whatever the limit lets through. The more wait for one limit, the
longer each waits, within its own `max_wait_seconds`, and the later it learns that the limit has changed."""


class Admission:
    """Lets operations begin. Before it does, an operation's own time does not run.

    Args:
        is_throttled: Whether requests wait for OpenAI's request limit.
    """

    def __init__(self, is_throttled: Callable[[], bool]) -> None:
        self._is_throttled = is_throttled
        self._changed = threading.Condition()
        self._running = 0

    @contextmanager
    def operation(self) -> Iterator[None]:
        """Wait until one more operation may begin, and count it until it ends."""
        with self._changed:
            self._changed.wait_for(lambda: self._running < FEW or not self._is_throttled())
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()
