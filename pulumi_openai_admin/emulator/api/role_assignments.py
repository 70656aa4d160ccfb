"""What the four kinds of role assignments share: a role of one place is given to a person or to a group."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin.emulator.handlers.body import Body
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.paging import InMemoryItems, NextToken
from pulumi_openai_admin.emulator.store.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.emulator.api.roles import Roles
    from pulumi_openai_admin.emulator.handlers.kind import Kind
    from pulumi_openai_admin.emulator.handlers.operation import Request
    from pulumi_openai_admin.emulator.handlers.paging import OrderedItems


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
    event_types = {"create": "role.assignment.created", "delete": "role.assignment.deleted"}

    roles: ClassVar[Roles]
    """Which roles can be given."""
    principal: ClassVar[Kind]
    """The kind of those who get a role: users or groups."""

    # --- what the kinds differ in ---

    def direct(self, request: Request) -> list[str]:
        """Give the ids of the roles that were given to this very person or group."""
        parent = self.parent_key(request.ids)
        return [record.id for record in request.organization.store.children(self.name, parent)]

    def sources(self, request: Request) -> dict[str, list[str]]:
        """Give the ids of the roles that are inherited, each with the groups it comes from."""
        return {}

    def keep(self, request: Request, role: Record, assignment: Record) -> None:
        """Keep that a role is given."""
        request.organization.store.insert(assignment)

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
            self.keep(request, role, assignment)
            request.organization.hide_for_a_while(assignment, request.organization.world.assignment_lag_seconds, 0)
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
        self.log_event(request, "delete", assignment)

    def require(self, request: Request) -> Record:
        """Find a role that is given or inherited, or refuse the call."""
        self.require_parent(request)
        role = self.roles.named(request, request.ids[self.id_name])
        if role.id not in self._all(request):
            raise self.missing(request, role.id)
        return role

    def listing(self, request: Request) -> OrderedItems[Record]:
        """List the roles that are given, then those that are only inherited."""
        parent, organization = self.parent_key(request.ids), request.organization
        seen = [id_ for id_ in self._all(request) if organization.is_seen(Record(self.name, id_, parent))]
        found = [self.roles.named(request, role_id) for role_id in seen]
        return InMemoryItems(found, lambda role: role.id)

    def seed(self, request: Request, record_id: str | None) -> Record:
        """Give a role as a seed says; give the role."""
        return self.give(request, request.ids, request.body.role_id)

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema AssignedRoleDetails."""
        role = {name: value for name, value in self.roles.show(request, record).items() if name != "object"}
        creator = request.organization.store.get("user", record.get("created_by") or "")
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
        principal_name = f"{self.principal.name}_id"
        content = {
            principal_name: request.ids[principal_name],
            "role_id": role.id,
            "created_at": request.now,
            "_principal_id": request.ids[principal_name],
            "_resource_id": self.roles.resource_id(request),
        }
        return Record(self.name, role.id, self.parent_key(request.ids), content)
