"""When the next request to an endpoint may be sent: one rate limiter for all threads.

Time comes in as an argument, so that a test needs no clock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field

Executor = Callable[[Sequence[Callable[[], None]], int], None]
"""Makes all calls, at most so many at a time, and returns after the last one."""


def in_threads(calls: Sequence[Callable[[], None]], at_a_time: int) -> None:
    """Make each call in a thread, with the context of this one: the deadline, and the resource for warnings."""
    with ThreadPoolExecutor(min(at_a_time, len(calls))) as pool:
        for call in [pool.submit(copy_context().run, call) for call in calls]:
            call.result()


_FIRST_BACKOFF = 0.5
_MAX_BACKOFF = 60.0
_FIRST_INTERVAL = 0.05
_MAX_INTERVAL = 60.0
_SLOWER = 1.5
_FASTER = 0.95


@dataclass
class RateLimiter:
    """Requests are sent at once until one is refused, and then one by one, faster while none is refused.

    A refusal stops all threads until its wait is over, and increases the interval between requests. Each accepted
    request decreases it. So waiting threads do not all send at once when the wait ends, to be refused again.
    """

    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _resume_at: float = 0.0
    _next_slot: float = 0.0
    _interval: float = 0.0
    _refusals_in_a_row: int = 0

    @property
    def is_slowed(self) -> bool:
        """Return whether requests are sent one by one, because some were refused."""
        with self._lock:
            return self._interval > 0

    def reserve(self, now: float) -> float:
        """Reserve the next free slot; returns the time (same clock as `now`) at which the request may be sent."""
        with self._lock:
            slot = max(now, self._resume_at, self._next_slot)
            self._next_slot = slot + self._interval
            return slot

    def is_still_good(self, slot: float) -> bool:
        """Return whether no request was refused since the slot was reserved, or the slot is after that wait."""
        with self._lock:
            return slot >= self._resume_at

    def refused(self, now: float, advised: float | None) -> None:
        """Record a 429.

        Args:
            now: The time of the refusal.
            advised: The wait that OpenAI advised in seconds. None if it gave no advice: then the wait doubles with each
                consecutive refusal.
        """
        with self._lock:
            is_repeated = now < self._resume_at  # several requests in flight that are refused together count once
            if is_repeated and advised is None:
                return
            backoff = min(_MAX_BACKOFF, _FIRST_BACKOFF * 2**self._refusals_in_a_row)
            self._refusals_in_a_row = min(self._refusals_in_a_row + 1, 10)
            self._resume_at = max(self._resume_at, now + (backoff if advised is None else advised))
            self._next_slot = max(self._next_slot, self._resume_at)
            # If the advised wait is shorter than the interval, the interval is long enough.
            if not is_repeated and (advised is None or advised > self._interval / 2):
                self._interval = min(_MAX_INTERVAL, max(_FIRST_INTERVAL, self._interval * _SLOWER))

    def passed(self) -> None:
        """Record a request that was not refused."""
        with self._lock:
            self._refusals_in_a_row = 0
            self._interval = self._interval * _FASTER if self._interval * _FASTER >= _FIRST_INTERVAL / 4 else 0.0
