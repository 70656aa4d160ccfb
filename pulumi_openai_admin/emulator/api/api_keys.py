"""The API keys of a project: of its service accounts, and of people. A deleted key is revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator
from typing_extensions import Self

from pulumi_openai_admin.emulator.api import key_policy
from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.handlers.body import Body, Lifetime, Query
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.store.identifiers import digest, new_key, redacted
from pulumi_openai_admin.emulator.store.record import Record

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.operation import Request

Access = Literal["active", "inactive", "any"]
KeyState = Literal["live", "expired", "revoked"]

_DEFAULT_NAME = "Secret Key"


class KeyUpdate(Body):
    """UpdateProjectApiKeyBody: at least one, and no null."""

    scopes: list[str] = Field(default_factory=list)
    expires_in_seconds: Lifetime = 1

    @model_validator(mode="after")
    def _some_change(self) -> Self:
        self.need_one()
        return self


class KeyQuery(Query):
    """Without `any`, the keys of some owners are missing."""

    owner_project_access: Access | None = None


def key_state(key: Record, now: int) -> KeyState:
    """Say whether a key can be used."""
    if key.deleted_at is not None:
        return "revoked"
    return "expired" if key["expires_at"] is not None and key["expires_at"] <= now else "live"


class ApiKeys(Collection):
    """Keys, without their values."""

    name = "api_key"
    noun = "API key"
    path = "/organization/projects/{project_id}/api_keys"
    id_name = "api_key_id"
    parent = PROJECTS
    references = {"service_account_id": "service_account", "user_id": "user"}
    indexed = ("_digest",)
    object = "organization.project.api_key"
    verbs = ("list", "retrieve", "update", "delete")
    update_body = KeyUpdate
    list_query = KeyQuery
    event_types = {"create": "api_key.created", "update": "api_key.updated", "delete": "api_key.deleted"}
    event_fields = {"scopes": "scopes"}

    def new(
        self, request: Request, account: Record, name: str, scopes: list[str], lifetime: int | None
    ) -> tuple[Record, str]:
        """Keep a new key of a service account; give its value, which is stored nowhere."""
        value = new_key()
        content = {
            "name": name or _DEFAULT_NAME,
            "redacted_value": redacted(value),
            "_digest": digest(value),
            "created_at": request.now,
            "service_account_id": account.id,
            "user": None,
            "user_id": None,
            "scopes": scopes,
            "expires_at": None if lifetime is None else request.now + lifetime,
        }
        key = Record(self.name, request.organization.new_id("key_"), account.parent, content)
        request.organization.store.insert(key)
        self.log_event(request, "create", key)
        return key, value

    def changed(self, request: Request, record: Record, given: dict[str, Any]) -> dict[str, Any]:
        """Set scopes and lifetime: "expired keys cannot be updated"; a lifetime counts from this call."""
        if key_state(record, request.now) == "expired":
            raise Refused(400, f"The API key {record.id} has expired and cannot be updated.", code="api_key_expired")
        lifetime = given.get("expires_in_seconds")
        if lifetime is not None:
            key_policy.check_lifetime(request, lifetime)
        expires_at = record["expires_at"] if lifetime is None else request.now + lifetime
        return {**record.content, "scopes": given.get("scopes", record["scopes"]), "expires_at": expires_at}

    def check_delete(self, request: Request, record: Record) -> None:
        """Delete any key, "including keys owned by service accounts", where the switch does not say otherwise."""
        if record["service_account_id"] is not None and not request.organization.world.service_account_keys_deletable:
            message = "API keys that belong to a service account cannot be deleted. Delete the service account instead."
            raise Refused(400, message, code="service_account_key_not_deletable")

    def exists(self, request: Request, record: Record) -> bool:
        """Show an expired key where the switch says so."""
        return request.organization.world.list_expired_keys or key_state(record, request.now) == "live"

    def is_listed(self, request: Request, record: Record) -> bool:
        """List the keys of owners with the access that is asked for."""
        wanted = request.query.owner_project_access or "active"
        return self.exists(request, record) and (wanted == "any" or self._access(request, record) == wanted)

    def _access(self, request: Request, record: Record) -> str:
        """Say whether the key's owner is a member of the project: an account of role `none` is not."""
        owner = self._account(request, record)
        return "active" if owner is None or owner["role"] != "none" else "inactive"

    @staticmethod
    def _account(request: Request, record: Record) -> Record | None:
        account_id = record["service_account_id"]
        return account_id and request.organization.store.get("service_account", account_id, record.parent)

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema ProjectApiKey: no response shows a key's scopes."""
        return {
            "object": self.object,
            "redacted_value": record["redacted_value"],
            "name": record["name"],
            "created_at": record["created_at"],
            "last_used_at": None,
            "id": record.id,
            "owner_project_access": self._access(request, record),
            "owner": self._owner(request, record),
            "expires_at": record["expires_at"],
        }

    def _owner(self, request: Request, record: Record) -> dict[str, Any]:
        account = self._account(request, record)
        if account is None:
            return {"type": "user", "user": record["user"]}
        shown = {name: account[name] for name in ("name", "created_at", "role")}
        return {"type": "service_account", "service_account": {"id": account.id, **shown}}


API_KEYS = ApiKeys()
