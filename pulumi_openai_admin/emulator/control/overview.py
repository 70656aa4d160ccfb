"""The organization in a few numbers: how many there are of each kind, and what this month has cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator.api.costs import month_by_project
from pulumi_openai_admin.emulator.api.spend_limits import ORGANIZATION_SPEND_LIMIT, PROJECT_SPEND_LIMIT

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.organization import Organization


def overview(organization: Organization) -> dict[str, Any]:
    """Give the numbers; amounts are in dollars.

    It runs in a thread, and each of its reads holds the store's lock for one page only. A call between
    two of them may be in one number and not yet in another.
    """
    store = organization.store
    spent = month_by_project(organization)
    limit = store.get(ORGANIZATION_SPEND_LIMIT.name, "")
    limits = store.all(PROJECT_SPEND_LIMIT.name)
    return {
        "counts": {kind: existing for kind, (existing, _ever) in store.counts().items()},
        "month": {
            "spent": float(sum(spent.values())),
            "limit": None if limit is None else limit["threshold_amount"] / 100,
            "spent_by_project": {project: float(amount) for project, amount in spent.items()},
            "limit_by_project": {
                record.parent: record["threshold_amount"] / 100 for record in limits if record.deleted_at is None
            },
        },
    }
