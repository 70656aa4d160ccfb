"""Manage an OpenAI organization as code, from Python, on Pulumi."""

# Written by `make generate`, from the declarations of resources and look-ups.

import dataclasses

import pulumi

from pulumi_openai_admin.dynamic.explicit_provider import Provider as Provider
from pulumi_openai_admin.resources.group import Group as Group
from pulumi_openai_admin.resources.project import Project as Project
from pulumi_openai_admin.resources.project_rate_limit import ProjectRateLimit as ProjectRateLimit
from pulumi_openai_admin.resources.project_rate_limits import ProjectRateLimits as ProjectRateLimits
from pulumi_openai_admin.resources.project_rate_limits import RateLimit as RateLimit
from pulumi_openai_admin.resources.project_role import ProjectRole as ProjectRole
from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount as ProjectServiceAccount
from pulumi_openai_admin.resources.project_service_account_api_key import (
    ProjectServiceAccountApiKey as ProjectServiceAccountApiKey,
)
from pulumi_openai_admin.resources.project_spend_limit import ProjectSpendLimit as ProjectSpendLimit
from pulumi_openai_admin.resources.role import Role as Role

__all__ = [
    "GetGroupResult",
    "GetProjectApiKeyResult",
    "GetProjectRateLimitResult",
    "GetProjectResult",
    "GetProjectRoleResult",
    "GetProjectServiceAccountResult",
    "GetProjectSpendLimitResult",
    "GetRoleResult",
    "Group",
    "Project",
    "ProjectRateLimit",
    "ProjectRateLimits",
    "ProjectRole",
    "ProjectServiceAccount",
    "ProjectServiceAccountApiKey",
    "ProjectSpendLimit",
    "Provider",
    "RateLimit",
    "Role",
    "get_group",
    "get_group_output",
    "get_project",
    "get_project_api_key",
    "get_project_api_key_output",
    "get_project_output",
    "get_project_rate_limit",
    "get_project_rate_limit_output",
    "get_project_role",
    "get_project_role_output",
    "get_project_service_account",
    "get_project_service_account_output",
    "get_project_spend_limit",
    "get_project_spend_limit_output",
    "get_role",
    "get_role_output",
    "list_groups",
    "list_groups_output",
    "list_project_api_keys",
    "list_project_api_keys_output",
    "list_project_rate_limits",
    "list_project_rate_limits_output",
    "list_project_roles",
    "list_project_roles_output",
    "list_project_service_accounts",
    "list_project_service_accounts_output",
    "list_projects",
    "list_projects_output",
    "list_roles",
    "list_roles_output",
]

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetGroupResult:
    """A group of the organization, as OpenAI shows it."""

    group_id: str
    """The group's id (`group_…`)."""
    name: str | None
    """The group's name, 1 to 255 characters; `None` where OpenAI shows none."""
    created_at: int
    """When it was created, in seconds since 1970 (UTC)."""
    is_scim_managed: bool
    """Whether an identity provider manages the group."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectApiKeyResult:
    """An API key of a project, as OpenAI shows it, without the key itself."""

    project_id: str
    """The project (`proj_…`)."""
    api_key_id: str
    """The key's id (`key_…`)."""
    name: str | None
    """The key's name; `None` if OpenAI shows none."""
    redacted_value: str
    """The beginning and the end of the key (`sk-abc...def`)."""
    created_at: int
    """When it was created, in seconds since 1970 (UTC)."""
    expires_at: int | None
    """When it expires, in seconds since 1970 (UTC); `None` if it does not."""
    last_used_at: int | None
    """When it was last used, in seconds since 1970 (UTC); `None` if it was never used."""
    owner_type: str | None
    """`service_account` or `user`."""
    service_account_id: str | None
    """The service account that owns it; `None` if a user owns it."""
    user_id: str | None
    """The user who owns it; `None` if a service account owns it."""
    owner_project_access: str | None
    """Whether its owner currently has access to the project: `active` or `inactive`."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectRateLimitResult:
    """The rate limits of one model in one project, as OpenAI shows them."""

    project_id: str
    """The project (`proj_…`)."""
    rate_limit_id: str
    """The row's id in OpenAI's list."""
    model: str
    """The model of the row (`gpt-4o`)."""
    max_requests_per_1_minute: int | None
    """Requests a minute; `None` where OpenAI shows none."""
    max_tokens_per_1_minute: int | None
    """Tokens a minute; `None` where OpenAI shows none."""
    max_images_per_1_minute: int | None
    """Images a minute; `None` where OpenAI shows none."""
    max_audio_megabytes_per_1_minute: int | None
    """Megabytes of audio a minute; `None` where OpenAI shows none."""
    max_requests_per_1_day: int | None
    """Requests a day; `None` where OpenAI shows none."""
    batch_1_day_max_input_tokens: int | None
    """Input tokens in the batch queue a day; `None` where OpenAI shows none."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectResult:
    """A project of the organization, as OpenAI shows it."""

    project_id: str
    """The project's id (`proj_…`)."""
    name: str | None
    """The project's name; `None` where OpenAI shows none."""
    residency: str | None
    """Where OpenAI stores the project's data; `None` where OpenAI shows none."""
    external_key_id: str | None
    """The external key (`extkey_…`) that encrypts its data; `None` where OpenAI shows none."""
    status: str | None
    """`active` or `archived`."""
    created_at: int
    """When it was created, in seconds since 1970 (UTC)."""
    archived_at: int | None
    """When it was archived, in seconds since 1970 (UTC); `None` if it is not archived."""
    @property
    def is_archived(self) -> bool:
        """Whether the project is archived: its objects can no longer be used."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectRoleResult:
    """A role of a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    role_id: str
    """The role's id (`role_…`)."""
    name: str | None
    """The role's name, which no other role of the project has; `None` where OpenAI shows none."""
    permissions: list[str] | None
    """The permissions that the role grants (`api.groups.read`), in any order; `None` where OpenAI shows none."""
    description: str | None
    """What the role is for; `None` where OpenAI shows none."""
    resource_type: str
    """What the role is for: `api.project`."""
    predefined_role: bool
    """Whether OpenAI predefines the role."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectServiceAccountResult:
    """A service account of a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    service_account_id: str
    """The account's id (`svc_acct_…`, `user-…`)."""
    name: str | None
    """The account's name; `None` where OpenAI shows none."""
    role: str | None
    """`member` or `owner`; `None` where OpenAI shows none."""
    created_at: int
    """When the account was created, in seconds since 1970 (UTC)."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectSpendLimitResult:
    """A spend limit of a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    threshold_amount: int | None
    """The limit in cents: 10000 is $100; `None` where OpenAI shows none."""
    currency: str | None
    """The currency of the limit: `USD`."""
    interval: str | None
    """The period of the limit: `month`."""
    enforcement_status: str | None
    """`enforcing` while OpenAI refuses requests of the project, else `inactive`."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetRoleResult:
    """A role of the organization, as OpenAI shows it."""

    role_id: str
    """The role's id (`role_…`)."""
    name: str | None
    """The role's name, which no other role of the organization has; `None` where OpenAI shows none."""
    permissions: list[str] | None
    """The permissions that the role grants (`api.groups.read`), in any order; `None` where OpenAI shows none."""
    description: str | None
    """What the role is for; `None` where OpenAI shows none."""
    resource_type: str
    """What the role is for: `api.organization`."""
    predefined_role: bool
    """Whether OpenAI predefines the role."""

def get_group(
    *,
    name: str | None = None,
    group_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetGroupResult:
    """One group of the organization, by its name or its id.

    Args:
        name: The group's name, 1 to 255 characters. The match is exact. Set this or `group_id`.
        group_id: The group's id (`group_…`). Set this or `name`.
        opts: Pulumi's options. `provider` or `parent` selects one of several organizations.

    Raises:
        LookUpError: There is no such group (the message gives the nearest names), several have the same name (it gives
            all ids), or as for `list_groups`.

    Source: GET /organization/groups and GET /organization/groups/{group_id}.
    """

def get_group_output(
    *,
    name: pulumi.Input[str | None] = None,
    group_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetGroupResult]:
    """`get_group` for Outputs. The result is unknown in a preview if an argument is unknown."""

def get_project(
    *,
    name: str | None = None,
    project_id: str | None = None,
    include_archived: bool = False,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectResult:
    """One project of the organization, by its name or its id.

    Args:
        name: The project's name. The match is exact. Set this or `project_id`.
        project_id: The project's id (`proj_…`). Set this or `name`.
        include_archived: Whether to include archived projects.
        opts: Pulumi's options. `provider` or `parent` selects one of several organizations.

    Raises:
        LookUpError: There is no such project (the message gives the nearest names), several have the same name (it
            gives all ids), it is archived, or as for `list_projects`.

    Source: GET /organization/projects and GET /organization/projects/{project_id}.
    """

def get_project_api_key(
    *,
    project_id: str,
    api_key_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectApiKeyResult:
    """One API key of a project, by its id.

    Args:
        project_id: The project (`proj_…`).
        api_key_id: The key's id (`key_…`).
        opts: Pulumi's options. `provider` or `parent` selects one of several organizations.

    Raises:
        LookUpError: There is no such API key, or as for `list_project_api_keys`.

    Source: GET /organization/projects/{project_id}/api_keys/{api_key_id}.
    """

def get_project_api_key_output(
    *,
    project_id: pulumi.Input[str],
    api_key_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectApiKeyResult]:
    """`get_project_api_key` for Outputs. The result is unknown in a preview if an argument is unknown."""

def get_project_output(
    *,
    name: pulumi.Input[str | None] = None,
    project_id: pulumi.Input[str | None] = None,
    include_archived: pulumi.Input[bool] = False,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectResult]:
    """`get_project` for Outputs. The result is unknown in a preview if an argument is unknown."""

def get_project_rate_limit(
    *,
    project_id: str,
    model: str | None = None,
    rate_limit_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectRateLimitResult:
    """One rate limit of a project, by its model or its id.

    Args:
        project_id: The project (`proj_…`).
        model: The model of the row (`gpt-4o`). The match is exact. Set this or `rate_limit_id`.
        rate_limit_id: The row's id in OpenAI's list. Set this or `model`.
        opts: Pulumi's options. `provider` or `parent` selects one of several organizations.

    Raises:
        LookUpError: There is no such rate limit (the message gives the nearest names), several have the same model (it
            gives all ids), or as for `list_project_rate_limits`.

    Source: GET /organization/projects/{project_id}/rate_limits.
    """

def get_project_rate_limit_output(
    *,
    project_id: pulumi.Input[str],
    model: pulumi.Input[str | None] = None,
    rate_limit_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectRateLimitResult]:
    """`get_project_rate_limit` for Outputs. The result is unknown in a preview if an argument is unknown."""

def get_project_role(
    *,
    project_id: str,
    name: str | None = None,
    role_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectRoleResult:
    """One role of a project, by its name or its id.

    Args:
        project_id: The project (`proj_…`).
        name: The role's name, which no other role of the project has. The match is exact. Set this or `role_id`.
        role_id: The role's id (`role_…`). Set this or `name`.
        opts: Pulumi's options. `provider` or `parent` selects one of several organizations.

    Raises:
        LookUpError: There is no such role (the message gives the nearest names), several have the same name (it gives
            all ids), or as for `list_project_roles`.

    Source: GET /projects/{project_id}/roles and GET /projects/{project_id}/roles/{role_id}.
    """

def get_project_role_output(
    *,
    project_id: pulumi.Input[str],
    name: pulumi.Input[str | None] = None,
    role_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectRoleResult]:
    """`get_project_role` for Outputs. The result is unknown in a preview if an argument is unknown."""

def get_project_service_account(
    *,
    project_id: str,
    name: str | None = None,
    service_account_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectServiceAccountResult:
    """One service account of a project, by its name or its id.

    Args:
        project_id: The project (`proj_…`).
        name: The account's name. The match is exact. Set this or `service_account_id`.
        service_account_id: The account's id (`svc_acct_…`, `user-…`). Set this or `name`.
        opts: Pulumi's options. `provider` or `parent` selects one of several organizations.

    Raises:
        LookUpError: There is no such service account (the message gives the nearest names), several have the same name
            (it gives all ids), or as for `list_project_service_accounts`.

    Source: GET /organization/projects/{project_id}/service_accounts and GET
    /organization/projects/{project_id}/service_accounts/{service_account_id}.
    """

def get_project_service_account_output(
    *,
    project_id: pulumi.Input[str],
    name: pulumi.Input[str | None] = None,
    service_account_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectServiceAccountResult]:
    """`get_project_service_account` for Outputs. The result is unknown in a preview if an argument is unknown."""

def get_project_spend_limit(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectSpendLimitResult:
    """The spend limit of a project.

    If there is none, all fields except `project_id` are `None`.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options. `provider` or `parent` selects one of several organizations.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed. It is an `AdminError` that ends a program without a traceback.

    Source: GET /organization/projects/{project_id}/spend_limit.
    """

def get_project_spend_limit_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectSpendLimitResult]:
    """`get_project_spend_limit` for Outputs. The result is unknown in a preview if an argument is unknown."""

def get_role(
    *,
    name: str | None = None,
    role_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetRoleResult:
    """One role of the organization, by its name or its id.

    Args:
        name: The role's name, which no other role of the organization has. The match is exact. Set this or `role_id`.
        role_id: The role's id (`role_…`). Set this or `name`.
        opts: Pulumi's options. `provider` or `parent` selects one of several organizations.

    Raises:
        LookUpError: There is no such role (the message gives the nearest names), several have the same name (it gives
            all ids), or as for `list_roles`.

    Source: GET /organization/roles and GET /organization/roles/{role_id}.
    """

def get_role_output(
    *,
    name: pulumi.Input[str | None] = None,
    role_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetRoleResult]:
    """`get_role` for Outputs. The result is unknown in a preview if an argument is unknown."""

def list_groups(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetGroupResult]:
    """All groups of the organization.

    The list is fetched once in each run of the program, with all pages. Later calls get the same list.

    Args:
        opts: Pulumi's options. `provider` or `parent` selects one of several organizations.

    Raises:
        LookUpError: There is no admin key, or the request failed. It is an `AdminError` that ends a program without a
            traceback.

    Source: GET /organization/groups.
    """

def list_groups_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetGroupResult]]:
    """`list_groups` for Outputs. The result is unknown in a preview if an argument is unknown."""

def list_project_api_keys(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectApiKeyResult]:
    """All API keys of a project, of users and of service accounts, with and without access to the project.

    The list is fetched once in each run of the program, with all pages. Later calls get the same list.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options. `provider` or `parent` selects one of several organizations.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed. It is an `AdminError` that ends a program without a traceback.

    Source: GET /organization/projects/{project_id}/api_keys.
    """

def list_project_api_keys_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectApiKeyResult]]:
    """`list_project_api_keys` for Outputs. The result is unknown in a preview if an argument is unknown."""

def list_project_rate_limits(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectRateLimitResult]:
    """All rate limits of a project: one row for each model, about 170.

    The list is fetched once in each run of the program, with all pages. Later calls get the same list.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options. `provider` or `parent` selects one of several organizations.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed. It is an `AdminError` that ends a program without a traceback.

    Source: GET /organization/projects/{project_id}/rate_limits.
    """

def list_project_rate_limits_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectRateLimitResult]]:
    """`list_project_rate_limits` for Outputs. The result is unknown in a preview if an argument is unknown."""

def list_project_roles(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectRoleResult]:
    """All roles of a project.

    The list is fetched once in each run of the program, with all pages. Later calls get the same list.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options. `provider` or `parent` selects one of several organizations.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed. It is an `AdminError` that ends a program without a traceback.

    Source: GET /projects/{project_id}/roles.
    """

def list_project_roles_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectRoleResult]]:
    """`list_project_roles` for Outputs. The result is unknown in a preview if an argument is unknown."""

def list_project_service_accounts(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectServiceAccountResult]:
    """All service accounts of a project.

    The list is fetched once in each run of the program, with all pages. Later calls get the same list.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options. `provider` or `parent` selects one of several organizations.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed. It is an `AdminError` that ends a program without a traceback.

    Source: GET /organization/projects/{project_id}/service_accounts.
    """

def list_project_service_accounts_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectServiceAccountResult]]:
    """`list_project_service_accounts` for Outputs. The result is unknown in a preview if an argument is unknown."""

def list_projects(
    *,
    include_archived: bool = False,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectResult]:
    """All projects of the organization.

    The list is fetched once in each run of the program, with all pages. Later calls get the same list.

    Args:
        include_archived: Whether to include archived projects.
        opts: Pulumi's options. `provider` or `parent` selects one of several organizations.

    Raises:
        LookUpError: There is no admin key, or the request failed. It is an `AdminError` that ends a program without a
            traceback.

    Source: GET /organization/projects.
    """

def list_projects_output(
    *,
    include_archived: pulumi.Input[bool] = False,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectResult]]:
    """`list_projects` for Outputs. The result is unknown in a preview if an argument is unknown."""

def list_roles(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetRoleResult]:
    """All roles of the organization.

    The list is fetched once in each run of the program, with all pages. Later calls get the same list.

    Args:
        opts: Pulumi's options. `provider` or `parent` selects one of several organizations.

    Raises:
        LookUpError: There is no admin key, or the request failed. It is an `AdminError` that ends a program without a
            traceback.

    Source: GET /organization/roles.
    """

def list_roles_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetRoleResult]]:
    """`list_roles` for Outputs. The result is unknown in a preview if an argument is unknown."""
