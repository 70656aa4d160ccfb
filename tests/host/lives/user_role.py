"""The life of a `UserRole`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import Role, UserRole
from tests.host.role_assignments import ROLE, USERS, bad, inputs_of_role, matrix
from tests.host.scripted_life import UNTIL, Life, Step

if TYPE_CHECKING:
    from tests.host.dynamic_host import DynamicHost

INPUTS = {"user_id": "user-grace", "role_id": "role_life"}


def role(host: DynamicHost, project: str) -> dict[str, Any]:
    """A role of the case."""
    role = host.create(Role, inputs_of_role(project))[1]
    return {"user_id": "user-emulator", "role_id": role["role_id"]}


LIFE = Life(
    UserRole,
    path="/organization/users/user-grace/roles/{id}",
    seed={
        "users": USERS,
        "roles": [ROLE],
    },
    inputs=INPUTS,
    outputs={**INPUTS, "role_name": "Auditor"},
    drift=None,
    steps=[Step({**INPUTS, **UNTIL}, UNTIL, writes=[])],
    replaced_by={**INPUTS, "user_id": "user-alan"},
    replaces="user_id",
    bad=bad("user_id"),
    missing="user-grace/role_none",
    malformed="none",
    is_in_project=False,
    matrix=matrix("user_role", "/organization/users/{user_id}/roles", role),
)
