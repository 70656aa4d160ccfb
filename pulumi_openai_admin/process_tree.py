"""Programs that run in a separate group: Ctrl-C in the terminal does not reach them, and all of it can be ended."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

_WINDOWS_GROUP = 0x200
"""`subprocess.CREATE_NEW_PROCESS_GROUP`, which only Python for Windows has."""


def own_group() -> dict[str, Any]:
    """The arguments of `subprocess.Popen` that put a program and its children into a separate group."""
    return {"creationflags": _WINDOWS_GROUP} if os.name == "nt" else {"start_new_session": True}


def end(process: subprocess.Popen[Any], *, by_force: bool = True) -> None:
    """End a program of `own_group`, and all that it started: a child could keep a pipe open.

    Args:
        process: The program, whose end is not awaited here.
        by_force: At once. Otherwise it may clean up, except on Windows, where a group can't be asked to end.
    """
    if os.name == "nt":
        # Each Windows has it, but its folder may be missing in PATH. `kill` ends no children.
        taskkill = Path(os.environ.get("SystemRoot") or r"C:\Windows", "System32", "taskkill.exe")  # noqa: SIM112 - its name
        command = [str(taskkill), "/PID", str(process.pid), "/T", "/F"]
        try:
            subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603 - no shell
        except OSError:
            process.kill()
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL if by_force else signal.SIGTERM)
