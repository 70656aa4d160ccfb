"""Starts processes that have imported Pulumi already: for a test, or in place of `python` for an engine."""

from __future__ import annotations

import atexit
import marshal
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tests.warm.server import COVERAGE, PACKAGE, ROOT, STREAMS, Wanted
from tools.engine import Engine

if TYPE_CHECKING:
    import signal

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Process:
    """A process that runs: its streams, and how to end it."""

    pid: int
    stdout: IO[str]
    stderr: IO[str]
    _connection: socket.socket = field(repr=False)

    def signal(self, number: signal.Signals) -> None:
        with suppress(OSError):  # it has ended
            self._connection.send(bytes([number]))

    def wait(self) -> int:
        """Wait for its end: its exit code, or the number of the signal that ended it, below zero."""
        return int.from_bytes(self._connection.recv(4), "big", signed=True)

    def close(self) -> None:
        self.stdout.close()
        self.stderr.close()
        self._connection.close()


def start(arguments: list[str], environ: dict[str, str], prelude: str, module: str = "pulumi.dynamic") -> Process:
    """Start a module as a program, which first runs the prelude."""
    program = ["-m", module, *arguments]
    folder, parent = os.fspath(Path.cwd()), os.getpid()
    wanted = marshal.dumps(Wanted(program=program, environ=environ, folder=folder, parent=parent, prelude=prelude))
    ends = [os.pipe() for _ in range(STREAMS)]
    (their_input, our_input), (our_output, their_output), (our_errors, their_errors) = ends
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(str(_server(bool(environ.get(COVERAGE)))))
    socket.send_fds(connection, [len(wanted).to_bytes(4, "big")], [their_input, their_output, their_errors])
    connection.sendall(wanted)
    for end in (their_input, our_input, their_output, their_errors):
        os.close(end)
    pid = int.from_bytes(connection.recv(4), "big")
    return Process(pid, os.fdopen(our_output), os.fdopen(our_errors), connection)


@dataclass(frozen=True)
class WarmEngine(Engine):
    """An engine whose programs and providers are forked from a process that has imported Pulumi and this package."""

    def environment(self, home: Path) -> dict[str, str]:
        environ, folder = super().environment(home), _commands()
        path = os.pathsep.join([str(folder), environ["PATH"]])
        # The engine lives for half a second: a tenth of its CPU is its garbage collection, at a heap of 4 MB.
        return {**environ, "PATH": path, "PULUMI_PYTHON_CMD": str(folder / "python-forked"), "GOGC": "400"}


@lru_cache(maxsize=1)
def _commands() -> Path:
    """A folder with a `python` for the engine, and the native provider."""
    folder = Path(tempfile.mkdtemp(prefix="warm-"))
    atexit.register(shutil.rmtree, folder)
    python = [sys.executable, "-IS", str(_HERE / "client.py"), str(_server(is_measured=False))]
    native = "pulumi-resource-openai-admin"
    for name, command in {"python-forked": python, native: [*python, "-m", "pulumi_openai_admin.hosts.native"]}.items():
        (folder / name).write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


@lru_cache(maxsize=1)
def virtual_environment() -> Path:
    """A folder for `virtualenv` in `Pulumi.yaml`, whose `python` is the one of a `WarmEngine`."""
    folder = Path(tempfile.mkdtemp(prefix="warm-venv-"))
    atexit.register(shutil.rmtree, folder)
    (folder / "bin").mkdir()
    for name in ("python", "python3"):
        (folder / "bin" / name).symlink_to(_commands() / "python-forked")
    settings = Path(sys.prefix) / "pyvenv.cfg"
    if settings.exists():
        shutil.copy(settings, folder)
    return folder


@lru_cache(maxsize=2)
def _server(is_measured: bool) -> Path:
    """The socket of a server, which ends with this process."""
    folder = Path(tempfile.mkdtemp(prefix="warm-"))
    path = folder / "socket"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    command = [sys.executable, "-u", str(_HERE / "server.py"), str(path), *([] if is_measured else [PACKAGE])]
    pipe = subprocess.PIPE
    server = subprocess.Popen(command, env=environ, cwd=ROOT, stdin=pipe, stdout=pipe, start_new_session=True)
    assert server.stdin is not None
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n"
    server.stdout.close()

    def end() -> None:
        server.communicate(timeout=10)
        shutil.rmtree(folder)

    atexit.register(end)
    return path
