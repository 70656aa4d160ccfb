"""Keys: Admin API keys, with which the API is called, and those of projects: of service accounts and of people.

A deleted key is revoked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.handlers.bodies import Body, Lifetime, Name, SomeChange, body, changes, optional
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.kind import Request, action
from pulumi_openai_admin.emulator.handlers.paging import LastId
from pulumi_openai_admin.emulator.store.identifiers import digest, new_key, redacted
from pulumi_openai_admin.emulator.store.store import Record, RecordStore

READ, WRITE = "api.management.read", "api.management.write"
LAST_USED_AT = "_last_used_at"
"""Where the record of a key of any kind has its last use."""


def key_content(value: str, name: str, now: int, **more: Any) -> dict[str, Any]:
    """Give the content of a key of any kind, whose value is stored nowhere."""
    return {"name": name, "redacted_value": redacted(value), "_digest": digest(value), "created_at": now, **more}


def end_of(lifetime: int | None, now: int) -> int | None:
    """Give when a key expires."""
    return None if lifetime is None else now + lifetime


def note_use(store: RecordStore, key: Record, at: int) -> None:
    """Keep when a key was last used, to the second."""
    if at > (key.get(LAST_USED_AT) or 0):
        key.content[LAST_USED_AT] = at
        with store.transaction():
            store.update(key)


class AdminApiKeys(Collection):
    """Keys, without their values. They are credentials: the key in use can be deleted, and then calls no more."""

    name = "admin_api_key"
    noun = "Admin API key"
    path = "/organization/admin_api_keys"
    id_name = "key_id"
    id_prefix = "key_"
    references = {"owner_id": "user"}
    indexed = ("_digest", "_is_configured")
    object = "organization.admin_api_key"
    verbs = ("list", "create", "retrieve", "delete")
    create_body = body("AdminApiKeyCreate", name=Name, expires_in_seconds=optional(Lifetime))
    paging = LastId(has_order=True)
    event = "api_key"
    event_fields = {"_scopes": "scopes"}

    def create(self, request: Request) -> dict[str, Any]:
        """Create a key; only this response shows its value."""
        body, value = request.body, new_key("sk-admin-")
        expires_at = end_of(body.expires_in_seconds, request.now)
        content = admin_key(value, body.name, request.now, request.actor.user_id, expires_at=expires_at)
        record = Record(self.name, self.new_id(request), content=content)
        request.store.insert(record)
        self.log_event(request, "create", record)
        return {**self.show(request, record), "value": value}

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema AdminApiKey."""
        shown = {name: record[name] for name in ("name", "redacted_value", "created_at", "expires_at")}
        owner = request.store.get("user", record["owner_id"], deleted=True)
        about = {name: owner and owner[name] for name in ("name", "created_at")}
        user = {"type": "user", "object": "organization.user", "id": record["owner_id"], **about, "role": "owner"}
        used = {"last_used_at": record.get(LAST_USED_AT)}
        return {"object": self.object, "id": record.id, **shown, **used, "owner": user}


def admin_key(value: str, name: str, now: int, owner_id: str, **more: Any) -> dict[str, Any]:
    """Give the content of an Admin API key; a configured one is there for as long as the emulator runs."""
    usual = {"_scopes": [READ, WRITE], "_is_configured": False, "expires_at": None, "owner_id": owner_id}
    return key_content(value, name, now, **{**usual, **more})


ADMIN_API_KEYS = AdminApiKeys()


def check_creation(request: Request, lifetime: int | None) -> None:
    """Refuse a new key that a policy does not allow."""
    behavior = request.behavior
    if not behavior.allows_new_keys:
        message = "New API keys are disabled by your organization's settings."
        raise Refused(behavior.key_refusal_status, message, code=behavior.key_refusal_code)
    if lifetime is None and (behavior.key_lifetime_required or behavior.key_lifetime_max is not None):
        message = "Your organization's policy requires 'expires_in_seconds' for new API keys."
        raise Refused(400, message, code="api_key_expiration_required", param="expires_in_seconds")
    check_lifetime(request, lifetime)


def check_lifetime(request: Request, lifetime: int | None) -> None:
    """Refuse a lifetime that is longer than the policy allows."""
    longest = request.behavior.key_lifetime_max
    if lifetime is not None and longest is not None and lifetime > longest:
        message = f"'expires_in_seconds' cannot exceed your organization's maximum of {longest}."
        raise Refused(400, message, code="api_key_expiration_too_long", param="expires_in_seconds")


KeyState = Literal["live", "expired", "revoked"]

DEFAULT_NAME = "Secret Key"


def key_state(key: Record, now: int) -> KeyState:
    """Return whether a key can be used."""
    if key.deleted_at is not None:
        return "revoked"
    return "expired" if key["expires_at"] is not None and key["expires_at"] <= now else "live"


class ApiKeys(Collection):
    """Keys, without their values."""

    name = "api_key"
    noun = "API key"
    path = "/organization/projects/{project_id}/api_keys"
    parent = PROJECTS
    references = {"service_account_id": "service_account", "user_id": "user"}
    indexed = ("_digest",)
    object = "organization.project.api_key"
    verbs = ("list", "retrieve", "update", "delete")
    update_body = changes("UpdateProjectApiKeyBody", SomeChange, scopes=list[str], expires_in_seconds=Lifetime)
    list_query = {"owner_project_access": (Literal["active", "inactive", "any"] | None, None)}
    event = "api_key"
    event_fields = {"scopes": "scopes"}

    def changed(self, request: Request, record: Record, given: dict[str, Any]) -> dict[str, Any]:
        """Set scopes and lifetime: "expired keys cannot be updated"; a lifetime counts from this call."""
        if key_state(record, request.now) == "expired":
            raise Refused(400, f"The API key {record.id} has expired and cannot be updated.", code="api_key_expired")
        lifetime = given.get("expires_in_seconds")
        check_lifetime(request, lifetime)
        expires_at = end_of(lifetime, request.now) or record["expires_at"]
        return {**record.content, "scopes": given.get("scopes", record["scopes"]), "expires_at": expires_at}

    def check_delete(self, request: Request, record: Record) -> None:
        """Delete any key, "including keys owned by service accounts", where the switch does not say otherwise."""
        if record["service_account_id"] is not None and not request.behavior.service_account_keys_deletable:
            message = "API keys that belong to a service account cannot be deleted. Delete the service account instead."
            raise Refused(400, message, code="service_account_key_not_deletable")

    def exists(self, request: Request, record: Record) -> bool:
        """Show an expired key where the switch says so."""
        return request.behavior.list_expired_keys or key_state(record, request.now) == "live"

    def is_listed(self, request: Request, record: Record) -> bool:
        """List the keys of owners with the access that is asked for."""
        wanted = request.query.owner_project_access or "active"
        return self.exists(request, record) and (wanted == "any" or self._access(request, record) == wanted)

    def _access(self, request: Request, record: Record) -> str:
        """Return whether the owner has access: an account with a role, an owner, or who is in the project."""
        store, account, user_id = request.store, self._account(request, record), record["user_id"]
        if account is not None:
            return "inactive" if account["role"] == "none" else "active"
        user = store.get("user", user_id)
        has_access = user is not None and (
            user["role"] == "owner"
            or store.get("project_user", user_id, record.parent) is not None
            or any(
                store.get("project_group", group.parent, record.parent)
                for group in store.with_id("group_user", user_id)
            )
        )
        return "active" if has_access else "inactive"

    @staticmethod
    def _account(request: Request, record: Record) -> Record | None:
        account_id = record["service_account_id"]
        return account_id and request.store.get("service_account", account_id, record.parent)

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema ProjectApiKey: no response shows a key's scopes."""
        account, owner = self._account(request, record), {"type": "user", "user": record["user"]}
        if account is not None:
            about = {name: account[name] for name in ("name", "created_at", "role")}
            owner = {"type": "service_account", "service_account": {"id": account.id, **about}}
        return {
            "object": self.object,
            **{name: record[name] for name in ("redacted_value", "name", "created_at")},
            "last_used_at": record.get(LAST_USED_AT),
            "id": record.id,
            "owner_project_access": self._access(request, record),
            "owner": owner,
            "expires_at": record["expires_at"],
        }


API_KEYS = ApiKeys()


class ServiceAccountCreate(Body):
    """ProjectServiceAccountCreateRequest, with the SDK's `expires_in_seconds`."""

    name: Name
    create_service_account_only: bool | None = None
    expires_in_seconds: Lifetime | None = None

    @model_validator(mode="after")
    def _no_lifetime_without_a_key(self) -> Self:
        if self.create_service_account_only and self.expires_in_seconds is not None:
            raise ValueError("'expires_in_seconds' cannot be used when 'create_service_account_only' is true.")
        return self


_KEY = body(
    "CreateProjectServiceAccountApiKeyBody",
    name=(Name, ""),
    scopes=(list[str], Field(default_factory=list)),
    expires_in_seconds=optional(Lifetime),
)


class ServiceAccounts(Collection):
    """Accounts of programs. Their names are not unique."""

    name = "service_account"
    path = "/organization/projects/{project_id}/service_accounts"
    id_prefix = "svc_acct_"
    parent = PROJECTS
    object = "organization.project.service_account"
    create_body = ServiceAccountCreate
    update_body = changes("UpdateProjectServiceAccountBody", SomeChange, name=Name, role=Literal["member", "owner"])
    event = "service_account"
    event_fields = {"role": "role"}

    def create(self, request: Request) -> dict[str, Any]:
        """Create an account, and a key where the body does not exclude it: only this response shows the key's value."""
        project, body, behavior = self.require_parent(request), request.body, request.behavior
        if project and project["is_default"] and behavior.default_project_refuses_accounts:
            raise Refused(400, "Service accounts cannot be created in the default project.", code="default_project")
        if not body.create_service_account_only:
            check_creation(request, body.expires_in_seconds)
        account = self.make(request, self.new_id(request))
        request.organization.hide_for_a_while(account, behavior.account_lag_seconds, behavior.account_lag_reads)
        self.log_event(request, "create", account)
        key = None if body.create_service_account_only else self._make_key(request, account, body.expires_in_seconds)
        return {**self.show(request, account), "api_key": key}

    def content(self, request: Request) -> dict[str, Any]:
        role = "none" if request.body.create_service_account_only else "member"
        return {"name": request.body.name, "role": role, "created_at": request.now}

    @action("POST", "/{service_account_id}/api_keys", body=_KEY, creates=True)
    def create_key(self, request: Request) -> dict[str, Any]:
        """Create a further key; the account's role stays as it is. No scopes are all permissions."""
        account, body = self.require(request), request.body
        check_creation(request, body.expires_in_seconds)
        return self._make_key(request, account, body.expires_in_seconds, body.name, body.scopes)

    @staticmethod
    def _make_key(
        request: Request, account: Record, lifetime: int | None, name: str = "", scopes: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Keep a new key, and give schema ProjectServiceAccountApiKey: the only response with a value."""
        value, name, now = new_key(), name or DEFAULT_NAME, request.now
        owner = {"service_account_id": account.id, "user": None, "user_id": None}
        expires_at = end_of(lifetime, now)
        content = key_content(value, name, now, **owner, scopes=[*scopes], expires_at=expires_at)
        key = Record(API_KEYS.name, request.organization.new_id("key_"), account.parent, content)
        request.store.insert(key)
        API_KEYS.log_event(request, "create", key)
        shown = {"name": name, "created_at": now, "id": key.id, "expires_at": expires_at}
        return {"object": "organization.project.service_account.api_key", "value": value, **shown}


SERVICE_ACCOUNTS = ServiceAccounts()
