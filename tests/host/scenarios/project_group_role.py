"""The scenario of a `ProjectGroupRole`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectGroupRole
from tests.host.role_assignments import scenario_of_assignment

SCENARIO = scenario_of_assignment(
    ProjectGroupRole,
    kind="project_group_role",
    path="/projects/{project_id}/groups/{group_id}/roles",
    parents={"project_id": "proj_demo", "group_id": "group_life"},
    replaced_by={"project_id": "proj_staging"},
)
