"""A collection whose objects are born with an API key: service accounts.

Source: POST /organization/projects/{project_id}/service_accounts, whose reply alone shows
the key, and POST …/service_accounts/{id}/api_keys, which makes another.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.api.call import Call
from pulumi_openai_admin.api.collection import Collection
from pulumi_openai_admin.api.keys import EXPIRY, ProjectKeys, owner
from pulumi_openai_admin.api.once import Making

if TYPE_CHECKING:
    from pulumi_openai_admin.api.client import Client
    from pulumi_openai_admin.api.remote import Remote, Wanted

logger = logging.getLogger("pulumi_openai_admin")

_KEYLESS = "create_service_account_only"
_AT_BIRTH = ("name", _KEYLESS, EXPIRY)
"""What POST takes when the account is made; a role is not among it."""

# What is remembered from one run to the next (`Remote.memory`):
_KEYS_BEFORE = "keys_before"
"""While a key may live that a lost reply showed and nobody has: the ids of the account's keys from before that."""
_DEAD_KEY = "dead_key"
"""The id of the key in the state, once it is known to be revoked or expired."""
_KEY_MADE_AT = "key_made_at"
"""When a later key than the first was made, by OpenAI's clock."""


@dataclass(frozen=True)
class KeyedCollection(Collection):
    """The shape.

    Args:
        keys: The project's list of keys; one key is at `{keys}/{id}`.
    """

    keys: str

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Make the account; its key comes with it, its role by a second call."""
        body = {key: wanted.settings[key] for key in _AT_BIRTH if key in wanted.settings}
        self._make(client, remote, body)
        if not body.get(_KEYLESS) and not _key(remote).get("value"):
            remote.memory[_KEYS_BEFORE] = []  # it was born with a key that only a lost reply showed
        self._settle(client, remote, wanted)

    def read(self, client: Client, remote: Remote) -> None:
        """Bring the account up to date, and notice a key that was revoked or has expired."""
        super().read(client, remote)
        key = _key(remote)
        if not key.get("id") or remote.memory.get(_DEAD_KEY) == key["id"]:
            return
        made_at = remote.memory.get(_KEY_MADE_AT) or remote.document.get("created_at")
        fate = self._keys(client, remote).fate(key, made_at)
        if fate:
            remote.memory[_DEAD_KEY] = key["id"]
            remote.unfinished.append(f"{self._key_name(remote, key['id'])} {fate}: another one will be made.")

    def _settle(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Bring name and role, then the key, to what is wanted; each step is remembered when it is done."""
        keyless = bool(wanted.settings.get(_KEYLESS))
        settings = dict(wanted.settings)
        if not keyless and remote.document.get("role") == "none":
            settings.setdefault("role", "member")  # a key of an account without a role may do nothing
        super()._settle(client, remote, type(wanted)(wanted.selection, settings))
        self._settle_key(client, remote, wanted.settings.get(EXPIRY), keyless=keyless)
        self._revoke_unknown(client, remote)
        for name in (_KEYLESS, EXPIRY):
            remote.document[name] = wanted.settings.get(name)

    def _settle_key(self, client: Client, remote: Remote, expires_in_seconds: int | None, *, keyless: bool) -> None:
        key = _key(remote)
        if keyless:
            if key.get("id"):
                self._end(client, remote, key["id"])
            remote.document["api_key"] = {}
        elif not key.get("value") or key.get("id") == remote.memory.get(_DEAD_KEY):
            self._mint(client, remote, expires_in_seconds)
        else:
            self._set_expiry(client, remote, expires_in_seconds)
        remote.memory.pop(_DEAD_KEY, None)

    def _end(self, client: Client, remote: Remote, key_id: str) -> None:
        """Revoke the key in the state; where the reply is lost, it counts as dead, and is revoked again in any case."""
        others = [one for one in self._keys(client, remote).of_account(remote.id) if one != key_id]
        try:
            self._revoke(client, remote, key_id)
        except errors.AdminError as error:
            if error.may_have_acted:
                remote.memory[_DEAD_KEY] = key_id
                remote.memory.setdefault(_KEYS_BEFORE, others)
                remote.has_changed = True
            raise

    def _mint(self, client: Client, remote: Remote, expires_in_seconds: int | None) -> None:
        """Make another key. One whose value was lost on the way is revoked, in this run or in the next."""
        purpose = f"make an API key for {self._name(remote)}"
        body = {} if expires_in_seconds is None else {EXPIRY: expires_in_seconds}
        path, keys = self._object_path(remote) + "/api_keys", self._keys(client, remote)
        call = Call("POST", path, purpose, body=body, repeatable=False)
        making = Making(client, call, keys.listing(), "API key", lambda row: owner(row) == remote.id)
        with client.turn(path):
            before = keys.of_account(remote.id)
            try:
                made = making.carry_out(discard=lambda key_id: self._discard(client, remote, before, key_id))
                if not made.reply.get("value"):
                    what = f"Could not {purpose}: the reply shows the key {made.reply['id']} without its value"
                    raise errors.BrokenReply(what, "Run `pulumi up` again: it revokes that key and makes another.")  # noqa: TRY301
            except (errors.Lost, errors.BrokenReply):
                remote.memory.setdefault(_KEYS_BEFORE, before)
                remote.has_changed = True
                raise
        remote.document.update({"api_key": made.reply, EXPIRY: expires_in_seconds})
        remote.memory[_KEY_MADE_AT] = made.reply.get("created_at")
        remote.has_changed = True
        if made.strays != ():
            remote.memory.setdefault(_KEYS_BEFORE, before)

    def _discard(self, client: Client, remote: Remote, before: list[str], key_id: str) -> None:
        """Revoke a key that only a lost reply showed; where that fails, the next run has to know of it."""
        was_known = _KEYS_BEFORE in remote.memory
        remote.memory.setdefault(_KEYS_BEFORE, before)
        remote.has_changed = True
        self._revoke(client, remote, key_id)
        if not was_known:
            del remote.memory[_KEYS_BEFORE]

    def _revoke_unknown(self, client: Client, remote: Remote) -> None:
        """Revoke keys whose value nobody has: left by lost tries, or born with an account whose reply was lost."""
        if _KEYS_BEFORE not in remote.memory:
            return
        known = {*remote.memory[_KEYS_BEFORE], _key(remote).get("id")}
        for key_id in self._keys(client, remote).look_for_others(remote.id, known):
            self._revoke(client, remote, key_id)
        del remote.memory[_KEYS_BEFORE]

    def _revoke(self, client: Client, remote: Remote, key_id: str) -> None:
        self._keys(client, remote).revoke(key_id, self._key_name(remote, key_id))
        remote.has_changed = True

    def _set_expiry(self, client: Client, remote: Remote, seconds: int | None) -> None:
        """Count the key's life from now where the program says another number of seconds than before."""
        key = _key(remote)
        name = self._key_name(remote, key["id"])
        if remote.has(EXPIRY, seconds):
            return
        if seconds is None:
            logger.warning(
                "%s still expires as it was set: OpenAI can't take an expiry back. For a key without one, make the "
                "account keyless (create_service_account_only=True), run `pulumi up`, and undo that.",
                name,
            )
            return
        with remote.doubting([EXPIRY]):
            reply = self._keys(client, remote).change(key["id"], name, {EXPIRY: seconds})
        remote.document.update({"api_key": {**key, "expires_at": reply.get("expires_at")}, EXPIRY: seconds})
        remote.has_changed = True

    def _keys(self, client: Client, remote: Remote) -> ProjectKeys:
        return ProjectKeys(client, self.keys, remote.parents)

    def _key_name(self, remote: Remote, key_id: str) -> str:
        return f"API key {key_id} of {self._name(remote)}"


def _key(remote: Remote) -> dict[str, Any]:
    key = remote.document.get("api_key")
    return key if isinstance(key, dict) else {}
