"""People of the organization, from the invite on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict, final

import pulumi  # noqa: TC002 - annotations are read at run time

from pulumi_openai_admin.handlers.kinds.organization_members import OrganizationMembers
from pulumi_openai_admin.program.fields import Field, WhenRemoved, argument, moment, option, output, path
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.resources.invite import Invite
from pulumi_openai_admin.resources.organization_user import OrganizationUser
from pulumi_openai_admin.resources.project_user import ProjectUser
from pulumi_openai_admin.schema.constraints import EMAIL_IN_ID, ORGANIZATION_ROLE, PROJECT_OWNER_OR_MEMBER
from pulumi_openai_admin.schema.shapes import KeyedList


class ProjectAccess(TypedDict):
    """Access of a person to a project."""

    project_id: pulumi.Input[str]
    """The project (`proj_…`)."""
    role: pulumi.Input[Literal["member", "owner"]]
    """The role in the project."""


@final
class OrganizationMember(AdminResource):
    """One person of the organization, from the invite on. The resource sends an invite and does not wait. After the
    person has accepted the invite, the next refresh finds the user.

    Roles are changed in place. For a user, the change applies at once. For an invited person, the provider replaces the
    invite. If the invite has expired, the next `pulumi up` after a refresh sends a new invite. If the person is in the
    organization already, the provider sends no invite. An open invite that somebody else sent belongs to the resource
    if it has the same role and projects. If it differs, the update fails and names the invite.

    Destroying the resource withdraws the invite, and removes the user from the projects in `projects`. The user stays
    in the organization, unless `remove_on_destroy` is `True`. The role in the organization goes back to the role from
    before the first change if that role is lower. If not, the role stays, and a warning says so unless it is the
    lowest role.

    The resource ID is `<email>`.

    Raises:
        BadRequestError: OpenAI rejects the invite or the change. The last owner can be neither changed nor removed.
        ResponseLostError: A response was lost, and the provider cannot tell what was created. The message lists
            everything that may exist.
        ParentNotFoundError: The admin key does not show the project that the state records, so the key may belong to
            another organization. The resource stays in the state.
    """

    handler = OrganizationMembers(OrganizationUser.handler, ProjectUser.handler, Invite.handler)

    email: Field[str] = path(constraint=EMAIL_IN_ID, normalize=str.lower)
    """The person's address, in lower case. The program may use any case."""
    role: Field[str, Literal["owner", "reader"] | None] = argument(default=None, choices=ORGANIZATION_ROLE)
    """The role in the organization. If omitted, an invited person gets the role `reader`, and the role of a user is not
    managed."""
    projects: Field[list[dict[str, str]], Sequence[ProjectAccess] | None] = argument(
        default=None,
        choices=PROJECT_OWNER_OR_MEMBER,
        when_removed=WhenRemoved.DEFAULT,
        may_be_empty=True,
        keyed=KeyedList(("project_id",), "role"),
    )
    """The projects of the person, in any order. Each has a `project_id` (`proj_…`) and a `role`: `member` or `owner`.
    Removing a project from the list removes the person from the project, whoever gave the access, unless another
    resource of the program declares the person there. Other projects are not managed. Without
    `projects`, OpenAI invites the person to the default project; with `[]`, the invite includes no project. Removing
    the input from the program is as `[]` for a user."""
    remove_on_destroy: Field[bool | None] = option(default=None)
    """Whether destroy removes the user from the organization, however the person joined, and so from all its projects
    and groups. While another resource of the program names the person, the removal fails and the state keeps this
    resource."""
    until: Field[str | int | None] = moment(default=None)
    """When the access ends: a date (`2026-12-31`, the end of that day in UTC), a time with its zone
    (`2026-12-31T18:00:00Z`), or seconds since 1970. The first update after that time withdraws the invite, or removes
    the user from the organization, regardless of who invited them or whether they rejoined. A new time must be in the
    future."""
    remove_after_until: Field[bool | None] = option(default=None)
    """Whether the user is removed from the organization after the time of `until`. If omitted, `True`. With `False`,
    the user leaves the projects in `projects` and stays in the organization."""
    status: Field[str] = output()
    """`invited`, `expired` (the invite), `member`, `ended` after the time of `until`, or `unknown` after an update
    that withdrew the invite and failed before a new invite was known."""
    invite_id: Field[str | None] = output()
    """The invite (`invite-…`); `None` if the person was in the organization already."""
    user_id: Field[str | None] = output()
    """The user (`user-…`); `None` until the invite is accepted."""
    expires_at: Field[int | None] = output()
    """When the invite expires, in seconds since 1970 (UTC); `None` for a member."""
