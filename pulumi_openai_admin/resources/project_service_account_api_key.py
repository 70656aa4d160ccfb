"""Further API keys of service accounts."""

from __future__ import annotations

from typing import Any, final

from pulumi_openai_admin.dynamic.resource import AdminResource
from pulumi_openai_admin.handlers.service_account_api_keys import ServiceAccountApiKeys
from pulumi_openai_admin.schema.fields import Field, Replaces, argument, output, path


@final
class ProjectServiceAccountApiKey(AdminResource):
    """A further API key of a service account, which can be rotated without an outage.

    Changing `triggers` makes a new key first; whatever uses it is updated, then the old one is revoked. OpenAI shows
    the key once; it is kept in the stack's state, encrypted. A key that was revoked or has expired counts as gone:
    after a `pulumi refresh` the next `up` makes another.

    Its id is `<project_id>/<service_account_id>/<api_key_id>`.

    Raises:
        KeyRevocationError: OpenAI refuses to end the old key; the message says how to get on.
        ResponseLostError: It can't be told what a lost reply made; the message names all that may exist.

    Source: POST /organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys; GET, POST and
    DELETE /organization/projects/{project_id}/api_keys/{api_key_id}.
    """

    handler = ServiceAccountApiKeys(
        "/organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys",
        keys="/organization/projects/{project_id}/api_keys",
    )

    project_id: Field[str] = path()
    """The account's project (`proj_…`). Another one replaces the key."""
    service_account_id: Field[str] = path()
    """The account that owns the key. Another one replaces the key."""
    name: Field[str, str | None] = argument(default=None, replaces=Replaces.EITHER)
    """What the dashboard calls the key. OpenAI can't rename one, so another name replaces it."""
    scopes: Field[list[str] | None] = argument(default=None, empty_means="everything", replaces=Replaces.WHEN_REMOVED)
    """What the key may do (`api.responses.write`). Left out, all that its account may. Changed in place; taken out of
    the program, it replaces the key. An empty list is refused, since OpenAI takes it for all permissions."""
    expires_in_seconds: Field[int | None] = argument(
        default=None, minimum=1, maximum=31_536_000, replaces=Replaces.WHEN_REMOVED
    )
    """The key's life in seconds, counted from its creation, and from the change when it is changed: in place. Taken out
    of the program, it replaces the key: an expiry can't be taken back."""
    triggers: Field[list[Any] | None] = argument(default=None, replaces=Replaces.EITHER)
    """Any values; when one of them changes, the key is rotated."""
    api_key_id: Field[str] = output(wire="id", identity=True)
    """The key's id (`key_…`)."""
    api_key: Field[str] = output(wire="value", once=True)
    """The key itself. Secret."""
    created_at: Field[int] = output()
    """When it was made, in seconds since 1970 (UTC)."""
    expires_at: Field[int | None] = output()
    """When it expires, in seconds since 1970 (UTC); `None` if it does not."""
