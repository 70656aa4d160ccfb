"""Service accounts: a collection whose objects are created with an API key.

Source: POST /organization/projects/{project_id}/service_accounts (only its reply shows the key), and POST
…/service_accounts/{id}/api_keys, which creates another key.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers.collection import Collection
from pulumi_openai_admin.handlers.creation import Creation, Window
from pulumi_openai_admin.handlers.handler import Due
from pulumi_openai_admin.handlers.project_api_keys import EXPIRY, ProjectKeys, owner
from pulumi_openai_admin.handlers.restoration import bounded
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)

_KEYLESS = "create_service_account_only"
_AT_BIRTH = ("name", _KEYLESS, EXPIRY)
"""The properties in the POST that creates an account. The role is not one of them."""

# The private state, which is kept between runs (`Remote.private`):
_LOST_KEYS = "lost_keys"
"""Valid keys whose values were lost: `ids` of the keys that this resource created, each with the time of its creation
(0 if it may be revoked already), and `windows` of POSTs with lost replies (`start` and `end`, in seconds since 1970;
`known`: the ids of earlier keys; `name` of the key, if the POST sets one)."""
_DEAD_KEY = "dead_key"
"""The id of the key in the state, once it is known to be revoked or expired."""
_KEY_MADE_AT = "key_made_at"
"""When the key was created, by OpenAI's clock, if it is not the first one."""


@dataclass(frozen=True)
class ServiceAccounts(Collection):
    """The handler of service accounts.

    Args:
        keys: The path of the project's list of keys; one key is at `{keys}/{id}`.
    """

    shown_once: ClassVar[tuple[str, ...]] = ("api_key",)
    not_shown: ClassVar[tuple[str, ...]] = ("api_key", _KEYLESS, EXPIRY)

    keys: str = field(kw_only=True)

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Create the account with its key; a second request sets its role."""
        body = {key: wanted.settings[key] for key in _AT_BIRTH if key in wanted.settings}
        made = self._make(client, remote, body)
        if not body.get(_KEYLESS) and not _key(remote).get("value"):
            _note_window(remote, made.window, ())  # its key was only in the lost reply
        self._settle(client, remote, wanted)

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The account without a key: OpenAI does not show the keys that it has, and they continue to work."""
        return {**super().declared(client, remote), _KEYLESS: True}

    def read(self, client: Client, remote: Remote) -> None:
        """Read the account, and check whether its key was revoked or has expired."""
        super().read(client, remote)
        key = _key(remote)
        if not key.get("id") or remote.private.get(_DEAD_KEY) == key["id"]:
            return
        keys, name = self._keys(client, remote), self._key_name(remote, key["id"])
        why = keys.why_ended(key, _key_created_at(remote), name)
        if why:
            remote.private[_DEAD_KEY] = key["id"]
            remote.due.append(Due(capitalized(f"{name} {why}"), "create another key"))

    def _settle(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Set name and role, then the key. Each step is recorded when it is done."""
        keyless = bool(wanted.settings.get(_KEYLESS))
        settings = dict(wanted.settings)
        if not keyless and remote.attributes.get("role") == "none":
            settings.setdefault("role", "member")  # a key of an account without a role has no permissions
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
            self._create_key(client, remote, expires_in_seconds)
        else:
            self._set_expiry(client, remote, expires_in_seconds)
        remote.private.pop(_DEAD_KEY, None)

    def _end(self, client: Client, remote: Remote, key_id: str) -> None:
        """Revoke the key in the state. If the reply is lost, the key is recorded as dead and revoked again."""
        was_tried = key_id in remote.private.get(_LOST_KEYS, {}).get("ids", {})
        try:
            self._revoke(client, remote, key_id, 0 if was_tried else _key_created_at(remote))
        except errors.AdminError as error:
            if error.may_have_acted:
                remote.private[_DEAD_KEY] = key_id
            raise

    def _create_key(self, client: Client, remote: Remote, expires_in_seconds: int | None) -> None:
        """Create another key. A key whose value was lost is revoked, in this run or in the next."""
        action = f"create an API key for {self._name(remote)}"
        # The name distinguishes this key from keys that other clients create for the account at the same time.
        name = remote.attributes.get("name")
        body = {key: value for key, value in (("name", name), (EXPIRY, expires_in_seconds)) if value is not None}
        path, keys = self._object_path(remote) + "/api_keys", self._keys(client, remote)
        call = Call("POST", path, action, body=body, idempotent=False)

        def is_ours(row: Mapping[str, Any]) -> bool:
            return owner(row) == remote.id and name in (None, row.get("name"))

        creation = Creation(client, call, keys.listing(), "API key", is_ours)
        with client.exclusively(path, action):
            before = list(keys.of_account(remote.id))
            try:
                made = creation.run(discard=lambda key_id, row: self._discard(client, remote, key_id, row))
                if not made.reply.get("value"):
                    _note_lost_key(remote, made.reply["id"], made.reply.get("created_at"))
                    what = f"Could not {action}: the reply has no value of the key {made.reply['id']}"
                    advice = Advice(remedies.RUN_AGAIN, ": it revokes the key and creates another one.")
                    raise errors.InvalidReplyError(what, advice)  # noqa: TRY301
            except (errors.ResponseLostError, errors.InvalidReplyError):
                _note_window(remote, creation.window, before, name)
                remote.has_changed = True
                raise
        remote.attributes.update({"api_key": made.reply, EXPIRY: expires_in_seconds})
        remote.private[_KEY_MADE_AT] = made.reply.get("created_at")
        remote.has_changed = True
        if made.late_duplicates != ():
            _note_window(remote, creation.window, before, name)

    def _discard(self, client: Client, remote: Remote, key_id: str, row: Mapping[str, Any]) -> None:
        """Revoke a key whose value was lost. If that fails, the next run revokes it."""
        remote.has_changed = True
        _note_lost_key(remote, key_id, row.get("created_at"))
        self._revoke(client, remote, key_id, row.get("created_at"))

    def _revoke_unknown(self, client: Client, remote: Remote) -> None:
        """Revoke keys whose values were in lost replies.

        Only keys that were created while a request of this resource was running: other clients may create keys too.
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
        foreign = []
        for key_id, row in others.items():
            if client.is_owned(key_id):
                continue  # another resource of this run has just created it
            if any(_may_be_lost(key_id, row, window) for window in windows):
                self._revoke(client, remote, key_id, row.get("created_at"))
            else:
                foreign.append(key_id)
        if foreign:
            logger.warning(
                "%s has API keys that were not created by the failed request. They are not revoked: %s.",
                self._name(remote), bounded(", ", sorted(foreign)),
            )  # fmt: skip

    def _revoke(self, client: Client, remote: Remote, key_id: str, created_at: object) -> None:
        """Revoke a key. If the reply is lost, the next run tries again."""
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
        """Set the expiry, counted from now, if the program has changed it."""
        key = _key(remote)
        name = self._key_name(remote, key["id"])
        if remote.has(EXPIRY, seconds):
            return
        if seconds is None:
            logger.warning(
                "%s still expires at the same time: OpenAI can't remove an expiry. For a key without expiry, set "
                "create_service_account_only=True, %s, and then remove it again.",
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
    """Record a key that has to be revoked because its value was lost."""
    lost = remote.private.setdefault(_LOST_KEYS, {})
    lost["ids"] = {**lost.get("ids", {}), key_id: created_at or 0}


def _note_window(remote: Remote, window: Window | None, known: Iterable[str], name: object = None) -> None:
    """Record a period in which a request of this resource may have created a key whose value was lost."""
    if window:
        lost = remote.private.setdefault(_LOST_KEYS, {})
        noted = {"start": window.start, "end": window.end, "known": sorted(known)}
        if name is not None:
            noted["name"] = name
        lost["windows"] = [*lost.get("windows", ()), noted]


def _may_be_lost(key_id: str, row: Mapping[str, Any], window: Mapping[str, Any]) -> bool:
    """Whether a key may be from a request of this resource whose reply was lost."""
    fits = key_id not in window.get("known", ()) and window.get("name") in (None, row.get("name"))
    return fits and Window(window["start"], window["end"]).contains(row)


def _forget_lost_key(remote: Remote, key_id: str) -> None:
    """Remove a key that is revoked now from the record."""
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
