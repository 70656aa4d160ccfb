"""The life of a `ProjectGroupRole`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import Group, ProjectGroupRole, ProjectRole
from tests.host.rules import Member
from tests.host.scripted_life import PROJECT, Life, Matrix, Verb

if TYPE_CHECKING:
    from tests.host.dynamic_host import DynamicHost

INPUTS = {**PROJECT, "group_id": "group_life", "role_id": "role_life"}


def role(host: DynamicHost, project: str) -> dict[str, Any]:
    """A role of the case, and a group."""
    role = host.create(
        ProjectRole, {"project_id": project, "name": f"of {project}", "permissions": ["api.groups.read"]}
    )[1]
    group = host.create(Group, {"name": f"of {project}"})[1]
    return {"group_id": group["group_id"], "role_id": role["role_id"]}


LIFE = Life(
    ProjectGroupRole,
    path="/projects/proj_demo/groups/group_life/roles/{id}",
    seed={
        "groups": [{"id": "group_life", "name": "Life"}, {"id": "group_other", "name": "Other"}],
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
        "group_id is not an id": {"group_id": "../admin_api_keys"},
    },
    missing="proj_demo/group_life/role_none",
    malformed="none",
    matrix=Matrix(
        path="/projects/{project_id}/groups/{group_id}/roles",
        rule=Member("project_group_role", list_ids=None),
        prepare=role,
        verbs=(
            Verb("create", None, {}, "POST"),
            Verb("create-list", None, {}, "GET"),
            Verb("read", {}, {}, "GET"),
            Verb("delete", {}, None, "DELETE", "{id}"),
        ),
    ),
)
