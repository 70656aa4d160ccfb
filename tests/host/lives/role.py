"""The life of a `Role`."""

from __future__ import annotations

from pulumi_openai_admin import Role
from tests.host.roles import life_of_role

LIFE = life_of_role(
    Role,
    kind="role",
    path="/organization/roles",
    parents={},
)
