"""Tunnels to MCP servers in a customer's network."""

from __future__ import annotations

from typing import Any

from pulumi_openai_admin.emulator.handlers.bodies import Name, body
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.kind import Request


class Tunnels(Collection):
    """Tunnels; there is no list of them. An update has both properties, too."""

    name = "tunnel"
    path = "/tunnels"
    id_prefix = "tunnel_"
    deleted_object = None
    not_found = "Tunnel not found"
    times = ()
    verbs = ("create", "retrieve", "update", "delete")
    described_by = "The resource openai_mcp_tunnel of OpenAI's Terraform provider (openai/openai), after 1.1.0."
    create_body = update_body = body("Tunnel", name=Name, description=str)
    seed_body = body("TunnelSeed", name=Name, description=(str, ""))
    event = "tunnel"

    def content(self, request: Request) -> dict[str, Any]:
        organization = request.behavior.organization_id or "org-emulator"
        places = {"tenant_ids": [], "workspace_ids": [], "organization_ids": [organization]}
        return {**super().content(request), "creator": request.actor.user_id, **places}


TUNNELS = Tunnels()
