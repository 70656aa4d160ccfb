"""OpenAI's clock, from its responses: the local clock may be wrong.

Pure: the monotonic clock comes in as an argument, so that a test needs no clock.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class ServerClock:
    """The time at OpenAI; shared by all threads that use one requestor.

    The header `Date` of each response sets it, and it continues with the monotonic clock. `Date` is truncated to whole
    seconds and does not include the time of the transfer. So OpenAI's time is between `now()` and `now()` + 1 s + the
    transfer time of the last response, and two readings may differ by about a second. `created_at` is truncated too,
    and another machine may have set it: allow some seconds on both sides of a window.

    Args:
        monotonic: The machine's monotonic clock, in seconds.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._ahead: float | None = None
        """OpenAI's clock minus the monotonic clock, in seconds."""

    def set(self, date: float | None) -> None:
        """Set the clock when the headers of a response arrive.

        Args:
            date: The header `Date` in seconds since 1970; None if there is none, which changes nothing.
        """
        if date is None:
            return
        with self._lock:
            self._ahead = date - self._monotonic()

    def now(self) -> float | None:
        """Seconds since 1970 by OpenAI's clock; None before the first response."""
        with self._lock:
            return None if self._ahead is None else self._ahead + self._monotonic()

    def now_or_local(self) -> float:
        """Seconds since 1970 by OpenAI's clock; by the clock of your machine before the first response."""
        return self.now() or time.time()
