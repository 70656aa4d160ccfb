"""A larger organization takes no more memory: what is read waits on disk, and comes from there project by project."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.systems import needs_linux

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

MEASURED = """
import pathlib, re, runpy, sys
try:
    runpy.run_module("pulumi_openai_admin.cli", run_name="__main__", alter_sys=True)
finally:
    print(re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1], file=sys.stderr)
"""
"""The program, and then the most memory it had: `ru_maxrss` would begin with that of the process that started it."""
THROTTLED_CONCURRENCY, MANY = 10, 60
MAX_GROWTH = 14_000
"""In KiB; 4,000 to 13,000 were measured. Kept in memory, 50 more projects take at least 15,000 on top of that."""


def peak(command: Command, folder: Path, arguments: tuple[str, ...]) -> int:
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *arguments],
        env={**os.environ, **command.environ},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return int(done.stderr.split()[-1])


def organization(first: int, last: int) -> dict[str, object]:
    return {"projects": [{"id": f"proj_{number}", "name": f"Team {number}"} for number in range(first, last)]}


@needs_linux
@pytest.mark.parametrize(
    "arguments",
    [("limits", "--html", "limits.html"), ("limits", "--json")],
    ids=" ".join,
)
def test_memory_does_not_grow_with_the_organization(
    command: Command, emulator: EmulatorServer, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    emulator.control.seed(organization(0, THROTTLED_CONCURRENCY))
    few = peak(command, tmp_path / "few", arguments)
    emulator.control.seed(organization(THROTTLED_CONCURRENCY, MANY))
    many = peak(command, tmp_path / "many", arguments)
    assert many - few < MAX_GROWTH
