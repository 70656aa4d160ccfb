"""A collection whose objects are born with an API key: service accounts.

Source: POST /organization/projects/{project_id}/service_accounts, whose reply alone shows
the key, and POST …/service_accounts/{id}/api_keys, which makes another.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers.collection import Collection
from pulumi_openai_admin.handlers.creation import Creation, Window
from pulumi_openai_admin.handlers.project_api_keys import EXPIRY, ProjectKeys, owner
from pulumi_openai_admin.handlers.restoration import bounded
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)

_KEYLESS = "create_service_account_only"
_AT_BIRTH = ("name", _KEYLESS, EXPIRY)
"""What POST takes when the account is made; a role is not among it."""

# What is remembered from one run to the next (`Remote.private`):
_LOST_KEYS = "lost_keys"
"""While keys may live that nobody has: `ids` of those known to be ours, each with the time of its creation (0 where it
may be revoked already), and `windows` in which POSTs acted whose replies were lost (`start` and `end`, in seconds since
1970; `known`: the ids of keys from before; `name` of the key, where the POST gave it one)."""
_DEAD_KEY = "dead_key"
"""The id of the key in the state, once it is known to be revoked or expired."""
_KEY_MADE_AT = "key_made_at"
"""When a later key than the first was made, by OpenAI's clock."""


@dataclass(frozen=True)
class ServiceAccounts(Collection):
    """The shape.

    Args:
        keys: The project's list of keys; one key is at `{keys}/{id}`.
    """

    shown_once: ClassVar[tuple[str, ...]] = ("api_key",)
    not_shown: ClassVar[tuple[str, ...]] = ("api_key", _KEYLESS, EXPIRY)

    keys: str = ""

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Make the account; its key comes with it, its role by a second call."""
        body = {key: wanted.settings[key] for key in _AT_BIRTH if key in wanted.settings}
        made = self._make(client, remote, body)
        if not body.get(_KEYLESS) and not _key(remote).get("value"):
            _note_window(remote, made.window, ())  # it was created with a key that only a lost reply showed
        self._settle(client, remote, wanted)

    def read(self, client: Client, remote: Remote) -> None:
        """Bring the account up to date, and notice a key that was revoked or has expired."""
        super().read(client, remote)
        key = _key(remote)
        if not key.get("id") or remote.private.get(_DEAD_KEY) == key["id"]:
            return
        fate = self._keys(client, remote).fate(key, _key_created_at(remote), self._key_name(remote, key["id"]))
        if fate:
            remote.private[_DEAD_KEY] = key["id"]
            remote.pending.append(f"{self._key_name(remote, key['id'])} {fate}: another one will be made.")

    def _settle(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Bring name and role, then the key, to what is wanted; each step is remembered when it is done."""
        keyless = bool(wanted.settings.get(_KEYLESS))
        settings = dict(wanted.settings)
        if not keyless and remote.attributes.get("role") == "none":
            settings.setdefault("role", "member")  # a key of an account without a role may do nothing
        super()._settle(client, remote, type(wanted)(wanted.selection, settings))
        self._settle_key(client, remote, wanted.settings.get(EXPIRY), keyless=keyless)
        self._revoke_unknown(client, remote)
        for name in (_KEYLESS, EXPIRY):
            remote.attributes[name] = wanted.settings.get(name)

    def _settle_key(self, client: Client, remote: Remote, expires_in_seconds: int | None, *, keyless: bool) -> None:
        key = _key(remote)
        if keyless:
            if key.get("id"):
                self._end(client, remote, key["id"])
            remote.attributes["api_key"] = {}
        elif not key.get("value") or key.get("id") == remote.private.get(_DEAD_KEY):
            self._mint(client, remote, expires_in_seconds)
        else:
            self._set_expiry(client, remote, expires_in_seconds)
        remote.private.pop(_DEAD_KEY, None)

    def _end(self, client: Client, remote: Remote, key_id: str) -> None:
        """Revoke the key in the state; where the reply is lost, it counts as dead, and is revoked again in any case."""
        was_tried = key_id in remote.private.get(_LOST_KEYS, {}).get("ids", {})
        try:
            self._revoke(client, remote, key_id, 0 if was_tried else _key_created_at(remote))
        except errors.AdminError as error:
            if error.may_have_acted:
                remote.private[_DEAD_KEY] = key_id
            raise

    def _mint(self, client: Client, remote: Remote, expires_in_seconds: int | None) -> None:
        """Make another key. One whose value was lost on the way is revoked, in this run or in the next."""
        action = f"make an API key for {self._name(remote)}"
        # The name tells this key from those that others make for the account at the same time.
        name = remote.attributes.get("name")
        body = {key: value for key, value in (("name", name), (EXPIRY, expires_in_seconds)) if value is not None}
        path, keys = self._object_path(remote) + "/api_keys", self._keys(client, remote)
        call = Call("POST", path, action, body=body, idempotent=False)

        def is_ours(row: Mapping[str, Any]) -> bool:
            return owner(row) == remote.id and name in (None, row.get("name"))

        making = Creation(client, call, keys.listing(), "API key", is_ours)
        with client.exclusively(path, action):
            before = list(keys.of_account(remote.id))
            try:
                made = making.run(discard=lambda key_id, row: self._discard(client, remote, key_id, row))
                if not made.reply.get("value"):
                    _note_lost_key(remote, made.reply["id"], made.reply.get("created_at"))
                    what = f"Could not {action}: the reply shows the key {made.reply['id']} without its value"
                    advice = Advice(remedies.RUN_AGAIN, ": it revokes that key and makes another.")
                    raise errors.InvalidReplyError(what, advice)  # noqa: TRY301
            except (errors.ResponseLostError, errors.InvalidReplyError):
                _note_window(remote, making.window, before, name)
                remote.has_changed = True
                raise
        remote.attributes.update({"api_key": made.reply, EXPIRY: expires_in_seconds})
        remote.private[_KEY_MADE_AT] = made.reply.get("created_at")
        remote.has_changed = True
        if made.late_duplicates != ():
            _note_window(remote, making.window, before, name)

    def _discard(self, client: Client, remote: Remote, key_id: str, row: Mapping[str, Any]) -> None:
        """Revoke a key that only a lost reply showed; where that fails, the next run has to know of it."""
        remote.has_changed = True
        _note_lost_key(remote, key_id, row.get("created_at"))
        self._revoke(client, remote, key_id, row.get("created_at"))

    def _revoke_unknown(self, client: Client, remote: Remote) -> None:
        """Revoke keys whose value nobody has: left by lost tries, or created with an account whose reply was lost.

        Only those that were created while a request of ours was on its way: others mint keys for the account, too.
        """
        lost = remote.private.get(_LOST_KEYS)
        if lost is None:
            return
        for key_id, created_at in dict(lost.get("ids", {})).items():
            self._revoke(client, remote, key_id, created_at)
        windows = lost.get("windows", ())
        if windows:
            self._revoke_created_in(client, remote, windows)
        remote.private.pop(_LOST_KEYS, None)

    def _revoke_created_in(self, client: Client, remote: Remote, windows: list[dict[str, Any]]) -> None:
        known = set.intersection(*(set(window.get("known", ())) for window in windows)) | {str(_key(remote).get("id"))}
        others = self._keys(client, remote).look_for_others(remote.id, known)
        theirs = []
        for key_id, row in others.items():
            if client.is_owned(key_id):
                continue  # another resource of this run has just created it
            if any(_may_be_lost(key_id, row, window) for window in windows):
                self._revoke(client, remote, key_id, row.get("created_at"))
            else:
                theirs.append(key_id)
        if theirs:
            logger.warning(
                "%s has API keys that were not created by the request that failed; they are left as they are: %s.",
                self._name(remote), bounded(", ", sorted(theirs)),
            )  # fmt: skip

    def _revoke(self, client: Client, remote: Remote, key_id: str, created_at: object) -> None:
        """Revoke a key; one of which nobody knows whether it was is tried again by the next run."""
        try:
            self._keys(client, remote).revoke(key_id, self._key_name(remote, key_id), created_at)
        except errors.AdminError as error:
            if error.may_have_acted:
                _note_lost_key(remote, key_id, 0)
                remote.has_changed = True
            raise
        _forget_lost_key(remote, key_id)
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
                "account keyless (create_service_account_only=True), %s, and undo that.",
                name,
                remedies.RUN,
            )
            return
        with remote.doubting([EXPIRY]):
            reply = self._keys(client, remote).change(key["id"], name, {EXPIRY: seconds})
        remote.attributes.update({"api_key": {**key, "expires_at": reply.get("expires_at")}, EXPIRY: seconds})
        remote.has_changed = True

    def _keys(self, client: Client, remote: Remote) -> ProjectKeys:
        return ProjectKeys(client, self.keys, remote.parents)

    def _key_name(self, remote: Remote, key_id: str) -> str:
        return f"API key {key_id} of {self._name(remote)}"


def _note_lost_key(remote: Remote, key_id: str, created_at: object) -> None:
    """Remember a key that has to be revoked, since nobody has its value."""
    lost = remote.private.setdefault(_LOST_KEYS, {})
    lost["ids"] = {**lost.get("ids", {}), key_id: created_at or 0}


def _note_window(remote: Remote, window: Window | None, known: Iterable[str], name: object = None) -> None:
    """Remember when requests of ours may have created keys of which nobody has the value."""
    if window:
        lost = remote.private.setdefault(_LOST_KEYS, {})
        noted = {"start": window.start, "end": window.end, "known": sorted(known)}
        if name is not None:
            noted["name"] = name
        lost["windows"] = [*lost.get("windows", ()), noted]


def _may_be_lost(key_id: str, row: Mapping[str, Any], window: Mapping[str, Any]) -> bool:
    """Whether a request of ours may have created a key, of which nobody has the value."""
    fits = key_id not in window.get("known", ()) and window.get("name") in (None, row.get("name"))
    return fits and Window(window["start"], window["end"]).holds(row)


def _forget_lost_key(remote: Remote, key_id: str) -> None:
    """A key that had to be revoked is."""
    lost = remote.private.get(_LOST_KEYS, {})
    left = {id_: created_at for id_, created_at in lost.get("ids", {}).items() if id_ != key_id}
    kept = {"ids": left, "windows": lost.get("windows")}
    remote.private[_LOST_KEYS] = {name: value for name, value in kept.items() if value}
    if not remote.private[_LOST_KEYS]:
        del remote.private[_LOST_KEYS]


def _key_created_at(remote: Remote) -> object:
    return remote.private.get(_KEY_MADE_AT) or remote.attributes.get("created_at")


def _key(remote: Remote) -> dict[str, Any]:
    key = remote.attributes.get("api_key")
    return key if isinstance(key, dict) else {}
