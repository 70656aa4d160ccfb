"""The people of the organization, their invites, and who is in a project, in which role.

People come by an accepted invite, which a person accepts outside the API, and go by `DELETE`.
"""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.handlers.bodies import Body, Name, SomeChange, body, optional
from pulumi_openai_admin.emulator.handlers.collection import Collection, Membership
from pulumi_openai_admin.emulator.handlers.errors import Refused, not_found
from pulumi_openai_admin.emulator.handlers.kind import Kind, Request, action
from pulumi_openai_admin.emulator.handlers.paging import ListedItems, Records
from pulumi_openai_admin.emulator.store.store import Record

UserRole = Literal["owner", "reader"]


class Users(Collection):
    """People. The last owner stays."""

    name = "user"
    path = "/organization/users"
    id_prefix = "user-"
    object = "organization.user"
    verbs = ("list", "retrieve", "update", "delete")
    update_body = body(
        "UserRoleUpdateRequest",
        SomeChange,
        role=optional(UserRole),
        **dict.fromkeys(("role_id", "technical_level", "developer_persona"), optional(str)),
    )
    seed_body = body(
        "UserSeed",
        name=(str, "Ada Emulated"),
        email=(str, "ada@example.com"),
        role=(UserRole, "owner"),
        is_scim_managed=(bool, False),
    )
    list_query = {"emails": (list[str], Field(default_factory=list))}
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
            # the kind of assigned roles imports this module
            assignments: Any = request.organization.kinds["user_role"]
            assignments.give(request, request.body.role_id)
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

    def is_listed(self, request: Request, record: Record) -> bool:
        emails = [email.lower() for email in request.query.emails]
        return not emails or record["email"].lower() in emails

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema User."""
        store, projects = request.store, []
        for member in store.with_id("project_user", record.id):
            project = store.get("project", member.parent)
            projects.append({"id": member.parent, "name": project and project["name"], "role": member["role"]})
        user = {"object": "user", "id": record.id, "email": record["email"], "name": record["name"]}
        return {
            "object": self.object,
            "id": record.id,
            **{name: record[name] for name in ("name", "email", "role")},
            "added_at": record["created_at"],
            "created": record["created_at"],
            "is_default": False,
            "is_service_account": False,
            "is_scale_tier_authorized_purchaser": False,
            "is_scim_managed": record["is_scim_managed"],
            "api_key_last_used_at": None,
            **{name: record[name] for name in ("technical_level", "developer_persona")},
            "user": {**user, "picture": None, "enabled": True, "banned": False, "banned_at": None},
            "projects": {"object": "list", "data": projects},
        }


def person(name: str, email: str, role: str, now: int, *, is_scim_managed: bool = False) -> dict[str, Any]:
    """Give the content of a person who joins."""
    about = {"name": name, "email": email, "role": role, "created_at": now, "is_scim_managed": is_scim_managed}
    return {**about, "technical_level": None, "developer_persona": None}


USERS = Users()


ProjectRole = Literal["owner", "member", "viewer"]


class ProjectUserCreate(Body):
    """ProjectUserCreateRequest: a person by id or by address."""

    user_id: str | None = None
    email: str | None = None
    role: ProjectRole

    @model_validator(mode="after")
    def _one_person(self) -> Self:
        if (self.user_id is None) == (self.email is None):
            raise ValueError("Provide exactly one of 'user_id' and 'email'.")
        return self


class ProjectUsers(Membership):
    """The people in a project."""

    deleted_has_id = True  # ProjectUserDeleteResponse

    name = "project_user"
    path = "/organization/projects/{project_id}/users"
    parent = PROJECTS
    references = {"id": "user"}
    object = "organization.project.user"
    verbs = ("list", "create", "retrieve", "update", "delete")
    create_body = seed_body = ProjectUserCreate
    update_body = body("ProjectUserUpdateRequest", role=optional(ProjectRole))
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
        return {"role": request.body.role, "created_at": request.now}

    def changed(self, request: Request, record: Record, given: dict[str, Any]) -> dict[str, Any]:
        return {**record.content, "role": given.get("role") or record["role"]}

    def set_role(self, request: Request, record: Record, role: str | None) -> None:
        request.store.change(record, role=role)

    def add_again(self, request: Request, record: Record, content: dict[str, Any]) -> Record:
        """Give the role to who has only custom ones: otherwise nothing changes."""
        refuse_second_add(request, USERS, record)
        if record["role"] is None:
            request.store.change(record, role=content["role"])
            self.log_event(request, "update", record)
        return record

    def require(self, request: Request) -> Record:
        """Find a member, whom nobody has to have added."""
        return self._implicit(request).get(request.ids[self.id_name]) or super().require(request)

    def listing(self, request: Request) -> ListedItems:
        """List the members that nobody added before the others."""
        implicit = [*self._implicit(request).values()]
        return Records(implicit, request.store, self.name, self.parent_key(request.ids))

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

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema ProjectUser."""
        user, store, role = self.member_record(request, record.id), request.store, record["role"]
        if role is None:  # the name of the first custom role
            given = store.children("project_user_role", f"{record.parent}/{record.id}")
            roles = (store.get("project_role", assignment.id, record.parent) for assignment in given)
            role = next(custom["role_name"] for custom in roles if custom is not None)
        shown = {"id": record.id, "name": user["name"], "email": user["email"], "role": role}
        return {"object": self.object, **shown, "added_at": record["created_at"]}


def refuse_second_add(request: Request, kind: Kind, member: Record) -> None:
    """Refuse to add a user or group to a project that has it, if the switch says so."""
    if request.behavior.members_are_added_once:
        message = f"{kind.title.capitalize()} {member.id} already exists in project {member.parent}."
        raise Refused(400, message, code="already_exists")


PROJECT_USERS = ProjectUsers()


_LIFETIME = 7 * 86_400


_JOINED: Any = body("InvitedTo", id=str, role=Literal["member", "owner"])
_INVITE = body("InviteRequest", email=Name, role=UserRole, projects=(list[_JOINED], Field(default_factory=list)))


class Invites(Collection):
    """Invites, pending, accepted and expired. Without `projects` the person joins the default project."""

    name = "invite"
    path = "/organization/invites"
    id_prefix = "invite-"
    object = "organization.invite"
    verbs = ("list", "create", "retrieve", "delete")
    create_body = seed_body = _INVITE
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
            PROJECTS.named(request, project.id)
        projects = [project.model_dump() for project in body.projects]
        if "projects" not in body.model_fields_set:
            defaults = store.find("project", "is_default", 1)
            projects = [{"id": project.id, "role": "member"} for project in defaults]
        times = {"created_at": request.now, "expires_at": request.now + _LIFETIME, "accepted_at": None}
        return {"email": body.email, "role": body.role, "projects": projects, **times}

    def check_delete(self, request: Request, record: Record) -> None:
        if record["accepted_at"] is not None:
            message = f"The invite {record.id} has been accepted and cannot be deleted."
            raise Refused(400, message, code="invite_accepted")

    @action("POST", "/_emulator/invites/{invite_id}/accept", body=body("InviteAccept", name=optional(str)))
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
