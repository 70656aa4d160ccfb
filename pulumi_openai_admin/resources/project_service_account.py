"""Service accounts of a project, each with its first API key."""

from __future__ import annotations

from typing import Literal, final

from pulumi_openai_admin.handlers.keys.api_keys import ServiceAccounts
from pulumi_openai_admin.program.fields import Field, WhenRemoved, argument, output, path
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import PROJECT_OWNER_OR_MEMBER
from pulumi_openai_admin.schema.rules import NotTogether


@final
class ProjectServiceAccount(AdminResource):
    """A member of a project that is not a person, such as a program or a pipeline. It is created with an API key.

    OpenAI shows the key once, when it is created. The stack's state keeps it, encrypted, through every refresh and
    update. Destroying the resource deletes the account with its key.

    The resource ID is `<project_id>/<service_account_id>`.

    Raises:
        ResponseLostError: The response to a creation was lost, and it can't be decided what was created. The message
            says what may exist.
        ProjectArchivedError: The project is archived, and nothing can be created in an archived project.

    Also sends: POST /organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys.
    """

    handler = ServiceAccounts(
        "/organization/projects/{project_id}/service_accounts",
        noun="service account",
        recognized_by=("name",),
        keys="/organization/projects/{project_id}/api_keys",
    )
    rules = (NotTogether("create_service_account_only", "expires_in_seconds"),)

    project_id: Field[str] = path()
    """The project (`proj_…`)."""
    name: Field[str, str | None] = argument(default=None, auto_named=True)
    """The account's name. Names need not be unique. With a new name, the account keeps its id and key."""
    role: Field[str, Literal["member", "owner"] | None] = argument(default=None, choices=PROJECT_OWNER_OR_MEMBER)
    """The account's role. If omitted, the role is not managed: OpenAI gives an account with a key the role `member`,
    and a keyless account the role `none`."""
    create_service_account_only: Field[bool | None] = argument(default=None, when_removed=WhenRemoved.DEFAULT)
    """`True` creates an account without a key. OpenAI gives such an account the role `none`. **Setting it later revokes
    the existing key.** Removing it creates a key in place. The role becomes `role`. If `role` is omitted and nobody has
    given the account a role, it becomes `member`."""
    expires_in_seconds: Field[int | None] = argument(default=None, minimum=1, maximum=31_536_000)
    """The lifetime of the key in seconds, counted from its creation or from the last change. If omitted, the key does
    not expire, unless the organization's policy requires an expiry. Not for a keyless account."""
    service_account_id: Field[str] = output(wire="id", identity=True)
    """The account's id (`svc_acct_…`, `user-…`)."""
    created_at: Field[int] = output()
    """When the account was created, in seconds since 1970 (UTC)."""
    api_key: Field[str] = output(wire="api_key.value", shown_once=True)
    """The key itself. `None` for a keyless account."""
    api_key_id: Field[str] = output(wire="api_key.id")
    """The key's id (`key_…`). `None` for a keyless account."""
    api_key_expires_at: Field[int | None] = output(wire="api_key.expires_at")
    """When the key expires, in seconds since 1970 (UTC); `None` if it does not expire."""
