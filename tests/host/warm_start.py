"""Forks a provider's host for each that is asked for, from a process that has imported Pulumi already.

Those imports are most of a host's start, and the tests here start some 2,000. A host whose coverage is measured loads
this package after the fork, as `python -m pulumi.dynamic` does. The others come from a second process, which has
imported this package too.
"""

from __future__ import annotations

import atexit
import json
import os
import runpy
import socket
import subprocess
import sys
import threading
import traceback
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import signal

STREAMS = 3
MEASURED = "COVERAGE_PROCESS_CONFIG"
"""The environment variable with which coverage measures a process."""
PACKAGE = "pulumi_openai_admin"
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Host:
    """A host that runs: its streams, and how to end it."""

    pid: int
    stdout: IO[str]
    stderr: IO[str]

    def signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)


def start(arguments: list[str], environ: dict[str, str], prelude: str, module: str = "pulumi.dynamic") -> Host:
    """Start a module as a program, which first runs the prelude."""
    is_measured = bool(environ.get(MEASURED))
    return _door(is_measured).ask({"arguments": arguments, "environ": environ, "prelude": prelude, "module": module})


class _Door:
    """The way to the process that forks; one for each process that tests."""

    def __init__(self, *, imports_package: bool) -> None:
        self._lock = threading.Lock()
        self._socket, theirs = socket.socketpair()
        environ = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
        command = [sys.executable, "-u", __file__, str(theirs.fileno()), *([PACKAGE] if imports_package else [])]
        self._process = subprocess.Popen(command, env=environ, cwd=ROOT, pass_fds=[theirs.fileno()])
        theirs.close()

    def ask(self, wanted: dict[str, Any]) -> Host:
        ends = [os.pipe() for _ in range(STREAMS)]
        (their_input, our_input), (our_output, their_output), (our_errors, their_errors) = ends
        with self._lock:
            socket.send_fds(self._socket, [b"."], [their_input, their_output, their_errors])
            pid = int.from_bytes(self._socket.recv(8), "big")
        for end in (their_input, their_output, their_errors):
            os.close(end)
        with os.fdopen(our_input, "w") as asked:
            json.dump(wanted, asked)
        return Host(pid, os.fdopen(our_output), os.fdopen(our_errors))

    def close(self) -> None:
        self._socket.close()
        self._process.wait(10)


@lru_cache(maxsize=2)
def _door(is_measured: bool) -> _Door:
    door = _Door(imports_package=not is_measured)
    atexit.register(door.close)
    return door


def _serve(door: socket.socket) -> None:
    """Fork whenever asked, until nobody is there to ask."""
    while True:
        asked, streams, _, _ = socket.recv_fds(door, 1, STREAMS)
        if not asked:
            return
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:  # hosts that have ended since
                pass
        pid = os.fork()
        if not pid:
            door.close()
            try:
                _become_host(streams)
            finally:
                _end()
            sys.exit()
        for stream in streams:
            os.close(stream)
        door.sendall(pid.to_bytes(8, "big"))


def _end() -> None:
    """End the process. Python's own end frees, and so copies, all that was imported before the fork: 0.3 s of CPU."""
    if os.environ.get(MEASURED):
        return  # coverage writes its file at that end
    if isinstance(sys.exc_info()[1], Exception):
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _become_host(streams: list[int]) -> None:
    """Be what `python -u -m pulumi.dynamic ENGINE` is, or another module."""
    for place, stream in enumerate(streams):
        os.dup2(stream, place)
        os.close(stream)
    wanted = json.load(sys.stdin)
    os.environ.clear()
    os.environ.update(wanted["environ"])
    sys.argv = [wanted["module"], *wanted["arguments"]]
    sys.path[0] = str(Path.cwd())
    if os.environ.get(MEASURED):
        coverage.process_startup()
    exec(wanted["prelude"], {})  # noqa: S102 -- the test's own
    runpy.run_module(wanted["module"], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    # What a host and the package import, of others.
    import coverage
    import dill  # noqa: F401
    import pulumi.dynamic  # noqa: F401
    import requests  # noqa: F401
    import tenacity  # noqa: F401

    if PACKAGE in sys.argv[2:]:
        sys.path[0] = str(ROOT)  # not the folder of this file
        # What both providers import when they start, and the resources that pickled references name.
        import pulumi_openai_admin.dynamic.admin_provider
        import pulumi_openai_admin.native.server
        import pulumi_openai_admin.resources

        for name in pulumi_openai_admin.resources.ALL:
            getattr(pulumi_openai_admin, name)  # loads its module

    _serve(socket.socket(fileno=int(sys.argv[1])))
