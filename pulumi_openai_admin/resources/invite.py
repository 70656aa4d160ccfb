"""Invites of people to the organization."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypedDict, final

import pulumi  # noqa: TC002 - annotations are read at run time

from pulumi_openai_admin.handlers.kinds.people import Invites
from pulumi_openai_admin.program.fields import Field, WhenRemoved, argument, option, output
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import EMAIL, ORGANIZATION_ROLE, PROJECT_OWNER_OR_MEMBER
from pulumi_openai_admin.schema.shapes import RenamedInItems


class InviteProject(TypedDict):
    """A project that the person joins who accepts an invite."""

    project_id: pulumi.Input[str]
    """The project (`proj_…`)."""
    role: pulumi.Input[Literal["member", "owner"]]
    """The role in the project: `member` or `owner`."""


@final
class Invite(AdminResource):
    """An invite of a person to the organization.

    OpenAI sends the invite by email. An invite can't be changed: changing an argument replaces it, so the person gets a
    second email. An accepted invite stays in the state. The provider treats an expired invite as deleted: after `pulumi
    refresh`, the next `pulumi up` sends a new invite. Destroying the resource deletes a pending invite.

    The resource ID is `<invite_id>`.

    Raises:
        ResponseLostError: A response was lost, and the provider cannot tell what was created. The message lists
            everything that may exist.
        ParentNotFoundError: The admin key does not show the project that the state records, so the key may belong to
            another organization. The invite stays in the state.
    """

    handler = Invites("/organization/invites", noun="invite", recognized_by=("email",))

    email: Field[str] = argument(constraint=EMAIL, normalize=str.lower, replaces=True)
    """The address to which OpenAI sends the invite, in lower case. The program may use any case."""
    role: Field[str, Literal["owner", "reader"]] = argument(choices=ORGANIZATION_ROLE, replaces=True)
    """The person's role in the organization."""
    projects: Field[list[dict[str, str]], Sequence[InviteProject] | None] = argument(
        default=None,
        choices=PROJECT_OWNER_OR_MEMBER,
        may_be_empty=True,
        replaces=True,
        when_removed=WhenRemoved.REPLACES,
        unordered=True,
        wire_form=RenamedInItems({"project_id": "id"}),
    )
    """The projects that the person joins. Each has a `project_id` and a `role`: `member` or `owner`. Their order has no
    effect. If omitted, they are not managed, and OpenAI uses the default project. An empty list means no project."""
    triggers: Field[list[Any] | None] = option(default=None, replaces=True)
    """Any values. Changing one of them replaces the invite, so OpenAI sends a new invite."""
    invite_id: Field[str] = output(wire="id", identity=True)
    """The invite's id (`invite-…`)."""
    status: Field[str] = output()
    """`pending`, or `accepted`. A provider function also returns `expired`."""
    created_at: Field[int] = output()
    """When it was sent, in seconds since 1970 (UTC)."""
    expires_at: Field[int | None] = output()
    """When it expires, in seconds since 1970 (UTC)."""
    accepted_at: Field[int | None] = output()
    """When it was accepted, in seconds since 1970 (UTC); `None` if it was not accepted."""
