"""The clock that an operation waits with, and OpenAI's clock, from its responses: the local clock may be wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.remedies import Advice, Message, Worded

SECONDS_BETWEEN = 0.2
"""How often a wait that a cancellation can't wake, such as for a lock or a byte, checks whether it has to end."""


class Clock:
    """The clock of your machine, and how operations wait. A user's cancellation ends all waits, in all threads.

    A simulation has its own, which moves when an operation waits.
    """

    def __init__(self) -> None:
        self._cancelled = threading.Event()

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds since some moment, whatever is done to the clock of the machine."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait. Returns early if the user cancels the operation."""
        self._cancelled.wait(seconds)

    def cancel(self) -> None:
        """End all waits, now and later."""
        self._cancelled.set()

    def is_cancelled(self) -> bool:
        """Return whether the user has cancelled the operation: then nothing waits any longer."""
        return self._cancelled.is_set()

    def wait_until(self, attempt: Callable[[float], bool], left: Callable[[], float]) -> bool:
        """Wait for something that another thread releases, such as a lock.

        Args:
            attempt: Waits for it, for at most so many seconds. Returns whether it got it.
            left: Returns how many seconds are left to wait.

        Returns:
            False if the time is over, or the user has cancelled.
        """
        while not attempt(max(0.0, min(SECONDS_BETWEEN, left()))):
            if self.is_cancelled() or left() <= 0:
                return False
        return True


def nothing_sent(limit: str | Worded, clock: Clock) -> errors.OperationTimeoutError:
    """The error of an operation that could not begin, with the name of the setting that has its time limit."""
    if clock.is_cancelled():
        return errors.OperationTimeoutError("Nothing was sent: you cancelled it", Advice(remedies.RUN, "."))
    what = Message(
        "Nothing was sent: the time limit (", limit, ") passed while waiting for other resources of this run"
    )
    return errors.OperationTimeoutError(what, Advice(remedies.RUN_AGAIN, "."))


class StoppedError(Exception):
    """The operation has no time left, or the user has cancelled it."""


class WaitLimits(NamedTuple):
    """How long a request may wait."""

    left: Callable[[], float]
    """Returns how many seconds the operation has left."""
    is_cancelled: Callable[[], bool]
    """Returns whether the user has cancelled the operation."""
    changes_something: bool
    """Whether OpenAI may have carried out the request when it is cancelled. The response may have the only copy of a
    new key, so it is waited for until it begins."""

    def require_time(self, *, is_cancellable: bool = False) -> None:
        """Check that the operation has time left, and is not cancelled if that counts.

        Raises:
            StoppedError: It has none, or was cancelled.
        """
        if self.left() <= 0 or (is_cancellable and self.is_cancelled()):
            raise StoppedError


class ServerClock:
    """The time at OpenAI; shared by all threads that use one requestor.

    The header `Date` of each response sets it, and it continues with the monotonic clock. `Date` is truncated to whole
    seconds and does not include the time of the transfer. So OpenAI's time is between `now()` and `now()` + 1 s + the
    transfer time of the last response, and two readings may differ by about a second. `created_at` is truncated too,
    and another machine may have set it: allow some seconds on both sides of a window.

    Args:
        local: The clock of your machine.
    """

    def __init__(self, local: Clock) -> None:
        self._local = local
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
            self._ahead = date - self._local.monotonic()

    def now(self) -> float | None:
        """Seconds since 1970 by OpenAI's clock; None before the first response."""
        with self._lock:
            return None if self._ahead is None else self._ahead + self._local.monotonic()

    def now_or_local(self) -> float:
        """Seconds since 1970 by OpenAI's clock; by the clock of your machine before the first response."""
        return self.now() or self._local.now()
