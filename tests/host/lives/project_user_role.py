"""The life of a `ProjectUserRole`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import ProjectRole, ProjectUserRole
from tests.host.role_assignments import ROLE, USERS, bad, inputs_of_role, matrix
from tests.host.scripted_life import PROJECT, UNTIL, Life, Step

if TYPE_CHECKING:
    from tests.host.dynamic_host import DynamicHost

INPUTS = {**PROJECT, "user_id": "user-grace", "role_id": "role_life"}


def role(host: DynamicHost, project: str) -> dict[str, Any]:
    """A role of the case."""
    role = host.create(ProjectRole, {"project_id": project, **inputs_of_role(project)})[1]
    return {"user_id": "user-emulator", "role_id": role["role_id"]}


LIFE = Life(
    ProjectUserRole,
    path="/projects/proj_demo/users/user-grace/roles/{id}",
    seed={
        "users": USERS,
        "project_roles": [{"project_id": "proj_demo", **ROLE}],
    },
    inputs=INPUTS,
    outputs={**INPUTS, "role_name": "Auditor"},
    drift=None,
    steps=[Step({**INPUTS, **UNTIL}, UNTIL, writes=[])],
    replaced_by={**INPUTS, "project_id": "proj_staging"},
    replaces="project_id",
    bad=bad("user_id"),
    missing="proj_demo/user-grace/role_none",
    malformed="none",
    matrix=matrix("project_user_role", "/projects/{project_id}/users/{user_id}/roles", role),
)
