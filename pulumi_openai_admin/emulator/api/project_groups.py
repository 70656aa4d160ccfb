"""Which groups are in a project. A group comes with a role, and goes with all the roles it has there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from pulumi_openai_admin.emulator.api.groups import GROUPS
from pulumi_openai_admin.emulator.api.project_users import refuse_second_add
from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.api.role_assignments import MEMBERS, PROJECT_GROUP_ROLES
from pulumi_openai_admin.emulator.api.roles import PROJECT_ROLES
from pulumi_openai_admin.emulator.handlers.collection import Membership
from pulumi_openai_admin.emulator.handlers.kind import Body, Query, Request
from pulumi_openai_admin.emulator.handlers.paging import NextToken
from pulumi_openai_admin.emulator.store.store import Record


class ProjectGroupCreate(Body):
    """InviteProjectGroupBody: the role is one of the project, by id, alias or short name."""

    group_id: str
    role: str


class GroupTypeQuery(Query):
    """A group may be asked for with its type."""

    group_type: Literal["group", "tenant_group"] | None = None


class ProjectGroups(Membership):
    """The groups in a project."""

    name = MEMBERS
    path = "/organization/projects/{project_id}/groups"
    id_name = "group_id"
    member_field = "group_id"
    parent = PROJECTS
    references = {"id": "group"}
    object = "project.group"
    verbs = ("list", "create", "retrieve", "delete")
    create_body = seed_body = ProjectGroupCreate
    retrieve_query = GroupTypeQuery
    paging = NextToken(default=20, minimum=0, maximum=100, has_order=True)

    def create(self, request: Request) -> dict[str, Any]:
        """Put a group into the project: it gets the role."""
        self.require_parent(request)
        group = self.member(request)
        existing = request.store.get(self.name, group.id, self.parent_key(request.ids))
        if existing is not None:
            refuse_second_add(request, GROUPS, existing)
        return self.show(request, self.seed(request, None))

    def seed(self, request: Request, record_id: str | None) -> Record:
        """Give the role to the group."""
        self.require_parent(request)
        group, role = self.member(request), request.body.role
        is_short_name = role in PROJECT_ROLES.predefined_permissions
        ids = {**request.ids, "group_id": group.id}
        PROJECT_GROUP_ROLES.give(request, ids, f"role-api-project-{role}" if is_short_name else role)
        return self.require(replace(request, ids=ids))

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
        return {
            "object": self.object,
            "project_id": record.parent,
            "group_id": group.id,
            "group_name": group["name"],
            "group_type": group["group_type"],
            "created_at": record["created_at"],
        }


PROJECT_GROUPS = ProjectGroups()
