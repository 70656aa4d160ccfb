"""Custom roles of projects."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.kinds.roles import Roles
from pulumi_openai_admin.http.paging import Paging
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.fields import Field, WhenRemoved, argument, output, path
from pulumi_openai_admin.schema.permissions import permission_doubt


@final
class ProjectRole(AdminResource):
    """A custom role of a project: a set of permissions for users and groups in it.

    OpenAI predefines some roles. They can be looked up and assigned, but not managed: a program that creates one of the
    same name fails. Destroying the resource deletes the role. OpenAI may refuse that while a user or a group has it.

    Its id is `<project_id>/<role_id>`.

    Raises:
        ResponseLostError: It is not known what a lost reply created; the message names all that may exist.
        ConfigurationError: The role is one that OpenAI predefines.
        BadRequestError: Another role of the project has the name. The message names it.
        ProjectArchivedError: Nothing can be changed in an archived project.

    Source: POST /projects/{project_id}/roles and GET, POST, DELETE …/{role_id} (operations `create-project-role`,
    `retrieve-project-role`, `update-project-role`, `delete-project-role`).
    """

    handler = Roles(
        "/projects/{project_id}/roles",
        noun="role",
        recognized_by=("name",),
        paging=Paging.NEXT,
        sent_as={"name": "role_name"},
    )

    project_id: Field[str] = path()
    """The project (`proj_…`). A change replaces the role."""
    name: Field[str, str | None] = argument(default=None, auto_named=True)
    """The role's name, which no other role of the project has. Changed in place."""
    permissions: Field[list[str]] = argument(unordered=True, may_be_empty=True, doubt=permission_doubt)
    """The permissions that the role grants (`api.groups.read`), in any order. Changed in place."""
    description: Field[str | None] = argument(default=None, when_removed=WhenRemoved.CLEARED)
    """What the role is for. Changed in place."""
    role_id: Field[str] = output(wire="id", identity=True)
    """The role's id (`role_…`)."""
    resource_type: Field[str] = output()
    """What the role is for: `api.project`."""
    is_predefined: Field[bool] = output(wire="predefined_role")
    """Whether OpenAI predefines the role."""
