"""Parallel steps without threads: each runs until it waits, or sends a request, and then perhaps another goes on."""

from __future__ import annotations

from contextvars import copy_context
from typing import TYPE_CHECKING

from greenlet import getcurrent, greenlet

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    from tests.simulation.cloud import Cloud, Step


class _Task(greenlet):
    """A step that runs beside others."""

    wakes = 0.0
    step: Step | None = None
    error: BaseException | None = None


class Tasks:
    """The tasks of one operation of the engine.

    Args:
        cloud: Its clock moves when all tasks wait.
        rng: Says which task goes on.
    """

    def __init__(self, cloud: Cloud, rng: random.Random) -> None:
        self._cloud, self._rng = cloud, rng
        self._running: list[_Task] = []
        self._main_step: Step | None = None

    @property
    def step(self) -> Step | None:
        """What the current task does."""
        task = getcurrent()
        return task.step if isinstance(task, _Task) else self._main_step

    @step.setter
    def step(self, step: Step | None) -> None:
        task = getcurrent()
        if isinstance(task, _Task):
            task.step = step
        else:
            self._main_step = step

    def run(self, calls: Sequence[Callable[[], None]], at_a_time: int) -> None:
        """Make all calls, in any order; this is the `Executor` of a `Run`, too."""
        waiting, mine = list(calls), []
        self._rng.shuffle(waiting)
        parent = getcurrent()
        while waiting or any(not task.dead for task in mine):
            while waiting and sum(not task.dead for task in mine) < at_a_time:
                task = self._start(waiting.pop())
                task.step = self.step
                mine.append(task)
            if isinstance(parent, _Task):
                self._wait_for(parent, [task for task in mine if not task.dead])
            else:
                self._run_one()
        for task in mine:
            if task.error is not None:
                raise task.error

    def _wait_for(self, parent: _Task, children: list[_Task]) -> None:
        """Let the loop of the main greenlet run the children."""
        if children:
            parent.wakes = max(self._cloud.time.now(), min(child.wakes for child in children))
            parent.parent.switch()

    def _start(self, call: Callable[[], None]) -> _Task:
        def body() -> None:
            try:
                call()
            except BaseException as error:  # noqa: BLE001 - `run` raises it
                task.error = error
            finally:
                self._running.remove(task)

        task = _Task(body)
        task.gr_context = copy_context()
        self._running.append(task)
        return task

    def _run_one(self) -> None:
        now = self._cloud.time.now()
        ready = [task for task in self._running if task.wakes <= now]
        if not ready:
            self._cloud.advance(min(task.wakes for task in self._running) - now)
            return
        task = self._rng.choice(ready)
        task.parent = getcurrent()
        task.switch()

    def switch(self) -> None:
        """Let another task go on, perhaps."""
        if isinstance(getcurrent(), _Task) and self._rng.random() < 0.5:
            self.sleep(0)

    def sleep(self, seconds: float) -> None:
        """Wait, while others go on."""
        task = getcurrent()
        if not isinstance(task, _Task):
            self._cloud.advance(seconds)
            return
        task.wakes = self._cloud.time.now() + seconds
        task.parent.switch()
