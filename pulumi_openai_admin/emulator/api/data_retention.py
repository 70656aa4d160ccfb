"""How long data is kept: a setting of the organization, and one of each project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.handlers.body import Body
from pulumi_openai_admin.emulator.handlers.setting import Setting

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.operation import Request
    from pulumi_openai_admin.emulator.handlers.organization import Organization
    from pulumi_openai_admin.emulator.store.record import Record

Retention = Literal[
    "zero_data_retention",
    "modified_abuse_monitoring",
    "enhanced_zero_data_retention",
    "enhanced_modified_abuse_monitoring",
]


class OrganizationRetentionUpdate(Body):
    """UpdateOrganizationDataRetentionBody."""

    retention_type: Retention


class ProjectRetentionUpdate(Body):
    """UpdateProjectDataRetentionBody."""

    retention_type: Literal["organization_default", "none"] | Retention


class _DataRetention(Setting):
    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema OrganizationDataRetention or ProjectDataRetention."""
        return {"object": self.object, "type": record["retention_type"]}


class OrganizationDataRetention(_DataRetention):
    """What holds where a project says nothing else."""

    name = "data_retention"
    path = "/organization/data_retention"
    object = "organization.data_retention"
    update_body = seed_body = OrganizationRetentionUpdate

    def default(self, organization: Organization, parent: str) -> dict[str, Any]:
        """Start with the value of the specification's example."""
        return {"retention_type": "modified_abuse_monitoring"}


class ProjectDataRetention(_DataRetention):
    """What holds in one project."""

    name = "project_data_retention"
    path = "/organization/projects/{project_id}/data_retention"
    parent = PROJECTS
    object = "project.data_retention"
    update_body = seed_body = ProjectRetentionUpdate

    def default(self, organization: Organization, parent: str) -> dict[str, Any]:
        """Start with what the organization has."""
        return {"retention_type": "organization_default"}


ORGANIZATION_DATA_RETENTION = OrganizationDataRetention()
PROJECT_DATA_RETENTION = ProjectDataRetention()
