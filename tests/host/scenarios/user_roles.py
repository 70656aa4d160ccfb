"""The scenario of a `UserRoles`."""

from __future__ import annotations

from pulumi_openai_admin import UserRoles
from tests.host.role_assignments import scenario_of_set

SCENARIO = scenario_of_set(
    UserRoles,
    kind="user_role",
    path="/organization/users/{user_id}/roles",
    parents={"user_id": "user-grace"},
    replaced_by={"user_id": "user-alan"},
    there=("role-api-organization-reader",),
)
