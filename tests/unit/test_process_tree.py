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


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What is run on Windows, where each program is found."""
    commands: list[list[str]] = []

    def run(command: list[str], **_: Any) -> None:
        commands.append(command)

    monkeypatch.setattr(process_tree.os, "name", "nt")
    monkeypatch.setattr(process_tree, "Path", PureWindowsPath)
    monkeypatch.setattr(process_tree.subprocess, "run", run)
    return commands


@pytest.mark.parametrize("root", [r"D:\Windows", None])
def test_on_windows_a_group_is_made_and_the_tree_is_ended(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch, root: str | None
) -> None:
    if root:
        monkeypatch.setenv("SystemRoot", root)
    else:
        monkeypatch.delenv("SystemRoot", raising=False)
    assert process_tree.own_group() == {"creationflags": 512}
    process_tree.end(process := Process())  # type: ignore[arg-type] # all that it needs of a process
    taskkill = root or r"C:\Windows"
    assert commands == [[rf"{taskkill}\System32\taskkill.exe", "/PID", "7", "/T", "/F"]]
    assert not process.is_killed


@pytest.mark.usefixtures("commands")
def test_on_windows_without_taskkill_the_program_alone_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: Any, **__: Any) -> None:
        raise FileNotFoundError("taskkill.exe")

    monkeypatch.setattr(process_tree.subprocess, "run", run)
    process_tree.end(process := Process())  # type: ignore[arg-type] # all that it needs of a process
    assert process.is_killed
