"""Roles of the organization and of projects: those that OpenAI predefines, and custom ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.errors import Refused, not_found
from pulumi_openai_admin.emulator.handlers.kind import Body, Name, Request, SomeChange
from pulumi_openai_admin.emulator.handlers.paging import NextToken, OrderedItems, Records
from pulumi_openai_admin.emulator.store.store import Record

Permissions = list[Name]

# Which permissions the predefined roles have is not documented in full: these are some of those in OpenAI's guide.
READ = ("api.groups.read", "api.roles.read", "api.models.read")
WRITE = ("api.groups.write", "api.roles.write", "api.model.request")


class RoleCreate(Body):
    """PublicCreateOrganizationRoleBody: what is sent as `role_name` is shown as `name`."""

    role_name: Name
    permissions: Permissions
    description: str | None = None


class RoleUpdate(SomeChange):
    """PublicUpdateOrganizationRoleBody."""

    permissions: Permissions | None = None
    description: str | None = None
    role_name: Name | None = None


class Roles(Collection):
    """Roles. A predefined one can't be changed, and one in use can't be deleted."""

    name = "role"
    path = "/organization/roles"
    id_name = "role_id"
    id_prefix = "role_"
    object = "role"
    create_body = seed_body = RoleCreate
    update_body = RoleUpdate
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
        """Give the id of the organization or of the project that the roles belong to."""
        return request.behavior.organization_id or "org-emulator"

    def predefined(self, request: Request) -> list[Record]:
        """Give the roles that are always there."""
        return [self._predefined(request, short_name) for short_name in self.predefined_permissions]

    def _predefined(self, request: Request, short_name: str) -> Record:
        level, owner = self.resource_type.replace(".", "-"), self.resource_id(request)
        shows_short_name = request.behavior.predefined_role_names == "short"
        content = {
            "role_name": short_name if shows_short_name else f"{level.rpartition('-')[2]} {short_name}".title(),
            "permissions": list(self.predefined_permissions[short_name]),
            "description": self.predefined_descriptions.get(short_name, ""),
            "created_at": None,
            "_short_name": short_name,
            "_alias": f"role-{level}-{short_name}",
        }
        return Record(self.name, f"role-{level}-{short_name}__{level}__{owner}", self.parent_key(request.ids), content)

    def named(self, request: Request, role_id: str) -> Record:
        """Find a role by its id or by the alias of a predefined one, or refuse the call."""
        for role in self.predefined(request):
            if role_id in (role.id, role["_alias"]):
                return role
        custom = request.store.get(self.name, role_id, self.parent_key(request.ids))
        if custom is None:
            raise not_found("role", role_id)
        return custom

    def require(self, request: Request) -> Record:
        self.require_parent(request)
        return self.named(request, request.ids[self.id_name])

    def listing(self, request: Request) -> OrderedItems[Record]:
        """List the predefined roles before the custom ones."""
        return Records(request.store, self.name, self.parent_key(request.ids), first=self.predefined(request))

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
            "description": record["description"],
            "permissions": record["permissions"],
            "resource_type": self.resource_type,
            "predefined_role": "_alias" in record.content,
        }

    def requested(self, before: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        """Say which permissions come and go."""
        if given.get("permissions") is None:
            return given
        old, new = before["permissions"], given["permissions"]
        added = [permission for permission in new if permission not in old]
        removed = [permission for permission in old if permission not in new]
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
