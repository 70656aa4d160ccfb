"""Role assignments: a role of the organization or of a project is given to a person or to a group.

A person or a group is in a project for as long as they have a role there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from pulumi_openai_admin.emulator.api.groups import GROUPS
from pulumi_openai_admin.emulator.api.project_users import PROJECT_USERS
from pulumi_openai_admin.emulator.api.roles import PROJECT_ROLES, ROLES, Roles
from pulumi_openai_admin.emulator.api.users import USERS
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.kind import Body, Kind, Request
from pulumi_openai_admin.emulator.handlers.paging import InMemoryItems, NextToken, OrderedItems
from pulumi_openai_admin.emulator.store.store import Record


class RoleAssign(Body):
    """PublicAssignOrganizationGroupRoleBody: an id, or the alias of a predefined role."""

    role_id: str


class RoleAssignments(Collection):
    """The roles of one person or group. Giving a role again changes nothing and succeeds."""

    noun = "role assignment"
    id_name = "role_id"
    verbs = ("list", "create", "retrieve", "delete")
    create_body = seed_body = RoleAssign
    paging = NextToken(default=1000, minimum=0, maximum=1000, has_order=True)
    event = "role.assignment"

    roles: ClassVar[Roles]
    """Which roles can be given."""
    principal: ClassVar[Kind]
    """The kind of those who get a role: users or groups."""
    members: ClassVar[str] = ""
    """The kind of the members of a project: the first role there makes a member, and the last one that goes ends it."""
    new_member: ClassVar[Mapping[str, Any]] = {}
    """The content of a new member, beside the time."""

    # --- what the kinds differ in ---

    def direct(self, request: Request) -> list[str]:
        parent = self.parent_key(request.ids)
        return [record.id for record in request.store.children(self.name, parent)]

    def sources(self, request: Request) -> dict[str, list[str]]:
        """Give the ids of the roles that are inherited, each with the groups it comes from."""
        return {}

    def keep(self, request: Request, role: Record, assignment: Record) -> None:
        """Keep that a role is given."""
        request.store.insert(assignment)

    def drop(self, request: Request, role: Record, assignment: Record) -> None:
        """Keep that a role is unassigned."""
        request.organization.remove(assignment)

    def show_principal(self, request: Request, principal: Record) -> dict[str, Any]:
        """Give the person or the group as the response to a creation shows it."""
        raise NotImplementedError

    # --- what they share ---

    def require_parent(self, request: Request) -> Record:
        """Find the person or the group, in a project that can be used, or refuse the call."""
        self.roles.require_parent(request)
        return self.principal.require(request)

    def create(self, request: Request) -> dict[str, Any]:
        """Give a role."""
        role = self.give(request, request.ids, request.body.role_id)
        shown = self.show_principal(request, self.require_parent(request))
        return {"object": self.object, self.principal.name: shown, "role": self.roles.show(request, role)}

    def give(self, request: Request, ids: Mapping[str, str], role_id: str) -> Record:
        """Give a role to the person or the group that the ids name; give the role."""
        request = replace(request, ids=ids)
        self.require_parent(request)
        role = self.roles.named(request, role_id)
        if role.id not in self.direct(request):
            assignment = self._assignment(request, role)
            if self.members and self.member(request) is None:
                content = {**self.new_member, "created_at": request.now}
                request.store.insert(
                    Record(self.members, self.principal_id(request), request.ids["project_id"], content)
                )
            self.keep(request, role, assignment)
            request.organization.hide_for_a_while(assignment, request.behavior.assignment_lag_seconds, 0)
            self.log_event(request, "create", assignment)
        return role

    def delete(self, request: Request) -> dict[str, Any]:
        """Unassign a role that is assigned directly."""
        self.require_parent(request)
        self.take(request, request.ids[self.id_name])
        return {"object": f"{self.object}.deleted", "deleted": True}

    def take(self, request: Request, role_id: str) -> None:
        """Unassign a role from the person or the group that the request's ids name."""
        role = self.roles.named(request, role_id)
        if role.id not in self.direct(request):
            raise self.missing(request, role.id)
        assignment = self._assignment(request, role)
        self.drop(request, role, assignment)
        member = self.member(request)
        if member is not None and not self.direct(request):
            request.organization.remove(member)
        self.log_event(request, "delete", assignment)

    def principal_id(self, request: Request) -> str:
        """Give the id of the person or of the group that the path names."""
        return request.ids[f"{self.principal.name}_id"]

    def member(self, request: Request) -> Record | None:
        """Find the membership of the person or of the group in the project."""
        if not self.members:
            return None
        return request.store.get(self.members, self.principal_id(request), request.ids["project_id"])

    def require(self, request: Request) -> Record:
        """Find a role that is given or inherited, or refuse the call."""
        self.require_parent(request)
        role = self.roles.named(request, request.ids[self.id_name])
        if role.id not in self._all(request):
            raise self.missing(request, role.id)
        return role

    def listing(self, request: Request) -> OrderedItems[Record]:
        parent, organization = self.parent_key(request.ids), request.organization
        seen = [id_ for id_ in self._all(request) if organization.is_seen(Record(self.name, id_, parent))]
        found = [self.roles.named(request, role_id) for role_id in seen]
        return InMemoryItems(found)

    def seed(self, request: Request, record_id: str | None) -> Record:
        return self.give(request, request.ids, request.body.role_id)

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema AssignedRoleDetails."""
        role = {name: value for name, value in self.roles.show(request, record).items() if name != "object"}
        creator = request.store.get("user", record.get("created_by") or "")
        groups = self.sources(request).get(record.id)
        return {
            **role,
            "created_at": record.get("created_at"),
            "updated_at": record.get("updated_at"),
            "created_by": record.get("created_by"),
            "created_by_user_obj": creator and {"id": creator.id, "name": creator["name"], "email": creator["email"]},
            "metadata": {},
            "assignment_sources": groups
            and [{"principal_id": group_id, "principal_type": "group"} for group_id in groups],
        }

    def event_detail(self, verb: str, record: Record, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Say who has or had the role, and where."""
        return {
            "id": f"role_assignment_{record.id}_{record['_principal_id']}",
            "principal_id": record["_principal_id"],
            "principal_type": self.principal.name,
            "resource_id": record["_resource_id"],
            "resource_type": self.roles.resource_type,
        }

    def _all(self, request: Request) -> list[str]:
        return list(dict.fromkeys([*self.direct(request), *self.sources(request)]))

    def _assignment(self, request: Request, role: Record) -> Record:
        """Make the record of an assignment."""
        content = {
            f"{self.principal.name}_id": self.principal_id(request),
            "role_id": role.id,
            "created_at": request.now,
            "_principal_id": self.principal_id(request),
            "_resource_id": self.roles.resource_id(request),
        }
        return Record(self.name, role.id, self.parent_key(request.ids), content)


class GroupRoles(RoleAssignments):
    """Roles that everybody in a group inherits."""

    name = "group_role"
    path = "/organization/groups/{group_id}/roles"
    references = {"group_id": "group", "role_id": "role"}
    object = "group.role"
    roles = ROLES
    principal = GROUPS

    def show_principal(self, request: Request, principal: Record) -> dict[str, Any]:
        """Give schema Group."""
        return {
            "object": "group",
            "id": principal.id,
            "name": principal["name"],
            "created_at": principal["created_at"],
            "scim_managed": principal["is_scim_managed"],
        }


MEMBERS = "project_group"


class ProjectGroupRoles(GroupRoles):
    """Roles that everybody in a group inherits in one project. The paths have no `/organization`."""

    name = "project_group_role"
    path = "/projects/{project_id}/groups/{group_id}/roles"
    references = {"group_id": MEMBERS, "role_id": "project_role"}
    roles = PROJECT_ROLES
    members = MEMBERS


GROUP_ROLES = GroupRoles()
PROJECT_GROUP_ROLES = ProjectGroupRoles()


class UserRoles(RoleAssignments):
    """Roles of a person, and those inherited from groups. At most one is predefined: the person's `role`."""

    name = "user_role"
    path = "/organization/users/{user_id}/roles"
    references = {"user_id": "user", "role_id": "role"}
    object = "user.role"
    roles = ROLES
    principal = USERS
    group_roles: ClassVar[RoleAssignments] = GROUP_ROLES

    def holder(self, request: Request) -> Record | None:
        """Find the record with the person's `role`."""
        return USERS.require(request)

    def set_role(self, request: Request, short_name: str | None) -> None:
        """Change the person's `role`."""
        USERS.set_role(request, USERS.require(request), short_name)

    def direct(self, request: Request) -> list[str]:
        """Give the predefined role before the others."""
        holder = self.holder(request)
        short_name = None if holder is None else holder["role"]
        predefined = [role.id for role in self.roles.predefined(request) if role["_short_name"] == short_name]
        return [*predefined, *super().direct(request)]

    def sources(self, request: Request) -> dict[str, list[str]]:
        """Find the roles of the groups that the person is in."""
        found: dict[str, list[str]] = {}
        for membership in request.store.with_id("group_user", request.ids["user_id"]):
            ids = {**request.ids, "group_id": membership.parent}
            for role_id in self.group_roles.direct(replace(request, ids=ids)):
                found.setdefault(role_id, []).append(membership.parent)
        return found

    def keep(self, request: Request, role: Record, assignment: Record) -> None:
        """Set the person's `role`, or keep a custom role."""
        short_name = role.get("_short_name")
        if short_name is None:
            super().keep(request, role, assignment)
        else:
            self.set_role(request, short_name)

    def drop(self, request: Request, role: Record, assignment: Record) -> None:
        """Unassign the person's `role`, or a custom role."""
        if role.get("_short_name") is None:
            super().drop(request, role, assignment)
        else:
            self.set_role(request, None)

    def show_principal(self, request: Request, principal: Record) -> dict[str, Any]:
        """Give schema User."""
        return USERS.show(request, principal)


class ProjectUserRoles(UserRoles):
    """Roles of a person in one project. The paths have no `/organization`."""

    name = "project_user_role"
    path = "/projects/{project_id}/users/{user_id}/roles"
    references = {"user_id": "project_user", "role_id": "project_role"}
    roles = PROJECT_ROLES
    group_roles = PROJECT_GROUP_ROLES
    members = PROJECT_USERS.name
    new_member = {"role": None}

    def holder(self, request: Request) -> Record | None:
        """Find the membership: its `role` is that of the person in the project."""
        return self.member(request)

    def set_role(self, request: Request, short_name: str | None) -> None:
        """Change the `role` of the membership."""
        request.store.change(PROJECT_USERS.require(request), role=short_name)


USER_ROLES = UserRoles()
PROJECT_USER_ROLES = ProjectUserRoles()
