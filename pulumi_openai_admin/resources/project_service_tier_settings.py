"""Which service tiers a project may use."""

from __future__ import annotations

from typing import Any, Literal, final

from pulumi_openai_admin.handlers.shapes.setting import Setting
from pulumi_openai_admin.program.fields import Field, argument, output, path
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import Enumeration
from pulumi_openai_admin.schema.rules import Alone, AnyArgument
from pulumi_openai_admin.schema.shapes import WholeList


@final
class ProjectServiceTierSettings(AdminResource):
    """The service tiers that the requests of a project may use, and their default tier.

    Every project has this setting. Only the properties that the program sets are managed: the others are never sent and
    never show a difference. Destroying the resource, or removing a property from the program, restores the values from
    before the first change. Only one resource can manage the service tier settings of a project. The organization's
    policy still applies.

    The resource ID is `<project_id>`.

    Raises:
        ProjectArchivedError: The project is archived, and an archived project cannot be changed.
        BadRequestError: OpenAI does not allow the value for the organization.
        UpdateNotAppliedError: OpenAI accepted a value but did not apply it.
    """

    handler = Setting(
        "/organization/projects/{project_id}/service_tier_settings",
        noun="service tier settings",
        defaults={"default": "standard", "enabled_tiers": "all"},
    )
    rules = (AnyArgument(), Alone("enabled_tiers", "all"))

    project_id: Field[str] = path()
    """The project (`proj_…`)."""
    default: Field[str, Literal["standard", "fast", "scale"] | None] = argument(
        default=None,
        choices=Enumeration(
            "DefaultServiceTier",
            "The service tier of requests that do not name a tier.",
            {"standard": "Standard.", "fast": "Fast.", "scale": "Scale Tier."},
        ),
    )
    """The tier of requests that name no tier, or that name the tier `auto`."""
    enabled_tiers: Field[list[str], list[Literal["all", "flex", "fast", "ultrafast"]] | None] = argument(
        default=None,
        choices=Enumeration(
            "EnabledServiceTier",
            "A service tier that is enabled in addition to Standard.",
            {
                "all": "All tiers, including future tiers. It must be the only item of its list.",
                "flex": "Flex.",
                "fast": "Fast.",
                "ultrafast": "Ultrafast.",
            },
        ),
        unordered=True,
        may_be_empty=True,
        wire_form=WholeList("all"),
    )
    """The tiers that are enabled in addition to Standard. `all`, as the only tier of the list, includes future tiers.
    An empty list allows Standard only. The order has no effect."""
    baseline: Field[dict[str, Any]] = output()
    """For each managed property (`"enabled_tiers"`), the value from before the first change, which destroy restores."""
