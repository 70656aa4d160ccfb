from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass

import pytest

from pulumi_openai_admin.http.requestor import RateLimiter


def test_longer_advice_extends_the_wait_and_shorter_advice_does_not() -> None:
    pace = RateLimiter()
    pace.refused(100.0, 10.0)
    pace.refused(101.0, 2.0)
    assert pace.reserve(101.0) >= 110.0
    pace.refused(101.0, 30.0)
    assert pace.reserve(101.0) >= 131.0


def test_without_advice_the_wait_doubles_up_to_a_bound() -> None:
    pace, now, waits = RateLimiter(), 0.0, []
    for _ in range(12):
        pace.refused(now, None)
        slot = pace.reserve(now)
        waits.append(slot - now)
        now = slot
    assert waits[:4] == [0.5, 1.0, 2.0, 4.0]
    assert waits == sorted(waits)
    assert waits[-1] == waits[-2] == 60


@dataclass
class Bucket:
    """OpenAI's side: so many requests a second, and as many at once."""

    rate: float
    burst: float
    tokens: float = 0.0
    at: float = 0.0

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def take(self, now: float) -> float | None:
        """None if the request passes, else the seconds until the next token."""
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
        self.at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return None
        return (1 - self.tokens) / self.rate


def simulate(*, requests: int, workers: int, bucket: Bucket, advises: bool, latency: float) -> tuple[float, int]:
    """Simulated seconds until all have passed, and how many refusals that took."""
    pace, left, refusals, finished = RateLimiter(), requests, 0, 0.0
    order = itertools.count()
    events = [(0.0, next(order), "asks", 0.0) for _ in range(workers)]
    heapq.heapify(events)
    while events:
        now, _, what, slot = heapq.heappop(events)
        if what == "asks":  # a worker takes a slot, and sleeps until it comes
            slot = pace.reserve(now)
            heapq.heappush(events, (slot, next(order), "wakes", slot))
        elif what == "wakes" and not pace.is_still_good(slot):
            heapq.heappush(events, (now, next(order), "asks", 0.0))
        elif what == "wakes":
            wait = bucket.take(now + latency / 2)
            heapq.heappush(events, (now + latency, next(order), "passed" if wait is None else "refused", wait or 0.0))
        elif what == "refused":
            refusals += 1
            pace.refused(now, slot if advises else None)
            heapq.heappush(events, (now, next(order), "asks", 0.0))
        else:
            pace.passed()
            left -= 1
            finished = now
            if left >= workers:
                heapq.heappush(events, (now, next(order), "asks", 0.0))
    return finished, refusals


@pytest.mark.parametrize(("workers", "advises"), [(4, True), (4, False), (16, False), (16, True)])
@pytest.mark.parametrize("latency", [0.02, 0.1])
def test_a_crowd_gets_nearly_all_that_openai_lets_through(workers: int, advises: bool, latency: float) -> None:
    ideal = (150 - 10) / 10
    bucket = Bucket(rate=10, burst=10)
    took, refusals = simulate(requests=150, workers=workers, bucket=bucket, advises=advises, latency=latency)
    assert ideal <= took < 1.3 * ideal, f"{refusals} refusals"
