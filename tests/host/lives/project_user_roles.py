"""The life of a `ProjectUserRoles`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import ProjectRole, ProjectUserRoles
from tests.host.role_assignments import OTHER_ROLE, ROLE, USERS, inputs_of_role, life_of_set

if TYPE_CHECKING:
    from tests.host.dynamic_host import DynamicHost


def role(host: DynamicHost, project: str) -> dict[str, Any]:
    """A role of the case."""
    role = host.create(ProjectRole, {"project_id": project, **inputs_of_role(project)})[1]
    return {"user_id": "user-emulator", "role_ids": [role["role_id"]]}


LIFE = life_of_set(
    ProjectUserRoles,
    kind="project_user_role",
    path="/projects/{project_id}/users/{user_id}/roles",
    parents={"project_id": "proj_demo", "user_id": "user-grace"},
    replaced_by={"user_id": "user-alan"},
    seed={"users": USERS, "project_roles": [{"project_id": "proj_demo", **role} for role in (ROLE, OTHER_ROLE)]},
    prepare=role,
)
