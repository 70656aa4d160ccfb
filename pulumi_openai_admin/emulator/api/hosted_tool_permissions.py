"""Which of OpenAI's hosted tools a project may use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import create_model

from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.handlers.body import Body
from pulumi_openai_admin.emulator.handlers.setting import Setting

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.operation import Request
    from pulumi_openai_admin.emulator.handlers.organization import Organization

_TOOLS = ("file_search", "web_search", "image_generation", "mcp", "code_interpreter")


class HostedToolPermissionUpdate(Body):
    """HostedToolPermissionUpdate."""

    enabled: bool


# The nulls are never read: `given` says what was sent.
HostedToolPermissionsUpdate = create_model(
    "ProjectHostedToolPermissionsUpdateRequest",
    __base__=Body,
    **dict.fromkeys(_TOOLS, (HostedToolPermissionUpdate | None, None)),  # type: ignore[call-overload]
)


class HostedToolPermissions(Setting):
    """One switch for each tool; responses have no `object`."""

    name = "hosted_tool_permission"
    path = "/organization/projects/{project_id}/hosted_tool_permissions"
    parent = PROJECTS
    update_body = seed_body = HostedToolPermissionsUpdate

    def default(self, organization: Organization, parent: str) -> dict[str, Any]:
        """Start with every tool, as in the specification's example."""
        return {tool: {"enabled": True} for tool in _TOOLS}

    def changed(self, request: Request, content: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        """Keep a tool that is absent or null."""
        return {**content, **{tool: permission for tool, permission in given.items() if permission is not None}}


HOSTED_TOOL_PERMISSIONS = HostedToolPermissions()
