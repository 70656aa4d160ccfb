"""Webhook endpoints of a project."""

from __future__ import annotations

from typing import Any, final

from pulumi_openai_admin.handlers.keys.webhook_endpoints import WebhookEndpoints
from pulumi_openai_admin.program.fields import Field, argument, option, output
from pulumi_openai_admin.program.key_delivery import DeliverTo, Store  # noqa: TC001 - annotations are read at run time
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import PROJECT_API_KEY, WEB_URL
from pulumi_openai_admin.schema.formats import DURATION
from pulumi_openai_admin.schema.rules import ExactlyOneProperty


@final
class WebhookEndpoint(AdminResource):
    """A URL that receives events of a project, such as completed batches, signed with a secret.

    The provider sends its requests with an API key of the project, not with the admin key. `api_key` can be the key of
    a `ProjectServiceAccount` of the same program. OpenAI shows the signing secret only when the endpoint is created and
    when the secret is rotated. The stack's state keeps the secret, encrypted. If `deliver_to` is set, a secret store
    gets the secret instead. If a response with a secret is lost, the provider rotates the secret. If somebody else
    rotates it, `pulumi refresh` finds that, and the next `pulumi up` rotates it again.

    The resource ID is `<webhook_endpoint_id>`.

    Raises:
        ConfigurationError: OpenAI does not show the endpoint to the new `api_key`, which may belong to another project.
        ParentNotFoundError: OpenAI does not accept the API key in the state, so the endpoint may still exist.
        DeliveryError: The store of `deliver_to` did not accept the signing secret, or still contains it after the
            deletion.
        ResponseLostError: A response was lost, and the provider cannot tell what was created. The message lists
            everything that may exist.

    Also sends: POST /webhook_endpoints/{webhook_endpoint_id}/rotate_secret and GET /webhook_event_types.
    """

    handler = WebhookEndpoints(
        "/webhook_endpoints", noun="webhook endpoint", recognized_by=("name", "url", "event_types")
    )
    rules = (ExactlyOneProperty("deliver_to"),)

    api_key: Field[str] = option(constraint=PROJECT_API_KEY, secret=True)
    """An API key of the project. The provider sends all requests of the resource with this key. The key needs the
    permissions `api.webhooks.read` and `api.webhooks.write`. Changing to a different key of the same project changes
    nothing at OpenAI. A key of another project is an error."""
    name: Field[str, str | None] = argument(default=None, auto_named=True)
    """The endpoint's name."""
    url: Field[str] = argument(constraint=WEB_URL)
    """The URL that receives the events, usually an `https://` URL."""
    event_types: Field[list[str]] = argument(unordered=True)
    """The types of the events that it receives (`batch.completed`), in any order. `get_webhook_event_types` shows all
    types."""
    triggers: Field[list[Any] | None] = option(default=None)
    """Any values. Changing the list rotates the signing secret. The endpoint stays."""
    rotate_every: Field[str | None] = option(default=None, constraint=DURATION)
    """The maximum age of the signing secret: `90d`, `12w`. The first update after that time rotates it. The provider
    starts no update by itself, so schedule `pulumi up`."""
    keep_old_secret_active_for_24_hours: Field[bool | None] = option(default=None)
    """Whether the old signing secret stays valid for 24 hours after a rotation. If omitted, it stays valid, so that the
    receiver has time to get the new secret. With `False`, the old secret becomes invalid at once."""
    deliver_to: Field[dict[str, Any], DeliverTo | Store | None] = option(default=None, minimum=1)
    """The secret store, or the command, that receives the signing secret. The state then does not contain the secret.
    Changing or removing it rotates the secret."""
    webhook_endpoint_id: Field[str] = output(wire="id", identity=True)
    """The endpoint's id (`whe_…`)."""
    signing_secret: Field[str] = output(shown_once=True)
    """The secret with which OpenAI signs events (`whsec_…`). Empty if `deliver_to` is set."""
    signing_secret_hint: Field[str | None] = output()
    """The end of the signing secret; `None` if OpenAI shows none."""
    delivered_to: Field[str | None] = output(reveals=("deliver_to",))
    """Where the signing secret was delivered; `None` if `deliver_to` is not set."""
    delivered_version: Field[str | None] = output(reveals=("deliver_to",))
    """The version that the store gave the secret; for a store without versions, a fingerprint of the secret."""
    created_at: Field[int] = output()
    """When it was created, in seconds since 1970 (UTC)."""
    updated_at: Field[int | None] = output()
    """When it or its secret was last changed, in seconds since 1970 (UTC); `None` if OpenAI does not show it."""
