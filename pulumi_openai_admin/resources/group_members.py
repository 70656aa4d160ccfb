"""The users of a group, under one resource."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict, final

import pulumi  # noqa: TC002 - annotations are read at run time

from pulumi_openai_admin.handlers.shapes.member_set import MemberSet
from pulumi_openai_admin.program.fields import Field, argument, moment, option, path
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.resources.group_user import GroupUser
from pulumi_openai_admin.schema.ids import USER_OR_SERVICE_ACCOUNT
from pulumi_openai_admin.schema.rules import KeysAmong


class GroupMemberEnd(TypedDict):
    """When a user is no longer in a group."""

    user_id: pulumi.Input[str]
    """The user (`user-…`) or the service account (`svc_acct_…`)."""
    ends_at: pulumi.Input[str | int]
    """A date (`2026-12-31`, the end of that day in UTC), a time with its zone (`2026-12-31T18:00:00Z`), or seconds
    since 1970."""


@final
class GroupMembers(AdminResource):
    """Users of a group: some of them, or exactly these.

    Removing a user from the program removes the user from the group, whoever added the user. Destroying the resource
    removes all users that the program names.

    The resource ID is `<group_id>`.

    Raises:
        PartialUpdateError: Some users could not be added or removed. The changes that were made are kept.
        NoMatchError: A user is not in the organization.
        PermissionDeniedError: An identity provider manages the group (SCIM), so OpenAI rejects the change.
        ParentNotFoundError: The admin key does not show the project that the state records, so the key may belong to
            another organization. The resource stays in the state.

    Also sends: GET /organization/users and GET /organization/groups.
    """

    handler = MemberSet(GroupUser.handler, members="user_ids")
    rules = (KeysAmong("until", "user_ids"),)

    group_id: Field[str] = path()
    """The group (`group_…`)."""
    user_ids: Field[list[str], Sequence[pulumi.Input[str]]] = argument(
        ids_of=USER_OR_SERVICE_ACCOUNT, unordered=True, may_be_empty=True
    )
    """The users (`user-…`) and service accounts (`svc_acct_…`), in any order. Removing a user from the list removes the
    user, whoever added the user."""
    exclusive: Field[bool | None] = option(default=None)
    """Whether users that the program does not name are removed from the group. They lose access. A preview names them
    first. If omitted, they are not managed."""
    until: Field[list[dict[str, str | int]] | None, Sequence[GroupMemberEnd] | None] = moment(
        default=None, of=("user_id",), ids_of=USER_OR_SERVICE_ACCOUNT
    )
    """When the access of single users ends, in any order. Each entry has a `user_id` from `user_ids`, and `ends_at`: a
    date (`2026-12-31`, the end of that day in UTC), a time with its zone (`2026-12-31T18:00:00Z`), or seconds since
    1970. The first update after that time removes the user from the group, whoever added the user. A new time must be
    in the future."""
