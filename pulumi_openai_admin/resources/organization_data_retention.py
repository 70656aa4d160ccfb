"""How long data of the organization is kept."""

from __future__ import annotations

from typing import Literal, final

from pulumi_openai_admin.handlers.shapes.setting import Setting
from pulumi_openai_admin.program.fields import Field, argument, output
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import RETENTION, Enumeration


@final
class OrganizationDataRetention(AdminResource):
    """How OpenAI retains the data of projects that have no separate data retention.

    Every organization has this setting. Destroying the resource restores the value from before the first change. Only
    one resource can manage the data retention of an organization.

    The resource ID is `organization`.

    Raises:
        ParentNotFoundError: The admin key does not show a project of the organization that has this setting, so the key
            may belong to another organization. The provider changes nothing.
        BadRequestError: OpenAI does not allow the value for the organization.
        UpdateNotAppliedError: OpenAI accepted the value but did not apply it.
    """

    handler = Setting(
        "/organization/data_retention", noun="data retention", sent_as={"retention_type": "retention_type"}
    )

    retention_type: Field[
        str,
        Literal[
            "zero_data_retention",
            "modified_abuse_monitoring",
            "enhanced_zero_data_retention",
            "enhanced_modified_abuse_monitoring",
        ],
    ] = argument(
        wire="type",
        choices=Enumeration(
            "OrganizationDataRetentionType", "How OpenAI retains the data of an organization.", RETENTION
        ),
    )
    """The kind of retention."""
    baseline: Field[dict[str, str]] = output()
    """The `"retention_type"` from before the first change, which destroy restores."""
