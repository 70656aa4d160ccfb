"""Which roles of a project a group has. A group is in a project for as long as it has a role there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin.emulator.api.group_roles import GroupRoles
from pulumi_openai_admin.emulator.api.project_roles import PROJECT_ROLES
from pulumi_openai_admin.emulator.store.record import Record

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.operation import Request

MEMBERS = "project_group"


class ProjectGroupRoles(GroupRoles):
    """Roles that everybody in a group inherits in one project. The paths have no `/organization`."""

    name = "project_group_role"
    path = "/projects/{project_id}/groups/{group_id}/roles"
    references = {"group_id": MEMBERS, "role_id": "project_role"}
    roles = PROJECT_ROLES

    def keep(self, request: Request, role: Record, assignment: Record) -> None:
        """Put the group into the project with its first role."""
        ids, store = request.ids, request.organization.store
        if store.get(MEMBERS, ids["group_id"], ids["project_id"]) is None:
            store.insert(Record(MEMBERS, ids["group_id"], ids["project_id"], {"created_at": request.now}))
        super().keep(request, role, assignment)

    def drop(self, request: Request, role: Record, assignment: Record) -> None:
        """Remove the group from the project with its last role."""
        super().drop(request, role, assignment)
        member = request.organization.store.get(MEMBERS, request.ids["group_id"], request.ids["project_id"])
        if member is not None and not self.direct(request):
            request.organization.remove(member)


PROJECT_GROUP_ROLES = ProjectGroupRoles()
