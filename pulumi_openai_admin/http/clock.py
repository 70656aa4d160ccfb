"""OpenAI's clock, as its replies show it: this machine's own may be wrong.

Pure: the monotonic clock comes in as an argument, so that a test needs no clock.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock:
    """The time at OpenAI; shared by all threads that use one requestor.

    It is set by header `Date` of every reply and runs on with the monotonic clock. `Date` has whole seconds, cut off,
    and is as old as the reply's way to here. So OpenAI's real time lies between `now()` and `now()` + 1 s + the time
    that the last reply took on its way, and two readings may differ by about a second in either direction. `created_at`
    of what OpenAI makes has whole seconds, cut off, too, and another machine there may have set it: allow some seconds
    on both sides of a window.

    Args:
        monotonic: The machine's monotonic clock, in seconds.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._ahead: float | None = None
        """How far OpenAI's clock is ahead of the monotonic one."""

    def set(self, date: float | None) -> None:
        """Note a reply in the moment in which its headers are here.

        Args:
            date: Its header `Date`, in seconds since 1970; None where it has none, which changes nothing.
        """
        if date is None:
            return
        with self._lock:
            self._ahead = date - self._monotonic()

    def now(self) -> float | None:
        """Seconds since 1970 by OpenAI's clock; None until a reply has come."""
        with self._lock:
            return None if self._ahead is None else self._ahead + self._monotonic()
