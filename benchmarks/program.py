"""The Pulumi programs that are measured: one description, declared in one of several ways.

The description travels in the environment, so that the engine runs the same two lines every time.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

DESCRIPTION = "BENCHMARK_PROGRAM"
TEXT = "from benchmarks.program import declare\n\ndeclare()\n"

FLOOR = "floor"
HEAVY_FLOOR = "floor with our state"
ONE_BY_ONE = "one by one"
NATIVE = "one by one, native"
WHOLE_PROJECT = "whole project"
NATIVE_WHOLE_PROJECT = "whole project, native"
TEAM = "limits, budget, models, members and an account of each project"


@dataclass(frozen=True)
class Program:
    """What a program declares: so many models' limits in each of the projects."""

    way: str
    """One of those above."""
    rows: dict[str, list[str]]
    """The models by project."""
    limit: int
    """Requests a minute, the same for all."""

    def environment(self) -> dict[str, str]:
        """How the engine's process tells the program what it is."""
        return {DESCRIPTION: json.dumps(asdict(self))}


def declare() -> None:
    """Declare what the environment describes."""
    program = Program(**json.loads(os.environ[DESCRIPTION]))
    for project_id, models in program.rows.items():
        _WAYS[program.way](project_id, models, program.limit)


def _floor(project_id: str, models: list[str], limit: int, *, is_heavy: bool = False) -> None:
    from benchmarks.floor import FloorRow  # noqa: PLC0415 - a program pays for its own imports only

    for model in models:
        FloorRow(f"{project_id}-{model}", project_id, model, limit, is_heavy=is_heavy)


def _one_by_one(project_id: str, models: list[str], limit: int) -> None:
    from pulumi_openai_admin import ProjectRateLimit  # noqa: PLC0415

    for model in models:
        ProjectRateLimit(f"{project_id}-{model}", project_id=project_id, model=model, max_requests_per_1_minute=limit)


def _native(project_id: str, models: list[str], limit: int) -> None:
    import pulumi  # noqa: PLC0415

    for model in models:
        inputs = {"projectId": project_id, "model": model, "maxRequestsPer1Minute": limit}
        pulumi.CustomResource("openai-admin:index:ProjectRateLimit", f"{project_id}-{model}", inputs)


def _whole_project(project_id: str, models: list[str], limit: int) -> None:
    from pulumi_openai_admin import ProjectRateLimits, RateLimit  # noqa: PLC0415

    limits = {model: RateLimit(max_requests_per_1_minute=limit) for model in models}
    ProjectRateLimits(project_id, project_id=project_id, limits=limits)


def _native_whole_project(project_id: str, models: list[str], limit: int) -> None:
    import pulumi  # noqa: PLC0415

    inputs = {"projectId": project_id, "limits": {model: {"maxRequestsPer1Minute": limit} for model in models}}
    pulumi.CustomResource("openai-admin:index:ProjectRateLimits", project_id, inputs)


def _team(project_id: str, models: list[str], limit: int) -> None:
    from pulumi_openai_admin import RateLimit, TeamProject  # noqa: PLC0415

    limits = {model: RateLimit(max_requests_per_1_minute=limit) for model in models}
    TeamProject(
        project_id,
        project_id=project_id,
        limits=limits,
        spend_limit_dollars=1_000 + limit,
        models=models,
        members=["ada@example.com"],
        service_accounts={"ci": {}},
    )


_WAYS: dict[str, Callable[[str, list[str], int], None]] = {
    FLOOR: _floor,
    HEAVY_FLOOR: partial(_floor, is_heavy=True),
    ONE_BY_ONE: _one_by_one,
    NATIVE: _native,
    WHOLE_PROJECT: _whole_project,
    NATIVE_WHOLE_PROJECT: _native_whole_project,
    TEAM: _team,
}
