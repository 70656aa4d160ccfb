"""Roles of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.api.roles import READ, WRITE, Roles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.emulator.handlers.operation import Request

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
        """Give the project's id."""
        return request.ids["project_id"]


PROJECT_ROLES = ProjectRoles()
