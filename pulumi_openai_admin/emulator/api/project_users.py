"""Who is in a project, and in which role."""

from __future__ import annotations

from typing import Any, Self

from pydantic import model_validator

from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.api.users import USERS
from pulumi_openai_admin.emulator.handlers.collection import Membership
from pulumi_openai_admin.emulator.handlers.errors import Refused, not_found
from pulumi_openai_admin.emulator.handlers.kind import Body, Kind, Name, Request
from pulumi_openai_admin.emulator.handlers.paging import OrderedItems, Records
from pulumi_openai_admin.emulator.store.store import Record

_ROLES = ("owner", "member", "viewer")


class ProjectUserCreate(Body):
    """ProjectUserCreateRequest: a person by id or by address."""

    user_id: str | None = None
    email: str | None = None
    role: Name

    @model_validator(mode="after")
    def _one_person(self) -> Self:
        if (self.user_id is None) == (self.email is None):
            raise ValueError("Provide exactly one of 'user_id' and 'email'.")
        return self


class ProjectUserUpdate(Body):
    """ProjectUserUpdateRequest."""

    role: Name | None = None


class ProjectUsers(Membership):
    """The people in a project."""

    name = "project_user"
    path = "/organization/projects/{project_id}/users"
    id_name = "user_id"
    member_field = "user_id"
    parent = PROJECTS
    references = {"id": "user"}
    object = "organization.project.user"
    verbs = ("list", "create", "retrieve", "update", "delete")
    create_body = seed_body = ProjectUserCreate
    update_body = ProjectUserUpdate
    event = "user"
    event_types = {"create": "user.added"}
    event_fields = {"role": "role"}

    def member(self, request: Request) -> Record:
        """Find the person by id or by address; somebody outside the organization can't be added."""
        body = request.body
        if body.user_id is not None:
            return self.member_record(request, body.user_id)
        found = request.store.find("user", "email", body.email)
        if not found:
            raise not_found(USERS.title, str(body.email))
        return found[0]

    def content(self, request: Request) -> dict[str, Any]:
        return {"role": self.role(request, request.body.role), "created_at": request.now}

    def changed(self, request: Request, record: Record, given: dict[str, Any]) -> dict[str, Any]:
        role = given.get("role")
        return record.content if role is None else {**record.content, "role": self.role(request, role)}

    def add_again(self, request: Request, record: Record, content: dict[str, Any]) -> Record:
        """Give the role to who has only custom ones: otherwise nothing changes."""
        refuse_second_add(request, USERS, record)
        if record["role"] is None:
            request.store.change(record, role=content["role"])
            self.log_event(request, "update", record)
        return record

    def require(self, request: Request) -> Record:
        """Find a member, whom nobody has to have added."""
        self.require_parent(request)
        return self._implicit(request).get(request.ids[self.id_name]) or super().require(request)

    def listing(self, request: Request) -> OrderedItems[Record]:
        """List the members that nobody added before the others."""
        implicit = [*self._implicit(request).values()]
        return Records(request.store, self.name, self.parent_key(request.ids), first=implicit)

    def _implicit(self, request: Request) -> dict[str, Record]:
        """Give the members that nobody added: owners of the organization, if the switch says so."""
        store, parent = request.store, self.parent_key(request.ids)
        owners = store.find(USERS.name, "role", "owner") if request.behavior.owners_are_members else ()
        return {
            owner.id: Record(self.name, owner.id, parent, {"role": "owner", "created_at": owner["created_at"]})
            for owner in owners
            if store.get(self.name, owner.id, parent) is None
        }

    def update(self, request: Request) -> dict[str, Any]:
        """Change a member. An owner of the organization is then a member like any other."""
        member = self.require(request)
        if member.id in self._implicit(request):
            request.store.insert(member)
        return super().update(request)

    def check_delete(self, request: Request, record: Record) -> None:
        """Keep who is a member without being added, and the users of the default project if the switch says so."""
        if record.id in self._implicit(request):
            raise Refused(400, f"The user {record.id} is an owner of the organization and cannot be removed.")
        project = request.store.get(PROJECTS.name, record.parent)
        if project and project["is_default"] and request.behavior.default_project_keeps_users:
            raise Refused(400, "Users cannot be removed from the default project.", code="default_project")

    def role(self, request: Request, role: str) -> str:
        """Give a role as it is stored, or refuse it."""
        if role not in _ROLES:
            expected = ", ".join(repr(name) for name in _ROLES)
            message = f"Invalid value: '{role}'. Supported values are: {expected}."
            raise Refused(400, message, code="invalid_value", param="role")
        return role

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema ProjectUser."""
        user = self.member_record(request, record.id)
        return {
            "object": self.object,
            "id": record.id,
            "name": user["name"],
            "email": user["email"],
            "role": record["role"] or self._custom_role(request, record),
            "added_at": record["created_at"],
        }

    @staticmethod
    def _custom_role(request: Request, record: Record) -> str:
        """Give the name of the first custom role."""
        store = request.store
        given = store.children("project_user_role", f"{record.parent}/{record.id}")
        roles = (store.get("project_role", assignment.id, record.parent) for assignment in given)
        return next(str(role["role_name"]) for role in roles if role is not None)

    def show_deleted(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema ProjectUserDeleteResponse: it has an id."""
        return {**super().show_deleted(request, record), "id": record.id}


def refuse_second_add(request: Request, kind: Kind, member: Record) -> None:
    """Refuse to add a user or group to a project that has it, if the switch says so."""
    if request.behavior.members_are_added_once:
        message = f"{kind.title.capitalize()} {member.id} already exists in project {member.parent}."
        raise Refused(400, message, code="already_exists")


PROJECT_USERS = ProjectUsers()
