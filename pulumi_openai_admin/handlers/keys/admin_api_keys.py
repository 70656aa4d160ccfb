"""Admin API keys: the response to POST alone shows the value, nothing can be changed, DELETE revokes.

Source: GET and POST /organization/admin_api_keys, GET and DELETE …/{key_id}.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers.keys import delivered_keys
from pulumi_openai_admin.handlers.keys.project_api_keys import KEY_SHOWN_ONCE, has_expired, is_shown_as
from pulumi_openai_admin.handlers.keys.rotation import RETIRING_KEYS, RotatedKeys
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.creation import CreationPlace
    from pulumi_openai_admin.handlers.handler import Remote, Traits, Wanted
    from pulumi_openai_admin.http.client import Client, Listing

_VALUE = "value"


@dataclass(frozen=True)
class AdminApiKeys(RotatedKeys, Collection):
    """The handler; see `Collection` for its arguments."""

    shown_once: ClassVar[tuple[str, ...]] = (_VALUE,)
    traits: ClassVar[Traits] = replace(
        Collection.traits,
        not_shown=(_VALUE, "expires_in_seconds", RETIRING_KEYS, delivered_keys.PLACE, delivered_keys.VERSION),
        not_adoptable=KEY_SHOWN_ONCE,
    )
    key_noun: ClassVar[str] = "Admin API key"
    removal_verb: ClassVar[str] = "revoke"

    @override
    def minting(self, remote: Remote, wanted: Wanted) -> str:
        return f"create {self.noun} {wanted.settings['name']!r}"

    @override
    def creation_body(self, wanted: Wanted) -> dict[str, Any]:
        return self._sent(wanted.settings)

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
        if _is_in_use(client, remote):
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

        return replace(place, is_ours=is_ours, own=self.retiring(remote))

    def _warn_of_namesakes(self, client: Client, listing: Listing, remote: Remote, body: Mapping[str, Any]) -> None:
        """Say nothing: another key of the name is often what a replacement replaces, and it must not be deleted yet."""


def _is_in_use(client: Client, remote: Remote) -> bool:
    """Whether a key is the one that this run uses.

    The state has the value of a key that a program created. Otherwise its beginning and its end decide, which are all
    that OpenAI shows: refusing to revoke another key by mistake costs less than revoking this one.
    """
    used, value = client.requestor.admin_api_key, remote.attributes.get(_VALUE)
    if value:
        return bool(value == used)
    return is_shown_as(used, str(remote.attributes.get("redacted_value") or ""))
