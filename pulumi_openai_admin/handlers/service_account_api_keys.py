"""A further API key of a service account: minted once, changed in place, revoked.

Source: POST /organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys, whose reply
alone shows the key; POST and DELETE /organization/projects/{project_id}/api_keys/{api_key_id}.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers.collection import learn
from pulumi_openai_admin.handlers.creation import Creation
from pulumi_openai_admin.handlers.handler import Handler
from pulumi_openai_admin.handlers.project_api_keys import EXPIRY, ProjectKeys, owner
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.paths import fill
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client

_SCOPES = "scopes"
_AT_BIRTH = ("name", _SCOPES, EXPIRY)


@dataclass(frozen=True)
class ServiceAccountApiKeys(Handler):
    """The shape.

    Args:
        path: Where a key is minted.
        keys: The project's list of keys; one key is at `{keys}/{id}`.
    """

    path: str
    keys: str

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Mint the key. One whose value was lost on the way is revoked, and another one minted."""
        path, account = fill(self.path, **remote.parents), remote.parents["service_account_id"]
        action = f"make an API key for service account {account} of project {remote.parents['project_id']}"
        body = {key: wanted.settings[key] for key in _AT_BIRTH if key in wanted.settings}
        keys, name = self._keys(client, remote), body.get("name")

        def is_ours(row: Mapping[str, Any]) -> bool:
            return owner(row) == account and name in (None, row.get("name"))

        def discard(key_id: str, row: Mapping[str, Any]) -> None:
            keys.revoke(key_id, f"API key {key_id}", row.get("created_at"))

        call = Call("POST", path, action, body=body, idempotent=False)
        making = Creation(client, call, keys.listing(), "API key", is_ours)
        with client.inside(remote.parents), client.exclusively(path, action):
            made = making.run(discard)
        remote.id = str(made.reply["id"])
        if not made.reply.get("value"):
            keys.revoke(remote.id, self._name(remote), made.reply.get("created_at"))
            what = f"Could not {action}: the reply showed a key without its value"
            raise errors.InvalidReplyError(what, Advice("That key was revoked; ", remedies.RUN_AGAIN, "."))
        # Before anything else can fail: nobody shows the key again.
        remote.attributes, remote.has_changed = {**wanted.settings, **made.reply}, True
        for stray in made.late_duplicates or ():
            keys.revoke(stray, f"API key {stray}", made.reply.get("created_at"))

    def read(self, client: Client, remote: Remote) -> None:
        """Notice that the key was revoked or has expired."""
        keys = self._keys(client, remote)
        with client.inside(remote.parents):
            shown = keys.find(remote.id, remote.attributes.get("created_at"), self._name(remote))
        if shown is None or keys.has_expired(shown):
            raise self._gone(remote, "was revoked" if shown is None else "has expired")
        if shown:
            learn(remote, {name: shown[name] for name in ("created_at", "expires_at") if name in shown})

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Change scopes and expiry in place."""
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
        """Revoke the key; one that is gone or has expired is done."""
        try:
            self._keys(client, remote).revoke(remote.id, self._name(remote), remote.attributes.get("created_at"))
        except (errors.BadRequestError, errors.PermissionDeniedError) as refusal:
            if not client.ended_with_its_parent(remote.parents, refusal):
                raise self._still_lives(remote, refusal) from refusal

    def undo(self, client: Client, remote: Remote) -> bool:  # noqa: ARG002 - the shape's signature
        """A key is kept: somebody may use it already."""
        return False

    def _gone(self, remote: Remote, fate: str) -> errors.ResourceGoneError:
        return errors.ResourceGoneError(
            f"{self._name(remote)} is not at OpenAI any more: it {fate}",
            Advice(remedies.REFRESH_THEN_RUN, ". That creates another."),
        )

    def _still_lives(self, remote: Remote, refusal: errors.StatusError) -> errors.KeyRevocationError:
        what = f"{self._name(remote)} still lives: OpenAI neither revokes it nor lets it expire: {refusal.event}"
        return errors.KeyRevocationError(
            what,
            Advice(
                "Revoke it by hand in OpenAI's dashboard, then ",
                remedies.REFRESH,
                ". Until then a preview may say that nothing changes, and every update fails here.",
            ),
        )

    def _keys(self, client: Client, remote: Remote) -> ProjectKeys:
        return ProjectKeys(client, self.keys, {"project_id": remote.parents["project_id"]})

    def _name(self, remote: Remote) -> str:
        account = remote.parents["service_account_id"]
        return f"API key {remote.id} of service account {account} of project {remote.parents['project_id']}"
