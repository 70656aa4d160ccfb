"""Service accounts: a collection whose objects are created with an API key.

Source: POST /organization/projects/{project_id}/service_accounts (only its response shows the key), and POST
…/service_accounts/{id}/api_keys, which creates another key.
"""

from __future__ import annotations

import logging
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers.audit_events import KEY_EVENTS, AuditEvents
from pulumi_openai_admin.handlers.creation import in_run_seconds
from pulumi_openai_admin.handlers.handler import GrantedAccess, PendingAction, Traits
from pulumi_openai_admin.handlers.keys.api_keys import EXPIRY, ProjectKeys
from pulumi_openai_admin.handlers.keys.delivered_keys import explained_refusal
from pulumi_openai_admin.handlers.keys.rotation import DeadKey, KeyCreations
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.handlers.removals import Removal
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.http.call import Call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.creation import Creations
    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)

_KEYLESS = "create_service_account_only"
_CREATE_FIELDS = ("name", _KEYLESS, EXPIRY)
"""The properties in the POST that creates an account. The role is not one of them."""


@dataclass
class KeyCreation(MemoryPart):
    """When the key was created, in seconds since 1970 by OpenAI's clock, if it is not the first one."""

    key_made_at: int | None = None


@dataclass(frozen=True)
class ServiceAccounts(Collection):
    """The handler of service accounts.

    Args:
        keys: The path of the project's list of keys; one key is at `{keys}/{id}`.
    """

    audit_events: ClassVar[AuditEvents] = AuditEvents(
        ("service_account.created",), ("service_account.updated", "service_account.deleted", *KEY_EVENTS.types)
    )

    shown_once: ClassVar[tuple[str, ...]] = ("api_key",)
    grants: ClassVar[GrantedAccess | None] = GrantedAccess.PLACE
    traits: ClassVar[Traits] = replace(Collection.traits, not_shown=("api_key", _KEYLESS, EXPIRY))

    keys: str = field(kw_only=True)

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Create the account with its key; a second request sets its role."""
        body = {key: wanted.settings[key] for key in _CREATE_FIELDS if key in wanted.settings}
        with nullcontext() if body.get(_KEYLESS) else explained_refusal(body):
            self._make(client, remote, body)
        if _key(remote).get("value"):
            client.acquire(str(_key(remote).get("id")))
        elif not body.get(_KEYLESS):
            # The account was created with a key, which no response has shown.
            created_at = remote.attributes.get("created_at")
            start = int(created_at) if isinstance(created_at, int | float) else None
            self._lost(client, remote).add(f"create {self._name(remote)}", {}, start)
        self._set_differing(client, remote, wanted)

    def creations(self, client: Client, remote: Remote) -> list[Creations]:
        """See `Handler.creations`: accounts, and keys of this account."""
        return [*super().creations(client, remote), self._lost(client, remote)]

    def delete(self, client: Client, remote: Remote) -> None:
        """Delete the account, and with it all of its keys."""
        super().delete(client, remote)
        self._lost(client, remote).end()

    def removal(self, remote: Remote, now: float) -> Removal:
        """See `Handler.removal`: all keys of the account stop working."""
        return Removal("deleted, and all its keys are revoked")

    @override
    def change_note(self, remote: Remote, wanted: Wanted) -> str:
        ids = self.key_ids(remote) if wanted.settings.get(_KEYLESS) else []
        return f"API key {ids[0]} of {self._name(remote)} will be revoked, because of {_KEYLESS}=True." if ids else ""

    def key_ids(self, remote: Remote) -> list[str]:
        """The account's key; not the keys of other resources."""
        key_id = _key(remote).get("id")
        return [str(key_id)] if key_id else []

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The account without a key: OpenAI does not show the keys that it has, and they continue to work."""
        return {**super().declared(client, remote), _KEYLESS: True}

    def read(self, client: Client, remote: Remote) -> None:
        """Read the account, and check whether its key was revoked or has expired."""
        super().read(client, remote)
        self._lost(client, remote).warn_of_leftovers()
        key = _key(remote)
        if not key.get("id") or remote.memory[DeadKey].dead_key == key["id"]:
            return
        keys = self._keys(client, remote)
        why = keys.why_ended(key, _key_created_at(remote))
        if why:
            remote.memory[DeadKey].dead_key = key["id"]
            remote.pending_actions.append(PendingAction(f"{keys.name(key['id'])} {why}", "create another key"))

    def _set_differing(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Set name and role, then the key. Each step is recorded when it is done."""
        keyless = bool(wanted.settings.get(_KEYLESS))
        settings = {name: value for name, value in wanted.settings.items() if name not in (_KEYLESS, EXPIRY)}
        if not keyless and remote.attributes.get("role") == "none":
            settings.setdefault("role", "member")  # a key of an account without a role has no permissions
        super()._set_differing(client, remote, type(wanted)(wanted.selection, settings))
        before = self.key_ids(remote)
        self._set_key(client, remote, wanted.settings.get(EXPIRY), keyless=keyless)
        if not keyless and self.key_ids(remote) != before:
            self._lost(client, remote).note_leftovers(remote.get("name"))
        else:
            self._lost(client, remote).warn_of_leftovers()
        for name in (_KEYLESS, EXPIRY):
            remote.attributes[name] = wanted.settings.get(name)

    def _set_key(self, client: Client, remote: Remote, expires_in_seconds: int | None, *, keyless: bool) -> None:
        key = _key(remote)
        if keyless:
            if key.get("id"):
                self._end(client, remote, key["id"])
            remote.attributes["api_key"] = {}
        elif not key.get("value") or key.get("id") == remote.memory[DeadKey].dead_key:
            self._create_key(client, remote, expires_in_seconds)
        else:
            self._set_expiry(client, remote, expires_in_seconds)
        remote.memory.put(DeadKey())

    def _end(self, client: Client, remote: Remote, key_id: str) -> None:
        """Revoke the key in the state. If the response is lost, the key is recorded as dead and revoked again."""
        try:
            self._lost(client, remote).revoke(key_id, _key_created_at(remote))
        except errors.AdminError as error:
            if error.may_have_acted:
                remote.memory[DeadKey].dead_key = key_id
            raise

    def _create_key(self, client: Client, remote: Remote, expires_in_seconds: int | None) -> None:
        """Create another key. A key whose value was lost is revoked, in this run or in the next."""
        action = f"create an API key for {self._name(remote)}"
        # The name distinguishes this key from keys that other clients create for the account at the same time.
        name = remote.attributes.get("name")
        body = {key: value for key, value in (("name", name), (EXPIRY, expires_in_seconds)) if value is not None}
        path, lost = self.path_of(remote) + "/api_keys", self._lost(client, remote)
        call = Call("POST", path, action, body=body, idempotent=False)
        with client.exclusively(path, action):
            key = lost.mint(call)
        remote.attributes.update({"api_key": key, EXPIRY: expires_in_seconds})
        remote.memory.put(KeyCreation(key.get("created_at")))
        remote.step.has_changed = True
        self._lost(client, remote).resolve(in_run_seconds())

    def _set_expiry(self, client: Client, remote: Remote, seconds: int | None) -> None:
        """Set the expiry, counted from now, if the program has changed it."""
        if remote.has(EXPIRY, seconds):
            return
        key, keys = _key(remote), self._keys(client, remote)
        if seconds is None:
            logger.warning(
                "%s still expires at the same time: OpenAI can't remove an expiry. For a key without expiry, set "
                "create_service_account_only=True, %s, and then remove it again.",
                keys.name(key["id"]), remedies.RUN,
            )  # fmt: skip
            return
        with remote.tracking_uncertainty([EXPIRY]):
            reply = keys.change(key["id"], {EXPIRY: seconds})
        remote.attributes.update({"api_key": {**key, "expires_at": reply.get("expires_at")}, EXPIRY: seconds})
        remote.step.has_changed = True

    def _keys(self, client: Client, remote: Remote) -> ProjectKeys:
        return ProjectKeys(client, self.keys, remote.parents, remote.id, self._name(remote))

    def _lost(self, client: Client, remote: Remote) -> KeyCreations:
        return KeyCreations(client, remote, self._keys(client, remote).place(self.key_ids(remote)))


def _key_created_at(remote: Remote) -> object:
    return remote.memory[KeyCreation].key_made_at or remote.attributes.get("created_at")


def _key(remote: Remote) -> dict[str, Any]:
    key = remote.attributes.get("api_key")
    return key if isinstance(key, dict) else {}
