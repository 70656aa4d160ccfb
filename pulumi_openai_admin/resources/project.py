"""Projects of the organization."""

from __future__ import annotations

from typing import Literal, final

from pulumi_openai_admin.handlers.kinds.projects import Projects
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.fields import Field, argument, output

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


@final
class Project(AdminResource):
    """A project, which contains rate limits, service accounts and keys.

    OpenAI has no operation to delete a project: destroying the resource archives it. This can't be undone, and ends its
    service accounts and their keys. The project stays in the dashboard and in reports. The provider treats an archived
    project as deleted.

    Its id is `<project_id>`.

    Raises:
        BadRequestError: The default project can't be changed.
        ResponseLostError: A reply was lost, and the result is unknown; the message names what may exist.

    Source: POST /organization/projects, GET and POST …/{project_id}, POST …/{project_id}/archive (operations
    `create-project`, `retrieve-project`, `modify-project`, `archive-project`).
    """

    handler = Projects(
        "/organization/projects",
        noun="project",
        recognized_by=("name",),
    )

    name: Field[str, str | None] = argument(default=None, auto_named=True)
    """The project's name. Names need not be unique. Changed in place."""
    residency: Field[str | None, Residency | None] = argument(default=None, replaces=True)
    """Where OpenAI stores the project's data. If it is left out, OpenAI chooses. Another value replaces the
    project: the new project is created, then the old one is archived."""
    external_key_id: Field[str | None] = argument(default=None)
    """The external key (`extkey_…`) that encrypts its data. Changed in place. If it is left out, it is not managed."""
    project_id: Field[str] = output(wire="id", identity=True)
    """The project's id (`proj_…`)."""
    status: Field[str] = output()
    """`active`; an archived project is treated as deleted."""
    created_at: Field[int] = output()
    """When it was created, in seconds since 1970 (UTC)."""
    archived_at: Field[int | None] = output()
    """When it was archived, in seconds since 1970 (UTC); `None` if it is not archived."""
