"""The memory of a process's descendants, from /proc: on Linux; elsewhere nothing is measured."""

from __future__ import annotations

import re
import threading
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_LOOK_EVERY_SECONDS = 0.25


class PeakMemory:
    """Watches the most memory that one descendant ever had, until `stop`."""

    def __init__(self, ancestor: int, *words: str) -> None:
        """Begin; the descendant is the one whose command line has one of the `words`."""
        self._ancestor, self._words = ancestor, words
        self._peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> int | None:
        """The peak in bytes; None where there is no way to tell."""
        self._over.set()
        self._thread.join()
        return self._peak or None

    def _watch(self) -> None:
        found: int | None = None
        while not self._over.wait(_LOOK_EVERY_SECONDS):
            # The newest descendant with the words: the launcher's shell, which may hold them too, is older.
            found = found or max(filter(self._has_words, descendants(self._ancestor)), default=None)
            if found:
                self._peak = max(self._peak, kilobytes(found, "VmHWM") * 1024)

    def _has_words(self, pid: int) -> bool:
        command = read(pid, "cmdline")
        return any(word in command for word in self._words)


def descendants(ancestor: int) -> set[int]:
    """All processes below one."""
    parents = {int(place.name): fields_of(int(place.name))[1:2] for place in _PROC.glob("[0-9]*")}
    found: set[int] = set()
    todo = [ancestor]
    while todo:
        above = todo.pop()
        children = [pid for pid, parent in parents.items() if parent == [str(above)] and pid not in found]
        found.update(children)
        todo += children
    return found


def fields_of(pid: int) -> list[str]:
    """What /proc says of a process after its name: its state, its parent, and more. Empty if it has ended."""
    return read(pid, "stat").rpartition(")")[2].split()


def kilobytes(pid: int, name: str) -> int:
    """A size that /proc tells of a process, such as its peak memory, `VmHWM`."""
    found = re.search(rf"^{name}:\s+(\d+) kB$", read(pid, "status"), re.MULTILINE)
    return int(found[1]) if found else 0


def read(pid: int, name: str) -> str:
    """A file of /proc about a process; empty if it has ended."""
    with suppress(OSError):
        return (_PROC / str(pid) / name).read_text(errors="replace")
    return ""
