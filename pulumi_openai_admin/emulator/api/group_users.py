"""Who is in a group: people, and service accounts of any project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator.api.groups import GROUPS
from pulumi_openai_admin.emulator.api.service_accounts import SERVICE_ACCOUNTS
from pulumi_openai_admin.emulator.handlers.body import Body
from pulumi_openai_admin.emulator.handlers.membership import Membership
from pulumi_openai_admin.emulator.handlers.paging import NextToken

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.operation import Request
    from pulumi_openai_admin.emulator.handlers.organization import Organization
    from pulumi_openai_admin.emulator.store.record import Record


class GroupUserCreate(Body):
    """CreateGroupUserBody."""

    user_id: str


class GroupUsers(Membership):
    """The people and the service accounts in a group. An account leaves its groups when it is deleted or archived."""

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

    def member_record(self, request: Request, member_id: str) -> Record:
        """Find a person, or a service account of any project."""
        accounts = request.organization.store.with_id(SERVICE_ACCOUNTS.name, member_id)
        return accounts[0] if accounts else super().member_record(request, member_id)

    def dependents_of(self, organization: Organization, record: Record) -> list[Record]:
        """Give the memberships of a service account, too."""
        if record.kind == SERVICE_ACCOUNTS.name:
            return organization.store.with_id(self.name, record.id)
        return super().dependents_of(organization, record)

    def check_delete(self, request: Request, record: Record) -> None:
        """Refuse to remove a user if an identity provider manages the group."""
        GROUPS.refuse_if_scim_managed(GROUPS.require(request))

    def show_created(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema GroupUserAssignment."""
        return {"object": self.object, "user_id": record.id, "group_id": record.parent}

    def show_listed(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema GroupUser, with what OpenAI shows beyond it: whether it is a service account."""
        member = self.member_record(request, record.id)
        return {
            "id": member.id,
            "name": member["name"],
            "email": member.get("email"),
            "is_service_account": member.kind == SERVICE_ACCOUNTS.name,
        }

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema GroupMemberUser."""
        return {**self.show_listed(request, record), "picture": None, "user_type": "user"}


GROUP_USERS = GroupUsers()
