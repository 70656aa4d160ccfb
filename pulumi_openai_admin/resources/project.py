"""Projects of the organization."""

from __future__ import annotations

from typing import Literal, final

from pulumi_openai_admin.handlers.kinds.organization_objects import Projects
from pulumi_openai_admin.program.fields import Field, argument, output
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import Enumeration

Residency = Literal[
    "GLOBAL",
    "US_STORAGE_PROCESSING",
    "EU_STORAGE_PROCESSING",
    "JP_STORAGE",
    "JP_STORAGE_PROCESSING",
    "KR_STORAGE",
    "CA_STORAGE",
    "SG_STORAGE",
    "IN_STORAGE",
    "IN_STORAGE_PROCESSING",
    "AU_STORAGE",
    "AU_STORAGE_PROCESSING",
    "GB_STORAGE",
    "AE_STORAGE",
    "AE_STORAGE_PROCESSING",
]
"""Where OpenAI can store the data of a project (schema `PublicProjectResidency`, and SDK 3.57)."""


_COUNTRIES = {
    "EU": "the European Union",
    "JP": "Japan",
    "KR": "South Korea",
    "CA": "Canada",
    "SG": "Singapore",
    "IN": "India",
    "AU": "Australia",
    "GB": "the United Kingdom",
    "AE": "the United Arab Emirates",
}
_BOTH = ("EU", "JP", "IN", "AU", "AE")
"""Where OpenAI can also process data."""
_STORED = ("JP", "KR", "CA", "SG", "IN", "AU", "GB", "AE")
"""Where OpenAI can store data that it processes elsewhere."""
_RESIDENCIES = Enumeration(
    "ProjectResidency",
    "Where OpenAI stores and processes the data of a project.",
    {
        "GLOBAL": "Anywhere.",
        "US_STORAGE_PROCESSING": "Stored and processed in the United States.",
        **{f"{it}_STORAGE": f"Stored in {_COUNTRIES[it]}." for it in _STORED},
        **{f"{it}_STORAGE_PROCESSING": f"Stored and processed in {_COUNTRIES[it]}." for it in _BOTH},
    },
)


@final
class Project(AdminResource):
    """A project, which contains rate limits, service accounts and keys.

    OpenAI has no operation to delete a project: destroying the resource archives it. Archiving cannot be undone, and
    the project's service accounts and keys stop working. The project stays in the dashboard and in reports. The
    provider treats an archived project as deleted.

    The resource ID is `<project_id>`.

    Raises:
        BadRequestError: The default project can't be changed.
        ResponseLostError: A response was lost, and the provider cannot tell what was created. The message lists
            everything that may exist.

    Also sends: POST /organization/projects/{project_id}/archive.
    """

    handler = Projects("/organization/projects", noun="project", recognized_by=("name",))

    name: Field[str, str | None] = argument(default=None, auto_named=True)
    """The project's name. Names need not be unique."""
    residency: Field[str | None, Residency | None] = argument(default=None, choices=_RESIDENCIES, replaces=True)
    """Where OpenAI stores the project's data. If omitted, OpenAI chooses. A replacement archives the old
    project."""
    external_key_id: Field[str | None] = argument(default=None)
    """The external key (`extkey_…`) that encrypts the project's data. If omitted, it is not managed."""
    project_id: Field[str] = output(wire="id", identity=True)
    """The project's id (`proj_…`)."""
    status: Field[str] = output()
    """`active`; an archived project is treated as deleted."""
    created_at: Field[int] = output()
    """When it was created, in seconds since 1970 (UTC)."""
    archived_at: Field[int | None] = output()
    """When it was archived, in seconds since 1970 (UTC); `None` if it is not archived."""
