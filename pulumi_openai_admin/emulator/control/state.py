"""What there is, in numbers and ids: for tests that count what a program created and what it left behind.

All of this runs in a thread, page by page: an organization of any size does not stop the calls of others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator.api.keys import API_KEYS, SERVICE_ACCOUNTS, key_state
from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.api.rate_limits import RATE_LIMITS
from pulumi_openai_admin.emulator.api.usage import ORGANIZATION_SPEND_LIMIT, PROJECT_SPEND_LIMIT, month_by_project

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_openai_admin.emulator.handlers.kind import Organization
    from pulumi_openai_admin.emulator.store.store import Record


def live(
    organization: Organization, kinds: Sequence[str], after: int, limit: int, parent: str | None = None
) -> dict[str, Any]:
    """Give what exists now: for each kind the objects by parent and id, and where the next page begins.

    `parent`: only what is directly below this object.
    """
    objects: dict[str, dict[str, Any]] = defaultdict(dict)
    wanted = kinds if parent is None else kinds or list(organization.kinds)
    records = organization.store.existing(wanted, parent, after=after, limit=limit)
    for record in records:
        if organization.kinds[record.kind].is_live(organization, record):
            key = "/".join(part for part in (record.parent, record.id) if part)
            objects[record.kind][key] = record.shown()
    return {"objects": objects, "next": records[-1].position if len(records) == limit else None}


def ever(organization: Organization, after: int, limit: int | None) -> dict[str, Any]:
    """Give each project with all that it ever had, deleted accounts and revoked keys included, and the totals."""
    now, store = organization.behavior.now(), organization.store
    shown = list(islice(store.all(PROJECTS.name, after=after), limit))
    counts, states = store.counts(), Counter(key_state(key, now) for key in store.all(API_KEYS.name))
    accounts, accounts_ever = counts.get(SERVICE_ACCOUNTS.name, (0, 0))
    return {
        "totals": {
            "projects": counts.get(PROJECTS.name, (0, 0))[0],
            "service_accounts": accounts,
            "service_accounts_ever": accounts_ever,
            "api_keys": {state: states[state] for state in ("live", "expired", "revoked")},
        },
        "projects": {project.id: _project(organization, project) for project in shown},
        "next": shown[-1].position if limit is not None and len(shown) == limit else None,
    }


def _project(organization: Organization, project: Record) -> dict[str, Any]:
    now, keys = organization.behavior.now(), defaultdict[str | None, dict[str, str]](dict)
    for key in organization.store.all(API_KEYS.name, project.id):
        keys[key["service_account_id"]][key.id] = key_state(key, now)
    rows = organization.rate_limits()
    accounts = organization.store.all(SERVICE_ACCOUNTS.name, project.id)
    return {
        "name": project["name"],
        "status": "active" if project["archived_at"] is None else "archived",
        "is_default": project["is_default"],
        "service_accounts": {
            account.id: {
                **{name: account[name] for name in ("name", "role")},
                "deleted": account.deleted_at is not None,
                "keys": keys[account.id],
            }
            for account in accounts
        },
        "user_keys": keys[None],
        "rate_limits": {
            "rows": len(rows),
            "changed": {row.id: row["limits"] for row in organization.store.all(RATE_LIMITS.name, project.id)},
        },
    }


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
