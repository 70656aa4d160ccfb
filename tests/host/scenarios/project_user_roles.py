"""The scenario of a `ProjectUserRoles`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectUserRoles
from tests.host.role_assignments import scenario_of_set

SCENARIO = scenario_of_set(
    ProjectUserRoles,
    kind="project_user_role",
    path="/projects/{project_id}/users/{user_id}/roles",
    parents={"project_id": "proj_demo", "user_id": "user-grace"},
    replaced_by={"user_id": "user-alan"},
)
