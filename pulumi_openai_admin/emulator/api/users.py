"""The people of the organization. They come by an accepted invite, and go by `DELETE`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol, cast

from pydantic import Field

from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.kind import Body, Organization, Query, Request, SomeChange
from pulumi_openai_admin.emulator.handlers.paging import OrderedItems
from pulumi_openai_admin.emulator.store.store import Record


class _RoleAssignments(Protocol):
    """What the kind of assigned roles, which imports this module, does for it."""

    def give(self, request: Request, ids: Mapping[str, str], role_id: str) -> object:
        """Assign a role."""


UserRole = Literal["owner", "reader"]


class UserUpdate(SomeChange):
    """UserRoleUpdateRequest."""

    role: UserRole | None = None
    role_id: str | None = None
    technical_level: str | None = None
    developer_persona: str | None = None


class UserSeed(Body):
    """A person that is there from the start."""

    name: str = "Ada Emulated"
    email: str = "ada@example.com"
    role: UserRole = "owner"
    is_scim_managed: bool = False


class UserQuery(Query):
    """A list may be of some addresses only."""

    emails: list[str] = Field(default_factory=list)


class Users(Collection):
    """People. The last owner stays."""

    name = "user"
    path = "/organization/users"
    id_name = "user_id"
    id_prefix = "user-"
    object = "organization.user"
    verbs = ("list", "retrieve", "update", "delete")
    create_body = UserSeed
    update_body = UserUpdate
    seed_body = UserSeed
    list_query = UserQuery
    indexed = ("role",)
    unique = ("email",)
    event = "user"
    event_types = {"create": "user.added"}
    event_fields = {"role": "role"}

    def content(self, request: Request) -> dict[str, Any]:
        body = request.body
        return person(body.name, body.email, body.role, request.now, is_scim_managed=body.is_scim_managed)

    def update(self, request: Request) -> dict[str, Any]:
        """Change a person; `role_id` gives a role."""
        if request.body.role_id is not None:
            assignments = cast("_RoleAssignments", request.organization.kinds["user_role"])
            assignments.give(request, request.ids, request.body.role_id)
        return super().update(request)

    def set_role(self, request: Request, record: Record, role: str | None) -> None:
        """Change the role; an organization keeps an owner."""
        if role != "owner":
            self._refuse_last_owner(request, record, "changed to another role")
        request.store.change(record, role=role)

    def changed(self, request: Request, record: Record, given: dict[str, Any]) -> dict[str, Any]:
        """Change what is not null; an organization keeps an owner."""
        changes = {name: value for name, value in given.items() if value is not None and name != "role_id"}
        if changes.get("role", "owner") != "owner":
            self._refuse_last_owner(request, record, "changed to another role")
        return {**record.content, **changes}

    def check_delete(self, request: Request, record: Record) -> None:
        self._refuse_last_owner(request, record, "removed")

    def _refuse_last_owner(self, request: Request, record: Record, what: str) -> None:
        if record["role"] == "owner" and len(request.store.find(self.name, "role", "owner")) == 1:
            raise Refused(400, f"The last owner of the organization cannot be {what}.", code="last_owner")

    def listing(self, request: Request) -> OrderedItems[Record]:
        """List all, or those with the addresses of the query."""
        emails = {email.lower() for email in request.query.emails}
        listing = super().listing(request)
        if emails:
            listing.is_listed = lambda record: record["email"].lower() in emails  # type: ignore[attr-defined]
        return listing

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema User."""
        projects = request.store.with_id("project_user", record.id)
        user = {"object": "user", "id": record.id, "email": record["email"], "name": record["name"]}
        return {
            "object": self.object,
            "id": record.id,
            "name": record["name"],
            "email": record["email"],
            "role": record["role"],
            "added_at": record["created_at"],
            "created": record["created_at"],
            "is_default": False,
            "is_service_account": False,
            "is_scale_tier_authorized_purchaser": False,
            "is_scim_managed": record["is_scim_managed"],
            "api_key_last_used_at": None,
            "technical_level": record["technical_level"],
            "developer_persona": record["developer_persona"],
            "user": {**user, "picture": None, "enabled": True, "banned": False, "banned_at": None},
            "projects": {"object": "list", "data": [_project(request.organization, member) for member in projects]},
        }


def person(name: str, email: str, role: str, now: int, *, is_scim_managed: bool = False) -> dict[str, Any]:
    """Give the content of a person who joins."""
    return {
        "name": name,
        "email": email,
        "role": role,
        "created_at": now,
        "is_scim_managed": is_scim_managed,
        "technical_level": None,
        "developer_persona": None,
    }


def _project(organization: Organization, member: Record) -> dict[str, Any]:
    project = organization.store.get("project", member.parent)
    return {"id": member.parent, "name": project and project["name"], "role": member["role"]}


USERS = Users()
