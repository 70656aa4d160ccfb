"""Which service tiers the requests of a project may have, and which one they have by default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.handlers.body import OMITTED, Body
from pulumi_openai_admin.emulator.handlers.setting import Setting

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.organization import Organization


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
