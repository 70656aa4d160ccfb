"""A plugin of pytest that removes what Windows does not have: `python -m pytest -p tests.as_windows tests/unit`."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import socket
import sys
import time

import platformdirs

LOADED_BEFORE = (asyncio, multiprocessing, platformdirs)
"""They look at the system when they are imported."""
MODULES = ("fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty")
NAMES = {
    os: ("fork", "getpgid", "getpgrp", "getuid", "killpg", "mkfifo", "setsid", "tcgetpgrp"),
    signal: ("SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGQUIT", "SIGUSR1", "SIGUSR2"),
    socket: ("send_fds",),
    time: ("tzset",),
}


def pytest_sessionstart() -> None:
    for name in MODULES:
        sys.modules[name] = None  # type: ignore[assignment] # importing it is an ImportError
    for module, names in NAMES.items():
        for name in names:
            delattr(module, name)
