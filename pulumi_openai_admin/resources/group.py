"""Groups of the organization."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.kinds.groups import Groups
from pulumi_openai_admin.http.paging import Paging
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.fields import Field, argument, output


@final
class Group(AdminResource):
    """A group of users of the organization. Destroying the resource deletes the group.

    Its id is `<group_id>`.

    Raises:
        PermissionDeniedError: An identity provider manages the group (SCIM), so OpenAI refuses the change.
        ResponseLostError: A reply was lost, and the result is unknown; the message names what may exist.
        ParentNotFoundError: The key may be another organization's: it does not show the project of the organization
            that the state records. The group stays in the state.

    Source: POST /organization/groups and GET, POST, DELETE …/{group_id} (operations `create-group`, `retrieve-group`,
    `update-group`, `delete-group`).
    """

    handler = Groups(
        "/organization/groups",
        noun="group",
        recognized_by=("name",),
        paging=Paging.NEXT,
    )

    name: Field[str, str | None] = argument(default=None, auto_named=True)
    """The group's name, 1 to 255 characters. Changed in place."""
    group_id: Field[str] = output(wire="id", identity=True)
    """The group's id (`group_…`)."""
    created_at: Field[int] = output()
    """When it was created, in seconds since 1970 (UTC)."""
    is_scim_managed: Field[bool] = output()
    """Whether an identity provider manages the group (SCIM). Then OpenAI refuses changes by the API."""
