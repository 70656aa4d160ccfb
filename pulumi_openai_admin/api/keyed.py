"""A collection whose objects are born with an API key: service accounts.

Source: POST /organization/projects/{project_id}/service_accounts, whose reply alone shows
the key; POST …/service_accounts/{id}/api_keys, which makes another; POST and DELETE
/organization/projects/{project_id}/api_keys/{api_key_id}, which change and revoke one.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.api.collection import Collection
from pulumi_openai_admin.api.paths import fill
from pulumi_openai_admin.api.requestor import Call

if TYPE_CHECKING:
    from pulumi_openai_admin.api.client import Client
    from pulumi_openai_admin.api.remote import Remote, Wanted

logger = logging.getLogger("pulumi_openai_admin")

_KEYLESS = "create_service_account_only"
_EXPIRY = "expires_in_seconds"
_AT_BIRTH = ("name", _KEYLESS, _EXPIRY)
"""What POST takes when the account is made; a role is not among it."""


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
        self._settle(client, remote, wanted)

    def _settle(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Bring name and role, then the key, to what is wanted; each step is remembered when it is done."""
        keyless = bool(wanted.settings.get(_KEYLESS))
        settings = dict(wanted.settings)
        if not keyless and remote.document.get("role") == "none":
            settings.setdefault("role", "member")  # a key of an account without a role may do nothing
        super()._settle(client, remote, type(wanted)(wanted.selection, settings))
        if keyless:
            self._revoke(client, remote)
        elif not _key(remote).get("value"):
            self._mint(client, remote, wanted.settings.get(_EXPIRY))
        else:
            self._set_expiry(client, remote, wanted.settings.get(_EXPIRY))
        for name in (_KEYLESS, _EXPIRY):
            remote.document[name] = wanted.settings.get(name)

    def _mint(self, client: Client, remote: Remote, expires_in_seconds: int | None) -> None:
        purpose = f"make an API key for {self._name(remote)}"
        body = {} if expires_in_seconds is None else {_EXPIRY: expires_in_seconds}
        key = client.send(Call("POST", self._object_path(remote) + "/api_keys", purpose, body=body, repeatable=False))
        if not key.get("id") or not key.get("value"):
            what = f"Could not {purpose}: the reply holds no key"
            raise errors.BrokenReply(what, "Look for it in the project's list of keys and revoke it; run `pulumi up`.")
        remote.document["api_key"] = key
        remote.document[_EXPIRY] = expires_in_seconds
        remote.has_changed = True

    def _revoke(self, client: Client, remote: Remote) -> None:
        """DELETE the key; where OpenAI does not delete an account's key, let it expire in one second."""
        key_id = _key(remote).get("id")
        if key_id:
            path, name = self._key_path(remote, key_id), self._key_name(remote, key_id)
            try:
                client.send(Call("DELETE", path, f"revoke {name}"))
            except errors.NotFound:
                pass  # nobody can use it any more, which is what was wanted
            except errors.Refused:
                client.send(Call("POST", path, f"expire {name}", body={_EXPIRY: 1}))
            remote.has_changed = True
        remote.document["api_key"] = {}

    def _set_expiry(self, client: Client, remote: Remote, seconds: int | None) -> None:
        """Count the key's life from now where the program says another number of seconds than before."""
        key = _key(remote)
        if seconds == remote.document.get(_EXPIRY):
            return
        if seconds is None:
            logger.warning(
                "%s still expires as it was set: OpenAI can't take an expiry back. For a key without one, make the "
                "account keyless (create_service_account_only=True), run `pulumi up`, and undo that.",
                self._key_name(remote, key["id"]),
            )
            return
        purpose = f"set the expiry of {self._key_name(remote, key['id'])}"
        reply = client.send(Call("POST", self._key_path(remote, key["id"]), purpose, body={_EXPIRY: seconds}))
        remote.document["api_key"] = {**key, "expires_at": reply.get("expires_at")}
        remote.document[_EXPIRY] = seconds
        remote.has_changed = True

    def _key_path(self, remote: Remote, key_id: str) -> str:
        return fill(self.keys + "/{key_id}", **remote.parents, key_id=key_id)

    def _key_name(self, remote: Remote, key_id: str) -> str:
        return f"API key {key_id} of {self._name(remote)}"


def _key(remote: Remote) -> dict[str, Any]:
    key = remote.document.get("api_key")
    return key if isinstance(key, dict) else {}
