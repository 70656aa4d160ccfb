"""The API keys of a project, additional API keys of its service accounts, and Admin API keys.

Source: GET /organization/projects/{project_id}/api_keys and GET, POST, DELETE …/api_keys/{api_key_id}; POST
/organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys, whose response alone shows the key.
Of the organization: GET and POST /organization/admin_api_keys, GET and DELETE …/{key_id}.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers.creation import CreationPlace
from pulumi_openai_admin.handlers.handler import Observation, Traits
from pulumi_openai_admin.handlers.keys import delivered_keys
from pulumi_openai_admin.handlers.keys.rotation import RETIRING_KEYS, VALUE, RetiringKeys, RotatedKeys
from pulumi_openai_admin.handlers.shapes.collection import Collection, delete_if_exists, learn, show
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.remedies import Advice
from pulumi_openai_admin.schema.paths import fill
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Collection as Collection_
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client, Listing

EXPIRY = "expires_in_seconds"
KEY_SHOWN_ONCE = "OpenAI shows a key only when it is created"
_SCOPES = "scopes"
_REDACTED = re.compile(r"(?P<first>[^.*…]*)[.*…]+(?P<last>[^.*…]+)")


def is_shown_as(value: str, redacted: str) -> bool:
    """Whether the beginning and the end of a key, which is all that OpenAI shows, are those of a value.

    Args:
        value: The value. Secret.
        redacted: What OpenAI shows, such as `sk-abc...wxyz`.
    """
    shown = _REDACTED.fullmatch(redacted)
    if shown is None or len(value) <= len(shown["first"]) + len(shown["last"]):
        return False
    return value.startswith(shown["first"]) and value.endswith(shown["last"])


def has_expired(client: Client, key: Mapping[str, Any]) -> bool:
    """Return whether a key has expired, by OpenAI's clock; False if no response has shown the clock yet."""
    expires_at, now = key.get("expires_at"), client.clock.now()
    return isinstance(expires_at, int | float) and now is not None and expires_at <= now


@dataclass(frozen=True)
class ProjectKeys:
    """The keys of one project, or of one of its service accounts, through one client.

    Args:
        path: The path of the list of all keys of the project; one key is at `{path}/{id}`.
    """

    client: Client
    path: str
    parents: Mapping[str, str]
    account_id: str = ""
    owner: str = ""

    def place(self, own: Collection_[str] = ()) -> CreationPlace:
        """Where keys of the account are created. Without a name, any valid key of the account may be the one."""
        return CreationPlace(
            "API key",
            self.owner,
            self.listing(),
            lambda row, body: (
                owner(row) == self.account_id
                and not has_expired(self.client, row)
                and body.get("name") in (None, row.get("name"))
            ),
            lambda key_id, row: self.revoke(key_id, row.get("created_at")),
            "revoke",
            parents=self.parents,
            own=own,
        )

    def listing(self) -> Listing:
        """The list of the keys of all owners. All accounts of the project share it."""
        # Without `any`, the list lacks keys of accounts without access to the project, and they would appear revoked.
        query: dict[str, str | int] = {"limit": 100, "owner_project_access": "any"}
        action = f"list the API keys of project {self.parents['project_id']}"
        return self.client.listing(fill(self.path, **self.parents), action, query)

    def name(self, key_id: str) -> str:
        """What messages call a key."""
        return f"API key {key_id} of {self.owner}" if self.owner else f"API key {key_id}"

    def find(self, key_id: str, created_at: object) -> dict[str, Any] | None:
        """A key as OpenAI shows it; empty if it is too new to be shown, None if it does not exist.

        A key that is not in the list is requested by its id.
        """
        row = self.listing().rows().get(key_id)
        if row:
            return row
        call = Call("GET", self._path_of(key_id), f"read API key {key_id}")
        try:
            return show(self.client, call, created_at, self.parents, self.name(key_id))
        except errors.NotFoundError:
            return None

    def why_ended(self, key: Mapping[str, Any], created_at: object) -> str | None:
        """Why a key is no longer valid, in words; None if it is valid or that is unknown."""
        try:
            shown = self.find(key["id"], created_at)
        except errors.AdminError:
            return None  # a key that can't be checked counts as valid
        if has_expired(self.client, key) or has_expired(self.client, shown or {}):
            return "has expired"
        return "was revoked" if shown is None else None

    def revoke(self, key_id: str, created_at: object) -> None:
        """Delete a key. If OpenAI refuses to delete it, let it expire in one second.

        Raises:
            errors.ProjectNotFoundError: The admin key does not show the project.
        """
        call = Call("DELETE", self._path_of(key_id), f"revoke {self.name(key_id)}")
        try:
            delete_if_exists(self.client, call, created_at, self.parents)
        except errors.BadRequestError:
            try:
                self.change(key_id, {EXPIRY: 1})
            except errors.BadRequestError:
                key = self.client.send(Call("GET", self._path_of(key_id), f"read {self.name(key_id)}"))
                if not has_expired(self.client, key):  # an expired key can't be changed, and needs no change
                    raise

    def change(self, key_id: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Set the scopes, or the expiry in seconds from now."""
        action = f"set {' and '.join(settings)} of {self.name(key_id)}"
        return self.client.send(Call("POST", self._path_of(key_id), action, body=settings))

    def _path_of(self, key_id: str) -> str:
        return fill(self.path + "/{key_id}", **self.parents, key_id=key_id)


def owner(key: Mapping[str, Any]) -> object:
    """The id of the service account that owns a listed key."""
    account = (key.get("owner") or {}).get("service_account")
    return account.get("id") if isinstance(account, dict) else None


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
    def creation_call(self, remote: Remote, wanted: Wanted) -> Call:
        body = {key: wanted.settings[key] for key in ("name", _SCOPES, EXPIRY) if key in wanted.settings}
        path, action = fill(self.path, **remote.parents), f"create an API key for {_owner(remote)}"
        return Call("POST", path, action, body=body, idempotent=False)

    @override
    def called(self, remote: Remote) -> str:
        return f"API key {remote.id} of {_owner(remote)}"

    def read_key(self, client: Client, remote: Remote) -> None:
        """Read the key; a revoked or expired key is treated as deleted."""
        with client.inside(remote.parents):
            shown = self._keys(client, remote).find(remote.id, remote.attributes.get("created_at"))
        if shown is None or has_expired(client, shown):
            why = "was revoked" if shown is None else "has expired"
            gone = errors.ResourceGoneError(
                f"{self.called(remote)} no longer exists at OpenAI: it {why}",
                Advice(remedies.REFRESH_THEN_RUN, ". The next update creates a new key."),
            )
            gone.is_absent = shown is None
            raise gone
        if shown:
            learn(remote, {name: shown[name] for name in ("created_at", "expires_at") if name in shown})
        delivered_keys.notice(remote, self.called(remote))

    def change(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Update scopes and expiry."""
        body = {
            key: wanted.settings[key]
            for key in (_SCOPES, EXPIRY)
            if key in wanted.settings and not remote.has(key, wanted.settings[key])
        }
        if body:
            with client.inside(remote.parents), remote.tracking_uncertainty(body):
                reply = self._keys(client, remote).change(remote.id, body)
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
                refused = f"was not revoked: OpenAI refuses to delete it and to let it expire: {refusal.event}"
                then = ". Until then, a preview may show no changes, and every update fails with this error."
                advice = Advice("Revoke it in OpenAI's dashboard, then ", remedies.REFRESH, then)
                raise errors.KeyRevocationError(f"{self.called(remote)} {refused}", advice) from refusal
        delivered_keys.remove(remote, self.called(remote))

    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:
        """Nothing of a key; of one that is about to be created, whether its account is in the list of all accounts."""
        client.require_parent(remote.parents)
        if remote.id:
            return Observation("")
        accounts = fill(self.path.partition("/{service_account_id}")[0], **remote.parents)
        project, account = f"project {remote.parents['project_id']}", remote.parents["service_account_id"]
        with suppress(errors.PermissionDeniedError), client.inside(remote.parents):
            rows = client.listing(accounts, f"list the service accounts of {project}", {"limit": 100}).rows()
            if account not in rows:
                what = f"{capitalized(project)} has no service account {account}"
                raise errors.NoMatchError(what, suggestion(account, rows, "Service accounts"))
        return Observation("")

    def place(self, client: Client, remote: Remote) -> CreationPlace:
        """The keys of the account."""
        return self._keys(client, remote).place(remote.memory[RetiringKeys].retiring)

    def _keys(self, client: Client, remote: Remote) -> ProjectKeys:
        project = {"project_id": remote.parents["project_id"]}
        return ProjectKeys(client, self.keys, project, remote.parents["service_account_id"], _owner(remote))


def _owner(remote: Remote) -> str:
    return f"service account {remote.parents['service_account_id']} of project {remote.parents['project_id']}"


@dataclass(frozen=True)
class AdminApiKeys(RotatedKeys, Collection):
    """The handler; see `Collection` for its arguments."""

    shown_once: ClassVar[tuple[str, ...]] = (VALUE,)
    traits: ClassVar[Traits] = replace(
        Collection.traits,
        not_shown=(VALUE, "expires_in_seconds", RETIRING_KEYS, delivered_keys.PLACE, delivered_keys.VERSION),
        not_adoptable=KEY_SHOWN_ONCE,
    )
    key_noun: ClassVar[str] = "Admin API key"
    removal_verb: ClassVar[str] = "revoke"

    @override
    def creation_call(self, remote: Remote, wanted: Wanted) -> Call:
        action = f"create {self.noun} {wanted.settings['name']!r}"
        return Call("POST", fill(self.path), action, body=self._sent(wanted.settings), idempotent=False)

    @override
    def called(self, remote: Remote) -> str:
        return self._name(remote)

    def read_key(self, client: Client, remote: Remote) -> None:
        """Bring the key up to date."""
        Collection.read(self, client, remote)
        delivered_keys.notice(remote, self._name(remote))

    @override
    def require_valid(self, client: Client, remote: Remote) -> None:
        if has_expired(client, remote.attributes):
            raise errors.ResourceGoneError(
                f"{self._name(remote)} has expired",
                Advice(remedies.REFRESH_THEN_RUN, (". The next update creates a new key.")),
            )

    def change(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Do nothing: OpenAI can't change a key."""

    def revoke(self, client: Client, remote: Remote) -> None:
        """Revoke the key, unless it is the key that this run uses.

        Raises:
            errors.KeyRevocationError: It is. Without it, the rest of the run would fail.
        """
        # The state has the value of a key that a program created. Otherwise its beginning and its end decide, which are
        # all that OpenAI shows: refusing to revoke another key by mistake costs less than revoking this one.
        used, value = client.requestor.admin_api_key, remote.attributes.get(VALUE)
        if value == used if value else is_shown_as(used, str(remote.attributes.get("redacted_value") or "")):
            what = f"{self._name(remote)} was not revoked: this run uses it"
            advice = "Configure a different Admin API key, such as the new one, then "
            raise errors.KeyRevocationError(what, Advice(advice, remedies.RUN_AGAIN, "."))
        Collection.delete(self, client, remote)
        delivered_keys.remove(remote, self._name(remote))

    def place(self, client: Client, remote: Remote) -> CreationPlace:
        """The keys of the organization."""
        place = Collection.place(self, client, remote)

        def is_ours(row: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
            return place.is_ours(row, body) and not has_expired(client, row)

        return replace(place, is_ours=is_ours, own=remote.memory[RetiringKeys].retiring)

    def _warn_of_namesakes(self, client: Client, listing: Listing, remote: Remote, body: Mapping[str, Any]) -> None:
        """Say nothing: another key of the name is often what a replacement replaces, and it must not be deleted yet."""
