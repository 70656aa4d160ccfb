"""The life of a `GroupRoles`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import Group, GroupRoles, Role
from tests.host.role_assignments import GROUPS, OTHER_ROLE, ROLE, inputs_of_role, life_of_set

if TYPE_CHECKING:
    from tests.host.dynamic_host import DynamicHost


def role(host: DynamicHost, project: str) -> dict[str, Any]:
    """A role of the case, and a group."""
    role = host.create(Role, inputs_of_role(project))[1]
    group = host.create(Group, {"name": f"of {project}"})[1]
    return {"group_id": group["group_id"], "role_ids": [role["role_id"]]}


LIFE = life_of_set(
    GroupRoles,
    kind="group_role",
    path="/organization/groups/{group_id}/roles",
    parents={"group_id": "group_life"},
    replaced_by={"group_id": "group_other"},
    seed={"groups": GROUPS, "roles": [ROLE, OTHER_ROLE]},
    prepare=role,
)
