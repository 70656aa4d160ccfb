"""Lists that were read of an organization, kept on disk: its size does not matter, and an interrupted run goes on."""

from __future__ import annotations

import json
import os
import threading
import time
from collections import Counter
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import IO

    from typing_extensions import Self

STALE_SECONDS = 24 * 3600
"""What is older is read again: a program should say what is there."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class List:
    """One list of a project."""

    project_id: str
    kind: str
    """`rate_limits` or `service_accounts`."""


@dataclass(frozen=True)
class Source:
    """Where lists were read from."""

    address: str
    organization: str
    """As the user names it; empty where the key alone tells."""


class KeptLists:
    """A file with one list a line, as OpenAI shows it, and in memory where each one begins.

    No reply to a list holds a secret. Threads may add at the same time.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._begins: dict[List, int] = {}
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            if self._file is not None:
                self._file.close()

    def __contains__(self, one: List) -> bool:
        return one in self._begins

    def add(self, one: List, rows: Rows) -> None:
        """Keep a list."""
        entry = {
            "address": self._source.address,
            "organization": self._source.organization,
            "read_at": time.time(),
            "project_id": one.project_id,
            "kind": one.kind,
            "rows": rows,
        }
        line = json.dumps(entry).encode()  # ASCII: no character in it could end a line, and none lacks an encoding
        with self._lock:
            if self._file is None:
                self._file = self._opened()
            begin = self._file.seek(0, os.SEEK_END) + 1
            self._file.write(b"\n" + line + b"\n")  # first ends a line that was left half
            self._file.flush()
            self._begins[one] = begin

    def rows(self, one: List) -> Rows:
        """A list that is kept."""
        with self._lock:
            if self._file is None:
                self._file = self._opened()
            self._file.seek(self._begins[one])
            line = self._file.readline()
        rows: Rows = json.loads(line)["rows"]
        return rows

    def _opened(self) -> IO[bytes]:
        return TemporaryFile()


class Journal(KeptLists):
    """Lists that outlive the run: the next one uses those that are young, and of the same source.

    Args:
        path: The file.
        source: Where this run reads from.
    """

    def __init__(self, path: Path, source: Source) -> None:
        super().__init__(source)
        self.path = path
        self.unused: Counter[str] = Counter()
        """How many entries of earlier runs can't be used, by the reason."""
        self.oldest_seconds = 0.0
        """How old the oldest list is that is used."""
        if path.exists():
            self._find_entries()

    def _opened(self) -> IO[bytes]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return self.path.open("a+b")

    def _find_entries(self) -> None:
        now, begin = time.time(), 0
        with self.path.open("rb") as file:
            for line in file:
                if line.strip():
                    self._find_entry(line, begin, now)
                begin += len(line)

    def _find_entry(self, line: bytes, begin: int, now: float) -> None:
        entry = _entry(line)
        if entry is None:
            self.unused["can't be read"] += 1
        elif Source(entry.get("address", ""), entry.get("organization", "")) != self._source:
            self.unused["from another address or organization"] += 1
        elif not now - STALE_SECONDS < entry["read_at"] <= now:
            self.unused[f"not from the last {STALE_SECONDS // 3600} hours"] += 1
        else:
            self._begins[List(entry["project_id"], entry["kind"])] = begin
            self.oldest_seconds = max(self.oldest_seconds, now - entry["read_at"])


def _entry(line: bytes) -> dict[str, Any] | None:
    """What a line says; None if it is none of ours, or was left half by a run that was killed."""
    try:
        entry: Any = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict):
        return None
    texts, rows, read_at = (entry.get("project_id"), entry.get("kind")), entry.get("rows"), entry.get("read_at")
    is_whole = (
        all(isinstance(text, str) for text in texts)
        and isinstance(read_at, int | float)
        and isinstance(rows, list)
        and all(isinstance(row, dict) for row in rows)
    )
    return entry if is_whole else None
