"""Which roles of a project a person has. A person is in a project for as long as they have a role there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin.emulator.api.project_group_roles import PROJECT_GROUP_ROLES
from pulumi_openai_admin.emulator.api.project_roles import PROJECT_ROLES
from pulumi_openai_admin.emulator.api.project_users import PROJECT_USERS
from pulumi_openai_admin.emulator.api.user_roles import UserRoles
from pulumi_openai_admin.emulator.store.record import Record

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.operation import Request


class ProjectUserRoles(UserRoles):
    """Roles of a person in one project. The paths have no `/organization`."""

    name = "project_user_role"
    path = "/projects/{project_id}/users/{user_id}/roles"
    references = {"user_id": "project_user", "role_id": "project_role"}
    roles = PROJECT_ROLES
    group_roles = PROJECT_GROUP_ROLES

    def keep(self, request: Request, role: Record, assignment: Record) -> None:
        """Put the person into the project with the first role."""
        if self._member(request) is None:
            content = {"role": None, "created_at": request.now}
            member = Record(PROJECT_USERS.name, request.ids["user_id"], request.ids["project_id"], content)
            request.organization.store.insert(member)
        super().keep(request, role, assignment)

    def drop(self, request: Request, role: Record, assignment: Record) -> None:
        """Remove the person from the project with the last role."""
        super().drop(request, role, assignment)
        member = self._member(request)
        if member is not None and not self.direct(request):
            request.organization.remove(member)

    def short_name(self, request: Request) -> str | None:
        """Give the short name of the predefined role that the person has in the project."""
        member = self._member(request)
        return None if member is None else member["role"]

    def set_short_name(self, request: Request, short_name: str | None) -> None:
        """Change which predefined role the person has in the project."""
        member = PROJECT_USERS.require(request)
        member.content["role"] = short_name
        request.organization.store.update(member)

    @staticmethod
    def _member(request: Request) -> Record | None:
        return request.organization.store.get(PROJECT_USERS.name, request.ids["user_id"], request.ids["project_id"])


PROJECT_USER_ROLES = ProjectUserRoles()
