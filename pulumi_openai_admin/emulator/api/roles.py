"""Roles of the organization and of projects, who has them, and groups in projects.

OpenAI predefines some roles, others are custom. A person or a group is in a project for as long as they have a role
there: a group comes with a role, and goes with all the roles it has there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Literal

from pulumi_openai_admin.emulator.api.groups import GROUPS
from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.api.users import PROJECT_USERS, USERS, ProjectUsers, Users, refuse_second_add
from pulumi_openai_admin.emulator.handlers.bodies import Name, SomeChange, body, optional
from pulumi_openai_admin.emulator.handlers.collection import Collection, Membership
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.kind import Request
from pulumi_openai_admin.emulator.handlers.paging import ListedItems, NextToken, Records
from pulumi_openai_admin.emulator.store.store import Record

# Which permissions the predefined roles have is not documented in full: these are some of those in OpenAI's guide.
READ = ("api.groups.read", "api.roles.read", "api.models.read")
WRITE = ("api.groups.write", "api.roles.write", "api.model.request")


_ROLE = {"role_name": Name, "permissions": list[Name]}


class Roles(Collection):
    """Roles. A predefined one can't be changed, and one in use can't be deleted.

    What is sent as `role_name` is shown as `name`.
    """

    name = "role"
    path = "/organization/roles"
    id_prefix = "role_"
    object = "role"
    create_body = seed_body = body("PublicCreateOrganizationRoleBody", **_ROLE, description=optional(str))
    update_body = body(
        "PublicUpdateOrganizationRoleBody",
        SomeChange,
        **{name: optional(kind) for name, kind in {**_ROLE, "description": str}.items()},
    )
    unique = ("role_name",)
    times = ("created_at", "updated_at")
    paging = NextToken(default=1000, minimum=0, maximum=1000, has_order=True)
    event = "role"
    event_fields = {name: name for name in ("role_name", "description", "permissions_added", "permissions_removed")}

    resource_type: ClassVar[str] = "api.organization"
    predefined_permissions: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "owner": (*READ, *WRITE, "api.management.read", "api.management.write"),
        "reader": (*READ, "api.model.request"),
    }
    """The permissions of each predefined role, by its short name."""

    predefined_descriptions: ClassVar[Mapping[str, str]] = {
        "owner": "Can modify billing information and manage organization members",
        "reader": "Can make standard API requests and read basic organizational data",
    }
    """The descriptions that were seen, by the short name of the role."""

    def resource_id(self, request: Request) -> str:
        return request.behavior.organization_id or "org-emulator"

    def predefined(self, request: Request) -> list[Record]:
        level, owner, parent = (
            self.resource_type.replace(".", "-"),
            self.resource_id(request),
            self.parent_key(request.ids),
        )
        shows_short_name = request.behavior.predefined_role_names == "short"
        found = []
        for short_name, permissions in self.predefined_permissions.items():
            alias, display_name = f"role-{level}-{short_name}", f"{level.rpartition('-')[2]} {short_name}".title()
            content = {
                "role_name": short_name if shows_short_name else display_name,
                "permissions": list(permissions),
                "description": self.predefined_descriptions.get(short_name, ""),
                "created_at": None,
                "_short_name": short_name,
                "_alias": alias,
            }
            found.append(Record(self.name, f"{alias}__{level}__{owner}", parent, content))
        return found

    def named(self, request: Request, record_id: str, parent: str | None = None) -> Record:
        """Find a role by its id or by the alias of a predefined one, or refuse the call."""
        found = (role for role in self.predefined(request) if record_id in (role.id, role["_alias"]))
        return next(found, None) or super().named(request, record_id, parent)

    def listing(self, request: Request) -> ListedItems:
        """List the predefined roles before the custom ones."""
        return Records(self.predefined(request), request.store, self.name, self.parent_key(request.ids))

    def content(self, request: Request) -> dict[str, Any]:
        more = {"created_by": request.actor.user_id, "_resource_id": self.resource_id(request)}
        return {**super().content(request), **more}

    def changed(self, request: Request, record: Record, given: dict[str, Any]) -> dict[str, Any]:
        """Change what is sent; only a description can become null."""
        self._refuse_predefined(record, "changed")
        changes = {name: value for name, value in given.items() if value is not None or name == "description"}
        return super().changed(request, record, changes)

    def check_delete(self, request: Request, record: Record) -> None:
        """Keep a predefined role, and one that somebody has."""
        self._refuse_predefined(record, "deleted")
        organization = request.organization
        if any(kind.dependents_of(organization, record) for kind in organization.kinds.values()):
            message = f"The role {record.id} is assigned to users or groups and cannot be deleted."
            raise Refused(400, message, code="role_in_use")

    @staticmethod
    def _refuse_predefined(record: Record, what: str) -> None:
        if "_alias" in record.content:
            message = f"The role {record.id} is predefined by OpenAI and cannot be {what}."
            raise Refused(400, message, code="predefined_role")

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema Role."""
        return {
            "object": self.object,
            "id": record.id,
            "name": record["role_name"],
            **{name: record[name] for name in ("description", "permissions")},
            "resource_type": self.resource_type,
            "predefined_role": "_alias" in record.content,
        }

    def requested(self, before: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        """Say which permissions come and go."""
        if given.get("permissions") is None:
            return given
        old, new = before["permissions"], given["permissions"]
        added, removed = [each for each in new if each not in old], [each for each in old if each not in new]
        return {**given, "permissions_added": added, "permissions_removed": removed}

    def event_detail(self, verb: str, record: Record, fields: Mapping[str, Any]) -> dict[str, Any]:
        if verb != "create":
            return super().event_detail(verb, record, fields)
        resource = {"resource_type": self.resource_type, "resource_id": record["_resource_id"]}
        return {"id": record.id, "role_name": record["role_name"], "permissions": record["permissions"], **resource}


ROLES = Roles()


_READ = (*READ, "api.organization.projects.api_keys.read")
_WRITE = (*WRITE, "api.organization.projects.api_keys.write")


class ProjectRoles(Roles):
    """What people and groups may do in one project. The paths have no `/organization`."""

    name = "project_role"
    noun = "role"
    path = "/projects/{project_id}/roles"
    parent = PROJECTS
    resource_type = "api.project"
    predefined_permissions = {
        "owner": (*_READ, *_WRITE, "api.management.read", "api.management.write"),
        "member": (*_READ, *_WRITE),
        "viewer": _READ,
    }

    predefined_descriptions: ClassVar[Mapping[str, str]] = {}

    def resource_id(self, request: Request) -> str:
        return request.ids["project_id"]


PROJECT_ROLES = ProjectRoles()


class RoleAssignments(Collection):
    """The roles of one person or group. Giving a role again changes nothing and succeeds.

    A body has the id of a role, or the alias of a predefined one.
    """

    noun = "role assignment"
    verbs = ("list", "create", "retrieve", "delete")
    create_body = seed_body = body("PublicAssignOrganizationGroupRoleBody", role_id=str)
    paging = NextToken(default=1000, minimum=0, maximum=1000, has_order=True)
    event = "role.assignment"

    roles: ClassVar[Roles]
    """Which roles can be given."""
    principal: ClassVar[Collection]
    """The kind of those who get a role: users or groups."""
    members: ClassVar[str] = ""
    """The kind of the members of a project: the first role there makes a member, and the last one that goes ends it."""
    new_member: ClassVar[Mapping[str, Any]] = {}
    """The content of a new member, beside the time."""

    # --- what the kinds differ in ---

    def direct(self, request: Request) -> list[str]:
        """Give the ids of the roles that were given to this very person or group."""
        return [record.id for record in request.store.children(self.name, self.parent_key(request.ids))]

    def sources(self, request: Request) -> dict[str, list[str]]:
        """Give the ids of the roles that are inherited, each with the groups it comes from."""
        return {}

    def keep(self, request: Request, role: Record, assignment: Record, *, is_given: bool) -> None:
        """Keep that a role is given, or that it is unassigned."""
        (request.store.insert if is_given else request.organization.remove)(assignment)

    def show_principal(self, request: Request, principal: Record) -> dict[str, Any]:
        """Give the person or the group as the response to a creation shows it."""
        return self.principal.show(request, principal)

    # --- what they share ---

    def require_parent(self, request: Request) -> Record:
        """Find the person or the group, in a project that can be used, or refuse the call."""
        self.roles.require_parent(request)
        return self.principal.require(request)

    def create(self, request: Request) -> dict[str, Any]:
        """Give a role."""
        role = self.give(request, request.body.role_id)
        shown = self.show_principal(request, self.require_parent(request))
        return {"object": self.object, self.principal.name: shown, "role": self.roles.show(request, role)}

    def give(self, request: Request, role_id: str) -> Record:
        """Give a role to the person or the group that the request's ids name; give the role."""
        role = self.roles.named(request, role_id)
        if role.id not in self.direct(request):
            assignment = self._assignment(request, role)
            if self.members and self.member(request) is None:
                content, who = {**self.new_member, "created_at": request.now}, request.ids[self.principal.id_name]
                request.store.insert(Record(self.members, who, request.ids["project_id"], content))
            self.keep(request, role, assignment, is_given=True)
            request.organization.hide_for_a_while(assignment, request.behavior.assignment_lag_seconds, 0)
            self.log_event(request, "create", assignment)
        return role

    def delete(self, request: Request) -> dict[str, Any]:
        """Unassign a role that is assigned directly."""
        self.take(request, request.ids[self.id_name])
        return {"object": f"{self.object}.deleted", "deleted": True}

    def take(self, request: Request, role_id: str) -> None:
        """Unassign a role from the person or the group that the request's ids name."""
        role = self.roles.named(request, role_id)
        if role.id not in self.direct(request):
            raise self.missing(request, role.id)
        assignment = self._assignment(request, role)
        self.keep(request, role, assignment, is_given=False)
        member = self.member(request)
        if member is not None and not self.direct(request):
            request.organization.remove(member)
        self.log_event(request, "delete", assignment)

    def member(self, request: Request) -> Record | None:
        """Find the membership of the person or of the group in the project."""
        if not self.members:
            return None
        return request.store.get(self.members, request.ids[self.principal.id_name], request.ids["project_id"])

    def require(self, request: Request) -> Record:
        role = self.roles.named(request, request.ids[self.id_name])
        if role.id not in (*self.direct(request), *self.sources(request)):
            raise self.missing(request, role.id)
        return role

    def listing(self, request: Request) -> ListedItems:
        parent, organization = self.parent_key(request.ids), request.organization
        every = dict.fromkeys([*self.direct(request), *self.sources(request)])
        seen = [id_ for id_ in every if organization.is_seen(Record(self.name, id_, parent))]
        return ListedItems([self.roles.named(request, role_id) for role_id in seen])

    def seed(self, request: Request, record_id: str | None) -> Record:
        return self.give(request, request.body.role_id)

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema AssignedRoleDetails."""
        role = {name: value for name, value in self.roles.show(request, record).items() if name != "object"}
        creator = request.store.get("user", record.get("created_by") or "")
        groups = self.sources(request).get(record.id, ())
        return {
            **role,
            **{name: record.get(name) for name in ("created_at", "updated_at", "created_by")},
            "created_by_user_obj": creator and {"id": creator.id, "name": creator["name"], "email": creator["email"]},
            "metadata": {},
            "assignment_sources": [{"principal_id": group, "principal_type": "group"} for group in groups] or None,
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

    def _assignment(self, request: Request, role: Record) -> Record:
        who = self.principal.id_name
        content = {
            who: request.ids[who],
            "role_id": role.id,
            "created_at": request.now,
            "_principal_id": request.ids[who],
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
        shown = {name: principal[name] for name in ("name", "created_at")}
        return {"object": "group", "id": principal.id, **shown, "scim_managed": principal["is_scim_managed"]}


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
    holders: ClassVar[Users | ProjectUsers] = USERS
    """The kind of the records with a person's `role`."""

    def holder(self, request: Request) -> Record | None:
        return request.store.get(self.holders.name, request.ids["user_id"], self.holders.parent_key(request.ids))

    def direct(self, request: Request) -> list[str]:
        """Give the predefined role before the others."""
        holder = self.holder(request)
        short_name = None if holder is None else holder["role"]
        predefined = [role.id for role in self.roles.predefined(request) if role["_short_name"] == short_name]
        return [*predefined, *super().direct(request)]

    def sources(self, request: Request) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for membership in request.store.with_id("group_user", request.ids["user_id"]):
            ids = {**request.ids, "group_id": membership.parent}
            for role_id in self.group_roles.direct(replace(request, ids=ids)):
                found.setdefault(role_id, []).append(membership.parent)
        return found

    def keep(self, request: Request, role: Record, assignment: Record, *, is_given: bool) -> None:
        """Set the person's `role`, or keep a custom role."""
        short_name, holder = role.get("_short_name"), self.holder(request)
        if short_name is None or holder is None:
            super().keep(request, role, assignment, is_given=is_given)
        else:
            self.holders.set_role(request, holder, short_name if is_given else None)


class ProjectUserRoles(UserRoles):
    """Roles of a person in one project. The paths have no `/organization`."""

    name = "project_user_role"
    path = "/projects/{project_id}/users/{user_id}/roles"
    references = {"user_id": "project_user", "role_id": "project_role"}
    roles = PROJECT_ROLES
    group_roles = PROJECT_GROUP_ROLES
    holders = PROJECT_USERS
    members = PROJECT_USERS.name
    new_member = {"role": None}


USER_ROLES = UserRoles()
PROJECT_USER_ROLES = ProjectUserRoles()


class ProjectGroups(Membership):
    """The groups in a project. A body has one of the project's roles, by id, alias or short name."""

    name = MEMBERS
    path = "/organization/projects/{project_id}/groups"
    parent = PROJECTS
    references = {"id": "group"}
    object = "project.group"
    verbs = ("list", "create", "retrieve", "delete")
    create_body = seed_body = body("InviteProjectGroupBody", group_id=str, role=str)
    retrieve_query = {"group_type": (Literal["group", "tenant_group"] | None, None)}
    paging = NextToken(default=20, minimum=0, maximum=100, has_order=True)

    def create(self, request: Request) -> dict[str, Any]:
        """Put a group into the project: it gets the role."""
        group = self.member(request)
        existing = request.store.get(self.name, group.id, self.parent_key(request.ids))
        if existing is not None:
            refuse_second_add(request, GROUPS, existing)
        return self.show(request, self.seed(request, None))

    def seed(self, request: Request, record_id: str | None) -> Record:
        group, role = self.member(request), request.body.role
        is_short_name = role in PROJECT_ROLES.predefined_permissions
        of_group = replace(request, ids={**request.ids, "group_id": group.id})
        PROJECT_GROUP_ROLES.give(of_group, f"role-api-project-{role}" if is_short_name else role)
        return self.require(of_group)

    def retrieve(self, request: Request) -> dict[str, Any]:
        """Show a group of the type that is asked for."""
        shown = super().retrieve(request)
        if request.query.group_type not in (None, shown["group_type"]):
            raise self.missing(request, request.ids[self.id_name])
        return shown

    def delete(self, request: Request) -> dict[str, Any]:
        """Take all its roles in the project away from the group."""
        record = self.require(request)
        for role_id in PROJECT_GROUP_ROLES.direct(request):
            PROJECT_GROUP_ROLES.take(request, role_id)
        return self.show_deleted(request, record)

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema ProjectGroup: no response shows the role."""
        group = self.member_record(request, record.id)
        shown = {"group_id": group.id, "group_name": group["name"], "group_type": group["group_type"]}
        return {"object": self.object, "project_id": record.parent, **shown, "created_at": record["created_at"]}


PROJECT_GROUPS = ProjectGroups()
