"""The scenario of a `Role`."""

from __future__ import annotations

from pulumi_openai_admin import Role
from tests.host.roles import scenario_of_role

SCENARIO = scenario_of_role(
    Role,
    kind="role",
    path="/organization/roles",
    parents={},
)
