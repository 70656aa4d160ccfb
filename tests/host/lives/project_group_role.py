"""The life of a `ProjectGroupRole`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import Group, ProjectGroupRole, ProjectRole
from tests.host.role_assignments import GROUPS, ROLE, bad, inputs_of_role, matrix
from tests.host.scripted_life import PROJECT, UNTIL, Life, Step

if TYPE_CHECKING:
    from tests.host.dynamic_host import DynamicHost

INPUTS = {**PROJECT, "group_id": "group_life", "role_id": "role_life"}


def role(host: DynamicHost, project: str) -> dict[str, Any]:
    """A role of the case, and a group."""
    role = host.create(ProjectRole, {"project_id": project, **inputs_of_role(project)})[1]
    group = host.create(Group, {"name": f"of {project}"})[1]
    return {"group_id": group["group_id"], "role_id": role["role_id"]}


LIFE = Life(
    ProjectGroupRole,
    path="/projects/proj_demo/groups/group_life/roles/{id}",
    seed={
        "groups": GROUPS,
        "project_roles": [{"project_id": "proj_demo", **ROLE}],
    },
    inputs=INPUTS,
    outputs={**INPUTS, "role_name": "Auditor"},
    drift=None,
    steps=[Step({**INPUTS, **UNTIL}, UNTIL, writes=[])],
    replaced_by={**INPUTS, "project_id": "proj_staging"},
    replaces="project_id",
    bad=bad("group_id"),
    missing="proj_demo/group_life/role_none",
    malformed="none",
    matrix=matrix("project_group_role", "/projects/{project_id}/groups/{group_id}/roles", role),
)
