"""The scenario of a `GroupRole`."""

from __future__ import annotations

from pulumi_openai_admin import GroupRole
from tests.host.role_assignments import scenario_of_assignment

SCENARIO = scenario_of_assignment(
    GroupRole,
    kind="group_role",
    path="/organization/groups/{group_id}/roles",
    parents={"group_id": "group_life"},
    replaced_by={"group_id": "group_other"},
)
