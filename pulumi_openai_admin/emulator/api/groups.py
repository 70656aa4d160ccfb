"""Groups, and who is in them: people, and service accounts of any project."""

from __future__ import annotations

import random
from typing import Annotated, Any
from zlib import crc32

from pydantic import Field

from pulumi_openai_admin.emulator.api.keys import SERVICE_ACCOUNTS
from pulumi_openai_admin.emulator.handlers.bodies import body
from pulumi_openai_admin.emulator.handlers.collection import Collection, Membership
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.kind import Organization, Request
from pulumi_openai_admin.emulator.handlers.paging import NextToken
from pulumi_openai_admin.emulator.store.store import Record

_MIXED = ("32 digits", "32 digits", "24 digits", "prefix")
"""The forms of the ids of groups, by the name of the group: the same in every run."""


_GROUP = body("CreateGroupBody", name=Annotated[str, Field(min_length=1, max_length=255)])


class Groups(Collection):
    """Groups; one that an identity provider manages is `is_scim_managed`, which only a seed can say.

    It can be neither changed nor deleted. OpenAI's status and code for that are not documented.
    """

    name = "group"
    path = "/organization/groups"
    id_prefix = "group_"
    deleted_object = "group.deleted"
    create_body = update_body = _GROUP
    seed_body = body("GroupSeed", _GROUP, is_scim_managed=(bool, False))
    paging = NextToken(default=100, minimum=0, maximum=1000, has_order=True)
    event = "group"
    event_fields = {"name": "group_name"}

    def new_id(self, request: Request) -> str:
        form: str = request.behavior.group_ids
        if form == "mixed":
            form = _MIXED[crc32(request.body.name.encode()) % len(_MIXED)]
        if form == "prefix" or request.behavior.unseen_ids:
            return super().new_id(request)
        digits = random.choices("0123456789abcdef", k=16 if form == "24 digits" else 24)
        return f"{request.now:08x}{''.join(digits)}"  # the first 8 are the time

    def content(self, request: Request) -> dict[str, Any]:
        is_scim_managed = getattr(request.body, "is_scim_managed", False)
        return {**super().content(request), "is_scim_managed": is_scim_managed, "group_type": "group"}

    def changed(self, request: Request, record: Record, given: dict[str, Any]) -> dict[str, Any]:
        self.refuse_if_scim_managed(record)
        return super().changed(request, record, given)

    def check_delete(self, request: Request, record: Record) -> None:
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


class GroupUsers(Membership):
    """The people and the service accounts in a group. An account leaves its groups when it is deleted or archived."""

    name = "group_user"
    path = "/organization/groups/{group_id}/users"
    parent = GROUPS
    references = {"id": "user"}
    object = "group.user"
    verbs = ("list", "create", "retrieve", "delete")
    create_body = seed_body = body("CreateGroupUserBody", user_id=str)
    paging = NextToken(default=100, minimum=0, maximum=1000, has_order=True)

    def content(self, request: Request) -> dict[str, Any]:
        return {"created_at": request.now}

    def create(self, request: Request) -> dict[str, Any]:
        """Add a user, unless an identity provider manages the group."""
        GROUPS.refuse_if_scim_managed(GROUPS.require(request))
        return super().create(request)

    def member_record(self, request: Request, member_id: str) -> Record:
        """Find a person, or a service account of any project."""
        accounts = request.store.with_id(SERVICE_ACCOUNTS.name, member_id)
        return accounts[0] if accounts else super().member_record(request, member_id)

    def dependents_of(self, organization: Organization, record: Record) -> list[Record]:
        """Give the memberships of a service account, too."""
        if record.kind == SERVICE_ACCOUNTS.name:
            return organization.store.with_id(self.name, record.id)
        return super().dependents_of(organization, record)

    def check_delete(self, request: Request, record: Record) -> None:
        GROUPS.refuse_if_scim_managed(GROUPS.require(request))

    def show_created(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema GroupUserAssignment."""
        return {"object": self.object, "user_id": record.id, "group_id": record.parent}

    def show_listed(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema GroupUser, with what OpenAI shows beyond it: whether it is a service account."""
        member = self.member_record(request, record.id)
        is_account = member.kind == SERVICE_ACCOUNTS.name
        return {"id": member.id, "name": member["name"], "email": member.get("email"), "is_service_account": is_account}

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema GroupMemberUser."""
        return {**self.show_listed(request, record), "picture": None, "user_type": "user"}


GROUP_USERS = GroupUsers()
