"""Many objects under one resource: as many at a time as the settings say, and one error for those that failed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING, TypeVar

from pulumi_openai_admin.handlers import restoration

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pulumi_openai_admin import errors
    from pulumi_openai_admin.http.client import Client

T = TypeVar("T")


def each(client: Client, items: Sequence[T], act: Callable[[T], object]) -> None:
    """Call a function for each item, and wait for all calls."""
    if not items:
        return
    with ThreadPoolExecutor(min(client.parallel, len(items))) as pool:
        # Each call has the context of this thread: the deadline, and the resource for warnings.
        calls = [pool.submit(copy_context().run, act, item) for item in items]
        for call in calls:
            call.result()


def causes(failed: Mapping[str, errors.AdminError]) -> list[str | errors.AdminError]:
    """The parts of an advice that say why objects failed, for the first `MAX_NAMED` of them."""
    named = list(failed.items())[: restoration.MAX_NAMED]
    parts = [part for name, error in named for part in (f"{name}: ", error, " ")]
    left = len(failed) - len(named)
    return [*parts, f"And {left} more. "] if left else parts
