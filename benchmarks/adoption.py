"""Adoption: the reading beside what the request limit allows; import and preview."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks.measure import Figure, Report, Sample, counted
from benchmarks.stack import NotMeasuredError
from tools.pinned import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from benchmarks.session import Session
    from benchmarks.stack import Stack
    from pulumi_openai_admin.emulator import EmulatorServer

ACCOUNTS = 5
A_SECOND = 20
BURST = 10
AT_MOST = 1.3
_A_PAGE = 100
_OK = 200
_CHECKPOINTS: dict[str, dict[str, str]] = {
    "with": {},
    "without": {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"},
}
_COMMANDS = {
    "import": ("import", "--file", "import.json", "--generate-code=false", "--yes"),
    "preview": ("preview", "--expect-no-changes"),
}


def measure(session: Session) -> Report:
    """Adopt an organization of 200 projects, or of 40 where it has to be quick; then import and preview it."""
    projects, folder = 40 if session.quick else 200, session.work / "adopted"
    with session.emulator() as emulator:
        emulator.control.seed(_organization(projects))
        session.step(f"adopt: {projects} projects, {A_SECOND} requests a second on an endpoint")
        read = _adopt(emulator, folder)
        seconds = {}
        for word, environ in _CHECKPOINTS.items():
            stack = session.stack(emulator)
            _copy(folder, stack)
            for name, command in _COMMANDS.items():
                session.step(f"{name} {word} checkpoints")
                seconds[name, word] = stack.run(*command, environ=environ).seconds
    return Report(
        [_beside_ideal(read, projects), _lists(read, projects), *map(partial(_beside_other, seconds), _COMMANDS)]
    )


def _organization(projects: int) -> dict[str, Any]:
    accounts = [{"name": f"bot {number}", "keys": [{}]} for number in range(ACCOUNTS)]
    changed = {"rl-gpt-4o": {"max_requests_per_1_minute": 7}}
    return {
        "projects": [
            {
                "id": f"proj_{number:04}",
                "name": f"Team {number}",
                "service_accounts": accounts,
                "rate_limits": {} if number % 5 else changed,
            }
            for number in range(projects)
        ]
    }


def _adopt(emulator: EmulatorServer, folder: Path) -> Sample:
    command = [
        sys.executable,
        "-m",
        "pulumi_openai_admin.cli",
        "adopt",
        "--all",
        "--include",
        "Team *",
        *(f"--include=kind:{kind}" for kind in ("Project", "ProjectRateLimits", "ProjectServiceAccount")),
        "--out",
        str(folder),
    ]
    environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url, "PYTHONPATH": str(ROOT)}
    emulator.control.world(throttle={"per_minute": 60 * A_SECOND, "burst": BURST, "advice": "text"})
    began = time.perf_counter()
    done = subprocess.run(command, env={**os.environ, **environ}, capture_output=True, text=True, check=False)  # noqa: S603
    seconds = time.perf_counter() - began
    emulator.control.world(throttle=None)
    if done.returncode:
        raise NotMeasuredError(f"`adopt` failed with exit code {done.returncode}:\n{done.stderr[-2000:]}")
    return Sample(seconds, emulator.control.requests())


def _copy(program: Path, stack: Stack) -> None:
    """The program, in a stack's own folder; where Python is found stays the stack's business."""
    shutil.copytree(program, stack.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("Pulumi.yaml"))


def _beside_ideal(read: Sample, projects: int) -> Figure:
    ideal = (projects - BURST) / A_SECOND
    absolute: dict[str, float] = {"seconds": round(read.seconds, 2), "refused": read.refused}
    return Figure(f"adopt, {projects} projects: time", round(read.seconds / ideal, 3), "x ideal", AT_MOST, absolute)


def _lists(read: Sample, projects: int) -> Figure:
    """One of each kind a project, and the pages of the list of projects, four of which were there before."""
    passed = Sample(read.seconds, [request for request in read.requests if request["status"] == _OK])
    pages = -(-(projects + 4) // _A_PAGE)
    return counted(f"adopt, {projects} projects: lists", [passed], "GET", 2 * projects + pages)


def _beside_other(seconds: Mapping[tuple[str, str], float], name: str) -> Figure:
    taken = {word: round(seconds[name, word], 2) for word in _CHECKPOINTS}
    ratio = round(seconds[name, "without"] / seconds[name, "with"], 3)
    return Figure(f"{name} without checkpoints", ratio, "x with", None, taken)
