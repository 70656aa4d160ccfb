"""Which command the engine runs, from its command line: the engine does not pass it to providers.

Pulumi deletes the contents of a project before the project, and a provider sees one deletion at a time. Only the
command shows that the project will be archived in the same run.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DESTROY = ("destroy", "down", "dn")
"""The command and its aliases."""
_IN_PART = ("--target", "-t", "--exclude", "-x")
"""Prefixes of options that exclude a part of the stack."""
_MAX_ANCESTORS = 4
"""The engine starts a shell script, which starts this process. Some platforms have another process between them."""


@lru_cache(maxsize=1)
def destroys_whole_stack() -> bool:
    """Whether the engine that started this process destroys the whole stack; False if that is not known."""
    return any(is_whole_destroy(command) for command in _ancestors())


def is_whole_destroy(command: Sequence[str]) -> bool:
    """Whether a command line is `pulumi destroy` without an option that excludes a part of the stack."""
    if not command or PurePath(command[0].replace("\\", "/")).stem != "pulumi":
        return False
    return any(part in _DESTROY for part in command[1:]) and not any(part.startswith(_IN_PART) for part in command[1:])


def _ancestors() -> Iterator[Sequence[str]]:
    pid = os.getppid()
    for _ in range(_MAX_ANCESTORS):
        if pid <= 1:
            return
        try:
            parent, command = _linux(pid) if sys.platform == "linux" else _posix(pid)
        except (OSError, ValueError, IndexError, subprocess.SubprocessError):
            return
        yield command
        pid = parent


def _linux(pid: int) -> tuple[int, list[str]]:
    folder = Path(f"/proc/{pid}")
    parent = int((folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    return parent, (folder / "cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0")


def _posix(pid: int) -> tuple[int, list[str]]:
    shown = subprocess.run(  # noqa: S603 - a constant command and a number
        ["ps", "-ww", "-o", "ppid=,command=", "-p", str(pid)],  # noqa: S607 - its path differs between systems
        capture_output=True, text=True, timeout=5, check=True,
    )  # fmt: skip
    parent, *command = shown.stdout.split()
    return int(parent), command
