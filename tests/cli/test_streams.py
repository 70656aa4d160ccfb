"""Standard streams that are closed, or that nothing can be written to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.systems import needs_scripts

RUNS = [
    ("check --max-wait 1", ">&-"),
    ("check --json --max-wait 1", "2>&-"),
    ("drift --state -", "<&- >&- 2>&-"),
    ("plan", "<&-"),
    ("--help", ">&-"),
]


def run(command: str, redirection: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "OPENAI_ADMIN_KEY": "sk-admin-x", "OPENAI_BASE_URL": "http://127.0.0.1:1"}
    line = f"exec {sys.executable} -m pulumi_openai_admin.cli {command} {redirection}"
    return subprocess.run(  # noqa: S602 - the shell closes the streams
        line, shell=True, input="", capture_output=True, encoding="utf-8", env=environ, cwd=folder, check=False
    )


@needs_scripts
@pytest.mark.parametrize(("command", "redirection"), RUNS)
def test_a_command_runs_with_closed_streams(tmp_path: Path, command: str, redirection: str) -> None:
    done = run(command, redirection, tmp_path)
    assert "Traceback" not in done.stdout + done.stderr
    assert done.returncode == (0 if command.startswith("--") else 1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("command", ["check --json --max-wait 1", "--version"])
def test_output_that_can_not_be_written_is_an_error_of_one_sentence(tmp_path: Path, command: str) -> None:
    done = run(command, "> /dev/full", tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("error: No space left on device") == 1
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
