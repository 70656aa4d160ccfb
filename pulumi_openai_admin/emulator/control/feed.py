"""What happens, as server-sent events: for pages that show the requests as they come.

A follower has a flag and its place in the log, and no queue: one that reads slowly, or not at all, takes no memory.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pydantic_core import to_json

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pulumi_openai_admin.emulator.control.log import Log

PAUSE_SECONDS = 0.2
"""How long a follower waits after each event: what happens meanwhile is in the next one."""
MAX_ENTRIES = 200
"""How many entries of the log one event has; older ones are left off, and counted."""


class Feed:
    """Wakes its followers when the log, or something that the control API sets, has changed."""

    def __init__(self, log: Log) -> None:
        """Follow a log."""
        self._log = log
        self._waiting: set[asyncio.Event] = set()
        self._control_changes = 0

    def log_changed(self) -> None:
        """Say that a call has begun or ended."""
        for flag in self._waiting:
            flag.set()

    def control_changed(self) -> None:
        """Say that the control API has changed something."""
        self._control_changes += 1
        self.log_changed()

    async def events(self) -> AsyncIterator[bytes]:
        """Give the newest entries of the log at once, and then whatever changes, until the client closes."""
        flag = asyncio.Event()
        self._waiting.add(flag)
        try:
            seen, control_seen, cleared_seen = 0, self._control_changes, self._log.times_cleared
            flag.set()
            while True:
                await flag.wait()
                flag.clear()
                if cleared_seen != self._log.times_cleared:
                    cleared_seen = self._log.times_cleared
                    yield _event("cleared", {})
                if control_seen != self._control_changes:
                    control_seen = self._control_changes
                    yield _event("control", {})
                entries, left_off = self._log.changed_after(seen, MAX_ENTRIES)
                seen = self._log.changes
                yield _event("requests", {"requests": entries, "left_off": left_off})
                await asyncio.sleep(PAUSE_SECONDS)
        finally:
            self._waiting.discard(flag)


def _event(name: str, data: dict[str, object]) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + to_json(data) + b"\n\n"
