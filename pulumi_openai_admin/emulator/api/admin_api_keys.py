"""Admin API keys: what the API is called with."""

from __future__ import annotations

from typing import Any

from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.kind import Body, Lifetime, Name, Request
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


class AdminKeyCreate(Body):
    """The body of `admin-api-keys-create`."""

    name: Name
    expires_in_seconds: Lifetime | None = None


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
    create_body = AdminKeyCreate
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
        return {
            "object": self.object,
            "id": record.id,
            **shown,
            "last_used_at": record.get(LAST_USED_AT),
            "owner": {
                "type": "user",
                "object": "organization.user",
                "id": record["owner_id"],
                "name": owner and owner["name"],
                "created_at": owner and owner["created_at"],
                "role": "owner",
            },
        }


def admin_key(value: str, name: str, now: int, owner_id: str, **more: Any) -> dict[str, Any]:
    """Give the content of an Admin API key; a configured one is there for as long as the emulator runs."""
    usual = {"_scopes": [READ, WRITE], "_is_configured": False, "expires_at": None, "owner_id": owner_id}
    return key_content(value, name, now, **{**usual, **more})


def find_admin_key(store: RecordStore, value: str, now: int) -> Record | None:
    """Find the key with a value, if it can be used."""
    found = store.find(ADMIN_API_KEYS.name, "_digest", digest(value))
    usable = [key for key in found if key["expires_at"] is None or key["expires_at"] > now]
    return usable[0] if usable else None


ADMIN_API_KEYS = AdminApiKeys()
