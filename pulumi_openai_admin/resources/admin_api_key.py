"""Admin API keys of the organization."""

from __future__ import annotations

from typing import Any, final

from pulumi_openai_admin.handlers.keys.admin_api_keys import AdminApiKeys
from pulumi_openai_admin.program.key_delivery import DeliverTo, Store  # noqa: TC001 - annotations are read at run time
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.durations import DURATION
from pulumi_openai_admin.schema.fields import Field, WhenRemoved, argument, option, output
from pulumi_openai_admin.schema.rules import ExactlyOneProperty, Needs, Shorter


@final
class AdminApiKey(AdminResource):
    """An Admin API key of the organization, which can be rotated without an outage.

    When the key is older than `rotate_every`, or `triggers` changes, a new key is created, the resources that use it
    are updated, and then the old key is revoked. OpenAI shows the key once. It is kept in the stack's state,
    encrypted, or delivered to a secret store if `deliver_to` is set. A key that was revoked or has expired counts as
    gone: after `pulumi refresh`, the next `pulumi up` creates another. The key that the run itself uses is not
    revoked.

    Its id is `<admin_api_key_id>`.

    Raises:
        KeyRevocationError: The run uses the key that it would revoke. Configure another key first.
        DeliveryError: The store of `deliver_to` did not take the key, which was then revoked; or the key was revoked
            and is still in the store.
        ResponseLostError: It is not known what a lost reply created; the message names all that may exist.
        ParentNotFoundError: The admin key may be another organization's: it does not show the project of the
            organization that the state records. The key stays in the state.

    Source: POST /organization/admin_api_keys and GET, DELETE …/{key_id} (operations `admin-api-keys-create`,
    `admin-api-keys-get`, `admin-api-keys-delete`).
    """

    handler = AdminApiKeys(
        "/organization/admin_api_keys",
        noun="admin API key",
        recognized_by=("name",),
    )
    rules = (
        ExactlyOneProperty("deliver_to"),
        Needs("overlap", "rotate_every"),
        Shorter("overlap", "rotate_every", otherwise="the next rotation comes while an old key still works"),
        Shorter("rotate_every", "expires_in_seconds", otherwise="the key expires before it is rotated"),
    )

    name: Field[str, str | None] = argument(default=None, auto_named=True, replaces=True)
    """The name in the dashboard. OpenAI can't rename a key, so another name replaces it."""
    expires_in_seconds: Field[int | None] = argument(
        default=None, minimum=1, maximum=31_536_000, replaces=True, when_removed=WhenRemoved.REPLACES
    )
    """The key's lifetime in seconds, counted from its creation. If it is left out, the key does not expire. A change
    replaces the key."""
    triggers: Field[list[Any] | None] = option(default=None, replaces=True, when_removed=WhenRemoved.REPLACES)
    """Any values. If one of them changes, the key is rotated."""
    rotate_every: Field[str | None] = option(default=None, constraint=DURATION)
    """How old the key may become: `90d`, `12w`. The first update after that rotates it. Nothing runs by itself:
    schedule `pulumi up`."""
    overlap: Field[str | None] = option(default=None, constraint=DURATION)
    """How long the old key continues to work after a scheduled rotation: `24h`. The first update after that revokes it.
    If it is left out, the old key is revoked in the update that rotates. With it, the resource's id stays that of its
    first key."""
    deliver_to: Field[dict[str, Any], DeliverTo | Store | None] = option(
        default=None, minimum=1, replaces=True, when_removed=WhenRemoved.REPLACES
    )
    """The secret store, or the command, that receives the key: the state then does not contain it. Another one replaces
    the key."""
    admin_api_key_id: Field[str] = output(wire="id", identity=True, renewed_by="overlap")
    """The key's id (`key_…`)."""
    api_key: Field[str] = output(wire="value", shown_once=True)
    """The key itself. Secret. Empty if `deliver_to` is set."""
    delivered_to: Field[str | None] = output(reveals=("deliver_to",))
    """Where the key was delivered; `None` if `deliver_to` is not set."""
    delivered_version: Field[str | None] = output(reveals=("deliver_to",))
    """The version that the store gave the key; for a store without versions, a fingerprint of the key."""
    redacted_value: Field[str] = output()
    """The beginning and the end of the key, as OpenAI shows them (`sk-admin-...cdef`)."""
    created_at: Field[int] = output()
    """When it was created, in seconds since 1970 (UTC)."""
    expires_at: Field[int | None] = output()
    """When it expires, in seconds since 1970 (UTC); `None` if it does not."""
    retiring_api_keys: Field[dict[str, int] | None] = output()
    """The old keys that still work: by id, when their overlap ends, in seconds since 1970 (UTC)."""
