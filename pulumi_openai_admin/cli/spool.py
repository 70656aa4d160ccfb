"""Documents on disk by group, so that memory does not grow with them."""

from __future__ import annotations

import json
import os
import threading
from collections import defaultdict
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator
    from types import TracebackType
    from typing import Self

Group = TypeVar("Group", bound="Hashable")


class Spool(Generic[Group]):
    """A temporary file of JSON documents, and an index in memory. Only this user can read the file.

    Several threads can add and read documents at the same time.
    """

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - `__exit__` closes it
        self._begins: dict[Group, list[int]] = defaultdict(list)
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._file.close()

    def __len__(self) -> int:
        """How many documents there are."""
        return sum(map(len, self._begins.values()))

    def groups(self) -> list[Group]:
        """The groups, in the order of their first documents."""
        return list(self._begins)

    def count(self, group: Group) -> int:
        """How many documents a group has."""
        return len(self._begins.get(group, ()))

    def add(self, group: Group, document: Any) -> None:
        """Add a document to a group."""
        line = json.dumps(document).encode() + b"\n"
        with self._lock:
            self._begins[group].append(self._file.seek(0, os.SEEK_END))
            self._file.write(line)

    def documents(self, group: Group) -> Iterator[Any]:
        """The documents of a group, in the order in which they were added."""
        for begin in self._begins.get(group, ()):
            with self._lock:
                self._file.seek(begin)
                line = self._file.readline()
            yield json.loads(line)
