"""When the next request to an endpoint may leave: one pace for all threads of a process.

Pure: time comes in as an argument, so that a test needs no clock.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

_FIRST_BACKOFF = 0.5
_LONGEST_BACKOFF = 60.0
_FIRST_INTERVAL = 0.05
_LONGEST_INTERVAL = 60.0
_SLOWER = 1.5
_FASTER = 0.95


@dataclass
class Pace:
    """Requests leave at once until one is refused; then one by one, faster while none is refused.

    A refusal stops everybody until its wait is over, and widens the interval between two
    requests; each request that passes narrows it again. So a crowd of waiting threads does
    not fall upon OpenAI in the moment that the wait ends, only to be refused again.
    """

    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _resume_at: float = 0.0
    _next_slot: float = 0.0
    _interval: float = 0.0
    _refusals_in_a_row: int = 0

    @property
    def is_slowed(self) -> bool:
        """Whether requests leave one by one, since some were refused."""
        with self._lock:
            return self._interval > 0

    def reserve(self, now: float) -> float:
        """Take the next free slot; the time (same clock as `now`) at which the request may leave."""
        with self._lock:
            slot = max(now, self._resume_at, self._next_slot)
            self._next_slot = slot + self._interval
            return slot

    def is_still_good(self, slot: float) -> bool:
        """Whether nobody was refused since the slot was taken, or the slot lies behind that wait."""
        with self._lock:
            return slot >= self._resume_at

    def refused(self, now: float, advised: float | None) -> None:
        """Note a 429.

        Args:
            now: The time of the refusal.
            advised: The wait that OpenAI advised in seconds, None where it gave no advice: then
                the wait doubles with each refusal in a row.
        """
        with self._lock:
            is_repeated = now < self._resume_at  # one of several that were under way together: one refusal, not many
            if is_repeated and advised is None:
                return
            backoff = min(_LONGEST_BACKOFF, _FIRST_BACKOFF * 2**self._refusals_in_a_row)
            self._refusals_in_a_row = min(self._refusals_in_a_row + 1, 10)
            self._resume_at = max(self._resume_at, now + (backoff if advised is None else advised))
            self._next_slot = max(self._next_slot, self._resume_at)
            # An advice that is shorter than the interval says that the interval is long enough.
            if not is_repeated and (advised is None or advised > self._interval / 2):
                self._interval = min(_LONGEST_INTERVAL, max(_FIRST_INTERVAL, self._interval * _SLOWER))

    def passed(self) -> None:
        """Note a request that was not refused."""
        with self._lock:
            self._refusals_in_a_row = 0
            self._interval = self._interval * _FASTER if self._interval * _FASTER >= _FIRST_INTERVAL / 4 else 0.0
