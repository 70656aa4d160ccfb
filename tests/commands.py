"""Runs compilers, programs and shell scripts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tools.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BASH = shutil.which("bash") or "bash"
PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-c", os.devnull]
"""Pytest as a user runs it, without the settings of this project."""


def copied(found: Engine, folder: Path, *others: str) -> Engine:
    """An engine in another folder, with others of its programs: it looks for language hosts beside itself first."""
    for name in ("pulumi", *others):
        program = Path(shutil.which(name, path=str(found.folder)) or found.pulumi).resolve()
        try:
            (folder / name).hardlink_to(program)  # not a symbolic link: the engine looks beside the file behind it
        except OSError:  # on another disk
            shutil.copy(program, folder / name)
    return Engine(folder, found.source, found.version)


def ok(command: Sequence[str], folder: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def bash(
    *arguments: str, folder: Path, env: Mapping[str, str], timeout: float | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Bash where nobody can type; what it prints has its errors in it."""
    return subprocess.run(
        [BASH, *arguments],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
        check=False,
    )
