"""The token bucket of an endpoint: "about 7 to 10 requests a minute on one endpoint, refilled in about 60 s"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_openai_admin.emulator.handlers.errors import slow_down

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.operation import Operation
    from pulumi_openai_admin.emulator.handlers.reply import Reply
    from pulumi_openai_admin.emulator.handlers.world import Throttle, World


@dataclass
class _Bucket:
    tokens: float
    at: float


class Buckets:
    """One bucket for each operation, whatever the ids in its path."""

    def __init__(self, world: World) -> None:
        """Start with all buckets full."""
        self._world = world
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def clear(self) -> None:
        """Fill all buckets again."""
        self._buckets.clear()

    def refuse(self, operation: Operation) -> Reply | None:
        """Take a token, or say how long to wait for one."""
        throttle = self._world.throttle
        if throttle is None:
            return None
        wait = self._take(throttle, (operation.method, operation.path))
        return None if wait == 0 else slow_down(wait, throttle.advice)

    def _take(self, throttle: Throttle, endpoint: tuple[str, str]) -> float:
        now, a_second = self._world.monotonic(), throttle.per_minute / 60
        bucket = self._buckets.setdefault(endpoint, _Bucket(throttle.burst, now))
        bucket.tokens = min(throttle.burst, bucket.tokens + (now - bucket.at) * a_second)
        bucket.at = now
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / a_second
        bucket.tokens -= 1
        return 0
