"""Which roles of the organization a person has: `role` of the person is the predefined one of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin.emulator.api.group_roles import GROUP_ROLES
from pulumi_openai_admin.emulator.api.role_assignments import RoleAssignments
from pulumi_openai_admin.emulator.api.roles import ROLES
from pulumi_openai_admin.emulator.api.users import USERS

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.operation import Request
    from pulumi_openai_admin.emulator.store.record import Record


class UserRoles(RoleAssignments):
    """Roles of a person, and those inherited from groups. There is one predefined role at a time."""

    name = "user_role"
    path = "/organization/users/{user_id}/roles"
    references = {"user_id": "user", "role_id": "role"}
    object = "user.role"
    roles = ROLES
    principal = USERS
    group_roles: ClassVar[RoleAssignments] = GROUP_ROLES

    def direct(self, request: Request) -> list[str]:
        """Give the predefined role before the others."""
        short_name = self.short_name(request)
        predefined = [role.id for role in self.roles.predefined(request) if role["_short_name"] == short_name]
        return [*predefined, *super().direct(request)]

    def sources(self, request: Request) -> dict[str, list[str]]:
        """Find the roles of the groups that the person is in."""
        found: dict[str, list[str]] = {}
        for membership in request.organization.store.with_id("group_user", request.ids["user_id"]):
            ids = {**request.ids, "group_id": membership.parent}
            for role_id in self.group_roles.direct(replace(request, ids=ids)):
                found.setdefault(role_id, []).append(membership.parent)
        return found

    def keep(self, request: Request, role: Record, assignment: Record) -> None:
        """Set the person's `role`, or keep a custom role."""
        short_name = role.get("_short_name")
        if short_name is None:
            super().keep(request, role, assignment)
        else:
            self.set_short_name(request, short_name)

    def drop(self, request: Request, role: Record, assignment: Record) -> None:
        """Unassign the person's `role`, or a custom role."""
        if role.get("_short_name") is None:
            super().drop(request, role, assignment)
        else:
            self.set_short_name(request, None)

    def short_name(self, request: Request) -> str | None:
        """Give the short name of the predefined role that the person has."""
        role: str | None = USERS.require(request)["role"]
        return role

    def set_short_name(self, request: Request, short_name: str | None) -> None:
        """Change which predefined role the person has."""
        USERS.set_role(request, USERS.require(request), short_name)

    def show_principal(self, request: Request, principal: Record) -> dict[str, Any]:
        """Give schema User."""
        return USERS.show(request, principal)


USER_ROLES = UserRoles()
