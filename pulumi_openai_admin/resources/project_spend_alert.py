"""Spend alerts of a project."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.kinds.spending import SpendAlerts
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.amounts import CENTS
from pulumi_openai_admin.schema.constraints import EMAIL
from pulumi_openai_admin.schema.fields import Field, WhenRemoved, argument, output, path


@final
class ProjectSpendAlert(AdminResource):
    """Emails when the costs of a project in a month reach an amount. An alert stops no request.

    Destroying the resource deletes the alert.

    Its id is `<project_id>/<alert_id>`.

    Raises:
        ResponseLostError: It is not known what a lost reply created; the message names all that may exist.
        ProjectArchivedError: Nothing can be changed in an archived project.

    Source: POST /organization/projects/{project_id}/spend_alerts and GET, POST, DELETE …/{alert_id} (operations
    `create-project-spend-alert`, `retrieve-project-spend-alert`, `update-project-spend-alert`,
    `delete-project-spend-alert`).
    """

    handler = SpendAlerts("/organization/projects/{project_id}/spend_alerts")

    project_id: Field[str] = path()
    """The project (`proj_…`). A change replaces the alert."""
    threshold_amount: Field[int] = argument(minimum=0, unit=CENTS)
    """The amount in cents: 10000 is $100. Changed in place."""
    recipients: Field[list[str]] = argument(wire="notification_channel.recipients", unordered=True, constraint=EMAIL)
    """The email addresses that get the alert. Their order means nothing. Changed in place."""
    subject_prefix: Field[str | None] = argument(
        default=None, wire="notification_channel.subject_prefix", when_removed=WhenRemoved.CLEARED
    )
    """What the subjects of the emails begin with. Changed in place."""
    alert_id: Field[str] = output(wire="id", identity=True)
    """The alert's id (`alert_…`)."""
    currency: Field[str] = output()
    """The currency of the amount: `USD`."""
    interval: Field[str] = output()
    """The period of the costs: `month`."""
