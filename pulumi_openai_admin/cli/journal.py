"""Lists of an organization on disk, so that memory does not grow with it."""

from __future__ import annotations

import json
import os
import threading
import time
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import TracebackType
    from typing import IO, Self

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
