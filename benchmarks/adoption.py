"""Adoption: the reading beside what the request limit allows; import and preview."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from benchmarks.measure import Figure, Report, Sample, counted
from benchmarks.session import run_command
from pulumi_openai_admin.emulator.process import EmulatorServer

if TYPE_CHECKING:
    from benchmarks.session import Session

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
    kinds = [f"--include=kind:{kind}" for kind in ("Project", "ProjectRateLimits", "ProjectServiceAccount")]
    with EmulatorServer() as emulator:
        emulator.control.seed(_organization(projects))
        session.step(f"adopt: {projects} projects, {A_SECOND} requests a second on an endpoint")
        emulator.control.world(throttle={"per_minute": 60 * A_SECOND, "burst": BURST, "advice": "text"})
        read = run_command(emulator, "adopt", "--all", "--include", "Team *", *kinds, "--out", str(folder))
        emulator.control.world(throttle=None)
        seconds = {}
        for word, environ in _CHECKPOINTS.items():
            stack = session.stack(emulator)
            # Where Python is found stays the stack's business.
            ignored = shutil.ignore_patterns("Pulumi.yaml")
            shutil.copytree(folder, stack.stack.folder, dirs_exist_ok=True, ignore=ignored)
            for name, command in _COMMANDS.items():
                session.step(f"{name} {word} checkpoints")
                seconds[name, word] = stack.run(*command, environ=environ).seconds
    ideal = (projects - BURST) / A_SECOND
    absolute: dict[str, float] = {"seconds": round(read.seconds, 2), "refused": read.refused}
    figures = [
        Figure(f"adopt, {projects} projects: time", round(read.seconds / ideal, 3), "x ideal", AT_MOST, absolute),
        _lists(read, projects),
    ]
    for name in _COMMANDS:
        taken = {word: round(seconds[name, word], 2) for word in _CHECKPOINTS}
        ratio = round(seconds[name, "without"] / seconds[name, "with"], 3)
        figures.append(Figure(f"{name} without checkpoints", ratio, "x with", None, taken))
    return Report(figures)


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


def _lists(read: Sample, projects: int) -> Figure:
    """One of each kind a project, and the pages of the list of projects, four of which were there before."""
    passed = Sample(read.seconds, [request for request in read.requests if request["status"] == _OK])
    pages = -(-(projects + 4) // _A_PAGE)
    return counted(f"adopt, {projects} projects: lists", [passed], "GET", 2 * projects + pages)
