"""The scenario of an `McpTunnel`, of which there is no list."""

from __future__ import annotations

from pulumi_openai_admin import McpTunnel
from tests.host.rules import CreatedOnce
from tests.host.scenario import AnotherTeam, Drift, Scenario, Step, Verb

TUNNEL = Scenario(
    McpTunnel,
    inputs={"name": "office", "description": "MCP servers of the office"},
    outputs={"tenant_ids": [], "workspace_ids": []},
    drift=Drift({"description": "changed by hand"}, also={"name": "office"}),
    steps=(
        Step({"name": "headquarters"}),
        Step({"description": None}, {"description": ""}),
        Step({"name": "office"}),
    ),
    rule=CreatedOnce("tunnel"),
    verbs=(
        Verb("create", None, {"name": "t-made"}, "POST"),
        Verb("read", {"name": "t-read"}, {"name": "t-read"}, "GET", "{id}"),
        Verb("rename", {"name": "t-old"}, {"name": "t-renamed"}, "POST", "{id}"),
        Verb("rename-read", {"name": "t-older"}, {"name": "t-renamed-too"}, "GET", "{id}"),
        Verb("clear", {"name": "t-cleared", "description": "x"}, {"name": "t-cleared"}, "POST", "{id}"),
        Verb("delete", {"name": "t-deleted"}, None, "DELETE", "{id}"),
    ),
    another_team={"create": AnotherTeam({"description": "theirs"})},
)
