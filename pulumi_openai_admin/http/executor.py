"""How the parallel requests of one operation run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

Executor = Callable[[Sequence[Callable[[], None]], int], None]
"""Makes all calls, at most so many at a time, and returns after the last one."""


def in_threads(calls: Sequence[Callable[[], None]], at_a_time: int) -> None:
    """Make each call in a thread, with the context of this one: the deadline, and the resource for warnings."""
    with ThreadPoolExecutor(min(at_a_time, len(calls))) as pool:
        for call in [pool.submit(copy_context().run, call) for call in calls]:
            call.result()
