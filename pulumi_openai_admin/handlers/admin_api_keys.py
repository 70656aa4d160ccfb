"""Admin API keys: the reply to POST alone shows the value, nothing can be changed, DELETE revokes.

Source: GET and POST /organization/admin_api_keys, GET and DELETE …/{key_id}.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers import delivered_keys
from pulumi_openai_admin.handlers.collection import Collection, end
from pulumi_openai_admin.handlers.creation import Creation, Made
from pulumi_openai_admin.handlers.project_api_keys import KEY_SHOWN_ONCE
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.paths import fill
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client

_VALUE = "value"


@dataclass(frozen=True)
class AdminApiKeys(Collection):
    """The handler; see `Collection` for its arguments."""

    shown_once: ClassVar[tuple[str, ...]] = (_VALUE,)
    not_shown: ClassVar[tuple[str, ...]] = (
        _VALUE,
        "expires_in_seconds",
        delivered_keys.PLACE,
        delivered_keys.VERSION,
    )
    not_adoptable: ClassVar[str] = KEY_SHOWN_ONCE

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Create the key, and deliver it."""
        delivery = delivered_keys.prepare(wanted.options, f"create {self.noun} {wanted.settings['name']!r}")
        self.remember_organization(client, remote)
        made = self._make(client, remote, wanted.settings)
        duplicates = made.late_duplicates or ()
        if delivery:
            value, id_ = remote.attributes.pop(_VALUE), remote.id
            revoke = partial(self._revoke, client, made.reply.get("created_at"))
            delivery.deliver(remote, value, self._name(remote), lambda: revoke(*duplicates, id_))
        self._revoke(client, made.reply.get("created_at"), *duplicates)

    def read(self, client: Client, remote: Remote) -> None:
        """Bring the key up to date. An expired key counts as gone."""
        super().read(client, remote)
        expires_at, now = remote.attributes.get("expires_at"), client.clock.now()
        if isinstance(expires_at, int | float) and now is not None and expires_at <= now:
            raise errors.ResourceGoneError(
                f"{self._name(remote)} has expired", Advice(remedies.REFRESH_THEN_RUN, ". That creates another.")
            )
        delivered_keys.notice(remote, self._name(remote))

    def delete(self, client: Client, remote: Remote) -> None:
        """Revoke the key, unless it is the key that this run uses.

        Raises:
            errors.KeyRevocationError: It is. Without it, the rest of the run would fail.
        """
        if _is_in_use(client, remote):
            what = f"{self._name(remote)} was not revoked: this run uses it"
            advice = "Configure another Admin API key, such as the one that replaces it, then "
            raise errors.KeyRevocationError(what, Advice(advice, remedies.RUN_AGAIN, "."))
        super().delete(client, remote)
        delivered_keys.remove(remote, self._name(remote))

    def creation_note(self, wanted: Wanted) -> str:
        """Where the key is delivered."""
        return delivered_keys.note(wanted)

    def _make(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> Made:
        """POST. A key whose value was lost is revoked, and another one created."""
        path, action = fill(self.path), f"create {self.noun} {body['name']!r}"
        listing = self.listing(client, remote)

        def discard(key_id: str, row: Mapping[str, Any]) -> None:
            self._revoke(client, row.get("created_at"), key_id)
            listing.drop(key_id)

        call = Call("POST", path, action, body=self._sent(body), idempotent=False)
        with client.exclusively(f"{path} {body['name']}", action):
            self._warn_of_namesakes(client, listing, remote, body)
            creation = Creation(client, call, listing, self.noun, lambda row: self._fits(remote, row, body))
            made = creation.run(discard)
        if not made.reply.get(_VALUE):
            self._revoke(client, made.reply.get("created_at"), str(made.reply["id"]))
            what = f"Could not {action}: the reply showed a key without its value"
            raise errors.InvalidReplyError(what, Advice("That key was revoked; ", remedies.RUN_AGAIN, "."))
        # Before anything else can fail: OpenAI does not show the value again.
        self._learn(remote, {**body, **made.reply})
        remote.has_changed = True
        return made

    def _revoke(self, client: Client, created_at: object, *key_ids: str) -> None:
        """DELETE keys whose values nobody has."""
        for key_id in key_ids:
            action = f"revoke {self.noun} {key_id}"
            end(client, Call("DELETE", fill(self.path + "/{id}", id=key_id), action), created_at, {})


def _is_in_use(client: Client, remote: Remote) -> bool:
    """Whether a key is the one that this run uses.

    The state has the value of a key that a program created. Otherwise its beginning and its end decide, which are all
    that OpenAI shows: refusing to revoke another key by mistake costs less than revoking this one.
    """
    used, value = client.requestor.admin_api_key, remote.attributes.get(_VALUE)
    if value:
        return bool(value == used)
    first, dots, last = str(remote.attributes.get("redacted_value") or "").partition("...")
    return bool(dots and last) and used.startswith(first) and used.endswith(last)
