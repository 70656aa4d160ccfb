"""The log of calls below the base path, for tests and for people: newest last, secrets masked.

For pages that show the requests as they come, it is a stream of server-sent events, too. A follower has a flag and its
place in the log, and no queue: one that reads slowly, or not at all, takes no memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from pydantic_core import to_json

from pulumi_openai_admin.emulator.store.identifiers import masked

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from pulumi_openai_admin.emulator.control.faults import FaultTarget
    from pulumi_openai_admin.emulator.store.store import MachineTime


_MAX_ENTRIES = 20_000
_MAX_BYTES = 16_000_000
"""How much of paths, queries, headers and bodies is kept in all."""
_MAX_BODY = 10_000
_MAX_LINE = 2_000
_PAUSE_SECONDS = 0.2
"""How long a follower waits after each event: what happens meanwhile is in the next one."""
_MAX_SHOWN = 200
"""How many entries one event has; older ones are left off, and counted."""

_SHOWN_HEADERS = ("user-agent", "openai-organization", "openai-project", "content-type", "x-stainless-retry-count")


@dataclass
class Entry:
    """One call: what was asked, and how it ended."""

    number: int
    time: float
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: str | None
    """The text, cut off where it is long."""
    request_id: str
    status: int | None = None
    """None while the call is served, and after a reset."""
    fault: str | None = None
    """The id of the fault that hit."""
    fault_kind: str | None = None
    ended: str = "open"
    """`open`, `replied`, `truncated` or `reset`."""
    seconds: float | None = None
    change: int = 0
    """The number of its last change among all changes of the log."""


class Log:
    """The calls, up to a number and up to a size: the oldest go first."""

    def __init__(self, time: MachineTime) -> None:
        self._time = time
        self._entries: deque[tuple[Entry, int]] = deque()
        """Each with about how much memory its strings take."""
        self._bytes = 0
        self._count = 0
        self._changes = 0
        self._control_changes = 0
        self._times_cleared = 0
        self._waiting: set[asyncio.Event] = set()

    def open(self, target: FaultTarget, headers: Mapping[str, str], body: bytes, request_id: str) -> Entry:
        """Enter a call before anything is done with it."""
        self._count += 1
        shown = {name: masked(headers[name][:_MAX_LINE]) for name in _SHOWN_HEADERS if name in headers}
        query = target.query[:_MAX_LINE]
        decoded = unquote_plus(query)  # a key in it may be percent-encoded
        entry = Entry(
            number=self._count,
            time=self._time.now(),
            method=target.method,
            path=masked(target.path[:_MAX_LINE]),
            query=query if masked(decoded) == decoded else masked(decoded),
            headers=shown,
            body=masked(body[:_MAX_BODY].decode(errors="replace")) if body else None,
            request_id=request_id,
        )
        size = len(entry.body or "") + len(entry.path) + len(entry.query) + sum(map(len, shown.values()))
        self._entries.append((entry, size))
        self._bytes += size
        while len(self._entries) > _MAX_ENTRIES or self._bytes > _MAX_BYTES:
            self._bytes -= self._entries.popleft()[1]
        self.changed(entry)
        return entry

    def changed(self, entry: Entry) -> None:
        """Number a change of an entry, and wake the followers."""
        self._changes += 1
        entry.change = self._changes
        self._wake()

    def control_changed(self) -> None:
        self._control_changes += 1
        self._wake()

    def _wake(self) -> None:
        for flag in self._waiting:
            flag.set()

    def shown(self) -> list[dict[str, Any]]:
        return [_shown(entry) for entry, _ in self._entries]

    def clear(self) -> None:
        self._entries.clear()
        self._bytes = 0
        self._times_cleared += 1

    async def events(self) -> AsyncIterator[bytes]:
        """Give the newest entries at once, and then whatever changes, until the client closes."""
        flag = asyncio.Event()
        self._waiting.add(flag)
        try:
            seen, control_seen, cleared_seen = 0, self._control_changes, self._times_cleared
            flag.set()
            while True:
                await flag.wait()
                flag.clear()
                if cleared_seen != self._times_cleared:
                    cleared_seen = self._times_cleared
                    yield _event("cleared", {})
                if control_seen != self._control_changes:
                    control_seen = self._control_changes
                    yield _event("control", {})
                changed = [entry for entry, _ in self._entries if entry.change > seen]
                seen = self._changes
                shown, left_off = [_shown(entry) for entry in changed[-_MAX_SHOWN:]], max(0, len(changed) - _MAX_SHOWN)
                yield _event("requests", {"requests": shown, "left_off": left_off})
                await asyncio.sleep(_PAUSE_SECONDS)
        finally:
            self._waiting.discard(flag)


def _shown(entry: Entry) -> dict[str, Any]:
    """Show an entry, with its body as JSON where it is JSON."""
    content = asdict(entry)
    del content["change"]
    with contextlib.suppress(ValueError, RecursionError):
        content["body"] = None if entry.body is None else json.loads(entry.body)
    return content


def _event(name: str, data: dict[str, object]) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + to_json(data) + b"\n\n"
