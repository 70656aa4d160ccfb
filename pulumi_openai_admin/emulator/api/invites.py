"""Invites: how people come into the organization. A person accepts one outside the API."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from pulumi_openai_admin.emulator.api.project_users import PROJECT_USERS
from pulumi_openai_admin.emulator.api.users import USERS, UserRole, person
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.errors import Refused, not_found
from pulumi_openai_admin.emulator.handlers.kind import Body, Name, Request, action
from pulumi_openai_admin.emulator.store.store import Record

_LIFETIME = 7 * 86_400


class InvitedTo(Body):
    """A project that the person joins."""

    id: str
    role: Literal["member", "owner"]


class InviteCreate(Body):
    """InviteRequest; without `projects` the person joins the default project."""

    email: Name
    role: UserRole
    projects: list[InvitedTo] = Field(default_factory=list)


class InviteAccept(Body):
    """What a person says who accepts."""

    name: str | None = None


class Invites(Collection):
    """Invites, pending, accepted and expired."""

    name = "invite"
    path = "/organization/invites"
    id_name = "invite_id"
    id_prefix = "invite-"
    object = "organization.invite"
    verbs = ("list", "create", "retrieve", "delete")
    create_body = seed_body = InviteCreate
    indexed = ("email",)
    event = "invite"
    event_types = {"create": "invite.sent", "accept": "invite.accepted"}
    event_fields = {"email": "email", "role": "role"}

    def content(self, request: Request) -> dict[str, Any]:
        """Refuse whom there is and projects that there are not; otherwise the invite lives for seven days."""
        body, store = request.body, request.store
        if store.find("user", "email", body.email):
            message = f"{body.email} is already a member of the organization."
            raise Refused(400, message, code="user_already_in_organization", param="email")
        for project in body.projects:
            if store.get("project", project.id) is None:
                raise not_found("project", project.id)
        projects = [project.model_dump() for project in body.projects]
        if "projects" not in body.model_fields_set:
            defaults = store.find("project", "is_default", 1)
            projects = [{"id": project.id, "role": "member"} for project in defaults]
        return {
            "email": body.email,
            "role": body.role,
            "projects": projects,
            "created_at": request.now,
            "expires_at": request.now + _LIFETIME,
            "accepted_at": None,
        }

    def check_delete(self, request: Request, record: Record) -> None:
        """An accepted invite cannot be deleted."""
        if record["accepted_at"] is not None:
            raise Refused(
                400, f"The invite {record.id} has been accepted and cannot be deleted.", code="invite_accepted"
            )

    @action("POST", "/_emulator/invites/{invite_id}/accept", body=InviteAccept)
    def accept(self, request: Request) -> dict[str, Any]:
        """Let the person in: a user, and a member of the invite's projects."""
        invite, body = self.require(request), request.body
        if self._status(request, invite) != "pending":
            raise Refused(400, f"The invite {invite.id} is {self._status(request, invite)}.", code="invite_not_pending")
        store, now = request.store, request.now
        name = body.name or str(invite["email"]).partition("@")[0].title()
        user = Record(USERS.name, USERS.new_id(request), content=person(name, invite["email"], invite["role"], now))
        store.insert(user)
        for project in invite["projects"]:
            member = {"role": project["role"], "created_at": now}
            store.insert(Record(PROJECT_USERS.name, user.id, project["id"], member))
        store.change(invite, accepted_at=now)
        self.log_event(request, "accept", invite)
        USERS.log_event(request, "create", user)
        return USERS.show(request, user)

    @action("POST", "/_emulator/invites/{invite_id}/expire")
    def expire(self, request: Request) -> dict[str, Any]:
        """Let the invite be over now."""
        invite = self.require(request)
        request.store.change(invite, expires_at=request.now)
        return self.show(request, invite)

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema Invite."""
        return {**super().show(request, record), "status": self._status(request, record)}

    @staticmethod
    def _status(request: Request, record: Record) -> str:
        if record["accepted_at"] is not None:
            return "accepted"
        return "expired" if record["expires_at"] <= request.now else "pending"


INVITES = Invites()
