"""MCP tunnels of the organization."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.kinds.mcp_tunnels import McpTunnels
from pulumi_openai_admin.http.paths import RestrictedPath
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.fields import Field, WhenRemoved, argument, output


@final
class McpTunnel(AdminResource):
    """A tunnel through which OpenAI reaches MCP servers in your own network.

    OpenAI has no list of tunnels. So a creation whose reply is lost is not repeated: the error names the tunnel to look
    for in OpenAI's dashboard. A change sends the name and the description. One that leaves the description to others
    reads it first.

    Its id is `<tunnel_id>`.

    Raises:
        ResponseLostError: It is not known whether a lost reply created the tunnel; the message names it.
        NoAccessError: OpenAI serves MCP tunnels to some organizations only, and not to this one.
        ParentNotFoundError: The key may be another organization's: it does not show the project of the organization
            that the state records. The tunnel stays in the state.

    Source: POST /tunnels and GET, POST, DELETE …/{tunnel_id} (not in the official SDK).
    """

    handler = McpTunnels(
        RestrictedPath("/tunnels", "MCP tunnels"),
        noun="tunnel",
        recognized_by=("name",),
    )

    name: Field[str, str | None] = argument(default=None, auto_named=True)
    """The tunnel's name. Changed in place."""
    description: Field[str | None] = argument(default=None, when_removed=WhenRemoved.CLEARED, cleared_with="")
    """What the tunnel is for. Changed in place."""
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
