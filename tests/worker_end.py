"""The end of a worker of pytest-xdist, on a busy machine.

A worker that needs more than five seconds to end gets a SIGINT from execnet. The tests have passed by then, so the
interrupt would only print the traceback of a KeyboardInterrupt.
"""

from __future__ import annotations

import os
import signal

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish() -> None:
    """Ignore interrupts from now on. The main process of pytest still gets Ctrl-C."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
