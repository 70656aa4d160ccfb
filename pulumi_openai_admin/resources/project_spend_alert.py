"""Spend alerts of a project."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.kinds.spending import SpendAlerts
from pulumi_openai_admin.program.fields import Field, WhenRemoved, argument, output, path
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import EMAIL
from pulumi_openai_admin.schema.formats import CENTS


@final
class ProjectSpendAlert(AdminResource):
    """Emails when the costs of a project in a month reach an amount. An alert does not stop requests.

    Destroying the resource deletes the alert.

    The resource ID is `<project_id>/<alert_id>`.

    Raises:
        ResponseLostError: A response was lost, and the provider cannot tell what was created. The message lists
            everything that may exist.
        ProjectArchivedError: The project is archived, and an archived project cannot be changed.
    """

    handler = SpendAlerts("/organization/projects/{project_id}/spend_alerts")

    project_id: Field[str] = path()
    """The project (`proj_…`)."""
    threshold_amount: Field[int] = argument(minimum=0, unit=CENTS)
    """The amount in cents: 10000 is $100."""
    recipients: Field[list[str]] = argument(
        wire="notification_channel.recipients", unordered=True, constraint=EMAIL, may_be_empty=True
    )
    """The email addresses that get the alert. Their order has no effect."""
    subject_prefix: Field[str | None] = argument(
        default=None, wire="notification_channel.subject_prefix", when_removed=WhenRemoved.CLEARED
    )
    """The text at the beginning of the emails' subjects."""
    alert_id: Field[str] = output(wire="id", identity=True)
    """The alert's id (`alert_…`)."""
    currency: Field[str] = output()
    """The currency of the amount: `USD`."""
    interval: Field[str] = output()
    """The period of the costs: `month`."""
