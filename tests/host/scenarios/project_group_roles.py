"""The scenario of a `ProjectGroupRoles`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectGroupRoles
from tests.host.role_assignments import scenario_of_set

SCENARIO = scenario_of_set(
    ProjectGroupRoles,
    kind="project_group_role",
    path="/projects/{project_id}/groups/{group_id}/roles",
    parents={"project_id": "proj_demo", "group_id": "group_life"},
    replaced_by={"group_id": "group_other"},
)
