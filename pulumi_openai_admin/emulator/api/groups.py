"""Groups of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from zlib import crc32

from pydantic import Field

from pulumi_openai_admin.emulator.handlers.body import Body
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.paging import NextToken
from pulumi_openai_admin.emulator.store.identifiers import new_bare_id

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.operation import Request
    from pulumi_openai_admin.emulator.store.record import Record


_MIXED = ("32 digits", "32 digits", "24 digits", "prefix")
"""The forms of the ids of groups, by the name of the group: the same in every run."""


class GroupBody(Body):
    """CreateGroupBody and UpdateGroupBody."""

    name: Annotated[str, Field(min_length=1, max_length=255)]


class GroupSeed(GroupBody):
    """A group that is there from the start."""

    is_scim_managed: bool = False


class Groups(Collection):
    """Groups; one that an identity provider manages is `is_scim_managed`, which only a seed can say.

    It can be neither changed nor deleted. OpenAI's status and code for that are not documented.
    """

    name = "group"
    path = "/organization/groups"
    id_name = "group_id"
    id_prefix = "group_"
    deleted_object = "group.deleted"
    create_body = update_body = GroupBody
    seed_body = GroupSeed
    paging = NextToken(default=100, minimum=0, maximum=1000, has_order=True)
    event_types = {"create": "group.created", "update": "group.updated", "delete": "group.deleted"}
    event_fields = {"name": "group_name"}

    def new_id(self, request: Request) -> str:
        """Make an id in one of the forms that were seen."""
        form: str = request.organization.world.group_ids
        if form == "mixed":
            form = _MIXED[crc32(request.body.name.encode()) % len(_MIXED)]
        if form == "prefix" or request.organization.world.unseen_ids:
            return super().new_id(request)
        return new_bare_id(request.now, 24 if form == "24 digits" else 32)

    def content(self, request: Request) -> dict[str, Any]:
        """Give a new group's content."""
        is_scim_managed = getattr(request.body, "is_scim_managed", False)
        return {**super().content(request), "is_scim_managed": is_scim_managed, "group_type": "group"}

    def changed(self, request: Request, record: Record, given: dict[str, Any]) -> dict[str, Any]:
        """Change the name."""
        self.refuse_if_scim_managed(record)
        return super().changed(request, record, given)

    def check_delete(self, request: Request, record: Record) -> None:
        """Refuse a group that an identity provider manages."""
        self.refuse_if_scim_managed(record)

    @staticmethod
    def refuse_if_scim_managed(group: Record) -> None:
        """Refuse a change of a group that an identity provider manages."""
        if group["is_scim_managed"]:
            raise Refused(403, f"Group {group.id} is managed by SCIM.", code="group_scim_managed")

    def show_updated(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema GroupResourceWithSuccess: it has no type."""
        return {name: value for name, value in self.show(request, record).items() if name != "group_type"}


GROUPS = Groups()
