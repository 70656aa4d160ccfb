"""Settings of projects: how long data is kept (of the organization, too), models, hosted tools, service tiers."""

from __future__ import annotations

from typing import Any, Literal

from pulumi_openai_admin.emulator.api.projects import PROJECTS, of_projects
from pulumi_openai_admin.emulator.handlers.bodies import body, changes, optional
from pulumi_openai_admin.emulator.handlers.collection import OptionalSetting, Setting
from pulumi_openai_admin.emulator.handlers.kind import Request
from pulumi_openai_admin.emulator.store.store import Record

Retention = Literal[
    "zero_data_retention",
    "modified_abuse_monitoring",
    "enhanced_zero_data_retention",
    "enhanced_modified_abuse_monitoring",
]


_OF_PROJECT = body("UpdateProjectDataRetentionBody", retention_type=Literal["organization_default", "none"] | Retention)


class DataRetention(Setting):
    """How long data is kept, where a project says nothing else."""

    name = "data_retention"
    path = "/organization/data_retention"
    object = "organization.data_retention"
    update_body = seed_body = body("UpdateOrganizationDataRetentionBody", retention_type=Retention)
    initial = {"retention_type": "modified_abuse_monitoring"}  # the value of the specification's example

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema OrganizationDataRetention or ProjectDataRetention."""
        return {"object": self.object, "type": record["retention_type"]}


class ModelPermissions(OptionalSetting):
    """A list of models that are allowed, or of models that are not. Without one a project may use all."""

    name = "model_permission"
    noun = "model permissions of project"
    path = "/organization/projects/{project_id}/model_permissions"
    parent = PROJECTS
    object = "project.model_permissions"
    update_body = seed_body = body(
        "ProjectModelPermissionsUpdateRequest", mode=Literal["allow_list", "deny_list"], model_ids=list[str]
    )


_TOOLS = ("file_search", "web_search", "image_generation", "mcp", "code_interpreter")
_PERMISSION = body("HostedToolPermissionUpdate", enabled=bool)


class HostedToolPermissions(Setting):
    """One switch for each tool; responses have no `object`."""

    name = "hosted_tool_permission"
    path = "/organization/projects/{project_id}/hosted_tool_permissions"
    parent = PROJECTS
    update_body = seed_body = body(
        "ProjectHostedToolPermissionsUpdateRequest", **dict.fromkeys(_TOOLS, optional(_PERMISSION))
    )
    initial = {tool: {"enabled": True} for tool in _TOOLS}  # as in the specification's example

    def changed(self, request: Request, record: Record, given: dict[str, Any]) -> dict[str, Any]:
        """Keep a tool that is absent or null."""
        return {**record.content, **{tool: permission for tool, permission in given.items() if permission is not None}}


class ServiceTierSettings(Setting):
    """The tiers of one project; an empty list allows Standard only."""

    name = "service_tier_setting"
    path = "/organization/projects/{project_id}/service_tier_settings"
    parent = PROJECTS
    object = "project.service_tier_settings"
    update_body = seed_body = changes(
        "ServiceTierSettingUpdateParams",
        default=Literal["standard", "fast", "scale"],
        enabled_tiers=Literal["all"] | list[Literal["flex", "fast", "ultrafast"]],
    )
    initial = {"default": "standard", "enabled_tiers": "all"}


ORGANIZATION_DATA_RETENTION = DataRetention()
PROJECT_DATA_RETENTION = of_projects(
    DataRetention,
    update_body=_OF_PROJECT,
    seed_body=_OF_PROJECT,
    initial={"retention_type": "organization_default"},
)
MODEL_PERMISSIONS = ModelPermissions()
HOSTED_TOOL_PERMISSIONS = HostedToolPermissions()
SERVICE_TIER_SETTINGS = ServiceTierSettings()
