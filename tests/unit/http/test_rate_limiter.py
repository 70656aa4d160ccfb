from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass

import pytest

from pulumi_openai_admin.http.rate_limiter import RateLimiter


def paced(*, advised: float | None = 10.0) -> RateLimiter:
    """A pace that was refused at time 100."""
    pace = RateLimiter()
    pace.refused(100.0, advised)
    return pace


def test_after_the_wait_requests_leave_one_by_one() -> None:
    pace = paced()
    slots = [pace.reserve(100.0) for _ in range(5)]
    gaps = [later - earlier for earlier, later in itertools.pairwise(slots)]
    assert slots[0] == 110.0
    assert min(gaps) > 0
    assert max(gaps) == pytest.approx(min(gaps))


def test_a_slot_taken_before_a_refusal_is_no_longer_good() -> None:
    pace = RateLimiter()
    slot = pace.reserve(100.0)
    assert pace.is_still_good(slot)
    pace.refused(100.1, 10.0)
    assert not pace.is_still_good(slot)


def test_longer_advice_extends_the_wait_and_shorter_advice_does_not() -> None:
    pace = paced(advised=10.0)
    pace.refused(101.0, 2.0)
    assert pace.reserve(101.0) >= 110.0
    pace.refused(101.0, 30.0)
    assert pace.reserve(101.0) >= 131.0


def waits_without_advice(count: int) -> list[float]:
    pace, now, waits = RateLimiter(), 0.0, []
    for _ in range(count):
        pace.refused(now, None)
        slot = pace.reserve(now)
        waits.append(slot - now)
        now = slot
    return waits


def test_without_advice_the_wait_doubles_up_to_a_bound() -> None:
    waits = waits_without_advice(12)
    assert waits[:4] == [0.5, 1.0, 2.0, 4.0]
    assert waits == sorted(waits)
    assert waits[-1] == waits[-2] == 60


def test_unadvised_refusals_that_were_under_way_together_count_once() -> None:
    crowd, single = paced(advised=None), paced(advised=None)
    for _ in range(15):
        crowd.refused(100.0, None)
    assert [crowd.reserve(100.0) for _ in range(3)] == [single.reserve(100.0) for _ in range(3)]


def gap(pace: RateLimiter, now: float) -> float:
    return -pace.reserve(now) + pace.reserve(now)


def test_each_refusal_widens_the_gap_and_each_pass_narrows_it() -> None:
    pace, gaps = RateLimiter(), []
    for now in (100.0, 200.0, 300.0):
        pace.refused(now, 1.0)
        gaps.append(gap(pace, now + 50))
    pace.passed()
    gaps.append(gap(pace, 1000.0))
    assert gaps[0] < gaps[1] < gaps[2]
    assert gaps[3] < gaps[2]


def test_the_gap_never_grows_beyond_seconds() -> None:
    pace = RateLimiter()
    for now in range(0, 10_000, 100):
        pace.refused(float(now), 1.0)
    assert gap(pace, 1e6) <= 10.0


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
    took, refusals = simulate(
        requests=150, workers=workers, bucket=Bucket(rate=10, burst=10), advises=advises, latency=latency
    )
    assert ideal <= took < 1.3 * ideal, f"{refusals} refusals"
