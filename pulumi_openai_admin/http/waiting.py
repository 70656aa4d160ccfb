"""How an operation waits, and how a user's cancellation ends its waits."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Protocol

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.remedies import Advice, Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.remedies import Worded


class Waiting(Protocol):
    """Waits for an operation."""

    def sleep(self, seconds: float, /) -> None:
        """Wait. Returns early if the user cancels the operation."""
        ...

    def is_cancelled(self) -> bool:
        """Whether the user has cancelled the operation: then nothing waits any longer."""
        ...


_SECONDS_BETWEEN = 0.2
"""What another thread has to release can't be woken by a cancellation, so it is looked for that often."""


def succeeds(attempt: Callable[[float], bool], left: Callable[[], float], waiting: Waiting) -> bool:
    """Wait for something that another thread releases, such as a lock.

    Args:
        attempt: Waits for it, for at most so many seconds. Returns whether it got it.
        left: Returns how many seconds are left to wait.
        waiting: Knows whether the user has cancelled the operation.

    Returns:
        False if the time is over, or the user has cancelled.
    """
    while not attempt(max(0.0, min(_SECONDS_BETWEEN, left()))):
        if waiting.is_cancelled() or left() <= 0:
            return False
    return True


def nothing_sent(limit: str | Worded, waiting: Waiting) -> errors.OperationTimeoutError:
    """The error of an operation that could not begin.

    Args:
        limit: The setting with its time limit.
        waiting: Knows whether the user has cancelled the operation.
    """
    if waiting.is_cancelled():
        return errors.OperationTimeoutError("Nothing was sent: you cancelled it", Advice(remedies.RUN, "."))
    what = Message(
        "Nothing was sent: the time limit (", limit, ") passed while waiting for other resources of this run"
    )
    return errors.OperationTimeoutError(what, Advice(remedies.RUN_AGAIN, "."))


class Uncancelled:
    """Waits whose operations can't be cancelled, except by ending the process."""

    def sleep(self, seconds: float, /) -> None:
        """Wait."""
        time.sleep(seconds)

    def is_cancelled(self) -> bool:
        """False."""
        return False


class Cancellable:
    """Waits that `cancel` ends, in all threads."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """End all waits, now and later."""
        self._cancelled.set()

    def sleep(self, seconds: float, /) -> None:
        """Wait; return early if cancelled."""
        self._cancelled.wait(seconds)

    def is_cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._cancelled.is_set()
