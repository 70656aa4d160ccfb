"""The scenario of a `UserRole`."""

from __future__ import annotations

from pulumi_openai_admin import UserRole
from tests.host.role_assignments import scenario_of_assignment

SCENARIO = scenario_of_assignment(
    UserRole,
    kind="user_role",
    path="/organization/users/{user_id}/roles",
    parents={"user_id": "user-grace"},
    replaced_by={"user_id": "user-alan"},
)
