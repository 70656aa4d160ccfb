"""The scenario of a `ProjectServiceTierSettings`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectServiceTierSettings
from tests.host.rules import Changeable
from tests.host.scenario import PROJECT, Drift, Matrix, Scenario, Step, verbs_of_setting

FLEX = {"enabled_tiers": ["fast", "flex"]}
SCENARIO = Scenario(
    ProjectServiceTierSettings,
    path="/organization/projects/proj_demo/service_tier_settings",
    inputs={**PROJECT, **FLEX},
    outputs={**PROJECT, **FLEX, "default": "standard", "baseline": {"enabled_tiers": "all"}},
    drift=Drift({"enabled_tiers": "all"}, "enabled_tiers", shows=["all"]),
    steps=[
        Step(
            {**PROJECT, "default": "fast", "enabled_tiers": []},
            {"default": "fast", "enabled_tiers": [], "baseline": {"default": "standard", "enabled_tiers": "all"}},
            writes=["POST service_tier_settings"],
            keeps=("project_id",),
        ),
        Step(
            {**PROJECT, "default": "fast"},
            {"default": "fast", "enabled_tiers": ["all"], "baseline": {"default": "standard"}},
            writes=["POST service_tier_settings"],
        ),
    ],
    replaced_by={"project_id": "proj_staging", "default": "fast"},
    replaces="project_id",
    bad={
        "enabled_tiers[0] must be 'all', 'flex', 'fast' or 'ultrafast', not 'standard'": {
            "enabled_tiers": ["standard"]
        },
        "enabled_tiers must be a list, not a string": {"enabled_tiers": "none"},
        "enabled_tiers has 'all' and 'flex': remove 'all', or all others": {"enabled_tiers": ["flex", "all"]},
        "default must be 'standard', 'fast' or 'scale', not 'flex'": {"default": "flex"},
        "Set at least one of default, enabled_tiers": {"enabled_tiers": None},
    },
    is_gone_after_delete=False,
    missing="proj_none",
    malformed="a/b",
    matrix=Matrix(
        path="/organization/projects/{project_id}/service_tier_settings",
        rule=Changeable("service_tier_setting", {"default": "standard", "enabled_tiers": "all"}),
        verbs=verbs_of_setting(FLEX, {"default": "fast", "enabled_tiers": []}),
    ),
)
