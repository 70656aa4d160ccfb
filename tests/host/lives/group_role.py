"""The life of a `GroupRole`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import Group, GroupRole, Role
from tests.host.role_assignments import GROUPS, ROLE, bad, inputs_of_role, matrix
from tests.host.scripted_life import UNTIL, Life, Step

if TYPE_CHECKING:
    from tests.host.dynamic_host import DynamicHost

INPUTS = {"group_id": "group_life", "role_id": "role_life"}


def role(host: DynamicHost, project: str) -> dict[str, Any]:
    """A role of the case, and a group."""
    role = host.create(Role, inputs_of_role(project))[1]
    group = host.create(Group, {"name": f"of {project}"})[1]
    return {"group_id": group["group_id"], "role_id": role["role_id"]}


LIFE = Life(
    GroupRole,
    path="/organization/groups/group_life/roles/{id}",
    seed={
        "groups": GROUPS,
        "roles": [ROLE],
    },
    inputs=INPUTS,
    outputs={**INPUTS, "role_name": "Auditor"},
    drift=None,
    steps=[Step({**INPUTS, **UNTIL}, UNTIL, writes=[])],
    replaced_by={**INPUTS, "group_id": "group_other"},
    replaces="group_id",
    bad=bad("group_id"),
    missing="group_life/role_none",
    malformed="none",
    is_in_project=False,
    matrix=matrix("group_role", "/organization/groups/{group_id}/roles", role),
)
