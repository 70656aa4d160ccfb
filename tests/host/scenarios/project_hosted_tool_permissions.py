"""The scenario of a `ProjectHostedToolPermissions`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectHostedToolPermissions
from tests.host.rules import Changeable
from tests.host.scenario import PROJECT, Drift, Matrix, Scenario, Step, Verb

TOOLS = ("file_search", "web_search", "image_generation", "mcp", "code_interpreter")
WITHOUT_MCP = {"mcp": False, "web_search": True}
SCENARIO = Scenario(
    ProjectHostedToolPermissions,
    path="/organization/projects/proj_demo/hosted_tool_permissions",
    inputs={**PROJECT, **WITHOUT_MCP},
    outputs={**PROJECT, **dict.fromkeys(TOOLS, True), **WITHOUT_MCP, "baseline": {"mcp": True, "web_search": True}},
    drift=Drift({"mcp": {"enabled": True}}, "mcp", shows=True),
    steps=[
        Step(
            {**PROJECT, "mcp": False, "code_interpreter": False},
            {
                "mcp": False,
                "web_search": True,
                "code_interpreter": False,
                "baseline": {"mcp": True, "code_interpreter": True},
            },
            writes=["POST hosted_tool_permissions"],
            keeps=("project_id",),
        ),
        Step(
            {**PROJECT, "web_search": False},
            {"mcp": True, "web_search": False, "code_interpreter": True, "baseline": {"web_search": True}},
            writes=["POST hosted_tool_permissions", "POST hosted_tool_permissions"],
        ),
    ],
    replaced_by={"project_id": "proj_staging", "web_search": False},
    replaces="project_id",
    bad={
        "mcp must be True or False, not a string": {"mcp": "no"},
        "Set at least one of file_search, ": {"mcp": None, "web_search": None},
        "project_id is not an id": {"project_id": "../admin_api_keys"},
    },
    is_gone_after_delete=False,
    missing="proj_none",
    malformed="a/b",
    matrix=Matrix(
        path="/organization/projects/{project_id}/hosted_tool_permissions",
        rule=Changeable(
            "hosted_tool_permission",
            {"mcp": True, "web_search": True},
            {"mcp": "mcp.enabled", "web_search": "web_search.enabled"},
        ),
        verbs=(
            Verb("create", None, {"mcp": False}, "POST"),
            Verb("create-read", None, {"mcp": False}, "GET"),
            Verb("read", {"mcp": False}, {"mcp": False}, "GET"),
            Verb("update", {"mcp": False}, {"mcp": False, "web_search": False}, "POST"),
            Verb("give-up-one", {"mcp": False, "web_search": False}, {"mcp": False}, "POST"),
            Verb("delete", {"mcp": False}, None, "POST"),
        ),
    ),
)
