"""Spend alerts of the organization."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.kinds.spending import SpendAlerts
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.amounts import CENTS
from pulumi_openai_admin.schema.constraints import EMAIL
from pulumi_openai_admin.schema.fields import Field, WhenRemoved, argument, output


@final
class OrganizationSpendAlert(AdminResource):
    """Emails when the costs of all projects together in a month reach an amount. An alert stops no request.

    Destroying the resource deletes the alert.

    Its id is `<alert_id>`.

    Raises:
        ResponseLostError: It is not known what a lost reply created; the message names all that may exist.
        ParentNotFoundError: The key may be another organization's: it does not show the project of the organization
            that the state records. The alert stays in the state.

    Source: POST /organization/spend_alerts and GET, POST, DELETE …/{alert_id} (operations
    `create-organization-spend-alert`, `retrieve-organization-spend-alert`, `update-organization-spend-alert`,
    `delete-organization-spend-alert`).
    """

    handler = SpendAlerts("/organization/spend_alerts")

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
