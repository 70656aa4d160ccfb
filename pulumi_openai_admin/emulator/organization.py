"""The organization: projects, their service accounts and keys, and what they changed of their rate limits.

Each public method is one operation of the API. It checks first, changes memory and storage together last, and never
awaits: calls served at the same time cannot see each other's halves.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from pulumi_openai_admin.emulator.catalogue import FIELDS, Catalogue, Row
from pulumi_openai_admin.emulator.errors import Refused, not_found
from pulumi_openai_admin.emulator.records import (
    ApiKey,
    ChangedRow,
    Project,
    Record,
    ServiceAccount,
    digest,
    new_id,
    new_value,
    redacted,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_openai_admin.emulator.storage import Storage
    from pulumi_openai_admin.emulator.world import World

Access = Literal["active", "inactive", "any"]

_DEFAULT_KEY_NAME = "Secret Key"


@dataclass
class _Lag:
    """How long a new account is not seen yet."""

    until: float
    reads: int


class Organization:
    """All that there is, and the rules that hold for it."""

    def __init__(self, world: World, storage: Storage) -> None:
        """Take up what the storage holds."""
        self.world = world
        self.storage = storage
        self.catalogue = Catalogue()
        self._forget()
        for record in storage.load():
            self._put(record)

    # --- what is kept ---

    def _forget(self) -> None:
        self.projects: dict[str, Project] = {}
        self.accounts: dict[str, dict[str, ServiceAccount]] = {}
        self.keys: dict[str, dict[str, ApiKey]] = {}
        self.changed_rows: dict[str, ChangedRow] = {}
        self._lags: dict[str, _Lag] = {}

    def clear(self) -> None:
        """Forget everything."""
        self.storage.clear()
        self._forget()

    def add(self, *records: Record) -> None:
        """Keep records, new or changed, in memory and in storage."""
        self.storage.save(*records)
        for record in records:
            self._put(record)

    def _put(self, record: Record) -> None:
        if isinstance(record, Project):
            self.projects[record.id] = record
        elif isinstance(record, ServiceAccount):
            self.accounts.setdefault(record.project_id, {})[record.id] = record
        elif isinstance(record, ApiKey):
            self.keys.setdefault(record.project_id, {})[record.id] = record
        else:
            self.changed_rows[record.id] = record

    # --- projects ---

    def list_projects(self, *, include_archived: bool) -> list[Project]:
        """`GET /organization/projects`."""
        return [project for project in self.projects.values() if include_archived or project.archived_at is None]

    def create_project(self, name: str, external_key_id: str | None, residency: str | None) -> Project:
        """`POST /organization/projects`."""
        project = Project(
            id=new_id("proj_"),
            name=name,
            created_at=self.world.now(),
            external_key_id=external_key_id,
            residency=residency,
        )
        self.add(project)
        return project

    def project(self, project_id: str, *, of_rate_limits: bool = False) -> Project:
        """Find a project, archived or not."""
        if project_id in self.projects:
            return self.projects[project_id]
        bare = self.world.bare_not_found
        is_bare = bare == "everywhere" or (bare == "rate_limits" and of_rate_limits)
        raise not_found("project", project_id, "bare" if is_bare else "usual")

    def update_project(self, project_id: str, changes: Mapping[str, str | None]) -> Project:
        """`POST /organization/projects/{project_id}`: "Archived projects cannot be used or updated"."""
        project = self.project(project_id)
        self._refuse_archived(project)
        if project.is_default:
            raise Refused(400, "The default project cannot be updated.", code="default_project_not_updatable")
        name = changes.get("name") or project.name
        external_key_id = changes.get("external_key_id", project.external_key_id)
        updated = replace(project, name=name, external_key_id=external_key_id)
        self.add(updated)
        return updated

    def archive_project(self, project_id: str) -> Project:
        """`POST /organization/projects/{project_id}/archive`: "archived projects have no service accounts"."""
        project = self.project(project_id)
        self._refuse_archived(project)
        if project.is_default:
            raise Refused(400, "The default project cannot be archived.", code="default_project_not_archivable")
        now = self.world.now()
        archived = replace(project, archived_at=now)
        accounts = [replace(account, deleted_at=now) for account in self._accounts(project_id)]
        keys = [replace(key, revoked_at=now) for key in self._keys(project_id)]
        self.add(archived, *accounts, *keys)
        return archived

    @staticmethod
    def _refuse_archived(project: Project, status: int = 400) -> None:
        if project.archived_at is not None:
            raise Refused(status, f"The project {project.id} is archived.", code="project_archived")

    def _usable(self, project_id: str, *, of_rate_limits: bool = False, read_one: bool = False) -> Project:
        project = self.project(project_id, of_rate_limits=of_rate_limits)
        self._refuse_archived(project, self.world.archived_read_status if read_one else 400)
        return project

    # --- rate limits ---

    def rate_limits(self, project_id: str) -> list[tuple[Row, Mapping[str, int]]]:
        """`GET …/rate_limits`: every row and its limits."""
        self._usable(project_id, of_rate_limits=True)
        rows = self.catalogue.rows(self.world.rate_limit_rows)
        return [(row, self._limits(project_id, row)) for row in rows.values()]

    def _limits(self, project_id: str, row: Row) -> Mapping[str, int]:
        changed = self.changed_rows.get(ChangedRow.key(project_id, row.id))
        return row.limits if changed is None else {**row.limits, **changed.limits}

    def update_rate_limit(
        self, project_id: str, rate_limit_id: str, limits: Mapping[str, int]
    ) -> tuple[Row, Mapping[str, int]]:
        """`POST …/rate_limits/{rate_limit_id}`: what the body omits is kept, and 0 is a value."""
        self._usable(project_id, of_rate_limits=True)
        row = self.catalogue.rows(self.world.rate_limit_rows).get(rate_limit_id)
        if row is None:
            raise not_found("rate limit", rate_limit_id)
        self._refuse_row(row)
        self._refuse_fields(row, limits)
        kept: Mapping[str, int] = {}
        key = ChangedRow.key(project_id, row.id)
        if self.world.keep_omitted_fields and key in self.changed_rows:
            kept = self.changed_rows[key].limits
        written = {**kept, **{name: limit for name, limit in limits.items() if row.takes(name)}}
        if not self.world.loses_write_to(row.id):
            self.add(ChangedRow(key, project_id, row.id, written))
        return row, {**row.limits, **written}

    def _refuse_row(self, row: Row) -> None:
        status = self.world.refusal_status
        if row.refusal == "not_enabled":
            message = f"The rate limit for model {row.model} is not set for your organization"
            raise Refused(status, message, code="rate_limit_does_not_exist_for_org_and_model")
        if row.refusal == "not_updatable" and self.world.refuse_special_rows:
            raise Refused(status, f"The rate limit {row.id} cannot be updated", code="rate_limit_not_updatable")

    def _refuse_fields(self, row: Row, limits: Mapping[str, int]) -> None:
        """Refuse the first field at fault: one a reply, in the specification's order."""
        status = self.world.refusal_status
        for name in (name for name in FIELDS if name in limits):
            if not row.takes(name) and self.world.refuse_inapplicable_fields:
                message = f"The rate limit type {name} is not valid for model {row.model}"
                raise Refused(status, message, code="invalid_rate_limit_type", param=name)
            ceiling = row.ceilings.get(name)
            if ceiling is not None and limits[name] > ceiling:
                message = f"The {name} for {row.id} cannot exceed the organization rate limit of {float(ceiling)}"
                raise Refused(status, message, code="organization_rate_limit_exceeded")

    # --- service accounts ---

    def _accounts(self, project_id: str) -> Iterable[ServiceAccount]:
        return [account for account in self.accounts.get(project_id, {}).values() if account.deleted_at is None]

    def list_accounts(self, project_id: str) -> list[ServiceAccount]:
        """`GET …/service_accounts`."""
        self._usable(project_id)
        return [account for account in self._accounts(project_id) if self._is_seen(account)]

    def account(self, project_id: str, account_id: str) -> ServiceAccount:
        """`GET …/service_accounts/{service_account_id}`."""
        self._usable(project_id, read_one=True)
        account = self._account(project_id, account_id)
        if not self._is_seen(account):
            raise not_found("service account", account_id)
        return account

    def _account(self, project_id: str, account_id: str) -> ServiceAccount:
        account = self.accounts.get(project_id, {}).get(account_id)
        if account is None or account.deleted_at is not None:
            raise not_found("service account", account_id)
        return account

    def _is_seen(self, account: ServiceAccount) -> bool:
        """Say whether a new account shows yet, and count the read [1]."""
        lag = self._lags.get(account.id)
        if lag is None:
            return True
        if lag.reads > 0:
            lag.reads -= 1
            return False
        if time.monotonic() < lag.until:
            return False
        del self._lags[account.id]
        return True

    def create_account(
        self, project_id: str, name: str, *, with_key: bool, lifetime: int | None
    ) -> tuple[ServiceAccount, tuple[ApiKey, str] | None]:
        """`POST …/service_accounts`: names are not unique; the key's value is given here and kept nowhere."""
        project = self._usable(project_id)
        if project.is_default and self.world.default_project_refuses_accounts:
            raise Refused(400, "Service accounts cannot be created in the default project.", code="default_project")
        if with_key:
            self._check_lifetime(lifetime)
        role = "member" if with_key else "none"
        account = ServiceAccount(new_id("svc_acct_"), project_id, name, role, self.world.now())
        minted = self._mint(account, None, [], lifetime) if with_key else None
        self.add(account, *(minted[:1] if minted else ()))
        self._hide_for_a_while(account)
        return account, minted

    def _hide_for_a_while(self, account: ServiceAccount) -> None:
        seconds, reads = self.world.account_lag_seconds, self.world.account_lag_reads
        if seconds or reads:
            self._lags[account.id] = _Lag(time.monotonic() + seconds, reads)

    def update_account(self, project_id: str, account_id: str, *, name: str | None, role: str | None) -> ServiceAccount:
        """`POST …/service_accounts/{service_account_id}`: a rename keeps the account and its keys."""
        self._usable(project_id)
        account = self._account(project_id, account_id)
        renamed = replace(account, name=name or account.name, role=role or account.role)
        self.add(renamed)
        return renamed

    def delete_account(self, project_id: str, account_id: str) -> ServiceAccount:
        """`DELETE …/service_accounts/{service_account_id}`: its keys end with it."""
        self._usable(project_id)
        now = self.world.now()
        account = replace(self._account(project_id, account_id), deleted_at=now)
        keys = [key for key in self._keys(project_id) if key.service_account_id == account_id]
        self.add(account, *(replace(key, revoked_at=now) for key in keys))
        return account

    # --- keys ---

    def create_key(
        self, project_id: str, account_id: str, name: str | None, scopes: list[str], lifetime: int | None
    ) -> tuple[ApiKey, str]:
        """`POST …/service_accounts/{service_account_id}/api_keys`: the account's role stays as it is."""
        self._usable(project_id)
        account = self._account(project_id, account_id)
        self._check_lifetime(lifetime)
        key, value = self._mint(account, name, scopes, lifetime)
        self.add(key)
        return key, value

    def _mint(
        self, account: ServiceAccount, name: str | None, scopes: list[str], lifetime: int | None
    ) -> tuple[ApiKey, str]:
        value, now = new_value(), self.world.now()
        key = ApiKey(
            id=new_id("key_"),
            project_id=account.project_id,
            name=name or _DEFAULT_KEY_NAME,
            redacted_value=redacted(value),
            digest=digest(value),
            created_at=now,
            service_account_id=account.id,
            scopes=scopes,
            expires_at=None if lifetime is None else now + lifetime,
        )
        return key, value

    def _check_lifetime(self, lifetime: int | None) -> None:
        """Hold a key's life against the organization's policy."""
        longest = self.world.key_lifetime_max
        if lifetime is None and (self.world.key_lifetime_required or longest is not None):
            message = "Your organization's policy requires 'expires_in_seconds' for new API keys."
            raise Refused(400, message, code="api_key_expiration_required", param="expires_in_seconds")
        if lifetime is not None and longest is not None and lifetime > longest:
            message = f"'expires_in_seconds' cannot exceed your organization's maximum of {longest}."
            raise Refused(400, message, code="api_key_expiration_too_long", param="expires_in_seconds")

    def _keys(self, project_id: str) -> Iterable[ApiKey]:
        return [key for key in self.keys.get(project_id, {}).values() if key.revoked_at is None]

    def list_keys(self, project_id: str, access: Access | None) -> list[ApiKey]:
        """`GET …/api_keys`: without `owner_project_access=any`, some enabled keys are missing."""
        self._usable(project_id)
        shown = [key for key in self._keys(project_id) if self._is_shown(key)]
        return [key for key in shown if access == "any" or self.owner_access(key) == (access or "active")]

    def _is_shown(self, key: ApiKey) -> bool:
        return self.world.list_expired_keys or key.state(self.world.now()) == "live"

    def owner_access(self, key: ApiKey) -> Literal["active", "inactive"]:
        """Say whether the key's owner is a member of the project: an account of role `none` is not."""
        owner = self.owner(key)
        return "active" if owner is None or owner.role != "none" else "inactive"

    def owner(self, key: ApiKey) -> ServiceAccount | None:
        """Give the service account a key belongs to; None for a user's key."""
        if key.service_account_id is None:
            return None
        return self.accounts[key.project_id][key.service_account_id]

    def key(self, project_id: str, key_id: str) -> ApiKey:
        """`GET …/api_keys/{api_key_id}`."""
        self._usable(project_id, read_one=True)
        return self._key(project_id, key_id)

    def _key(self, project_id: str, key_id: str) -> ApiKey:
        key = self.keys.get(project_id, {}).get(key_id)
        if key is None or key.revoked_at is not None or not self._is_shown(key):
            raise not_found("API key", key_id)
        return key

    def update_key(self, project_id: str, key_id: str, *, scopes: list[str] | None, lifetime: int | None) -> ApiKey:
        """`POST …/api_keys/{api_key_id}`: "expired keys cannot be updated"; the life counts from this call."""
        self._usable(project_id)
        key, now = self._key(project_id, key_id), self.world.now()
        if key.state(now) == "expired":
            raise Refused(400, f"The API key {key_id} has expired and cannot be updated.", code="api_key_expired")
        if lifetime is not None:
            self._check_lifetime(lifetime)
        expires_at = key.expires_at if lifetime is None else now + lifetime
        updated = replace(key, scopes=key.scopes if scopes is None else scopes, expires_at=expires_at)
        self.add(updated)
        return updated

    def delete_key(self, project_id: str, key_id: str) -> ApiKey:
        """`DELETE …/api_keys/{api_key_id}`, "including keys owned by service accounts"."""
        self._usable(project_id)
        key = self._key(project_id, key_id)
        if key.service_account_id is not None and not self.world.service_account_keys_deletable:
            message = "API keys that belong to a service account cannot be deleted. Delete the service account instead."
            raise Refused(400, message, code="service_account_key_not_deletable")
        revoked = replace(key, revoked_at=self.world.now())
        self.add(revoked)
        return revoked
