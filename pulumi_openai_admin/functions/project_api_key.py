"""Looking up a project's API keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi_openai_admin.api.keys import ProjectKeys
from pulumi_openai_admin.functions.look_up import Kind, check_id, connection, lifted, look_up, wire
from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount

if TYPE_CHECKING:
    import pulumi


@dataclass(frozen=True, kw_only=True)
class GetProjectApiKeyResult:
    """An API key of a project, as OpenAI shows it: never the key itself."""

    project_id: str
    """The project (`proj_…`)."""
    api_key_id: str = field(metadata=wire("id"))
    """The key's id (`key_…`)."""
    name: str | None
    """What the dashboard calls it; `None` where OpenAI shows none."""
    redacted_value: str
    """The key's beginning and end (`sk-abc...def`)."""
    created_at: int
    """When it was made, in seconds since 1970 (UTC)."""
    expires_at: int | None
    """When it expires, in seconds since 1970 (UTC); `None` if it does not."""
    last_used_at: int | None
    """When it was last used, in seconds since 1970 (UTC); `None` if it never was."""
    owner_type: str | None = field(metadata=wire("owner.type"))
    """`service_account` or `user`."""
    service_account_id: str | None = field(metadata=wire("owner.service_account.id"))
    """The service account that owns it; `None` if a user does."""
    user_id: str | None = field(metadata=wire("owner.user.id"))
    """The user who owns it; `None` if a service account does."""
    owner_project_access: str | None
    """Whether its owner has access to the project at the moment: `active` or `inactive`."""


_KIND = Kind(
    GetProjectApiKeyResult,
    "API key",
    "Settings > Project > API keys",
    lambda client, parents: ProjectKeys(client, ProjectServiceAccount.endpoint.keys, parents).listing(),
)


@look_up
def list_project_api_keys(*, project_id: str, opts: pulumi.InvokeOptions | None = None) -> list[GetProjectApiKeyResult]:
    """All API keys of a project, of users and of service accounts, whether or not their owner has access.

    The list is fetched once a run of the program, all pages of it: later calls see what the first one saw.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpFailed: The project is missing or archived, the id will not do, there is no admin key, or OpenAI could
            not be asked or said no. It is an `AdminError`, and ends a program without a traceback.

    Source: GET /organization/projects/{project_id}/api_keys (operation `list-project-api-keys`).
    """
    check_id(project_id=project_id)
    with connection(opts) as client:
        return _KIND.all(client, project_id=project_id)


def list_project_api_keys_output(
    *, project_id: pulumi.Input[str], opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[list[GetProjectApiKeyResult]]:
    """`list_project_api_keys` for Outputs: unknown in a preview where an argument is."""
    return lifted(list_project_api_keys, opts, project_id=project_id)
