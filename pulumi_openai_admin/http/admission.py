"""How many operations run at a time: all of them, but only a few while OpenAI's request limit is reached."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FEW = 4
"""The number while requests are refused. It is enough to use the whole limit. With more, each operation would wait
longer within its own `max_wait_seconds`."""


class Admission:
    """Lets operations start. The time limit of an operation begins when it starts.

    Args:
        is_throttled: Whether requests wait for OpenAI's request limit.
    """

    def __init__(self, is_throttled: Callable[[], bool]) -> None:
        self._is_throttled = is_throttled
        self._changed = threading.Condition()
        self._running = 0

    @contextmanager
    def operation(self) -> Iterator[None]:
        """Wait until another operation may start, and count it until it ends."""
        with self._changed:
            self._changed.wait_for(lambda: self._running < FEW or not self._is_throttled())
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()
