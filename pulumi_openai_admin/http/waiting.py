"""How an operation waits, and how a user's cancellation ends its waits."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class Waiting(Protocol):
    """Waits for an operation."""

    def sleep(self, seconds: float, /) -> None:
        """Wait. Returns early if the user cancels the operation."""
        ...

    def is_cancelled(self) -> bool:
        """Whether the user has cancelled the operation: then nothing waits any longer."""
        ...


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
