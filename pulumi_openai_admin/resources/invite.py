"""Invites of people to the organization."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 - its annotations are read at run time
from typing import Any, Literal, TypedDict, final

import pulumi  # noqa: TC002 - the same

from pulumi_openai_admin.handlers.kinds.invites import Invites
from pulumi_openai_admin.program.provider_reference import PUBLIC_MODULE
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import EMAIL
from pulumi_openai_admin.schema.fields import Field, WhenRemoved, argument, option, output
from pulumi_openai_admin.schema.wire_forms import RenamedInItems


class InviteProject(TypedDict):
    """A project that the person joins who accepts an invite."""

    project_id: pulumi.Input[str]
    """The project (`proj_…`)."""
    role: pulumi.Input[Literal["member", "owner"]]
    """The role in the project: `member` or `owner`."""


InviteProject.__module__ = PUBLIC_MODULE


@final
class Invite(AdminResource):
    """An invite of a person to the organization.

    OpenAI sends it by email. It can't be changed: any other argument replaces it, so the person gets another email. An
    invite that was accepted stays in the state. One that has expired counts as gone: after a `pulumi refresh` the next
    `up` sends another. Destroying the resource deletes an invite that is pending.

    Its id is `<invite_id>`.

    Raises:
        ResponseLostError: It is not known what a lost reply created; the message names all that may exist.
        ParentNotFoundError: The key may be another organization's: it does not show the project of the organization
            that the state records. The invite stays in the state.

    Source: POST /organization/invites and GET, DELETE …/{invite_id} (operations `inviteUser`, `retrieve-invite`,
    `delete-invite`).
    """

    handler = Invites(
        "/organization/invites",
        noun="invite",
        recognized_by=("email",),
    )

    email: Field[str] = argument(constraint=EMAIL, normalize=str.lower, replaces=True)
    """The address to which OpenAI sends the invite, in lower case. Another address replaces the invite. Upper and lower
    case in the program mean the same."""
    role: Field[str, Literal["owner", "reader"]] = argument(replaces=True)
    """The person's role in the organization: `reader` or `owner`. Another one replaces the invite."""
    projects: Field[list[dict[str, str]], Sequence[InviteProject] | None] = argument(
        default=None,
        may_be_empty=True,
        replaces=True,
        when_removed=WhenRemoved.REPLACES,
        wire_form=RenamedInItems({"project_id": "id"}),
    )
    """The projects that the person joins. Each has a `project_id` and a `role`: `member` or `owner`. Their order means
    nothing. Left out, they are not managed: OpenAI takes the default project. An empty list means no project. Other
    ones replace the invite."""
    triggers: Field[list[Any] | None] = option(default=None, replaces=True, when_removed=WhenRemoved.REPLACES)
    """Any values; when one of them changes, the invite is replaced, so that OpenAI sends it again."""
    invite_id: Field[str] = output(wire="id", identity=True)
    """The invite's id (`invite-…`)."""
    status: Field[str] = output()
    """`pending`, or `accepted`. A look-up also shows `expired`."""
    created_at: Field[int] = output()
    """When it was sent, in seconds since 1970 (UTC)."""
    expires_at: Field[int | None] = output()
    """When it expires, in seconds since 1970 (UTC)."""
    accepted_at: Field[int | None] = output()
    """When it was accepted, in seconds since 1970 (UTC); `None` if it was not."""
