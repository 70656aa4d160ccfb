"""Tunnels to MCP servers in a customer's network."""

from __future__ import annotations

from typing import Any

from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.kind import Body, Name, Request
from pulumi_openai_admin.emulator.store.store import Record


class TunnelBody(Body):
    """What a tunnel is made of and changed to: always both."""

    name: Name
    description: str


class TunnelSeed(Body):
    """A tunnel of a seed."""

    name: Name
    description: str = ""


class Tunnels(Collection):
    """Tunnels; there is no list of them."""

    name = "tunnel"
    path = "/tunnels"
    id_name = "tunnel_id"
    id_prefix = "tunnel_"
    verbs = ("create", "retrieve", "update", "delete")
    described_by = "The resource openai_mcp_tunnel of OpenAI's Terraform provider (openai/openai), after 1.1.0."
    create_body = update_body = TunnelBody
    seed_body = TunnelSeed
    event = "tunnel"

    def content(self, request: Request) -> dict[str, Any]:
        """Give a new tunnel's content."""
        organization = request.behavior.organization_id or "org-emulator"
        places = {"tenant_ids": [], "workspace_ids": [], "organization_ids": [organization]}
        return {**request.body.model_dump(), "creator": request.actor.user_id, **places}

    def missing(self, request: Request, record_id: str) -> Refused:
        """Refuse an id that nothing has. OpenAI names no id."""
        return Refused(404, "Tunnel not found")

    def show_deleted(self, request: Request, record: Record) -> dict[str, Any]:
        """Give the response to a delete: the tunnel as it was."""
        return self.show(request, record)


TUNNELS = Tunnels()
