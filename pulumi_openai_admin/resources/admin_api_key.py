"""Admin API keys of the organization."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

from pulumi_openai_admin.handlers.keys.api_keys import AdminApiKeys
from pulumi_openai_admin.program.fields import Field, WhenRemoved, argument, option, output
from pulumi_openai_admin.program.key_delivery import KEY_RULES, RETIRING_API_KEYS, DeliverTo, RetiringApiKey, Store
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.formats import DURATION


@final
class AdminApiKey(AdminResource):
    """An Admin API key of the organization, which can be rotated without an outage.

    The key is rotated when it is older than `rotate_every`, or when `triggers` changes. A rotation creates a new key,
    then updates the resources that use it, and then revokes the old key. OpenAI shows the key once. The stack's state
    keeps the key, encrypted. If `deliver_to` is set, a secret store gets the key instead. The provider treats a revoked
    or expired key as deleted: after `pulumi refresh`, the next `pulumi up` creates a new key. The provider does not
    revoke the key that the run itself uses.

    The resource ID is `<admin_api_key_id>`.

    Raises:
        KeyRevocationError: The run uses the key that it would revoke. Configure a different admin key first.
        DeliveryError: The store of `deliver_to` did not accept the key, and the key was then revoked. Or the key was
            revoked, but is still in the store.
        ResponseLostError: A response was lost, and the provider cannot tell what was created. The message lists
            everything that may exist.
        ParentNotFoundError: The admin key does not show the project that the state records, so the key may belong to
            another organization. The key stays in the state.
    """

    handler = AdminApiKeys("/organization/admin_api_keys", noun="Admin API key", recognized_by=("name",))
    rules = KEY_RULES

    name: Field[str, str | None] = argument(default=None, auto_named=True, replaces=True)
    """The name in the dashboard. OpenAI can't rename a key."""
    expires_in_seconds: Field[int | None] = argument(
        default=None, minimum=1, maximum=31_536_000, replaces=True, when_removed=WhenRemoved.REPLACES
    )
    """The key's lifetime in seconds, counted from its creation. If omitted, the key does not expire."""
    triggers: Field[list[Any] | None] = option(default=None, replaces=True)
    """Any values. Changing one of them rotates the key."""
    rotate_every: Field[str | None] = option(default=None, constraint=DURATION)
    """The maximum age of the key: `90d`, `12w`. The first update after that time rotates the key. The provider starts
    no update by itself, so schedule `pulumi up`."""
    overlap: Field[str | None] = option(default=None, constraint=DURATION)
    """How long the old key continues to work after a scheduled rotation: `24h`. The first update after that time
    revokes the old key. If omitted, the update that rotates the key revokes the old key. With an overlap, the resource
    ID stays the ID of the first key."""
    deliver_to: Field[dict[str, Any], DeliverTo | Store | None] = option(default=None, minimum=1, replaces=True)
    """The secret store, or the command, that receives the key. The state then does not contain the key."""
    admin_api_key_id: Field[str] = output(wire="id", identity=True, renewed_by="overlap")
    """The key's id (`key_…`)."""
    api_key: Field[str] = output(wire="value", shown_once=True)
    """The key itself. Empty if `deliver_to` is set."""
    delivered_to: Field[str | None] = output(reveals=("deliver_to",))
    """Where the key was delivered; `None` if `deliver_to` is not set."""
    delivered_version: Field[str | None] = output(reveals=("deliver_to",))
    """The version that the store gave the key; for a store without versions, a fingerprint of the key."""
    redacted_value: Field[str] = output()
    """The beginning and the end of the key, as OpenAI shows them (`sk-admin-...cdef`)."""
    created_at: Field[int] = output()
    """When it was created, in seconds since 1970 (UTC)."""
    expires_at: Field[int | None] = output()
    """When it expires, in seconds since 1970 (UTC); `None` if it does not expire."""
    retiring_api_keys: Field[list[dict[str, Any]] | None, Sequence[RetiringApiKey] | None] = output(
        keyed=RETIRING_API_KEYS
    )
    """The old keys that still work. Each entry has an `api_key_id`, and `ends_at`: the end of the overlap, in seconds
    since 1970 (UTC)."""
