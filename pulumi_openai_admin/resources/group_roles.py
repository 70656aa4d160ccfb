"""The roles of a group in the organization, under one resource."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

import pulumi  # noqa: TC002 - annotations are read at run time

from pulumi_openai_admin.handlers.shapes.member_set import MemberSet
from pulumi_openai_admin.program.fields import Field, RoleAssignmentEnd, argument, moment, option, path
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.resources.group_role import GroupRole
from pulumi_openai_admin.schema.rules import KeysAmong


@final
class GroupRoles(AdminResource):
    """Roles of the organization that all users of a group have: some of them, or exactly these.

    Removing a role from the program unassigns it, whoever assigned it. Destroying the resource unassigns the roles that
    the program names. Inherited roles are not managed.

    The resource ID is `<group_id>`.

    Raises:
        PartialUpdateError: Some roles could not be assigned or unassigned. The changes that were made are kept.
        NotFoundError: The organization has no such role.
        ConfigurationError: The program names one role twice, by its id and by its alias.
        ParentNotFoundError: The admin key does not show the project that the state records, so the key may belong to
            another organization. The resource stays in the state.

    Also sends: GET /organization/roles.
    """

    handler = MemberSet(GroupRole.handler, members="role_ids")
    rules = (KeysAmong("until", "role_ids"),)

    group_id: Field[str] = path()
    """The group (`group_…`)."""
    role_ids: Field[list[str], Sequence[pulumi.Input[str]]] = argument(unordered=True, may_be_empty=True)
    """The roles (`role_…`), or aliases of predefined ones (`role-api-organization-reader`), in any order. Removing a
    role from the list unassigns it, whoever assigned it."""
    exclusive: Field[bool | None] = option(default=None)
    """Whether roles that the program does not name are unassigned. People lose their permissions. A preview names
    them first. Inherited roles stay. If omitted, other roles are not managed."""
    until: Field[list[dict[str, str | int]] | None, Sequence[RoleAssignmentEnd] | None] = moment(
        default=None, of=("role_id",)
    )
    """When the assignment of single roles ends, in any order. Each entry has a `role_id` from `role_ids`, and
    `ends_at`: a date (`2026-12-31`, the end of that day in UTC), a time with its zone (`2026-12-31T18:00:00Z`), or
    seconds since 1970. The first update after that time unassigns the role, whoever assigned it. A new time must be in
    the future."""
