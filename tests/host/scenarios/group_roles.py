"""The scenario of a `GroupRoles`."""

from __future__ import annotations

from pulumi_openai_admin import GroupRoles
from tests.host.role_assignments import scenario_of_set

SCENARIO = scenario_of_set(
    GroupRoles,
    kind="group_role",
    path="/organization/groups/{group_id}/roles",
    parents={"group_id": "group_life"},
    replaced_by={"group_id": "group_other"},
)
