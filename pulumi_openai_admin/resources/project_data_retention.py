"""How long data of a project is kept."""

from __future__ import annotations

from typing import Literal, final

from pulumi_openai_admin.handlers.shapes.setting import Setting
from pulumi_openai_admin.program.fields import Field, argument, output, path
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import RETENTION, Enumeration


@final
class ProjectDataRetention(AdminResource):
    """How OpenAI retains the data of a project.

    Every project has this setting. Destroying the resource restores the value from before the first change. Only one
    resource can manage the data retention of a project.

    The resource ID is `<project_id>`.

    Raises:
        ProjectArchivedError: The project is archived, and an archived project cannot be changed.
        BadRequestError: OpenAI does not allow the value for the organization.
        UpdateNotAppliedError: OpenAI accepted the value but did not apply it.
    """

    handler = Setting(
        "/organization/projects/{project_id}/data_retention",
        noun="data retention",
        sent_as={"retention_type": "retention_type"},
        defaults={"retention_type": "organization_default"},
    )

    project_id: Field[str] = path()
    """The project (`proj_…`)."""
    retention_type: Field[
        str,
        Literal[
            "organization_default",
            "none",
            "zero_data_retention",
            "modified_abuse_monitoring",
            "enhanced_zero_data_retention",
            "enhanced_modified_abuse_monitoring",
        ],
    ] = argument(
        wire="type",
        choices=Enumeration(
            "ProjectDataRetentionType",
            "How OpenAI retains the data of a project.",
            {
                "organization_default": "The data retention of the organization.",
                "none": "No data retention type, even if the organization has one.",
                **RETENTION,
            },
        ),
    )
    """The kind of retention. `"organization_default"` uses the organization's data retention."""
    baseline: Field[dict[str, str]] = output()
    """The `"retention_type"` from before the first change, which destroy restores."""
