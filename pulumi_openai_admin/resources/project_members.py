"""The users of a project, under one resource."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Required, TypedDict, final

import pulumi  # noqa: TC002 - annotations are read at run time

from pulumi_openai_admin.handlers.kinds.users import spelled
from pulumi_openai_admin.handlers.shapes.member_set import MemberSet
from pulumi_openai_admin.program.fields import Field, argument, moment, option, output, path
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.resources.project_user import ProjectUser
from pulumi_openai_admin.schema.constraints import PROJECT_ROLE
from pulumi_openai_admin.schema.rules import KeysAmong
from pulumi_openai_admin.schema.shapes import IdsByName, KeyedList


class ProjectMember(TypedDict, total=False):
    """A user of a project: one of `user_id` and `email`, and the role."""

    user_id: pulumi.Input[str]
    """The user (`user-…`)."""
    email: pulumi.Input[str]
    """The user's address."""
    role: Required[pulumi.Input[Literal["owner", "member", "viewer"] | str]]  # noqa: PYI051 - names what OpenAI predefines
    """`owner`, `member` or `viewer`. Another role is sent as it is."""


class ProjectMemberEnd(TypedDict, total=False):
    """When a user is no longer in a project: one of `user_id` and `email`, and the time."""

    user_id: pulumi.Input[str]
    """The user (`user-…`)."""
    email: pulumi.Input[str]
    """The user's address."""
    ends_at: Required[pulumi.Input[str | int]]
    """A date (`2026-12-31`, the end of that day in UTC), a time with its zone (`2026-12-31T18:00:00Z`), or seconds
    since 1970."""


class ProjectMemberId(TypedDict, total=False):
    """The id of a user of a project, with the address by which the program names the user."""

    user_id: Required[str]
    """The user (`user-…`)."""
    email: str
    """The address in `members`, if the program names the user by address."""


_PERSON = ("user_id", "email")


@final
class ProjectMembers(AdminResource):
    """Users of a project, each with a role: some of them, or exactly these.

    Removing a user from the program removes the user from the project, whoever added the user. Destroying the resource
    removes all users that the program names.

    The resource ID is `<project_id>`.

    Raises:
        PartialUpdateError: Some users could not be added, changed or removed. The changes that were made are kept.
        NoMatchError: A user is not in the organization, and was not a member before. If no user has an email address,
            the provider changes nothing.
        ConfigurationError: The program names one user twice, by id and by email address.
        ProjectArchivedError: The project is archived, and an archived project cannot be changed.

    Also sends: GET /organization/users.
    """

    handler = MemberSet(ProjectUser.handler, members="members", value="role", ids_output="users")
    rules = (KeysAmong("until", "members"),)

    project_id: Field[str] = path()
    """The project (`proj_…`)."""
    members: Field[list[dict[str, str]], Sequence[ProjectMember]] = argument(
        choices=PROJECT_ROLE, normalize=spelled, may_be_empty=True, keyed=KeyedList(_PERSON, "role")
    )
    """The users, in any order. Each entry has exactly one of `user_id` and `email`, and a `role` in the project:
    `owner`, `member` or `viewer`. Email addresses are not case-sensitive. Removing a user from the list removes the
    user, whoever added the user."""
    exclusive: Field[bool | None] = option(default=None)
    """Whether users that the program does not name are removed from the project. They lose access. A preview names
    them first. If omitted, they are not managed."""
    until: Field[list[dict[str, str | int]] | None, Sequence[ProjectMemberEnd] | None] = moment(
        default=None, of=_PERSON, normalize=spelled
    )
    """When the access of single users ends, in any order. Each entry has a `user_id` or `email` from `members`, and
    `ends_at`: a date (`2026-12-31`, the end of that day in UTC), a time with its zone (`2026-12-31T18:00:00Z`), or
    seconds since 1970. The first update after that time removes the user from the project, whoever added the user. A
    new time must be in the future."""
    users: Field[list[dict[str, str]], Sequence[ProjectMemberId]] = output(
        hidden=True, reveals=("members",), keyed=IdsByName(("email",), "user_id")
    )
    """The ids of the users. Each entry has a `user_id`, and the `email` in `members` if the program names the user by
    address. Previews do not display them."""
