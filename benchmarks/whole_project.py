"""150 rows of a project in one resource, at 100 ms a call, beside the floor for the rows one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi_openai_admin
from benchmarks.measure import Report, beside_floor, counted
from benchmarks.program import FLOOR, NATIVE_WHOLE_PROJECT, WHOLE_PROJECT
from benchmarks.scenarios import live

if TYPE_CHECKING:
    from benchmarks.session import Session

_AT_MOST = {"create": 0.45, "update": 0.45}
_UNCHANGED = "up --refresh, nothing changed"


def exists() -> bool:
    """Whether the package has the resource yet."""
    return hasattr(pulumi_openai_admin, "ProjectRateLimits")


def measure(session: Session) -> Report:
    """Create and update as ratios to the floor; what an `up --refresh` asks where nothing changed."""
    if not exists():
        return Report(notes=["Skipped: this version of the package has no `ProjectRateLimits`."])
    ways = (WHOLE_PROJECT, NATIVE_WHOLE_PROJECT)
    with session.emulator() as emulator:
        samples = live(session, emulator, (FLOOR, *ways))
    figures = [
        beside_floor(f"{way}: {step}", samples[way, step], samples[FLOOR, step], at_most)
        for way in ways
        for step, at_most in _AT_MOST.items()
    ]
    for way in ways:
        unchanged = samples[way, _UNCHANGED]
        figures += [
            counted(f"{way}: lists, {_UNCHANGED}", unchanged, "GET", 1),
            counted(f"{way}: POSTs, {_UNCHANGED}", unchanged, "POST", 0),
        ]
    return Report(figures)
