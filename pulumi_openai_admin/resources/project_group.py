"""Groups of a project."""

from __future__ import annotations

from typing import Literal, final

from pulumi_openai_admin.handlers.kinds.groups import ProjectGroups
from pulumi_openai_admin.program.fields import Field, argument, moment, output, path
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.resources.project_group_role import ProjectGroupRole
from pulumi_openai_admin.schema.constraints import PROJECT_ROLE


@final
class ProjectGroup(AdminResource):
    """A group in a project, with a role. Destroying the resource unassigns the role, whoever assigned it.

    The group leaves the project with its last role. Other roles of the group in the project stay.

    The resource ID is `<project_id>/<group_id>`.

    Raises:
        NotFoundError: The project has no such role.
        ProjectArchivedError: The project is archived, and an archived project cannot be changed.

    Also sends: GET /organization/groups.

    Never sends: DELETE /organization/projects/{project_id}/groups/{group_id}.
    """

    handler = ProjectGroups(
        "/organization/projects/{project_id}/groups",
        noun="group",
        id_name="group_id",
        identity="group_id",
        role=ProjectGroupRole.handler,
    )

    project_id: Field[str] = path()
    """The project (`proj_…`)."""
    group_id: Field[str] = path()
    """The group (`group_…`)."""
    role: Field[str, Literal["owner", "member", "viewer"] | str] = argument(  # noqa: PYI051 - names what OpenAI predefines
        choices=PROJECT_ROLE, write_only=True, replaces=True
    )
    """The role that the group has in the project: a predefined role, or the id of a role of the project. OpenAI never
    shows the role, so the provider cannot detect a change outside Pulumi."""
    until: Field[str | int | None] = moment(default=None)
    """When the access ends: a date (`2026-12-31`, the end of that day in UTC), a time with its zone
    (`2026-12-31T18:00:00Z`), or seconds since 1970. The first update after that time unassigns the role, whoever
    assigned it. A new time must be in the future."""
    group_name: Field[str] = output()
    """The name of the group."""
    group_type: Field[str] = output()
    """`"group"` or `"tenant_group"`."""
    created_at: Field[int] = output()
    """When the group was added to the project, in seconds since 1970 (UTC)."""
