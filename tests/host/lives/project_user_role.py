"""The life of a `ProjectUserRole`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import ProjectRole, ProjectUserRole
from tests.host.rules import Member
from tests.host.scripted_life import PROJECT, Life, Matrix, Verb

if TYPE_CHECKING:
    from tests.host.dynamic_host import DynamicHost

INPUTS = {**PROJECT, "user_id": "user-grace", "role_id": "role_life"}


def role(host: DynamicHost, project: str) -> dict[str, Any]:
    """A role of the case."""
    role = host.create(
        ProjectRole, {"project_id": project, "name": f"of {project}", "permissions": ["api.groups.read"]}
    )[1]
    return {"user_id": "user-emulator", "role_id": role["role_id"]}


LIFE = Life(
    ProjectUserRole,
    path="/projects/proj_demo/users/user-grace/roles/{id}",
    seed={
        "users": [
            {"id": "user-grace", "name": "Grace", "email": "grace@example.com", "role": "reader"},
            {"id": "user-alan", "name": "Alan", "email": "alan@example.com", "role": "reader"},
        ],
        "project_roles": [
            {"project_id": "proj_demo", "id": "role_life", "role_name": "Auditor", "permissions": ["api.groups.read"]}
        ],
    },
    inputs=INPUTS,
    outputs={**INPUTS, "name": "Auditor"},
    drift=None,
    steps=[],
    replaced_by={**INPUTS, "project_id": "proj_staging"},
    replaces="project_id",
    bad={
        "role_id is missing": {"role_id": None},
        "user_id is not an id": {"user_id": "../admin_api_keys"},
    },
    missing="proj_demo/user-grace/role_none",
    malformed="none",
    matrix=Matrix(
        path="/projects/{project_id}/users/{user_id}/roles",
        rule=Member("project_user_role", list_ids=None),
        prepare=role,
        verbs=(
            Verb("create", None, {}, "POST"),
            Verb("create-list", None, {}, "GET"),
            Verb("read", {}, {}, "GET"),
            Verb("delete", {}, None, "DELETE", "{id}"),
        ),
    ),
)
