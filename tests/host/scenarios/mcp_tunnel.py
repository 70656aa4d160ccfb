"""The scenario of an `McpTunnel`."""

from __future__ import annotations

from pulumi_openai_admin import McpTunnel
from tests.host.rules import CreatedOnce
from tests.host.scenario import AnotherTeam, Drift, Matrix, Scenario, Step, Verb

SCENARIO = Scenario(
    McpTunnel,
    path="/tunnels/{id}",
    inputs={"name": "office", "description": "MCP servers of the office"},
    outputs={"name": "office", "description": "MCP servers of the office", "tenant_ids": [], "workspace_ids": []},
    drift=Drift({"name": "office", "description": "changed by hand"}, "description", shows="changed by hand"),
    steps=[
        Step(
            {"name": "headquarters", "description": "MCP servers of the office"},
            {"name": "headquarters"},
            writes=["POST tunnels"],
            keeps=("tunnel_id", "description", "creator"),
        ),
        Step({"name": "headquarters"}, {"description": ""}, writes=["POST tunnels"], keeps=("tunnel_id", "name")),
        Step({"name": "office"}, {"name": "office", "description": ""}, writes=["POST tunnels"], keeps=("tunnel_id",)),
    ],
    replaced_by=None,
    replaces="name",
    bad={
        "name is empty": {"name": ""},
        "description must be a string, not a number": {"description": 3},
    },
    missing="tunnel_none",
    malformed="",
    is_in_project=False,
    matrix=Matrix(
        path="/tunnels",
        rule=CreatedOnce("tunnel"),
        verbs=(
            Verb("create", None, {"name": "t-made"}, "POST"),
            Verb("read", {"name": "t-read"}, {"name": "t-read"}, "GET", "{id}"),
            Verb("rename", {"name": "t-old"}, {"name": "t-renamed"}, "POST", "{id}"),
            Verb("rename-read", {"name": "t-older"}, {"name": "t-renamed-too"}, "GET", "{id}"),
            Verb(
                "clear",
                {"name": "t-cleared", "description": "x"},
                {"name": "t-cleared"},
                "POST",
                "{id}",
            ),
            Verb("delete", {"name": "t-deleted"}, None, "DELETE", "{id}"),
        ),
    ),
    another_team={"create": AnotherTeam(None, {"name": "shop"}, "/tunnels", {"description": "theirs"})},
)
