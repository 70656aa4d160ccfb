"""Additional API keys of service accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

from pulumi_openai_admin.handlers.keys.api_keys import ServiceAccountApiKeys
from pulumi_openai_admin.program.fields import Field, WhenRemoved, argument, option, output, path
from pulumi_openai_admin.program.key_delivery import KEY_RULES, RETIRING_API_KEYS, DeliverTo, RetiringApiKey, Store
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import permission_doubt
from pulumi_openai_admin.schema.formats import DURATION


@final
class ProjectServiceAccountApiKey(AdminResource):
    """An additional API key of a service account, which can be rotated without an outage.

    The key is rotated when it is older than `rotate_every`, or when `triggers` changes. A rotation creates a new key,
    then updates the resources that use it, and then revokes the old key. OpenAI shows the key once. The stack's state
    keeps the key, encrypted. If `deliver_to` is set, a secret store gets the key instead. The provider treats a revoked
    or expired key as deleted: after `pulumi refresh`, the next `pulumi up` creates a new key.

    The resource ID is `<project_id>/<service_account_id>/<api_key_id>`.

    Raises:
        KeyRevocationError: OpenAI refuses to revoke the old key. The message says what to do.
        DeliveryError: The store of `deliver_to` did not accept the key, and the key was then revoked. Or the key was
            revoked, but is still in the store.
        ResponseLostError: A response was lost, and the provider cannot tell what was created. The message lists
            everything that may exist.

    Also sends: GET /organization/projects/{project_id}/service_accounts.
    """

    handler = ServiceAccountApiKeys(
        "/organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys",
        keys="/organization/projects/{project_id}/api_keys",
    )
    rules = KEY_RULES

    project_id: Field[str] = path()
    """The account's project (`proj_…`)."""
    service_account_id: Field[str] = path()
    """The account that owns the key."""
    name: Field[str, str | None] = argument(default=None, auto_named=True, replaces=True)
    """The key's name. OpenAI can't rename a key."""
    scopes: Field[list[str] | None] = argument(
        default=None, empty_means="everything", when_removed=WhenRemoved.REPLACES, doubt=permission_doubt
    )
    """The permissions of the key (`api.responses.write`). If omitted, the key has all permissions of its account. An
    empty list is an error, because OpenAI treats it as all permissions."""
    expires_in_seconds: Field[int | None] = argument(
        default=None, minimum=1, maximum=31_536_000, when_removed=WhenRemoved.REPLACES
    )
    """The key's lifetime in seconds, counted from its creation or from the last change. OpenAI can't remove an
    expiry."""
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
    api_key_id: Field[str] = output(wire="id", identity=True, renewed_by="overlap")
    """The key's id (`key_…`)."""
    api_key: Field[str] = output(wire="value", shown_once=True)
    """The key itself. Empty if `deliver_to` is set."""
    delivered_to: Field[str | None] = output(reveals=("deliver_to",))
    """Where the key was delivered; `None` if `deliver_to` is not set."""
    delivered_version: Field[str | None] = output(reveals=("deliver_to",))
    """The version that the store gave the key; for a store without versions, a fingerprint of the key."""
    created_at: Field[int] = output()
    """When it was created, in seconds since 1970 (UTC)."""
    expires_at: Field[int | None] = output()
    """When it expires, in seconds since 1970 (UTC); `None` if it does not expire."""
    retiring_api_keys: Field[list[dict[str, Any]] | None, Sequence[RetiringApiKey] | None] = output(
        keyed=RETIRING_API_KEYS
    )
    """The old keys that still work. Each entry has an `api_key_id`, and `ends_at`: the end of the overlap, in seconds
    since 1970 (UTC)."""
