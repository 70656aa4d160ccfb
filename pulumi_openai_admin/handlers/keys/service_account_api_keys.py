"""An additional API key of a service account.

Source: POST /organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys (only its response shows
the key), and POST and DELETE /organization/projects/{project_id}/api_keys/{api_key_id}.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers.handler import Observation, Traits
from pulumi_openai_admin.handlers.keys import delivered_keys
from pulumi_openai_admin.handlers.keys.delivered_keys import explained_refusal
from pulumi_openai_admin.handlers.keys.project_api_keys import EXPIRY, KEY_SHOWN_ONCE, AccountKeys, ProjectKeys
from pulumi_openai_admin.handlers.keys.rotation import RotatedKeys
from pulumi_openai_admin.handlers.shapes.collection import learn
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.remedies import Advice
from pulumi_openai_admin.schema.paths import fill
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from pulumi_openai_admin.handlers.creation import CreationPlace
    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client

_SCOPES = "scopes"
_VALUE = "value"
_CREATE_FIELDS = ("name", _SCOPES, EXPIRY)


@dataclass(frozen=True)
class ServiceAccountApiKeys(RotatedKeys):
    """The handler of additional API keys.

    Args:
        path: The path at which a key is created.
        keys: The project's list of keys; one key is at `{keys}/{id}`.
    """

    traits: ClassVar[Traits] = Traits(not_adoptable=KEY_SHOWN_ONCE)
    key_noun: ClassVar[str] = "API key"

    path: str
    keys: str

    @override
    def minting(self, remote: Remote, wanted: Wanted) -> str:
        return f"create an API key for {_owner(remote)}"

    @override
    def called(self, remote: Remote) -> str:
        return self._name(remote)

    def mint(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Create the key. If the response is lost, revoke the key and create another one."""
        path, action = fill(self.path, **remote.parents), self.minting(remote, wanted)
        body = {key: wanted.settings[key] for key in _CREATE_FIELDS if key in wanted.settings}
        call, lost = Call("POST", path, action, body=body, idempotent=False), self.lost_keys(client, remote)
        with client.inside(remote.parents), client.exclusively(path, action):
            with explained_refusal(body):
                made = lost.create(call, {"name": body.get("name")}, discards=True)
            if not made.reply.get("value"):
                lost.discard(str(made.reply["id"]), made.reply)
                what = f"Could not {action}: the response does not contain the value of the key"
                raise errors.InvalidResponseError(what, Advice("The key was revoked; ", remedies.RUN_AGAIN, "."))
        # At once, because OpenAI never shows the key again.
        remote.id, remote.attributes = str(made.reply["id"]), {**wanted.settings, **made.reply}
        remote.step.has_changed = True

    def read_key(self, client: Client, remote: Remote) -> None:
        """Read the key; a revoked or expired key is treated as deleted."""
        keys = self._keys(client, remote).of_project
        with client.inside(remote.parents):
            shown = keys.find(remote.id, remote.attributes.get("created_at"), self._name(remote))
        if shown is None or keys.has_expired(shown):
            gone = self._gone(remote, "was revoked" if shown is None else "has expired")
            gone.is_absent = shown is None
            raise gone
        if shown:
            learn(remote, {name: shown[name] for name in ("created_at", "expires_at") if name in shown})
        delivered_keys.notice(remote, self._name(remote))

    def change(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Update scopes and expiry."""
        body = {
            key: wanted.settings[key]
            for key in (_SCOPES, EXPIRY)
            if key in wanted.settings and not remote.has(key, wanted.settings[key])
        }
        if body:
            with client.inside(remote.parents), remote.tracking_uncertainty(body):
                reply = self._keys(client, remote).of_project.change(remote.id, self._name(remote), body)
            remote.step.has_changed = True
            if EXPIRY in body:
                remote.attributes["expires_at"] = reply.get("expires_at")
        remote.attributes.update(wanted.settings)

    def revoke(self, client: Client, remote: Remote) -> None:
        """Revoke the key; nothing is done if it is revoked or expired."""
        try:
            self._keys(client, remote).revoke(remote.id, remote.attributes.get("created_at"))
        except (errors.BadRequestError, errors.PermissionDeniedError) as refusal:
            if not client.ended_with_its_parent(remote.parents, refusal):
                raise self._not_revoked(remote, refusal) from refusal
        delivered_keys.remove(remote, self._name(remote))

    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:  # noqa: ARG002
        """Nothing of a key; of one that is about to be created, whether its account is there."""
        client.require_parent(remote.parents)
        if not remote.id:
            _require_account(client, remote, self.path)
        return Observation("")

    def _gone(self, remote: Remote, why: str) -> errors.ResourceGoneError:
        return errors.ResourceGoneError(
            f"{self._name(remote)} no longer exists at OpenAI: it {why}",
            Advice(remedies.REFRESH_THEN_RUN, ". The next update creates a new key."),
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

    def place(self, client: Client, remote: Remote) -> CreationPlace:
        """The keys of the account."""
        return self._keys(client, remote).place(self.retiring(remote))

    def _keys(self, client: Client, remote: Remote) -> AccountKeys:
        project = {"project_id": remote.parents["project_id"]}
        keys = ProjectKeys(client, self.keys, project)
        return AccountKeys(keys, remote.parents["service_account_id"], _owner(remote))

    def _name(self, remote: Remote) -> str:
        return f"API key {remote.id} of {_owner(remote)}"


def _owner(remote: Remote) -> str:
    return f"service account {remote.parents['service_account_id']} of project {remote.parents['project_id']}"


def _require_account(client: Client, remote: Remote, path: str) -> None:
    """Make sure that the project has the account, by the list that all accounts share; not if the key may not read it.

    Args:
        path: The path at which a key is created.
    """
    accounts = fill(path.partition("/{service_account_id}")[0], **remote.parents)
    project, account = f"project {remote.parents['project_id']}", remote.parents["service_account_id"]
    with suppress(errors.PermissionDeniedError), client.inside(remote.parents):
        rows = client.listing(accounts, f"list the service accounts of {project}", {"limit": 100}).rows()
        if account not in rows:
            what = f"{capitalized(project)} has no service account {account}"
            raise errors.NoMatchError(what, suggestion(account, rows, "Service accounts"))
