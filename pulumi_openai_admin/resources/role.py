"""Custom roles of the organization."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.kinds.roles import Roles
from pulumi_openai_admin.program.fields import Field, WhenRemoved, argument, output
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import permission_doubt


@final
class Role(AdminResource):
    """A custom role of the organization: a set of permissions for users and groups.

    OpenAI predefines some roles. Programs can read and assign predefined roles, but not manage them. A program that
    creates a role with the name of a predefined role fails. Destroying the resource deletes the role. OpenAI may refuse
    to delete a role that a user or a group has.

    The resource ID is `<role_id>`.

    Raises:
        ResponseLostError: A response was lost, and the provider cannot tell what was created. The message lists
            everything that may exist.
        ConfigurationError: The role is a predefined role of OpenAI.
        BadRequestError: The organization already has a role with this name. The message names that role.
        ParentNotFoundError: The admin key does not show the project that the state records, so the key may belong to
            another organization. The role stays in the state.
    """

    handler = Roles("/organization/roles")

    name: Field[str, str | None] = argument(default=None, auto_named=True)
    """The role's name. It must be unique in the organization."""
    permissions: Field[list[str]] = argument(unordered=True, may_be_empty=True, doubt=permission_doubt)
    """The permissions that the role grants (`api.groups.read`), in any order."""
    description: Field[str | None] = argument(default=None, when_removed=WhenRemoved.CLEARED)
    """The purpose of the role."""
    role_id: Field[str] = output(wire="id", identity=True)
    """The role's id (`role_…`)."""
    resource_type: Field[str] = output()
    """The type of resource that the role is for: `api.organization`."""
    is_predefined: Field[bool] = output(wire="predefined_role")
    """Whether OpenAI predefines the role."""
