"""Users of a group."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.kinds.groups import GroupUsers
from pulumi_openai_admin.program.fields import Field, moment, output, path
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.ids import USER_OR_SERVICE_ACCOUNT


@final
class GroupUser(AdminResource):
    """A user in a group. Destroying the resource removes the user from the group, whoever added the user.

    The resource ID is `<group_id>/<user_id>`.

    Raises:
        NoMatchError: The user is not in the organization.
        PermissionDeniedError: An identity provider manages the group (SCIM), so OpenAI rejects the change.
        ParentNotFoundError: The admin key does not show the project that the state records, so the key may belong to
            another organization. The resource stays in the state.

    Also sends: GET /organization/users and GET /organization/groups.
    """

    handler = GroupUsers("/organization/groups/{group_id}/users", noun="user", id_name="user_id", limit=1000)

    group_id: Field[str] = path()
    """The group (`group_…`)."""
    user_id: Field[str] = path(ids_of=USER_OR_SERVICE_ACCOUNT)
    """The user (`user-…`) or service account (`svc_acct_…`)."""
    until: Field[str | int | None] = moment(default=None)
    """When the access ends: a date (`2026-12-31`, the end of that day in UTC), a time with its zone
    (`2026-12-31T18:00:00Z`), or seconds since 1970. The first update after that time removes the user from the group,
    whoever added the user. A new time must be in the future."""
    name: Field[str] = output()
    """The user's name."""
    email: Field[str | None] = output()
    """The user's email address. A service account has none."""
