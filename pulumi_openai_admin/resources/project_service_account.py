"""Service accounts of a project, each with its first API key."""

from __future__ import annotations

from typing import Literal, final

from pulumi_openai_admin.handlers.keys.service_accounts import ServiceAccounts
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.fields import Field, WhenRemoved, argument, output, path
from pulumi_openai_admin.schema.rules import NotTogether


@final
class ProjectServiceAccount(AdminResource):
    """A member of a project that is not a person, such as a program or a pipeline. It is created with an API key.

    OpenAI shows the key once, when it is created. The stack's state keeps it, encrypted, through every refresh and
    update. Destroying the resource deletes the account with its key.

    Its id is `<project_id>/<service_account_id>`.

    Raises:
        ResponseLostError: The reply to a creation was lost, and the list does not show its result; the message names
            what may exist.
        ProjectArchivedError: Nothing can be created in an archived project.

    Source: POST /organization/projects/{project_id}/service_accounts and GET, POST, DELETE
    …/service_accounts/{service_account_id} (operations `create-project-service-account` and following).
    """

    handler = ServiceAccounts(
        "/organization/projects/{project_id}/service_accounts",
        noun="service account",
        recognized_by=("name",),
        keys="/organization/projects/{project_id}/api_keys",
    )
    rules = (NotTogether("create_service_account_only", "expires_in_seconds"),)

    project_id: Field[str] = path()
    """The project (`proj_…`). Another project replaces the account: a new one is created, then the old one is
    deleted."""
    name: Field[str, str | None] = argument(default=None, auto_named=True)
    """The account's name. Names need not be unique. Changed in place: the account keeps its id and key."""
    role: Field[str, Literal["member", "owner"] | None] = argument(default=None)
    """`member` or `owner`. If it is left out, it is not managed: OpenAI gives an account the role `member`, and a
    keyless account the role `none`."""
    create_service_account_only: Field[bool | None] = argument(default=None, when_removed=WhenRemoved.DEFAULT)
    """`True` creates an account without a key, to which OpenAI gives the role `none`. If it is set later, the key is
    revoked. If it is removed, a key is created in place, and the role becomes `role` or `member`."""
    expires_in_seconds: Field[int | None] = argument(default=None, minimum=1, maximum=31_536_000)
    """The lifetime of the key in seconds, from its creation or from the last change, which is made in place. If it is
    left out, the key does not expire, unless the organization's policy requires it. Not for a keyless account."""
    service_account_id: Field[str] = output(wire="id", identity=True)
    """The account's id (`svc_acct_…`, `user-…`)."""
    created_at: Field[int] = output()
    """When the account was created, in seconds since 1970 (UTC)."""
    api_key: Field[str] = output(wire="api_key.value", shown_once=True)
    """The key itself. Secret. `None` for a keyless account."""
    api_key_id: Field[str] = output(wire="api_key.id")
    """The key's id (`key_…`). `None` for a keyless account."""
    api_key_expires_at: Field[int | None] = output(wire="api_key.expires_at")
    """When the key expires, in seconds since 1970 (UTC); `None` if it does not."""
