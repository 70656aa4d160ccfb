"""How the process of the native provider ends: by the engine's signal, and not by Ctrl-C in a terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import subprocess
import sys
import termios
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = [sys.executable, "-u", "-m", "pulumi_openai_admin.hosts.native"]
"""Without the address of an engine: the end of an engine does not end it."""


def started(**options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True, start_new_session=True, **options)


def port_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """A terminal: the end that a person types into, and the end of the program."""
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


def test_the_engines_signal_ends_it() -> None:
    """Otherwise each command of the engine would wait for it."""
    with started() as process:
        assert port_of(process)
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(60) == 0


def test_ctrl_c_in_its_terminal_leaves_it_to_the_engine(terminal: tuple[int, int]) -> None:
    ours, theirs = terminal
    with started(stdin=theirs, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0)) as process:
        port = port_of(process)
        os.write(ours, b"\x03")
        assert os.read(ours, 2) == b"^C"  # the terminal shows it after it has sent the signal
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            for _ in range(3):
                assert stub.GetPluginInfo(empty_pb2.Empty(), timeout=60).version
        process.terminate()
        assert process.wait(60) == 0
