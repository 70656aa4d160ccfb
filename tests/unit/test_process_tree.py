from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import process_tree
from tests.systems import needs_signals

if TYPE_CHECKING:
    import pytest

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


def test_on_windows_a_group_is_made_and_the_tree_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], **_: Any) -> None:
        commands.append(command)

    class Process:
        """A process of Windows."""

        pid = 7

    monkeypatch.setattr(process_tree.os, "name", "nt")
    monkeypatch.setattr(process_tree.subprocess, "run", run)
    assert process_tree.own_group() == {"creationflags": 512}
    process_tree.end(Process())  # type: ignore[arg-type] # all that it needs of a process
    assert commands == [["taskkill", "/PID", "7", "/T", "/F"]]
