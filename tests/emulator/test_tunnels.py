from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Http

    from pulumi_openai_admin.emulator import Control

OFFICE = {"name": "office", "description": "MCP servers"}
MISSING = (404, None, "Tunnel not found")


def test_the_life_of_a_tunnel(api: Http, control: Control) -> None:
    made = api("POST", "/tunnels", OFFICE).json()
    assert made == {
        "id": made["id"],
        **OFFICE,
        "creator": made["creator"],
        "tenant_ids": [],
        "workspace_ids": [],
        "organization_ids": ["org-emulator"],
    }
    assert made["id"].startswith("tunnel_")
    path = f"/tunnels/{made['id']}"
    assert api("GET", path).json() == made
    cleared = {**made, "name": "home", "description": ""}
    assert api("POST", path, {"name": "home", "description": ""}).json() == cleared
    assert api("DELETE", path).json() == cleared, "the reply to a delete is the tunnel"
    assert [api.refusal(method, path) for method in ("GET", "DELETE")] == [MISSING, MISSING]
    assert "tunnel" not in control.live()
