"""Projects of the organization."""

from __future__ import annotations

from typing import Literal, final

from pulumi_openai_admin.dynamic.resource import AdminResource
from pulumi_openai_admin.handlers.projects import Projects
from pulumi_openai_admin.schema.fields import Field, Replaces, argument, output

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
"""Where OpenAI can keep the data of a project (schema `PublicProjectResidency`, and SDK 3.57)."""


@final
class Project(AdminResource):
    """A project: what limits, service accounts and keys belong to.

    OpenAI deletes no project: destroying the resource archives it, which can't be undone, ends its service accounts and
    their keys, and keeps it in the dashboard and in reports. An archived project counts as gone.

    Its id is `<project_id>`.

    Raises:
        BadRequestError: The default project can't be changed.
        ResponseLostError: It can't be told what a lost reply made; the message names all that may exist.

    Source: POST /organization/projects, GET and POST …/{project_id}, POST …/{project_id}/archive (operations
    `create-project`, `retrieve-project`, `modify-project`, `archive-project`).
    """

    handler = Projects(
        "/organization/projects",
        noun="project",
        settable=("name", "external_key_id"),
        recognized_by=("name",),
        identity="id",
    )

    name: Field[str] = argument()
    """What the dashboard and reports call it. Names need not be unique. Changed in place."""
    residency: Field[str, Residency | None] = argument(default=None, replaces=Replaces.WHEN_CHANGED)
    """Where its data stay: one of the names that OpenAI knows. Left out, OpenAI chooses. Another one replaces the
    project: the new one is made, then the old one archived."""
    external_key_id: Field[str, str | None] = argument(default=None)
    """The external key (`extkey_…`) that encrypts its data. Changed in place; left out, it is not managed."""
    project_id: Field[str] = output(wire="id", identity=True)
    """The project's id (`proj_…`)."""
    status: Field[str] = output()
    """`active`; an archived project is gone."""
    created_at: Field[int] = output()
    """When it was made, in seconds since 1970 (UTC)."""
    archived_at: Field[int | None] = output()
    """When it was archived, in seconds since 1970 (UTC); `None`."""
