"""Who is in a group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator.api.groups import GROUPS
from pulumi_openai_admin.emulator.handlers.body import Body
from pulumi_openai_admin.emulator.handlers.membership import Membership
from pulumi_openai_admin.emulator.handlers.paging import NextToken

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.operation import Request
    from pulumi_openai_admin.emulator.store.record import Record


class GroupUserCreate(Body):
    """CreateGroupUserBody."""

    user_id: str


class GroupUsers(Membership):
    """The people in a group."""

    name = "group_user"
    path = "/organization/groups/{group_id}/users"
    id_name = "user_id"
    member_field = "user_id"
    parent = GROUPS
    references = {"id": "user"}
    object = "group.user"
    verbs = ("list", "create", "retrieve", "delete")
    create_body = seed_body = GroupUserCreate
    paging = NextToken(default=100, minimum=0, maximum=1000, has_order=True)

    def content(self, request: Request) -> dict[str, Any]:
        """Give a new member's content."""
        return {"created_at": request.now}

    def create(self, request: Request) -> dict[str, Any]:
        """Add a user, unless an identity provider manages the group."""
        GROUPS.refuse_if_scim_managed(GROUPS.require(request))
        return super().create(request)

    def check_delete(self, request: Request, record: Record) -> None:
        """Refuse to remove a user if an identity provider manages the group."""
        GROUPS.refuse_if_scim_managed(GROUPS.require(request))

    def show_created(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema GroupUserAssignment."""
        return {"object": self.object, "user_id": record.id, "group_id": record.parent}

    def show_listed(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema GroupUser."""
        user = self.member_record(request, record.id)
        return {"id": user.id, "name": user["name"], "email": user["email"]}

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema GroupMemberUser."""
        more = {"picture": None, "is_service_account": False, "user_type": "user"}
        return {**self.show_listed(request, record), **more}


GROUP_USERS = GroupUsers()
