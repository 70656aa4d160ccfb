"""Roles of groups in the organization."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.kinds.roles import RoleAssignments
from pulumi_openai_admin.program.fields import Field, moment, output, path
from pulumi_openai_admin.resources.base import AdminResource


@final
class GroupRole(AdminResource):
    """A role of the organization that all users of a group have.

    Destroying the resource unassigns the role, whoever assigned it. The resource does not manage a role that
    the group inherits.

    The resource ID is `<group_id>/<role_id>`.

    Raises:
        NotFoundError: The organization has no such role.
        ParentNotFoundError: The admin key does not show the project that the state records, so the key may belong to
            another organization. The resource stays in the state.

    Also sends: GET /organization/roles.
    """

    handler = RoleAssignments("/organization/groups/{group_id}/roles")

    group_id: Field[str] = path()
    """The group (`group_…`)."""
    role_id: Field[str] = path()
    """The role (`role_…`), or the alias of a predefined one (`role-api-organization-reader`)."""
    until: Field[str | int | None] = moment(default=None)
    """When the assignment ends: a date (`2026-12-31`, the end of that day in UTC), a time with its zone
    (`2026-12-31T18:00:00Z`), or seconds since 1970. The first update after that time unassigns the role, whoever
    assigned it. A new time must be in the future."""
    role_name: Field[str] = output(wire="name")
    """The role's name."""
