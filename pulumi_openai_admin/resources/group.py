"""Groups of the organization."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.kinds.groups import Groups
from pulumi_openai_admin.program.fields import Field, argument, output
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import Length
from pulumi_openai_admin.schema.paths import Paging


@final
class Group(AdminResource):
    """A group of users of the organization. Destroying the resource deletes the group.

    The resource ID is `<group_id>`.

    Raises:
        PermissionDeniedError: An identity provider manages the group (SCIM), so OpenAI rejects the change.
        ResponseLostError: A response was lost, and the provider cannot tell what was created. The message lists
            everything that may exist.
        ParentNotFoundError: The admin key does not show the project that the state records, so the key may belong to
            another organization. The group stays in the state.
    """

    handler = Groups("/organization/groups", noun="group", recognized_by=("name",), paging=Paging.NEXT)

    name: Field[str, str | None] = argument(default=None, constraint=Length(1, 255), auto_named=True)
    """The group's name."""
    group_id: Field[str] = output(wire="id", identity=True)
    """The group's id (`group_…`)."""
    created_at: Field[int] = output()
    """When it was created, in seconds since 1970 (UTC)."""
    is_scim_managed: Field[bool] = output()
    """Whether an identity provider manages the group (SCIM). If so, OpenAI rejects changes through the API."""
