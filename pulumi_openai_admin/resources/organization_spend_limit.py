"""The spend limit of the organization."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.kinds.spending import SpendLimit
from pulumi_openai_admin.program.fields import Field, argument, output
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.formats import CENTS


@final
class OrganizationSpendLimit(AdminResource):
    """The amount that all projects together may spend in a month. OpenAI rejects requests after the costs reach it.

    An organization may have no spend limit. Destroying the resource restores the limit from before the first change. If
    there was no limit, it deletes the limit. Only one resource can manage the limit of an organization.

    The resource ID is `organization`.

    Raises:
        ParentNotFoundError: The admin key does not show a project of the organization that has this limit, so the key
            may belong to another organization. The provider changes nothing.
        UpdateNotAppliedError: OpenAI accepted the limit but did not apply it.

    Also sends: GET /organization/costs.
    """

    handler = SpendLimit("/organization/spend_limit")

    threshold_amount: Field[int] = argument(minimum=1, unit=CENTS)
    """The limit in cents: 10000 is $100."""
    currency: Field[str] = output()
    """The currency of the limit: `USD`."""
    interval: Field[str] = output()
    """The period of the limit: `month`."""
    enforcement_status: Field[str] = output(wire="enforcement.status")
    """`enforcing` while OpenAI rejects requests of the organization, otherwise `inactive`."""
    baseline: Field[dict[str, int]] = output()
    """The limit (`"threshold_amount"`) from before the first change, which destroy restores. Empty if there was
    none."""
