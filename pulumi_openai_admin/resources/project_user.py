"""Users of a project."""

from __future__ import annotations

from typing import Literal, final

from pulumi_openai_admin.handlers.kinds.users import ProjectUsers
from pulumi_openai_admin.program.fields import Field, argument, moment, output, path, selector
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import PROJECT_ROLE
from pulumi_openai_admin.schema.rules import ExactlyOneSelector


@final
class ProjectUser(AdminResource):
    """A user in a project, with a role. Set exactly one of `user_id` and `email`.

    Destroying the resource removes the user from the project, whoever added the user. The user stays in the
    organization.

    The resource ID is `<project_id>/<user_id>`.

    Raises:
        NoMatchError: The user is not in the organization.
        BadRequestError: The user is a service account, or the project does not have the role.
        ProjectArchivedError: The project is archived, and an archived project cannot be changed.

    Also sends: GET /organization/users.
    """

    handler = ProjectUsers("/organization/projects/{project_id}/users")
    rules = (ExactlyOneSelector(),)

    project_id: Field[str] = path()
    """The project (`proj_…`)."""
    user_id: Field[str, str | None] = selector(default=None, wire="id", identity=True)
    """The user (`user-…`). Set this or `email`."""
    email: Field[str | None] = selector(default=None, normalize=str.lower)
    """The user's address, in lower case. The program may use any case. Set this or `user_id`."""
    role: Field[str, Literal["owner", "member", "viewer"] | str] = argument(choices=PROJECT_ROLE)  # noqa: PYI051 - names what OpenAI predefines
    """The role in the project: `owner`, `member` or `viewer`."""
    until: Field[str | int | None] = moment(default=None)
    """When the access ends: a date (`2026-12-31`, the end of that day in UTC), a time with its zone
    (`2026-12-31T18:00:00Z`), or seconds since 1970. The first update after that time removes the user from the project,
    whoever added the user. A new time must be in the future."""
    name: Field[str | None] = output()
    """The user's name."""
    added_at: Field[int] = output()
    """When the user was added to the project, in seconds since 1970 (UTC)."""
