"""What a system has not, as the reason why tests are skipped on it."""

from __future__ import annotations

import os
import signal
import stat
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

IS_WINDOWS = os.name == "nt"
SIGKILL = getattr(signal, "SIGKILL", signal.SIGTERM)
"""The signal that ends a process at once: on Windows, each one does."""

needs_signals = pytest.mark.skipif(IS_WINDOWS, reason="Windows sends no signals to processes")
needs_time_zones = pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows sets no time zone for one process")
needs_links = pytest.mark.skipif(IS_WINDOWS, reason="on Windows, only administrators can create symbolic links")
needs_modes = pytest.mark.skipif(IS_WINDOWS, reason="on Windows, a file has the permissions of its folder")
needs_scripts = pytest.mark.skipif(IS_WINDOWS, reason="a shell script stands for the Pulumi CLI")
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the memory of a process in /proc")


def is_private(path: Path) -> bool:
    """Whether only the owner of a file can read it. On Windows, a file has the permissions of its folder."""
    return IS_WINDOWS or stat.S_IMODE(path.stat().st_mode) == 0o600
