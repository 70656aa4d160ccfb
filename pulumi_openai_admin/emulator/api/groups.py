"""Groups of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from pulumi_openai_admin.emulator.handlers.body import Body
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.paging import NextToken

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.operation import Request
    from pulumi_openai_admin.emulator.store.record import Record


class GroupBody(Body):
    """CreateGroupBody and UpdateGroupBody."""

    name: Annotated[str, Field(min_length=1, max_length=255)]


class Groups(Collection):
    """Groups; one that an identity provider manages is `is_scim_managed`, which only a seed can say."""

    name = "group"
    path = "/organization/groups"
    id_name = "group_id"
    id_prefix = "group_"
    deleted_object = "group.deleted"
    create_body = update_body = seed_body = GroupBody
    paging = NextToken(default=100, minimum=0, maximum=1000, has_order=True)
    event_types = {"create": "group.created", "update": "group.updated", "delete": "group.deleted"}
    event_fields = {"name": "group_name"}

    def content(self, request: Request) -> dict[str, Any]:
        """Give a new group's content."""
        return {**super().content(request), "is_scim_managed": False, "group_type": "group"}

    def show_updated(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema GroupResourceWithSuccess: it has no type."""
        return {name: value for name, value in self.show(request, record).items() if name != "group_type"}


GROUPS = Groups()
