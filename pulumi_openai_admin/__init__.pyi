"""Manage an OpenAI organization as code, from Python, on Pulumi."""

# Written by `make generate`, from the declarations of resources and look-ups.

import dataclasses
from typing import Any

import pulumi

from pulumi_openai_admin.dynamic.explicit_provider import Provider as Provider
from pulumi_openai_admin.resources.admin_api_key import AdminApiKey as AdminApiKey
from pulumi_openai_admin.resources.group import Group as Group
from pulumi_openai_admin.resources.project import Project as Project
from pulumi_openai_admin.resources.project_rate_limit import ProjectRateLimit as ProjectRateLimit
from pulumi_openai_admin.resources.project_rate_limits import ProjectRateLimits as ProjectRateLimits
from pulumi_openai_admin.resources.project_rate_limits import RateLimit as RateLimit
from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount as ProjectServiceAccount
from pulumi_openai_admin.resources.project_service_account_api_key import (
    ProjectServiceAccountApiKey as ProjectServiceAccountApiKey,
)
from pulumi_openai_admin.resources.project_spend_limit import ProjectSpendLimit as ProjectSpendLimit
from pulumi_openai_admin.resources.workload_identity_federation_rule import Restricted as Restricted
from pulumi_openai_admin.resources.workload_identity_federation_rule import (
    ServiceAccountDefault as ServiceAccountDefault,
)
from pulumi_openai_admin.resources.workload_identity_federation_rule import (
    WorkloadIdentityFederationRule as WorkloadIdentityFederationRule,
)
from pulumi_openai_admin.resources.workload_identity_provider import AttributeTransformation as AttributeTransformation
from pulumi_openai_admin.resources.workload_identity_provider import Discovery as Discovery
from pulumi_openai_admin.resources.workload_identity_provider import UploadedJwks as UploadedJwks
from pulumi_openai_admin.resources.workload_identity_provider import (
    WorkloadIdentityProvider as WorkloadIdentityProvider,
)

__all__ = [
    "AdminApiKey",
    "AttributeTransformation",
    "Discovery",
    "GetAdminApiKeyResult",
    "GetGroupResult",
    "GetProjectApiKeyResult",
    "GetProjectRateLimitResult",
    "GetProjectResult",
    "GetProjectServiceAccountResult",
    "GetProjectSpendLimitResult",
    "GetWorkloadIdentityFederationRuleResult",
    "GetWorkloadIdentityProviderResult",
    "Group",
    "Project",
    "ProjectRateLimit",
    "ProjectRateLimits",
    "ProjectServiceAccount",
    "ProjectServiceAccountApiKey",
    "ProjectSpendLimit",
    "Provider",
    "RateLimit",
    "Restricted",
    "ServiceAccountDefault",
    "UploadedJwks",
    "WorkloadIdentityFederationRule",
    "WorkloadIdentityProvider",
    "get_admin_api_key",
    "get_admin_api_key_output",
    "get_group",
    "get_group_output",
    "get_project",
    "get_project_api_key",
    "get_project_api_key_output",
    "get_project_output",
    "get_project_rate_limit",
    "get_project_rate_limit_output",
    "get_project_service_account",
    "get_project_service_account_output",
    "get_project_spend_limit",
    "get_project_spend_limit_output",
    "get_workload_identity_federation_rule",
    "get_workload_identity_federation_rule_output",
    "get_workload_identity_provider",
    "get_workload_identity_provider_output",
    "list_admin_api_keys",
    "list_admin_api_keys_output",
    "list_groups",
    "list_groups_output",
    "list_project_api_keys",
    "list_project_api_keys_output",
    "list_project_rate_limits",
    "list_project_rate_limits_output",
    "list_project_service_accounts",
    "list_project_service_accounts_output",
    "list_projects",
    "list_projects_output",
    "list_workload_identity_federation_rules",
    "list_workload_identity_federation_rules_output",
    "list_workload_identity_providers",
    "list_workload_identity_providers_output",
]

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetAdminApiKeyResult:
    """An admin api key of the organization, as OpenAI shows it."""

    admin_api_key_id: str
    """The key's id (`key_…`)."""
    name: str | None
    """The name in the dashboard; `None` where OpenAI shows none."""
    redacted_value: str
    """The beginning and the end of the key, as OpenAI shows them (`sk-admin-...cdef`)."""
    created_at: int
    """When it was created, in seconds since 1970 (UTC)."""
    expires_at: int | None
    """When it expires, in seconds since 1970 (UTC); `None` if it does not."""

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
    """An API key of a project, as OpenAI shows it: never the key itself."""

    project_id: str
    """The project (`proj_…`)."""
    api_key_id: str
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
    owner_type: str | None
    """`service_account` or `user`."""
    service_account_id: str | None
    """The service account that owns it; `None` if a user does."""
    user_id: str | None
    """The user who owns it; `None` if a service account does."""
    owner_project_access: str | None
    """Whether its owner has access to the project at the moment: `active` or `inactive`."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectRateLimitResult:
    """The limits of one model in one project, as OpenAI shows them."""

    project_id: str
    """The project (`proj_…`)."""
    rate_limit_id: str
    """The row's id, as OpenAI lists it."""
    model: str
    """The model, as the row names it (`gpt-4o`)."""
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
    """What the dashboard and reports call it; `None` where OpenAI shows none."""
    residency: str | None
    """Where its data stay: one of the names that OpenAI knows; `None` where OpenAI shows none."""
    external_key_id: str | None
    """The external key (`extkey_…`) that encrypts its data; `None` where OpenAI shows none."""
    status: str | None
    """`active` or `archived`."""
    created_at: int
    """When it was made, in seconds since 1970 (UTC)."""
    archived_at: int | None
    """When it was archived, in seconds since 1970 (UTC); `None`."""
    @property
    def is_archived(self) -> bool:
        """Whether nothing in it can be used any more."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectServiceAccountResult:
    """A service account of a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    service_account_id: str
    """The account's id (`svc_acct_…`, `user-…`)."""
    name: str | None
    """What the dashboard calls it; `None` where OpenAI shows none."""
    role: str | None
    """`member` or `owner`; `None` where OpenAI shows none."""
    created_at: int
    """When the account was made, in seconds since 1970 (UTC)."""

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
class GetWorkloadIdentityFederationRuleResult:
    """A federation rule of a workload identity provider, as OpenAI shows it."""

    workload_identity_provider_id: str
    """The provider whose tokens the rule is for."""
    federation_rule_id: str
    """The rule's id."""
    project_id: str | None
    """The project (`proj_…`) of the service account; `None` where OpenAI shows none."""
    service_account_id: str | None
    """The service account that matching tokens act as; `None` where OpenAI shows none."""
    attribute_matchers: dict[str, Any] | None
    """The value that each attribute of a token must have; `None` where OpenAI shows none."""
    name: str | None
    """The name in the dashboard; `None` where OpenAI shows none."""
    description: str | None
    """A description; `None` where OpenAI shows none."""
    enabled: bool | None
    """Whether the rule applies; `None` where OpenAI shows none."""
    permissions: dict[str, Any] | None
    """What the tokens may do: all that the service account may, or some scopes; `None` where OpenAI shows none."""
    created_at: int
    """When it was created, in seconds since 1970 (UTC)."""
    updated_at: int
    """When it was last changed, in seconds since 1970 (UTC)."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetWorkloadIdentityProviderResult:
    """A workload identity provider of the organization, as OpenAI shows it."""

    workload_identity_provider_id: str
    """The provider's id."""
    name: str | None
    """The name in the dashboard; `None` where OpenAI shows none."""
    issuer: str | None
    """The issuer of the tokens, as their claim `iss` has it; `None` where OpenAI shows none."""
    audience: str | None
    """The audience of the tokens, as their claim `aud` has it; `None` where OpenAI shows none."""
    type: str | None
    """The protocol: `oidc`; `None` where OpenAI shows none."""
    attribute_transformations: list[dict[str, str]] | None
    """Attributes that are computed from a token's claims; `None` where OpenAI shows none."""
    description: str | None
    """A description; `None` where OpenAI shows none."""
    enabled: bool | None
    """Whether tokens of the issuer are accepted; `None` where OpenAI shows none."""
    verification: dict[str, Any] | None
    """Where OpenAI has the issuer's public keys from; `None` where OpenAI shows none."""
    created_at: int
    """When it was created, in seconds since 1970 (UTC)."""
    updated_at: int
    """When it was last changed, in seconds since 1970 (UTC)."""

def get_admin_api_key(
    *,
    name: str | None = None,
    admin_api_key_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetAdminApiKeyResult:
    """One admin API key of the organization, by its name or its id.

    Args:
        name: The name in the dashboard. It has to match exactly. Set this or `admin_api_key_id`.
        admin_api_key_id: The key's id (`key_…`). Set this or `name`.
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no such admin API key (the message names the nearest ones), several have the name (it
            names all), or as for `list_admin_api_keys`.

    Source: GET /organization/admin_api_keys and GET /organization/admin_api_keys/{admin_api_key_id}.
    """

def get_admin_api_key_output(
    *,
    name: pulumi.Input[str | None] = None,
    admin_api_key_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetAdminApiKeyResult]:
    """`get_admin_api_key` for Outputs: unknown in a preview where an argument is."""

def get_group(
    *,
    name: str | None = None,
    group_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetGroupResult:
    """One group of the organization, by its name or its id.

    Args:
        name: The group's name, 1 to 255 characters. It has to match exactly. Set this or `group_id`.
        group_id: The group's id (`group_…`). Set this or `name`.
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no such group (the message names the nearest ones), several have the name (it names all),
            or as for `list_groups`.

    Source: GET /organization/groups and GET /organization/groups/{group_id}.
    """

def get_group_output(
    *,
    name: pulumi.Input[str | None] = None,
    group_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetGroupResult]:
    """`get_group` for Outputs: unknown in a preview where an argument is."""

def get_project(
    *,
    name: str | None = None,
    project_id: str | None = None,
    include_archived: bool = False,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectResult:
    """One project of the organization, by its name or its id.

    Args:
        name: What the dashboard and reports call it. It has to match exactly. Set this or `project_id`.
        project_id: The project's id (`proj_…`). Set this or `name`.
        include_archived: Whether it may be an archived one.
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no such project (the message names the nearest ones), several have the name (it names
            all), it is archived, or as for `list_projects`.

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
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

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
    """`get_project_api_key` for Outputs: unknown in a preview where an argument is."""

def get_project_output(
    *,
    name: pulumi.Input[str | None] = None,
    project_id: pulumi.Input[str | None] = None,
    include_archived: pulumi.Input[bool] = False,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectResult]:
    """`get_project` for Outputs: unknown in a preview where an argument is."""

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
        model: The model, as the row names it (`gpt-4o`). It has to match exactly. Set this or `rate_limit_id`.
        rate_limit_id: The row's id, as OpenAI lists it. Set this or `model`.
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no such rate limit (the message names the nearest ones), several have the model (it names
            all), or as for `list_project_rate_limits`.

    Source: GET /organization/projects/{project_id}/rate_limits.
    """

def get_project_rate_limit_output(
    *,
    project_id: pulumi.Input[str],
    model: pulumi.Input[str | None] = None,
    rate_limit_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectRateLimitResult]:
    """`get_project_rate_limit` for Outputs: unknown in a preview where an argument is."""

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
        name: What the dashboard calls it. It has to match exactly. Set this or `service_account_id`.
        service_account_id: The account's id (`svc_acct_…`, `user-…`). Set this or `name`.
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no such service account (the message names the nearest ones), several have the name (it
            names all), or as for `list_project_service_accounts`.

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
    """`get_project_service_account` for Outputs: unknown in a preview where an argument is."""

def get_project_spend_limit(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectSpendLimitResult:
    """The spend limit of a project.

    Where there is none, all fields but `project_id` are `None`: that is no error.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed. It is an `AdminError`, and ends a program without a traceback.

    Source: GET /organization/projects/{project_id}/spend_limit.
    """

def get_project_spend_limit_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectSpendLimitResult]:
    """`get_project_spend_limit` for Outputs: unknown in a preview where an argument is."""

def get_workload_identity_federation_rule(
    *,
    workload_identity_provider_id: str,
    name: str | None = None,
    federation_rule_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetWorkloadIdentityFederationRuleResult:
    """One federation rule of a workload identity provider, by its name or its id.

    Args:
        workload_identity_provider_id: The provider whose tokens the rule is for.
        name: The name in the dashboard. It has to match exactly. Set this or `federation_rule_id`.
        federation_rule_id: The rule's id. Set this or `name`.
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no such federation rule (the message names the nearest ones), several have the name (it
            names all), or as for `list_workload_identity_federation_rules`.

    Source: GET /organization/workload_identity_providers/{workload_identity_provider_id}/federation_rules and GET
    /organization/workload_identity_providers/{workload_identity_provider_id}/federation_rules/{federation_rule_id}.
    """

def get_workload_identity_federation_rule_output(
    *,
    workload_identity_provider_id: pulumi.Input[str],
    name: pulumi.Input[str | None] = None,
    federation_rule_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetWorkloadIdentityFederationRuleResult]:
    """`get_workload_identity_federation_rule` for Outputs: unknown in a preview where an argument is."""

def get_workload_identity_provider(
    *,
    name: str | None = None,
    issuer: str | None = None,
    workload_identity_provider_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetWorkloadIdentityProviderResult:
    """One workload identity provider of the organization, by its name or its issuer or its id.

    Args:
        name: The name in the dashboard. It has to match exactly. Set this or `issuer` or
            `workload_identity_provider_id`.
        issuer: The issuer of the tokens, as their claim `iss` has it. It has to match exactly. Set this or `name` or
            `workload_identity_provider_id`.
        workload_identity_provider_id: The provider's id. Set this or `name` or `issuer`.
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no such workload identity provider (the message names the nearest ones), several have the
            name or issuer (it names all), or as for `list_workload_identity_providers`.

    Source: GET /organization/workload_identity_providers and GET
    /organization/workload_identity_providers/{workload_identity_provider_id}.
    """

def get_workload_identity_provider_output(
    *,
    name: pulumi.Input[str | None] = None,
    issuer: pulumi.Input[str | None] = None,
    workload_identity_provider_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetWorkloadIdentityProviderResult]:
    """`get_workload_identity_provider` for Outputs: unknown in a preview where an argument is."""

def list_admin_api_keys(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetAdminApiKeyResult]:
    """All admin API keys of the organization.

    The list is fetched once a run of the program, all pages of it: later calls see what the first one saw.

    Args:
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no admin key, or the request failed. It is an `AdminError`, and ends a program without a
            traceback.

    Source: GET /organization/admin_api_keys.
    """

def list_admin_api_keys_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetAdminApiKeyResult]]:
    """`list_admin_api_keys` for Outputs: unknown in a preview where an argument is."""

def list_groups(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetGroupResult]:
    """All groups of the organization.

    The list is fetched once a run of the program, all pages of it: later calls see what the first one saw.

    Args:
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no admin key, or the request failed. It is an `AdminError`, and ends a program without a
            traceback.

    Source: GET /organization/groups.
    """

def list_groups_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetGroupResult]]:
    """`list_groups` for Outputs: unknown in a preview where an argument is."""

def list_project_api_keys(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectApiKeyResult]:
    """All API keys of a project, of users and of service accounts, whether or not their owner has access.

    The list is fetched once a run of the program, all pages of it: later calls see what the first one saw.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed. It is an `AdminError`, and ends a program without a traceback.

    Source: GET /organization/projects/{project_id}/api_keys.
    """

def list_project_api_keys_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectApiKeyResult]]:
    """`list_project_api_keys` for Outputs: unknown in a preview where an argument is."""

def list_project_rate_limits(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectRateLimitResult]:
    """All rate limits of a project: one row for each model, about 170.

    The list is fetched once a run of the program, all pages of it: later calls see what the first one saw.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed. It is an `AdminError`, and ends a program without a traceback.

    Source: GET /organization/projects/{project_id}/rate_limits.
    """

def list_project_rate_limits_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectRateLimitResult]]:
    """`list_project_rate_limits` for Outputs: unknown in a preview where an argument is."""

def list_project_service_accounts(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectServiceAccountResult]:
    """All service accounts of a project.

    The list is fetched once a run of the program, all pages of it: later calls see what the first one saw.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed. It is an `AdminError`, and ends a program without a traceback.

    Source: GET /organization/projects/{project_id}/service_accounts.
    """

def list_project_service_accounts_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectServiceAccountResult]]:
    """`list_project_service_accounts` for Outputs: unknown in a preview where an argument is."""

def list_projects(
    *,
    include_archived: bool = False,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectResult]:
    """All projects of the organization.

    The list is fetched once a run of the program, all pages of it: later calls see what the first one saw.

    Args:
        include_archived: Whether archived projects are among them.
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no admin key, or the request failed. It is an `AdminError`, and ends a program without a
            traceback.

    Source: GET /organization/projects.
    """

def list_projects_output(
    *,
    include_archived: pulumi.Input[bool] = False,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectResult]]:
    """`list_projects` for Outputs: unknown in a preview where an argument is."""

def list_workload_identity_federation_rules(
    *,
    workload_identity_provider_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetWorkloadIdentityFederationRuleResult]:
    """All federation rules of a workload identity provider.

    The list is fetched once a run of the program, all pages of it: later calls see what the first one saw.

    Args:
        workload_identity_provider_id: The provider whose tokens the rule is for.
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: The workload identity provider does not exist, an id is not valid, there is no admin key, or the
            request failed. It is an `AdminError`, and ends a program without a traceback.

    Source: GET /organization/workload_identity_providers/{workload_identity_provider_id}/federation_rules.
    """

def list_workload_identity_federation_rules_output(
    *,
    workload_identity_provider_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetWorkloadIdentityFederationRuleResult]]:
    """`list_workload_identity_federation_rules` for Outputs: unknown in a preview where an argument is."""

def list_workload_identity_providers(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetWorkloadIdentityProviderResult]:
    """All workload identity providers of the organization.

    The list is fetched once a run of the program, all pages of it: later calls see what the first one saw.

    Args:
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no admin key, or the request failed. It is an `AdminError`, and ends a program without a
            traceback.

    Source: GET /organization/workload_identity_providers.
    """

def list_workload_identity_providers_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetWorkloadIdentityProviderResult]]:
    """`list_workload_identity_providers` for Outputs: unknown in a preview where an argument is."""
