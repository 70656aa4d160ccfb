"""Tunnels to MCP servers: each change sends all that can be set, and an empty description is none.

Source: POST /tunnels, GET, POST and DELETE /tunnels/{id}.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.shapes.unlisted import Unlisted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.client import Client

_DESCRIPTION = "description"


@dataclass(frozen=True)
class McpTunnels(Unlisted):
    """The handler; see `Collection` for its arguments."""

    audit_events: ClassVar[AuditEvents] = AuditEvents(("tunnel.created",), ("tunnel.updated", "tunnel.deleted"))

    def _set(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> None:
        """Send all that can be set. A description that the program does not set stays as it is now."""
        if _DESCRIPTION not in body:
            self.read(client, remote)
        super()._set(client, remote, {**body, _DESCRIPTION: body.get(_DESCRIPTION, remote.get(_DESCRIPTION))})

    def _sent(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        """The body of a request, always with a description."""
        return super()._sent({_DESCRIPTION: None, **properties})
