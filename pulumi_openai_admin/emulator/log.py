"""The log of calls below the base path, for tests and for people: newest last, secrets masked."""

from __future__ import annotations

import json
import re
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.faults import Target

_KEPT = 20_000
_LONGEST_BODY = 10_000

_SECRET = re.compile(r"sk-(?:admin-|proj-|svcacct-)?[A-Za-z0-9_-]{4,}")
_SHOWN_HEADERS = ("user-agent", "openai-organization", "openai-project", "content-type", "x-stainless-retry-count")


def masked(text: str) -> str:
    """Take everything that looks like a key out of a text."""
    return _SECRET.sub("sk-***", text)


@dataclass
class Entry:
    """One call: what was asked, and how it ended."""

    number: int
    time: float
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: Any
    request_id: str
    status: int | None = None
    """None while the call is served, and after a reset."""
    fault: str | None = None
    """The id of the fault that hit."""
    fault_kind: str | None = None
    ended: str = field(default="open")
    """`open`, `replied`, `truncated` or `reset`."""
    seconds: float | None = None


class Log:
    """The calls, up to a bound."""

    def __init__(self) -> None:
        """Start empty."""
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._count = 0

    def open(self, target: Target, headers: dict[str, str], body: bytes, request_id: str) -> Entry:
        """Enter a call before anything is done with it."""
        self._count += 1
        shown = {name: masked(headers[name]) for name in _SHOWN_HEADERS if name in headers}
        entry = Entry(
            number=self._count,
            time=time.time(),
            method=target.method,
            path=target.path,
            query=masked(target.query),
            headers=shown,
            body=_readable(body),
            request_id=request_id,
        )
        self._entries.append(entry)
        return entry

    def shown(self) -> list[dict[str, Any]]:
        """Give all entries, oldest first."""
        return [asdict(entry) for entry in self._entries]

    def clear(self) -> None:
        """Forget all entries."""
        self._entries.clear()


def _readable(body: bytes) -> Any:
    """Show a body as JSON where it is JSON."""
    if not body:
        return None
    text = masked(body.decode(errors="replace"))
    try:
        return json.loads(text)
    except ValueError:
        return text[:_LONGEST_BODY]
