"""Roles of users in projects."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.kinds.roles import RoleAssignments
from pulumi_openai_admin.program.fields import Field, moment, output, path
from pulumi_openai_admin.resources.base import AdminResource


@final
class ProjectUserRole(AdminResource):
    """A role that a user has in a project.

    Destroying the resource unassigns the role, whoever assigned it. A predefined role replaces the one that the user
    has. It is not unassigned: it goes back to the role from before the first change if that role is lower. If not, it
    stays, and a warning says so. The resource does not manage a role that the user inherits.

    The resource ID is `<project_id>/<user_id>/<role_id>`.

    Raises:
        NotFoundError: The project has no such role.
        ProjectArchivedError: The project is archived, and an archived project cannot be changed.

    Also sends: GET /organization/roles, GET /projects/{project_id}/roles, GET /organization/users and GET
    /organization/projects/{project_id}/users/{user_id}.
    """

    handler = RoleAssignments("/projects/{project_id}/users/{user_id}/roles", shown_as_role=True)

    project_id: Field[str] = path()
    """The project (`proj_…`)."""
    user_id: Field[str] = path()
    """The user (`user-…`)."""
    role_id: Field[str] = path()
    """The role (`role_…`), or the alias of a predefined one (`role-api-project-member`)."""
    until: Field[str | int | None] = moment(default=None)
    """When the assignment ends: a date (`2026-12-31`, the end of that day in UTC), a time with its zone
    (`2026-12-31T18:00:00Z`), or seconds since 1970. The first update after that time unassigns the role, whoever
    assigned it. A new time must be in the future."""
    role_name: Field[str] = output(wire="name")
    """The role's name."""
