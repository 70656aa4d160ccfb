"""Roles of users in the organization."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.kinds.roles import RoleAssignments
from pulumi_openai_admin.program.fields import Field, moment, output, path
from pulumi_openai_admin.resources.base import AdminResource


@final
class UserRole(AdminResource):
    """A role of the organization that a user has.

    Destroying the resource unassigns the role, whoever assigned it. A predefined role replaces the one that the user
    has. It is not unassigned: it goes back to the role from before the first change if that role is lower. If not, it
    stays, and a warning says so. The resource does not manage a role that the user inherits.

    The resource ID is `<user_id>/<role_id>`.

    Raises:
        NotFoundError: The organization has no such role.
        ParentNotFoundError: The admin key does not show the project that the state records, so the key may belong to
            another organization. The resource stays in the state.

    Also sends: GET /organization/roles and GET /organization/users.
    """

    handler = RoleAssignments("/organization/users/{user_id}/roles", shown_as_role=True)

    user_id: Field[str] = path()
    """The user (`user-…`)."""
    role_id: Field[str] = path()
    """The role (`role_…`), or the alias of a predefined one (`role-api-organization-reader`)."""
    until: Field[str | int | None] = moment(default=None)
    """When the assignment ends: a date (`2026-12-31`, the end of that day in UTC), a time with its zone
    (`2026-12-31T18:00:00Z`), or seconds since 1970. The first update after that time unassigns the role, whoever
    assigned it. A new time must be in the future."""
    role_name: Field[str] = output(wire="name")
    """The role's name."""
