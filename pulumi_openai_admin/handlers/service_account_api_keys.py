"""An additional API key of a service account.

Source: POST /organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys (only its reply shows
the key), and POST and DELETE /organization/projects/{project_id}/api_keys/{api_key_id}.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers import delivered_keys
from pulumi_openai_admin.handlers.collection import learn
from pulumi_openai_admin.handlers.creation import Creation
from pulumi_openai_admin.handlers.handler import Handler
from pulumi_openai_admin.handlers.project_api_keys import EXPIRY, KEY_SHOWN_ONCE, ProjectKeys, owner
from pulumi_openai_admin.handlers.restoration import bounded
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.paths import fill
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)

_SCOPES = "scopes"
_VALUE = "value"
_AT_BIRTH = ("name", _SCOPES, EXPIRY)


@dataclass(frozen=True)
class ServiceAccountApiKeys(Handler):
    """The handler of additional API keys.

    Args:
        path: The path at which a key is created.
        keys: The project's list of keys; one key is at `{keys}/{id}`.
    """

    not_adoptable: ClassVar[str] = KEY_SHOWN_ONCE

    path: str
    keys: str

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Create the key, and deliver it. If the reply is lost, revoke the key and create another one."""
        path, account = fill(self.path, **remote.parents), remote.parents["service_account_id"]
        action = f"create an API key for service account {account} of project {remote.parents['project_id']}"
        delivery = delivered_keys.prepare(wanted.options, action)
        body = {key: wanted.settings[key] for key in _AT_BIRTH if key in wanted.settings}
        keys, name = self._keys(client, remote), body.get("name")

        def is_ours(row: Mapping[str, Any]) -> bool:
            return owner(row) == account and name in (None, row.get("name"))

        def discard(key_id: str, row: Mapping[str, Any]) -> None:
            keys.revoke(key_id, f"API key {key_id}", row.get("created_at"))

        call = Call("POST", path, action, body=body, idempotent=False)
        creation = Creation(client, call, keys.listing(), "API key", is_ours)
        with client.inside(remote.parents), client.exclusively(path, action):
            if delivery:
                _warn_of_unused(client, keys, account, is_ours)
            created = creation.run(discard)
        remote.id = str(created.reply["id"])
        if not created.reply.get(_VALUE):
            keys.revoke(remote.id, self._name(remote), created.reply.get("created_at"))
            what = f"Could not {action}: the reply has no value of the key"
            raise errors.InvalidReplyError(what, Advice("The key was revoked; ", remedies.RUN_AGAIN, "."))
        # At once, because OpenAI never shows the key again.
        remote.attributes, remote.has_changed = {**wanted.settings, **created.reply}, True

        def revoke(*key_ids: str) -> None:
            for key_id in key_ids:
                keys.revoke(key_id, f"API key {key_id}", created.reply.get("created_at"))

        duplicates = created.late_duplicates or ()
        if delivery:
            value, id_ = remote.attributes.pop(_VALUE), remote.id
            delivery.deliver(remote, value, self._name(remote), lambda: revoke(*duplicates, id_))
        revoke(*duplicates)

    def read(self, client: Client, remote: Remote) -> None:
        """Read the key; a revoked or expired key counts as deleted."""
        keys = self._keys(client, remote)
        with client.inside(remote.parents):
            shown = keys.find(remote.id, remote.attributes.get("created_at"), self._name(remote))
        if shown is None or keys.has_expired(shown):
            raise self._gone(remote, "was revoked" if shown is None else "has expired")
        if shown:
            learn(remote, {name: shown[name] for name in ("created_at", "expires_at") if name in shown})
        delivered_keys.notice(remote, self._name(remote))

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Update scopes and expiry."""
        body = {
            key: wanted.settings[key]
            for key in (_SCOPES, EXPIRY)
            if key in wanted.settings and not remote.has(key, wanted.settings[key])
        }
        if body:
            with client.inside(remote.parents), remote.doubting(body):
                reply = self._keys(client, remote).change(remote.id, self._name(remote), body)
            remote.has_changed = True
            if EXPIRY in body:
                remote.attributes["expires_at"] = reply.get("expires_at")
        remote.attributes.update(wanted.settings)

    def delete(self, client: Client, remote: Remote) -> None:
        """Revoke the key, unless it is revoked or expired, and remove it from where it was delivered."""
        try:
            self._keys(client, remote).revoke(remote.id, self._name(remote), remote.attributes.get("created_at"))
        except (errors.BadRequestError, errors.PermissionDeniedError) as refusal:
            if not client.ended_with_its_parent(remote.parents, refusal):
                raise self._not_revoked(remote, refusal) from refusal
        delivered_keys.remove(remote, self._name(remote))

    def is_ended_by_parent(self, remote: Remote) -> bool:
        """A store still has a key that was delivered to it."""
        return not delivered_keys.is_delivered(remote)

    def creation_note(self, wanted: Wanted) -> str:
        """Where the key is delivered."""
        return delivered_keys.note(wanted)

    def undo(self, client: Client, remote: Remote) -> bool:  # noqa: ARG002 - the signature of the base class
        """Keep the key, because it may be in use already."""
        return False

    def _gone(self, remote: Remote, why: str) -> errors.ResourceGoneError:
        return errors.ResourceGoneError(
            f"{self._name(remote)} is not at OpenAI any more: it {why}",
            Advice(remedies.REFRESH_THEN_RUN, ". That creates another key."),
        )

    def _not_revoked(self, remote: Remote, refusal: errors.StatusError) -> errors.KeyRevocationError:
        what = (
            f"{self._name(remote)} was not revoked: OpenAI refuses to delete it and to let it expire: {refusal.event}"
        )
        return errors.KeyRevocationError(
            what,
            Advice(
                "Revoke it in OpenAI's dashboard, then ",
                remedies.REFRESH,
                ". Until then, a preview may show no changes, and every update fails with this error.",
            ),
        )

    def _keys(self, client: Client, remote: Remote) -> ProjectKeys:
        return ProjectKeys(client, self.keys, {"project_id": remote.parents["project_id"]})

    def _name(self, remote: Remote) -> str:
        account = remote.parents["service_account_id"]
        return f"API key {remote.id} of service account {account} of project {remote.parents['project_id']}"


def _warn_of_unused(
    client: Client, keys: ProjectKeys, account: str, is_ours: Callable[[Mapping[str, Any]], bool]
) -> None:
    """Name the keys that nobody may have: a run that is killed before it delivers a key leaves it behind."""
    rows = keys.of_account(account).items()
    unused = [id_ for id_, row in rows if is_ours(row) and not row.get("last_used_at") and not client.is_owned(id_)]
    if unused:
        logger.warning(
            "Service account %s has an API key of the same name already, which was never used: %s. If an interrupted "
            "run left it behind, nobody has it: revoke it in OpenAI's dashboard.",
            account, bounded(", ", unused),
        )  # fmt: skip
