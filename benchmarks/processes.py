"""The memory of a process's descendants, from /proc: on Linux; elsewhere nothing is measured."""

from __future__ import annotations

import re
import threading
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_LOOK_EVERY_SECONDS = 0.25
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


class PeakMemory:
    """Watches the most memory that one descendant ever had, until `stop`."""

    def __init__(self, ancestor: int, *words: str) -> None:
        """Begin; the descendant is the one whose command line has one of the `words`."""
        self._ancestor, self._words = ancestor, [word.encode() for word in words]
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
            found = found or self._find()
            if found:
                with suppress(OSError):  # it has ended
                    self._peak = max(self._peak, _peak_bytes(found))

    def _find(self) -> int | None:
        """The newest descendant with the words: the launcher's shell, which may hold them too, is older."""
        matches = [
            pid for pid in descendants(self._ancestor) if any(word in _command_line(pid) for word in self._words)
        ]
        return max(matches, default=None)


def descendants(ancestor: int) -> set[int]:
    """All processes below one."""
    parents = {int(place.name): _parent(place) for place in _PROC.glob("[0-9]*")}
    found: set[int] = set()
    todo = [ancestor]
    while todo:
        above = todo.pop()
        children = [pid for pid, parent in parents.items() if parent == above and pid not in found]
        found.update(children)
        todo += children
    return found


def _parent(place: Path) -> int:
    with suppress(OSError):
        return int((place / "stat").read_text().rpartition(")")[2].split()[1])
    return 0


def _command_line(pid: int) -> bytes:
    with suppress(OSError):
        return (_PROC / str(pid) / "cmdline").read_bytes()
    return b""


def _peak_bytes(pid: int) -> int:
    found = _PEAK.search((_PROC / str(pid) / "status").read_text())
    return int(found.group(1)) * 1024 if found else 0
