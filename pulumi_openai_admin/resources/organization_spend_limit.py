"""The spend limit of the organization."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.kinds.spending import SpendLimit
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.amounts import CENTS
from pulumi_openai_admin.schema.fields import Field, argument, output


@final
class OrganizationSpendLimit(AdminResource):
    """The amount that all projects together may spend in a month. OpenAI refuses requests that reach it.

    An organization may have no spend limit. Destroying the resource restores the limit that was found before the first
    change, or deletes the limit if there was none. Only one resource can manage the limit of an organization.

    Its id is `organization`.

    Raises:
        ParentNotFoundError: The key does not show a project of the organization whose limit this is: it may be another
            organization's. Nothing is changed.
        UpdateNotAppliedError: OpenAI accepted the limit, and answered with another one.

    Source: GET, POST and DELETE /organization/spend_limit (operations `Getorganizationspendlimit`,
    `Updateorganizationspendlimit`, `Deleteorganizationspendlimit`).
    """

    handler = SpendLimit("/organization/spend_limit")

    threshold_amount: Field[int] = argument(minimum=1, unit=CENTS)
    """The limit in cents: 10000 is $100. Changed in place."""
    currency: Field[str] = output()
    """The currency of the limit: `USD`."""
    interval: Field[str] = output()
    """The period of the limit: `month`."""
    enforcement_status: Field[str] = output(wire="enforcement.status")
    """`enforcing` while OpenAI refuses requests of the organization, else `inactive`."""
    baseline: Field[dict[str, int]] = output()
    """The limit (`"threshold_amount"`) that was found before the first change: what destroy restores. Empty if
    there was none."""
