"""The emulator inside the process of its client: without a socket, a thread or an event loop, by the client's clock."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from types import coroutine
from typing import TYPE_CHECKING

from pulumi_openai_admin.emulator.control.faults import FaultTarget
from pulumi_openai_admin.emulator.handlers.errors import Ending, Reply, Reset
from pulumi_openai_admin.emulator.server.gateway import response_headers
from pulumi_openai_admin.emulator.server.service import Service
from pulumi_openai_admin.emulator.store.store import MachineTime

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator, Mapping

    from pulumi_openai_admin.emulator.control.emulator import Emulator


class SimulatedTime(MachineTime):
    """A clock that its owner moves."""

    def __init__(self, start: float) -> None:
        self._now = start

    def now(self) -> float:
        """Give the seconds since 1970."""
        return self._now

    def monotonic(self) -> float:
        """Give the same: nothing sets this clock back."""
        return self._now

    def move_to(self, moment: float) -> None:
        """Set the clock."""
        self._now = max(self._now, moment)


@coroutine
def _until(moment: float) -> Generator[float, None, None]:
    """Wait: the driver of the call gets the time of the end."""
    yield moment


@dataclass
class _Served:
    """A call that is served, or that acts later."""

    steps: Coroutine[float, None, Ending]
    due: float = 0
    ending: Ending | None = None


@dataclass
class InProcess:
    """Serves calls of the same process, one at a time.

    A call whose client has given up goes on when the clock reaches its time: `advance` moves the clock.
    """

    emulator: Emulator
    time: SimulatedTime
    _late: list[_Served] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._service = Service(self.emulator)

    def advance(self, seconds: float) -> None:
        """Move the clock; calls whose clients have given up act at their time."""
        end = self.time.now() + max(0.0, seconds)
        while self._late:
            first = min(self._late, key=lambda call: call.due)
            if first.due > end:
                break
            self._late.remove(first)
            self.time.move_to(first.due)
            self._run(first, float("inf"))
        self.time.move_to(end)

    def request(  # noqa: PLR0913 - the parts of a request
        self,
        method: str,
        path: str,
        query: str = "",
        body: bytes = b"",
        *,
        headers: Mapping[str, str],
        timeout: float,
    ) -> tuple[Reply, dict[str, str]] | None:
        """Make a call; its response and headers, or None if none came in time: the call may act later.

        `path` begins below the base path. The headers have names in lower case.
        """
        ends = self.time.now() + timeout

        async def sleep(seconds: float) -> None:
            await _until(self.time.now() + seconds)

        async def gone(seconds: float) -> bool:
            await _until(min(ends, self.time.now() + seconds))
            return self.time.now() >= ends

        target = FaultTarget(method, path, query, gone, sleep)
        request_id = f"req_{random.randbytes(16).hex()}"
        started = self.time.now()
        call = _Served(self._service.serve(target, headers, body, request_id))
        self._run(call, ends)
        ending = call.ending
        if ending is None or isinstance(ending, Reset) or ending.sent_bytes is not None:
            return None
        date = self.emulator.behavior.date()
        return ending, response_headers(ending, request_id, date, self.time.now() - started)

    def _run(self, call: _Served, ends: float) -> None:
        """Go on with a call, until it is done or its client gives up."""
        while True:
            try:
                due = call.steps.send(None)
            except StopIteration as done:
                call.ending = done.value
                return
            call.due = due
            if due > ends:
                self._late.append(call)
                self.advance(ends - self.time.now())
                return
            self.advance(due - self.time.now())
