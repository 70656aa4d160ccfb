"""The scenario of a `ProjectUserRole`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectUserRole
from tests.host.role_assignments import scenario_of_assignment

SCENARIO = scenario_of_assignment(
    ProjectUserRole,
    kind="project_user_role",
    path="/projects/{project_id}/users/{user_id}/roles",
    parents={"project_id": "proj_demo", "user_id": "user-grace"},
    replaced_by={"project_id": "proj_staging"},
)
