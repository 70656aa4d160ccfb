"""The API keys of a project, service accounts with their keys, additional keys of theirs, and Admin API keys.

Only the responses to the POST of an account and of a key show a key.
"""

from __future__ import annotations

import logging
import re
import time
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers import lost_changes
from pulumi_openai_admin.handlers.audit_events import KEY_EVENTS, AuditEvents
from pulumi_openai_admin.handlers.creation import Creations, in_run_seconds
from pulumi_openai_admin.handlers.handler import GrantedAccess, Observation, PendingAction, Remote, Traits, Wanted
from pulumi_openai_admin.handlers.keys import delivered_keys
from pulumi_openai_admin.handlers.keys.delivered_keys import explained_refusal
from pulumi_openai_admin.handlers.keys.rotation import (
    RETIRING_KEYS,
    DeadKey,
    KeyCreations,
    RetiringKeys,
    RotatedKeys,
    expires_before,
    has_expired,
    unless_expired,
)
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.handlers.removals import Removal
from pulumi_openai_admin.handlers.shapes.collection import Collection, delete_if_exists, learn, show
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.remedies import Advice
from pulumi_openai_admin.schema.paths import fill
from pulumi_openai_admin.schema.shapes import is_unknown
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Collection as Collection_
    from collections.abc import Mapping

    from pulumi_openai_admin.http.client import Client, Listing

logger = logging.getLogger(__name__)

EXPIRY = "expires_in_seconds"
KEY_SHOWN_ONCE = "OpenAI shows a key only when it is created"
_SCOPES = "scopes"
_KEYLESS = "create_service_account_only"
_CREATE_FIELDS = ("name", _KEYLESS, EXPIRY)
"""The properties in the POST that creates an account. The role is not one of them."""
_REDACTED = re.compile(r"(?P<first>[^.*…]*)[.*…]+(?P<last>[^.*…]+)")


def is_shown_as(value: str, redacted: str) -> bool:
    """Whether the beginning and the end of a key, which is all that OpenAI shows, are those of a value.

    Args:
        value: The value. Secret.
        redacted: What OpenAI shows, such as `sk-abc...wxyz`.
    """
    shown = shown_parts(redacted)
    if shown is None or len(value) <= sum(map(len, shown)):
        return False
    return value.startswith(shown[0]) and value.endswith(shown[1])


def shown_parts(redacted: str) -> tuple[str, str] | None:
    """The beginning and the end of a key, from what OpenAI shows of it; None if it shows neither."""
    shown = _REDACTED.fullmatch(redacted)
    return (shown["first"], shown["last"]) if shown else None


@dataclass(eq=False, repr=False)
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

    def creations(self, remote: Remote, own: Collection_[str]) -> KeyCreations:
        """The creations of keys of the account. Without a name, any valid key of the account may be the one."""
        return KeyCreations(
            self.client,
            remote,
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
        if row := self.listing().find(key_id):
            return row
        call = Call("GET", self._path_of(key_id), f"read API key {key_id}")
        try:
            return show(self.client, call, created_at, self.parents, self.name(key_id))
        except errors.NotFoundError:
            return None

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


@dataclass(eq=False, repr=False)
class KeyCreation(MemoryPart):
    """When the key was created, in seconds since 1970 by OpenAI's clock, if it is not the first one."""

    key_made_at: int | None = None


@dataclass(eq=False, repr=False)
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
            self._lost(client, remote).add(f"create {self.name(remote)}", {}, start)
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
        return f"API key {ids[0]} of {self.name(remote)} will be revoked, because of {_KEYLESS}=True." if ids else ""

    def renews(self, remote: Remote, wanted: Wanted) -> bool:
        """Whether an update creates the key, or ends it, or may create another one because this one has expired."""
        key, keyless = _key(remote), wanted.settings.get(_KEYLESS)
        return is_unknown(keyless) or bool(keyless) == bool(key.get("value")) or expires_before(time.time(), key)

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
        key, keys = _key(remote), self._keys(client, remote)
        if not key.get("id") or remote.memory[DeadKey].dead_key == key["id"]:
            return
        try:
            shown = keys.find(key["id"], _key_created_at(remote))
        except errors.AdminError:
            return  # a key that can't be checked counts as valid
        is_expired = has_expired(client, key) or has_expired(client, shown or {})
        if is_expired or shown is None:
            remote.memory[DeadKey].dead_key = key["id"]
            what = f"{keys.name(key['id'])} {'has expired' if is_expired else 'was revoked'}"
            remote.pending_actions.append(PendingAction(what, "create another key"))

    def _set_differing(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Set name and role, then the key. Each step is recorded when it is done."""
        keyless = bool(wanted.settings.get(_KEYLESS))
        settings = {name: value for name, value in wanted.settings.items() if name not in (_KEYLESS, EXPIRY)}
        if not keyless and "role" not in settings and remote.attributes.get("role") == "none":
            self._learn(remote, self._shown(client, remote))  # others may have given it a role
            if remote.attributes.get("role") == "none":
                settings["role"] = "member"  # a key of an account without a role has no permissions
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
        else:
            is_dead = not key.get("value") or key.get("id") == remote.memory[DeadKey].dead_key
            if is_dead or not unless_expired(lambda: self._set_expiry(client, remote, expires_in_seconds)):
                self._create_key(client, remote, expires_in_seconds)
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
        action = f"create an API key for {self.name(remote)}"
        # The name distinguishes this key from keys that other clients create for the account at the same time.
        name = remote.attributes.get("name")
        body = {key: value for key, value in (("name", name), (EXPIRY, expires_in_seconds)) if value is not None}
        call = Call("POST", self.path_of(remote) + "/api_keys", action, body=body, idempotent=False)
        key = self._lost(client, remote).mint(call)
        remote.attributes.update({"api_key": key, EXPIRY: expires_in_seconds})
        remote.memory.put(KeyCreation(key.get("created_at")))
        remote.step.has_changed = True
        self._lost(client, remote).resolve(in_run_seconds())

    def _set_expiry(self, client: Client, remote: Remote, seconds: int | None) -> None:
        """Set the expiry, counted from now, if the program has changed it."""
        if lost_changes.is_known(remote, EXPIRY, seconds):
            return
        key, keys = _key(remote), self._keys(client, remote)
        if seconds is None:
            logger.warning(
                "%s still expires at the same time: OpenAI can't remove an expiry. For a key without expiry, set "
                "create_service_account_only=True, %s, and then remove it again.",
                keys.name(key["id"]), remedies.RUN,
            )  # fmt: skip
            return
        with lost_changes.tracking(client, remote, {EXPIRY: seconds}):
            reply = keys.change(key["id"], {EXPIRY: seconds})
        remote.attributes.update({"api_key": {**key, "expires_at": reply.get("expires_at")}, EXPIRY: seconds})

    def _keys(self, client: Client, remote: Remote) -> ProjectKeys:
        return ProjectKeys(client, self.keys, remote.parents, remote.id, self.name(remote))

    def _lost(self, client: Client, remote: Remote) -> KeyCreations:
        return self._keys(client, remote).creations(remote, self.key_ids(remote))


def _key_created_at(remote: Remote) -> object:
    return remote.memory[KeyCreation].key_made_at or remote.attributes.get("created_at")


def _key(remote: Remote) -> dict[str, Any]:
    key = remote.attributes.get("api_key")
    return key if isinstance(key, dict) else {}


@dataclass(eq=False, repr=False)
class ServiceAccountApiKeys(RotatedKeys):
    """The handler of additional API keys.

    Args:
        path: The path at which a key is created.
        keys: The project's list of keys; one key is at `{keys}/{id}`.
    """

    traits: ClassVar[Traits] = Traits(not_adoptable=KEY_SHOWN_ONCE)

    path: str
    keys: str
    noun: str = "API key"

    @override
    def creation_call(self, remote: Remote, wanted: Wanted) -> Call:
        body = {key: wanted.settings[key] for key in ("name", _SCOPES, EXPIRY) if key in wanted.settings}
        path, action = fill(self.path, **remote.parents), f"create an API key for {_owner(remote)}"
        return Call("POST", path, action, body=body, idempotent=False)

    @override
    def name(self, remote: Remote) -> str:
        return f"API key {remote.id} of {_owner(remote)}"

    def read_key(self, client: Client, remote: Remote) -> None:
        """Read the key; a revoked or expired key is treated as deleted."""
        with client.inside(remote.parents):
            shown = self._keys(client, remote).find(remote.id, remote.attributes.get("created_at"))
        if shown is None or has_expired(client, shown):
            why = "was revoked" if shown is None else "has expired"
            gone = errors.ResourceGoneError(
                f"{self.name(remote)} no longer exists at OpenAI: it {why}",
                Advice(remedies.REFRESH_THEN_RUN, ". The next update creates a new key."),
            )
            gone.is_absent = shown is None
            raise gone
        if shown:
            learn(remote, {name: shown[name] for name in ("created_at", "expires_at") if name in shown})

    def change(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Update scopes and expiry."""
        body = {
            key: wanted.settings[key]
            for key in (_SCOPES, EXPIRY)
            if key in wanted.settings and not lost_changes.is_known(remote, key, wanted.settings[key])
        }
        if body:
            with client.inside(remote.parents), lost_changes.tracking(client, remote, body):
                reply = self._keys(client, remote).change(remote.id, body)
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
                raise errors.KeyRevocationError(f"{self.name(remote)} {refused}", advice) from refusal
        delivered_keys.remove(remote, self.name(remote))

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

    @override
    def key_creations(self, client: Client, remote: Remote) -> KeyCreations:
        return self._keys(client, remote).creations(remote, remote.memory[RetiringKeys].retiring)

    def _keys(self, client: Client, remote: Remote) -> ProjectKeys:
        project = {"project_id": remote.parents["project_id"]}
        return ProjectKeys(client, self.keys, project, remote.parents["service_account_id"], _owner(remote))


def _owner(remote: Remote) -> str:
    return f"service account {remote.parents['service_account_id']} of project {remote.parents['project_id']}"


@dataclass(eq=False, repr=False)
class AdminApiKeys(RotatedKeys, Collection):
    """The handler; see `Collection` for its arguments."""

    shown_once: ClassVar[tuple[str, ...]] = ("value",)
    traits: ClassVar[Traits] = replace(
        Collection.traits,
        not_shown=("value", "expires_in_seconds", RETIRING_KEYS, delivered_keys.PLACE, delivered_keys.VERSION),
        not_adoptable=KEY_SHOWN_ONCE,
    )
    removal_verb: ClassVar[str] = "revoke"
    name = Collection.name  # not the abstract ones of `RotatedKeys`
    read_key = Collection.read

    @override
    def creation_call(self, remote: Remote, wanted: Wanted) -> Call:
        action = f"create {self.noun} {wanted.settings['name']!r}"
        return Call("POST", fill(self.path), action, body=self._sent(wanted.settings), idempotent=False)

    @override
    def require_valid(self, client: Client, remote: Remote) -> None:
        if has_expired(client, remote.attributes):
            advice = Advice(remedies.REFRESH_THEN_RUN, ". The next update creates a new key.")
            raise errors.ResourceGoneError(f"{self.name(remote)} has expired", advice)

    def revoke(self, client: Client, remote: Remote) -> None:
        """Revoke the key, unless it is the key that this run uses.

        Raises:
            errors.KeyRevocationError: It is. Without it, the rest of the run would fail.
        """
        # The state has the value of a key that a program created. Otherwise its beginning and its end decide, which are
        # all that OpenAI shows: refusing to revoke another key by mistake costs less than revoking this one.
        used, value = client.requestor.admin_api_key, remote.attributes.get("value")
        if value == used if value else is_shown_as(used, str(remote.attributes.get("redacted_value") or "")):
            what = f"{self.name(remote)} was not revoked: this run uses it"
            advice = (
                "Configure another Admin API key, after a replacement the new one, then run the same command again."
            )
            raise errors.KeyRevocationError(what, advice)
        Collection.delete(self, client, remote)
        delivered_keys.remove(remote, self.name(remote))

    @override
    def key_creations(self, client: Client, remote: Remote) -> KeyCreations:
        made = self.own_creations(client, remote)
        return replace(
            KeyCreations(**vars(made)),
            is_ours=lambda row, body: made.is_ours(row, body) and not has_expired(client, row),
            own=remote.memory[RetiringKeys].retiring,
        )

    def _warn_of_namesakes(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> None:
        """Say nothing: another key of the name is often what a replacement replaces, and it must not be deleted yet."""
