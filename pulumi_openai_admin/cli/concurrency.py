"""Run slow operations in parallel; Ctrl-C ends them at once."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, TypeVar

from pulumi_openai_admin.cli import terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")


def run_with_progress(
    description: str, work: Callable[[Item], Result], items: Sequence[Item], threads: int
) -> Iterator[tuple[Item, Result | Exception]]:
    """The same as `run_concurrently`, with a progress bar."""
    with terminal.progress(description, len(items)) as bar:
        for item, result in run_concurrently(work, items, threads):
            bar.advance(bar.task_ids[0])
            yield item, result


def run_concurrently(
    work: Callable[[Item], Result], items: Sequence[Item], threads: int
) -> Iterator[tuple[Item, Result | Exception]]:
    """Each item with its result, in the order in which they finish.

    The threads are daemons, unlike those of `concurrent.futures`, so that Ctrl-C does not wait for a request that
    sleeps for a minute. No item is started after the caller stops iterating.
    """
    todo: queue.SimpleQueue[Item] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[Item, Result | Exception]] = queue.SimpleQueue()
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            try:
                item = todo.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((item, work(item)))
            except Exception as error:  # noqa: BLE001 - the caller decides
                done.put((item, error))

    for item in items:
        todo.put(item)
    for _ in range(min(threads, len(items))):
        threading.Thread(target=run, daemon=True).start()
    try:
        for _ in items:
            yield done.get()
    finally:
        stop.set()
