"""MCP tunnels of the organization."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.kinds.organization_objects import McpTunnels
from pulumi_openai_admin.program.fields import Field, WhenRemoved, argument, output
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.paths import Path


@final
class McpTunnel(AdminResource):
    """A tunnel through which OpenAI reaches MCP servers in your own network.

    OpenAI does not list tunnels. If the response to a creation is lost, the provider does not repeat the request,
    because that could create a second tunnel. The error names the tunnel to look for in OpenAI's dashboard. An update
    sends the name and the description. If the program does not set the description, the update reads the current one
    first and keeps it.

    The resource ID is `<tunnel_id>`.

    Raises:
        ResponseLostError: The response to the creation was lost, and the provider cannot tell whether the tunnel was
            created. The message names the tunnel.
        NoAccessError: OpenAI offers MCP tunnels to some organizations only, and this organization has no access.
        ParentNotFoundError: The admin key does not show the project that the state records, so the key may belong to
            another organization. The tunnel stays in the state.
    """

    handler = McpTunnels(Path("/tunnels", "MCP tunnels"), noun="tunnel", recognized_by=("name",))

    name: Field[str, str | None] = argument(default=None, auto_named=True)
    """The tunnel's name."""
    description: Field[str | None] = argument(default=None, when_removed=WhenRemoved.CLEARED, cleared_with="")
    """The purpose of the tunnel."""
    tunnel_id: Field[str] = output(wire="id", identity=True)
    """The tunnel's id (`tunnel_…`)."""
    creator: Field[str] = output()
    """Who created it."""
    tenant_ids: Field[list[str]] = output()
    """The ids of its tenants."""
    workspace_ids: Field[list[str]] = output()
    """The ids of its workspaces."""
    organization_ids: Field[list[str]] = output()
    """The ids of its organizations."""
