"""Threads and processes against token buckets, on a simulated clock: the pace is the package's own."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from pulumi_openai_admin.config import Settings
from pulumi_openai_admin.http.client import THROTTLED_CONCURRENCY
from pulumi_openai_admin.http.requestor import RateLimiter

if TYPE_CHECKING:
    from collections.abc import Callable

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

    def admits(self) -> bool:
        """As the client of a run: see `THROTTLED_CONCURRENCY`."""
        return self.running < THROTTLED_CONCURRENCY or not self.pace.is_slowed


@dataclass
class _HostThread:
    """Serves one operation after the other, each stage of one with up to `parallel` requests at a time."""

    process: _Process
    parallel: int
    stages: list[tuple[str, int]] = field(default_factory=list)
    unsent: int = 0
    unanswered: int = 0
    began: float = 0.0


class Simulation:
    """Runs processes of several threads, each process with a pace of its own, against a bucket for each endpoint."""

    def __init__(self, buckets: dict[str, Bucket], *, parallel: int = 1) -> None:
        self.buckets = buckets
        self.parallel = parallel
        self.outcome = Outcome()
        self._events: list[tuple[float, int, Callable[[float], None]]] = []
        self._order = count()

    def run(self, operations: list[Operation], processes: int = 1) -> Outcome:
        """Serve all operations, dealt out evenly to the processes."""
        # What sends many requests shares those of a few with the others (`Client.in_flight`).
        threads = STEPS if self.parallel == 1 else THROTTLED_CONCURRENCY
        for number in range(processes):
            process = _Process(operations[number::processes])
            for _ in range(threads):
                self._at(0.0, partial(self._begin, _HostThread(process, self.parallel)))
        longest = _PATIENCE * max(60.0, self._ideal(operations))
        while self._events and self.outcome.finished:
            now, _, action = heapq.heappop(self._events)
            self.outcome.finished = now <= longest
            action(now)
        return self.outcome

    def _ideal(self, operations: list[Operation]) -> float:
        stages = [stage for operation in operations for stage in operation]
        return max(
            bucket.ideal(sum(number for endpoint, number in stages if endpoint == name))
            for name, bucket in self.buckets.items()
        )

    def _at(self, time: float, action: Callable[[float], None]) -> None:
        heapq.heappush(self._events, (time, next(self._order), action))

    def _begin(self, thread: _HostThread, now: float) -> None:
        """A thread that is not admitted leaves what there is to those that are."""
        if thread.process.operations and thread.process.admits():
            thread.process.running += 1
            thread.stages, thread.began = list(thread.process.operations.pop()), now
            self._begin_stage(thread, now)

    def _begin_stage(self, thread: _HostThread, now: float) -> None:
        endpoint, number = thread.stages.pop(0)
        thread.unsent = thread.unanswered = number
        for _ in range(min(thread.parallel, number)):
            self._send(thread, endpoint, now)

    def _send(self, thread: _HostThread, endpoint: str, now: float) -> None:
        thread.unsent -= 1
        self._reserve(thread, endpoint, now)

    def _reserve(self, thread: _HostThread, endpoint: str, now: float) -> None:
        slot = thread.process.pace.reserve(now)
        self._at(slot, partial(self._leave, thread, endpoint, slot))

    def _leave(self, thread: _HostThread, endpoint: str, slot: float, now: float) -> None:
        """As `Requestor._await_slot`: somebody may have been refused meanwhile."""
        if thread.process.pace.is_still_good(slot):
            self._at(now + _LATENCY_SECONDS / 2, partial(self._arrive, thread, endpoint))
        else:
            self._reserve(thread, endpoint, now)

    def _arrive(self, thread: _HostThread, endpoint: str, now: float) -> None:
        wait = self.buckets[endpoint].take(now)
        told = partial(self._refused, thread, endpoint, wait) if wait else partial(self._passed, thread, endpoint)
        self._at(now + _LATENCY_SECONDS / 2, told)

    def _refused(self, thread: _HostThread, endpoint: str, wait: float, now: float) -> None:
        self.outcome.refused += 1
        thread.process.pace.refused(now, wait if self.buckets[endpoint].advises else None)
        self._reserve(thread, endpoint, now)

    def _passed(self, thread: _HostThread, endpoint: str, now: float) -> None:
        self.outcome.passed += 1
        self.outcome.seconds = now
        thread.process.pace.passed()
        thread.unanswered -= 1
        if thread.unsent:
            self._send(thread, endpoint, now)
        elif not thread.unanswered and thread.stages:
            self._begin_stage(thread, now)
        elif not thread.unanswered:
            thread.process.running -= 1
            self.outcome.longest_operation = max(self.outcome.longest_operation, now - thread.began)
            self._begin(thread, now)
