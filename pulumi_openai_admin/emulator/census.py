"""What there is, in numbers and ids: for tests that count what a program made and what it left behind."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.organization import Organization
    from pulumi_openai_admin.emulator.records import ServiceAccount


def census(organization: Organization) -> dict[str, Any]:
    """Count everything that ever was, deleted accounts and revoked keys included; no key value is known here."""
    now = organization.world.now()
    accounts = [account for of_one in organization.accounts.values() for account in of_one.values()]
    keys = [key for of_one in organization.keys.values() for key in of_one.values()]
    states = Counter(key.state(now) for key in keys)
    return {
        "totals": {
            "projects": len(organization.projects),
            "service_accounts": sum(account.deleted_at is None for account in accounts),
            "service_accounts_ever": len(accounts),
            "api_keys": {state: states[state] for state in ("live", "expired", "revoked")},
        },
        "projects": {project_id: _project(organization, project_id) for project_id in organization.projects},
    }


def _project(organization: Organization, project_id: str) -> dict[str, Any]:
    project = organization.projects[project_id]
    accounts = organization.accounts.get(project_id, {})
    changed = [row for row in organization.changed_rows.values() if row.project_id == project_id]
    return {
        "name": project.name,
        "status": "active" if project.archived_at is None else "archived",
        "is_default": project.is_default,
        "service_accounts": {account.id: _account(organization, account) for account in accounts.values()},
        "user_keys": _keys(organization, project_id, None),
        "rate_limits": {
            "rows": len(organization.catalogue.rows(organization.world.rate_limit_rows)),
            "changed": {row.rate_limit_id: row.limits for row in changed},
        },
    }


def _account(organization: Organization, account: ServiceAccount) -> dict[str, Any]:
    return {
        "name": account.name,
        "role": account.role,
        "deleted": account.deleted_at is not None,
        "keys": _keys(organization, account.project_id, account.id),
    }


def _keys(organization: Organization, project_id: str, account_id: str | None) -> dict[str, str]:
    now = organization.world.now()
    keys = organization.keys.get(project_id, {}).values()
    return {key.id: key.state(now) for key in keys if key.service_account_id == account_id}
