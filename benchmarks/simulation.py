"""Threads and processes against token buckets, on a simulated clock: the pace is the package's own."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from itertools import count, islice
from typing import TYPE_CHECKING

from pulumi_openai_admin.config import Settings
from pulumi_openai_admin.http.client import THROTTLED_CONCURRENCY
from pulumi_openai_admin.http.requestor import RateLimiter

if TYPE_CHECKING:
    from collections.abc import Iterator

STEPS = Settings.parallel
"""So many steps at a time, if the engine begins as many and OpenAI refuses no request."""
_ROUNDING = 1e-9
_LATENCY_SECONDS = 0.3
"""Between a request and its response."""
_PATIENCE = 10
"""A run ends after so many times the ideal, finished or not."""

Operation = tuple[tuple[str, int], ...]
"""One step of the engine, in stages: `(("list", 1), ("POST", 170))`."""


@dataclass
class Bucket:
    """The limit of one endpoint, shared by all that the organization runs."""

    per_minute: float
    burst: int
    advises: bool = True
    punishes: bool = False
    """Whether a refused request counts against the limit too."""

    def __post_init__(self) -> None:
        self._tokens, self._at = float(self.burst), 0.0

    def ideal(self, requests: int) -> float:
        """The least seconds in which so many requests can pass."""
        return max(0.0, (requests - self.burst) * 60 / self.per_minute)

    def take(self, now: float) -> float:
        """Take a token: 0, or the seconds until there will be one."""
        self._tokens = min(self.burst, self._tokens + (now - self._at) * self.per_minute / 60)
        self._at = now
        if self._tokens >= 1 - _ROUNDING:
            self._tokens -= 1
            return 0.0
        if self.punishes:
            self._tokens = max(-float(self.burst), self._tokens - 1)
        return (1 - self._tokens) * 60 / self.per_minute


@dataclass
class Outcome:
    """How a simulated run went."""

    seconds: float = 0.0
    passed: int = 0
    refused: int = 0
    longest_operation: float = 0.0
    """The longest that one step waited and worked."""
    finished: bool = True


@dataclass
class _Process:
    """What the threads of one process share."""

    operations: list[Operation]
    """What it still has to begin."""
    pace: RateLimiter = field(default_factory=RateLimiter)
    running: int = 0


class Simulation:
    """Runs processes of several threads, each process with a pace of its own, against a bucket for each endpoint.

    Threads and requests are iterators: each gives the time at which it goes on.
    """

    def __init__(self, buckets: dict[str, Bucket], *, parallel: int = 1) -> None:
        self.buckets = buckets
        self.parallel = parallel
        self.outcome = Outcome()
        self.now = 0.0

    def run(self, operations: list[Operation], processes: int = 1) -> Outcome:
        """Serve all operations, dealt out evenly to the processes."""
        # What sends many requests shares those of a few with the others (`Client.in_flight`).
        threads = STEPS if self.parallel == 1 else THROTTLED_CONCURRENCY
        started = [_Process(operations[number::processes]) for number in range(processes)]
        stages = [stage for operation in operations for stage in operation]
        ideal = max(
            bucket.ideal(sum(number for endpoint, number in stages if endpoint == name))
            for name, bucket in self.buckets.items()
        )
        running = [self._thread(process) for process in started for _ in range(threads)]
        for self.now in _together(running, len(running)):
            if self.now > _PATIENCE * max(60.0, ideal):
                self.outcome.finished = False
                break
        return self.outcome

    def _thread(self, process: _Process) -> Iterator[float]:
        """One operation after the other. A thread that is not admitted leaves what there is to those that are."""
        # As the client of a run admits them: see `THROTTLED_CONCURRENCY`.
        while process.operations and (process.running < THROTTLED_CONCURRENCY or not process.pace.is_slowed):
            process.running += 1
            began = self.now
            for endpoint, number in process.operations.pop():
                yield from _together([self._request(process, endpoint) for _ in range(number)], self.parallel)
            process.running -= 1
            self.outcome.longest_operation = max(self.outcome.longest_operation, self.now - began)

    def _request(self, process: _Process, endpoint: str) -> Iterator[float]:
        """One request, until it has passed. It waits for its turn as in `Requestor._await_slot`."""
        bucket = self.buckets[endpoint]
        while True:
            slot = process.pace.reserve(self.now)
            yield slot
            if not process.pace.is_still_good(slot):  # somebody has been refused meanwhile
                continue
            yield self.now + _LATENCY_SECONDS / 2
            wait = bucket.take(self.now)
            yield self.now + _LATENCY_SECONDS / 2
            if not wait:
                break
            self.outcome.refused += 1
            process.pace.refused(self.now, wait if bucket.advises else None)
        self.outcome.passed += 1
        self.outcome.seconds = self.now
        process.pace.passed()


def _together(all_: list[Iterator[float]], at_once: int) -> Iterator[float]:
    """The times of several iterators in order, of so many at a time: when one ends, the next one begins."""
    order, left = count(), iter(all_)
    waiting: list[tuple[float, int, Iterator[float]]] = []
    ready = [*islice(left, at_once)]
    while ready or waiting:
        if ready:
            each = ready.pop(0)
            if (time := next(each, None)) is None:
                ready += islice(left, 1)
            else:
                heapq.heappush(waiting, (time, next(order), each))
        else:
            time, _, each = heapq.heappop(waiting)
            yield time
            ready.append(each)
