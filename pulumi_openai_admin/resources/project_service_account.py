"""Service accounts of a project, each with the API key it is born with."""

from __future__ import annotations

from typing import Literal, final

from pulumi_openai_admin.dynamic.resource import AdminResource
from pulumi_openai_admin.handlers.service_accounts import ServiceAccounts
from pulumi_openai_admin.schema.fields import Field, argument, output, path
from pulumi_openai_admin.schema.rules import NotTogether


@final
class ProjectServiceAccount(AdminResource):
    """A member of a project that is no person: a program, a pipeline. It is born with an API key.

    OpenAI shows the key once, when it is made. It is kept in the stack's state, encrypted, and survives
    every refresh and update. Destroying the resource deletes the account, and with it the key.

    Its id is `<project_id>/<service_account_id>`.

    Raises:
        ResponseLostError: The reply to a creation did not arrive. It is not repeated, since that could make a second
            account; the message says what may exist and how to look.
        ProjectArchivedError: Nothing can be made in an archived project.

    Source: POST /organization/projects/{project_id}/service_accounts and GET, POST, DELETE
    …/service_accounts/{service_account_id} (operations `create-project-service-account` and following).
    """

    handler = ServiceAccounts(
        "/organization/projects/{project_id}/service_accounts",
        noun="service account",
        settable=("name", "role"),
        recognized_by=("name",),
        identity="id",
        keys="/organization/projects/{project_id}/api_keys",
    )
    rules = (NotTogether("create_service_account_only", "expires_in_seconds"),)

    project_id: Field[str] = path()
    """The project (`proj_…`). Another project replaces the account: a new one is made, then the old one deleted."""
    name: Field[str] = argument()
    """What the dashboard calls it. Names need not be unique. Changed in place: the account keeps its id and key."""
    role: Field[str, Literal["member", "owner"] | None] = argument(default=None)
    """`member` or `owner`. Left out, it is not managed: OpenAI makes a member, or `none` of a keyless account."""
    create_service_account_only: Field[bool | None] = argument(default=None)
    """True makes an account without a key and without a role. Taken back, a key is made in place and the role
    becomes `member`, or what `role` says; set later, the key is revoked."""
    expires_in_seconds: Field[int | None] = argument(default=None, minimum=1, maximum=31_536_000)
    """The life of the key in seconds, counted from its creation, and from the change when it is changed: in place.
    Left out, the key does not expire, unless the organization's policy asks for it. Not for a keyless account."""
    service_account_id: Field[str] = output(wire="id", identity=True)
    """The account's id (`svc_acct_…`, `user-…`)."""
    created_at: Field[int] = output()
    """When the account was made, in seconds since 1970 (UTC)."""
    api_key: Field[str] = output(wire="api_key.value", once=True)
    """The key itself. Secret. `None` for a keyless account."""
    api_key_id: Field[str] = output(wire="api_key.id")
    """The key's id (`key_…`). `None` for a keyless account."""
    api_key_expires_at: Field[int | None] = output(wire="api_key.expires_at")
    """When the key expires, in seconds since 1970 (UTC); `None` if it does not."""
