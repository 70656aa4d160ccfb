"""The organization in a few numbers: how many there are of each kind, and what this month has cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator.api.costs import month_by_project
from pulumi_openai_admin.emulator.api.spend_limits import ORGANIZATION_SPEND_LIMIT, PROJECT_SPEND_LIMIT

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.organization import Organization


def overview(organization: Organization) -> dict[str, Any]:
    """Give the numbers; amounts are in dollars."""
    store = organization.store
    with store.lock:
        spent = month_by_project(organization)
        limit = store.get(ORGANIZATION_SPEND_LIMIT.name, "")
        limits = store.page([PROJECT_SPEND_LIMIT.name], limit=10_000, deleted=False)
        counts = store.counts()
    return {
        "counts": {kind: existing for kind, (existing, _ever) in counts.items()},
        "month": {
            "spent": float(sum(spent.values())),
            "limit": None if limit is None else limit["threshold_amount"] / 100,
            "spent_by_project": {project: float(amount) for project, amount in spent.items()},
            "limit_by_project": {one.parent: one["threshold_amount"] / 100 for one in limits},
        },
    }
