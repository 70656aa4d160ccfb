"""The scenario of a `ProjectRole`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectRole
from tests.host.roles import scenario_of_role
from tests.host.scenario import PROJECT

SCENARIO = scenario_of_role(
    ProjectRole,
    kind="project_role",
    path="/projects/{project_id}/roles",
    parents=PROJECT,
)
