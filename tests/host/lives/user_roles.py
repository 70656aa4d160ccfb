"""The life of a `UserRoles`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import Role, UserRoles
from tests.host.role_assignments import OTHER_ROLE, ROLE, USERS, inputs_of_role, life_of_set

if TYPE_CHECKING:
    from tests.host.dynamic_host import DynamicHost


def role(host: DynamicHost, project: str) -> dict[str, Any]:
    """A role of the case."""
    role = host.create(Role, inputs_of_role(project))[1]
    return {"user_id": "user-emulator", "role_ids": [role["role_id"]]}


LIFE = life_of_set(
    UserRoles,
    kind="user_role",
    path="/organization/users/{user_id}/roles",
    parents={"user_id": "user-grace"},
    replaced_by={"user_id": "user-alan"},
    seed={"users": USERS, "roles": [ROLE, OTHER_ROLE]},
    prepare=role,
    there=("role-api-organization-reader",),
)
