"""The life of a `GroupRoles`."""

from __future__ import annotations

from pulumi_openai_admin import GroupRoles
from tests.host.role_assignments import life_of_set

LIFE = life_of_set(
    GroupRoles,
    kind="group_role",
    path="/organization/groups/{group_id}/roles",
    parents={"group_id": "group_life"},
    replaced_by={"group_id": "group_other"},
)
