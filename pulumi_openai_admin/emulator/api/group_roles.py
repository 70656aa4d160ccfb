"""Which roles of the organization a group has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator.api.groups import GROUPS
from pulumi_openai_admin.emulator.api.role_assignments import RoleAssignments
from pulumi_openai_admin.emulator.api.roles import ROLES

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.operation import Request
    from pulumi_openai_admin.emulator.store.record import Record


class GroupRoles(RoleAssignments):
    """Roles that everybody in a group inherits."""

    name = "group_role"
    path = "/organization/groups/{group_id}/roles"
    references = {"group_id": "group", "role_id": "role"}
    object = "group.role"
    roles = ROLES
    principal = GROUPS

    def show_principal(self, request: Request, principal: Record) -> dict[str, Any]:
        """Give schema Group."""
        return {
            "object": "group",
            "id": principal.id,
            "name": principal["name"],
            "created_at": principal["created_at"],
            "scim_managed": principal["is_scim_managed"],
        }


GROUP_ROLES = GroupRoles()
