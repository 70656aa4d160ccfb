"""How long data is kept: a setting of the organization, and one of each project.

Which models a project may use. Without a policy it may use all that the organization has.

Which of OpenAI's hosted tools a project may use.

Which service tiers the requests of a project may have, and which one they have by default.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import create_model

from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.handlers.kind import Organization
from pulumi_openai_admin.emulator.handlers.operation import OMITTED, Body, Request
from pulumi_openai_admin.emulator.handlers.setting import OptionalSetting, Setting
from pulumi_openai_admin.emulator.store.store import Record

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


class ModelPermissionsUpdate(Body):
    """ProjectModelPermissionsUpdateRequest."""

    mode: Literal["allow_list", "deny_list"]
    model_ids: list[str]


class ModelPermissions(OptionalSetting):
    """A list of models that are allowed, or of models that are not."""

    name = "model_permission"
    noun = "model permissions of project"
    path = "/organization/projects/{project_id}/model_permissions"
    parent = PROJECTS
    object = "project.model_permissions"
    update_body = seed_body = ModelPermissionsUpdate


MODEL_PERMISSIONS = ModelPermissions()


_TOOLS = ("file_search", "web_search", "image_generation", "mcp", "code_interpreter")


class HostedToolPermissionUpdate(Body):
    """HostedToolPermissionUpdate."""

    enabled: bool


# The nulls are never read: `given` says what was sent.
HostedToolPermissionsUpdate = create_model(
    "ProjectHostedToolPermissionsUpdateRequest",
    __base__=Body,
    **dict.fromkeys(_TOOLS, (HostedToolPermissionUpdate | None, None)),  # type: ignore[call-overload]
)


class HostedToolPermissions(Setting):
    """One switch for each tool; responses have no `object`."""

    name = "hosted_tool_permission"
    path = "/organization/projects/{project_id}/hosted_tool_permissions"
    parent = PROJECTS
    update_body = seed_body = HostedToolPermissionsUpdate

    def default(self, organization: Organization, parent: str) -> dict[str, Any]:
        """Start with every tool, as in the specification's example."""
        return {tool: {"enabled": True} for tool in _TOOLS}

    def changed(self, request: Request, content: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        """Keep a tool that is absent or null."""
        return {**content, **{tool: permission for tool, permission in given.items() if permission is not None}}


HOSTED_TOOL_PERMISSIONS = HostedToolPermissions()


class ServiceTierSettingsUpdate(Body):
    """ServiceTierSettingUpdateParams of the SDK; an empty list of tiers allows Standard only."""

    default: Literal["standard", "fast", "scale"] = OMITTED
    enabled_tiers: Literal["all"] | list[Literal["flex", "fast", "ultrafast"]] = OMITTED


class ServiceTierSettings(Setting):
    """The tiers of one project."""

    name = "service_tier_setting"
    path = "/organization/projects/{project_id}/service_tier_settings"
    parent = PROJECTS
    object = "project.service_tier_settings"
    update_body = seed_body = ServiceTierSettingsUpdate

    def default(self, organization: Organization, parent: str) -> dict[str, Any]:
        """Start with all tiers, and Standard for requests that name none."""
        return {"default": "standard", "enabled_tiers": "all"}


SERVICE_TIER_SETTINGS = ServiceTierSettings()
