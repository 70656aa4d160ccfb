from __future__ import annotations

import os
import subprocess
import sys
from pathlib import PureWindowsPath
from typing import Any

import pytest

from pulumi_openai_admin import process_tree
from tests.systems import needs_signals

CHILD = "print(1, flush=True); import time; time.sleep(60)"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CHILD!r}])"


@needs_signals
def test_a_program_ends_with_all_that_it_started() -> None:
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, **process_tree.own_group()) as process:
        assert process.stdout
        assert os.getpgid(process.pid) == process.pid
        assert process.stdout.readline() == b"1\n"
        process_tree.end(process)
        assert process.stdout.read() == b"", "the pipe is closed: the child has ended, too"
    process_tree.end(process)  # nothing is left


class Process:
    """A process of Windows."""

    pid = 7
    is_killed = False

    def kill(self) -> None:
        self.is_killed = True


@pytest.mark.parametrize("is_there", [True, False], ids=["taskkill", "without taskkill"])
def test_on_windows_the_tree_is_ended_or_else_the_program_alone(
    monkeypatch: pytest.MonkeyPatch, *, is_there: bool
) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], **_: Any) -> None:
        commands.append(command)
        if not is_there:
            raise FileNotFoundError("taskkill.exe")

    monkeypatch.setattr(process_tree.os, "name", "nt")
    monkeypatch.setattr(process_tree, "Path", PureWindowsPath)
    monkeypatch.setattr(process_tree.subprocess, "run", run)
    monkeypatch.setenv("SystemRoot", r"D:\Windows")
    assert process_tree.own_group() == {"creationflags": 512}
    process_tree.end(process := Process())  # type: ignore[arg-type] # all that it needs of a process
    assert commands == [[r"D:\Windows\System32\taskkill.exe", "/PID", "7", "/T", "/F"]]
    assert process.is_killed is not is_there
