"""Lists of an organization on disk, so that memory does not grow with it and an interrupted run can continue."""

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
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import IO

    from typing_extensions import Self

STALE_SECONDS = 24 * 3600
"""Older lists are read again, so that the program matches the organization."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class List:
    """One list of a project, or of the organization."""

    project_id: str
    """Empty for the organization."""
    kind: str
    """Which list: `rate_limits`, or the request that reads it."""


@dataclass(frozen=True)
class Source:
    """Where lists were read from."""

    address: str
    organization: str
    """The organization that the user set; empty for the key's organization."""
    project: str = ""
    """A project of the organization: OpenAI deletes none, so it shows that a key is for the same organization."""


class KeptLists:
    """A file with one list on each line, as OpenAI shows it, and an index of the lines in memory.

    Lists contain no secrets. Several threads can add lists at the same time. Nothing is kept after `__exit__`: a thread
    that is not waited for, such as one that reads on after Ctrl-C, gets a `ValueError`.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._begins: dict[List, int] = {}
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None
        self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._is_closed = True
            if self._file is not None:
                self._file.close()

    def __len__(self) -> int:
        """How many lists are stored."""
        return len(self._begins)

    def __contains__(self, key: List) -> bool:
        return key in self._begins

    def add(self, key: List, rows: Rows) -> None:
        """Store a list."""
        entry = {
            "address": self._source.address,
            "organization": self._source.organization,
            "anchor": self._source.project,
            "read_at": time.time(),
            "project_id": key.project_id,
            "kind": key.kind,
            "rows": rows,
        }
        line = json.dumps(entry).encode()  # ASCII has no other line ends, and is valid in every encoding
        with self._lock:
            file = self._open_file()
            begin = file.seek(0, os.SEEK_END) + 1
            file.write(b"\n" + line + b"\n")  # the first line end ends a line that an interrupted run left incomplete
            file.flush()
            self._begins[key] = begin

    def rows(self, key: List) -> Rows:
        """Read a stored list."""
        with self._lock:
            file = self._open_file()
            file.seek(self._begins[key])
            line = file.readline()
        rows: Rows = json.loads(line)["rows"]
        return rows

    def _open_file(self) -> IO[bytes]:
        """The file, which is opened when it is first used. The caller holds the lock."""
        if self._is_closed:
            raise ValueError("The lists are closed")
        if self._file is None:
            self._file = self._opened()
        return self._file

    def _opened(self) -> IO[bytes]:
        return TemporaryFile()


class Journal(KeptLists):
    """Lists that the next run can use if they are recent and from the same source, whose project is known.

    Args:
        path: The file.
        source: Where this run reads from.
    """

    def __init__(self, path: Path, source: Source) -> None:
        super().__init__(source)
        self.path = path
        self.unused: Counter[str] = Counter()
        """How many entries of earlier runs can't be used, by reason."""
        self.oldest_seconds = 0.0
        """The age of the oldest list that is used."""
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
        elif not self._source.project or _source_of(entry) != self._source:
            self.unused["from another address or organization"] += 1
        elif not now - STALE_SECONDS < entry["read_at"] <= now:
            self.unused[f"not from the last {STALE_SECONDS // 3600} hours"] += 1
        else:
            self._begins[List(entry["project_id"], entry["kind"])] = begin
            self.oldest_seconds = max(self.oldest_seconds, now - entry["read_at"])


def last_project(path: Path) -> str:
    """The project by which the last run knew its organization; empty if there was no run.

    Args:
        path: The file of a `Journal`.
    """
    found = ""
    if path.exists():
        with path.open("rb") as file:
            for line in file:
                entry = _entry(line)
                found = _source_of(entry).project if entry else found
    return found


def _source_of(entry: Mapping[str, Any]) -> Source:
    return Source(*(str(entry.get(name, "")) for name in ("address", "organization", "anchor")))


def _entry(line: bytes) -> dict[str, Any] | None:
    """The entry of a line; None if it is invalid, or incomplete because the run was killed."""
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
