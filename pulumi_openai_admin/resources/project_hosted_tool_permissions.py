"""Which hosted tools a project may use."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.shapes.setting import Setting
from pulumi_openai_admin.program.fields import Field, argument, output, path
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.rules import AnyArgument

_TOOLS = ("file_search", "web_search", "image_generation", "mcp", "code_interpreter")


@final
class ProjectHostedToolPermissions(AdminResource):
    """Which of OpenAI's hosted tools a project may use.

    Every project has this setting. Only the tools that the program names are managed. The provider sends the other
    tools with their current values, and they never show a difference. Destroying the resource, or removing a tool from
    the program, restores the values from before the first change. If OpenAI does not change a tool back, the tool keeps
    its value, and a warning says so. Only one resource can manage the hosted tool permissions of a project.

    The resource ID is `<project_id>`.

    Raises:
        ProjectArchivedError: The project is archived, and an archived project cannot be changed.
        UpdateNotAppliedError: OpenAI accepted a value but did not apply it.
    """

    handler = Setting(
        "/organization/projects/{project_id}/hosted_tool_permissions",
        noun="hosted tool permissions",
        defaults=dict.fromkeys(_TOOLS, True),
        sends_all=True,
    )
    rules = (AnyArgument(),)

    project_id: Field[str] = path()
    """The project (`proj_…`)."""
    file_search: Field[bool, bool | None] = argument(default=None, wire="file_search.enabled")
    """Whether the project may use file search."""
    web_search: Field[bool, bool | None] = argument(default=None, wire="web_search.enabled")
    """Whether the project may use web search."""
    image_generation: Field[bool, bool | None] = argument(default=None, wire="image_generation.enabled")
    """Whether the project may use image generation."""
    mcp: Field[bool, bool | None] = argument(default=None, wire="mcp.enabled")
    """Whether the project may use MCP servers."""
    code_interpreter: Field[bool, bool | None] = argument(default=None, wire="code_interpreter.enabled")
    """Whether the project may use the code interpreter."""
    baseline: Field[dict[str, bool]] = output()
    """For each managed tool (`"file_search"`), the value from before the first change, which destroy restores."""
