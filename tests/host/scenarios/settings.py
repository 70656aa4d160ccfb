"""The scenarios of settings that are one object, of the organization and of a project."""

from __future__ import annotations

from pulumi_openai_admin import (
    OrganizationDataRetention,
    ProjectDataRetention,
    ProjectHostedToolPermissions,
    ProjectModelPermissions,
    ProjectServiceTierSettings,
)
from tests.host.rules import Setting
from tests.host.scenario import PROJECT, Drift, Scenario, Step, Verb, verbs_of_setting


def _kept(retention_type: str) -> dict[str, str]:
    return {"retention_type": retention_type}


ZERO, ENHANCED = _kept("zero_data_retention"), _kept("enhanced_zero_data_retention")
MODIFIED, DEFAULT = _kept("modified_abuse_monitoring"), _kept("organization_default")
DATA_RETENTION = Scenario(
    OrganizationDataRetention,
    inputs=ZERO,
    outputs={"baseline": MODIFIED},
    drift=Drift(ENHANCED),
    steps=(Step(ENHANCED),),
    bad={"retention_type must be 'zero_data_retention', ": DEFAULT},
    is_gone_after_delete=False,
    rule=Setting("data_retention", MODIFIED),
    verbs=verbs_of_setting(ZERO, ENHANCED),
)
PROJECT_DATA_RETENTION = Scenario(
    ProjectDataRetention,
    inputs={**PROJECT, **ZERO},
    outputs={"baseline": DEFAULT},
    drift=Drift(_kept("none")),
    steps=(Step(MODIFIED),),
    is_gone_after_delete=False,
    rule=Setting("project_data_retention", DEFAULT),
    verbs=verbs_of_setting(ZERO, _kept("none")),
)

TOOLS = ("file_search", "web_search", "image_generation", "mcp", "code_interpreter")
WITHOUT_MCP = {"mcp": False}
WITHOUT_BOTH = {"mcp": False, "web_search": False}
HOSTED_TOOLS = Scenario(
    ProjectHostedToolPermissions,
    inputs={**PROJECT, "mcp": False, "web_search": True},
    outputs={**dict.fromkeys(TOOLS, True), "mcp": False, "baseline": {"mcp": True, "web_search": True}},
    drift=Drift({"mcp": True}),
    steps=(
        Step(
            {"web_search": None, "code_interpreter": False},
            {"baseline": {"mcp": True, "code_interpreter": True}},
        ),
        Step(
            {"mcp": None, "web_search": False, "code_interpreter": None},
            {"mcp": True, "code_interpreter": True, "baseline": {"web_search": True}},
            writes=("POST hosted_tool_permissions", "POST hosted_tool_permissions"),
        ),
    ),
    bad={"Set at least one of file_search, ": {"mcp": None, "web_search": None}},
    is_gone_after_delete=False,
    rule=Setting("hosted_tool_permission", {"mcp": True, "web_search": True}),
    verbs=(
        *verbs_of_setting(WITHOUT_MCP, WITHOUT_BOTH),
        Verb("give-up-one", WITHOUT_BOTH, WITHOUT_MCP),
    ),
)

ALLOWED = {"mode": "allow_list", "model_ids": ["gpt-4o", "gpt-4o-mini"]}
DENIED = {"mode": "deny_list", "model_ids": ["o3"]}
MODELS = Scenario(
    ProjectModelPermissions,
    inputs={**PROJECT, **ALLOWED},
    outputs={"baseline": {}},
    drift=Drift({"model_ids": ["o3"]}, also={"mode": "allow_list"}),
    steps=(
        Step({"model_ids": ["o3", "gpt-4o"]}, {"model_ids": ["gpt-4o", "o3"]}),
        Step(DENIED),
        Step({"model_ids": []}),
    ),
    rule=Setting("model_permission", {"model_ids": None}),
    verbs=verbs_of_setting(ALLOWED, DENIED, end="DELETE"),
)

FLEX = {"enabled_tiers": ["fast", "flex"]}
FAST_ONLY = {"default": "fast", "enabled_tiers": []}
SERVICE_TIERS = Scenario(
    ProjectServiceTierSettings,
    inputs={**PROJECT, **FLEX},
    outputs={"default": "standard", "baseline": {"enabled_tiers": "all"}},
    drift=Drift({"enabled_tiers": ["all"]}),
    steps=(
        Step(FAST_ONLY, {"baseline": {"default": "standard", "enabled_tiers": "all"}}),
        Step({"enabled_tiers": None}, {"enabled_tiers": ["all"], "baseline": {"default": "standard"}}),
    ),
    bad={
        "enabled_tiers[0] must be 'all', 'flex', 'fast' or 'ultrafast', not 'standard'": {
            "enabled_tiers": ["standard"]
        },
        "enabled_tiers has 'all' and 'flex': remove 'all', or all others": {"enabled_tiers": ["flex", "all"]},
        "default must be 'standard', 'fast' or 'scale', not 'flex'": {"default": "flex"},
        "Set at least one of default, enabled_tiers": {"enabled_tiers": None},
    },
    is_gone_after_delete=False,
    rule=Setting("service_tier_setting", {"default": "standard", "enabled_tiers": "all"}),
    verbs=verbs_of_setting(FLEX, FAST_ONLY),
)
