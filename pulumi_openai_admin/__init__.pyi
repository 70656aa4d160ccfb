"""Manage an OpenAI organization as code, from Python, on Pulumi."""

# Written by `make generate`, from the declarations of resources and look-ups.

import dataclasses

import pulumi

from pulumi_openai_admin.dynamic.explicit_provider import Provider as Provider
from pulumi_openai_admin.resources.group import Group as Group
from pulumi_openai_admin.resources.group_user import GroupUser as GroupUser
from pulumi_openai_admin.resources.organization_data_retention import (
    OrganizationDataRetention as OrganizationDataRetention,
)
from pulumi_openai_admin.resources.organization_member import OrganizationMember as OrganizationMember
from pulumi_openai_admin.resources.organization_spend_alert import OrganizationSpendAlert as OrganizationSpendAlert
from pulumi_openai_admin.resources.organization_spend_limit import OrganizationSpendLimit as OrganizationSpendLimit
from pulumi_openai_admin.resources.organization_user import OrganizationUser as OrganizationUser
from pulumi_openai_admin.resources.project import Project as Project
from pulumi_openai_admin.resources.project_data_retention import ProjectDataRetention as ProjectDataRetention
from pulumi_openai_admin.resources.project_group import ProjectGroup as ProjectGroup
from pulumi_openai_admin.resources.project_hosted_tool_permissions import (
    ProjectHostedToolPermissions as ProjectHostedToolPermissions,
)
from pulumi_openai_admin.resources.project_model_permissions import ProjectModelPermissions as ProjectModelPermissions
from pulumi_openai_admin.resources.project_rate_limit import ProjectRateLimit as ProjectRateLimit
from pulumi_openai_admin.resources.project_rate_limits import ProjectRateLimits as ProjectRateLimits
from pulumi_openai_admin.resources.project_rate_limits import RateLimit as RateLimit
from pulumi_openai_admin.resources.project_role import ProjectRole as ProjectRole
from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount as ProjectServiceAccount
from pulumi_openai_admin.resources.project_service_account_api_key import (
    ProjectServiceAccountApiKey as ProjectServiceAccountApiKey,
)
from pulumi_openai_admin.resources.project_service_tier_settings import (
    ProjectServiceTierSettings as ProjectServiceTierSettings,
)
from pulumi_openai_admin.resources.project_spend_alert import ProjectSpendAlert as ProjectSpendAlert
from pulumi_openai_admin.resources.project_spend_limit import ProjectSpendLimit as ProjectSpendLimit
from pulumi_openai_admin.resources.project_user import ProjectUser as ProjectUser
from pulumi_openai_admin.resources.role import Role as Role

__all__ = [
    "GetGroupResult",
    "GetGroupUserResult",
    "GetOrganizationDataRetentionResult",
    "GetOrganizationSpendAlertResult",
    "GetOrganizationSpendLimitResult",
    "GetOrganizationUserResult",
    "GetProjectApiKeyResult",
    "GetProjectDataRetentionResult",
    "GetProjectGroupResult",
    "GetProjectHostedToolPermissionsResult",
    "GetProjectModelPermissionsResult",
    "GetProjectRateLimitResult",
    "GetProjectResult",
    "GetProjectRoleResult",
    "GetProjectServiceAccountResult",
    "GetProjectServiceTierSettingsResult",
    "GetProjectSpendAlertResult",
    "GetProjectSpendLimitResult",
    "GetProjectUserResult",
    "GetRoleResult",
    "Group",
    "GroupUser",
    "OrganizationDataRetention",
    "OrganizationMember",
    "OrganizationSpendAlert",
    "OrganizationSpendLimit",
    "OrganizationUser",
    "Project",
    "ProjectDataRetention",
    "ProjectGroup",
    "ProjectHostedToolPermissions",
    "ProjectModelPermissions",
    "ProjectRateLimit",
    "ProjectRateLimits",
    "ProjectRole",
    "ProjectServiceAccount",
    "ProjectServiceAccountApiKey",
    "ProjectServiceTierSettings",
    "ProjectSpendAlert",
    "ProjectSpendLimit",
    "ProjectUser",
    "Provider",
    "RateLimit",
    "Role",
    "get_group",
    "get_group_output",
    "get_group_user",
    "get_group_user_output",
    "get_organization_data_retention",
    "get_organization_data_retention_output",
    "get_organization_spend_alert",
    "get_organization_spend_alert_output",
    "get_organization_spend_limit",
    "get_organization_spend_limit_output",
    "get_organization_user",
    "get_organization_user_output",
    "get_project",
    "get_project_api_key",
    "get_project_api_key_output",
    "get_project_data_retention",
    "get_project_data_retention_output",
    "get_project_group",
    "get_project_group_output",
    "get_project_hosted_tool_permissions",
    "get_project_hosted_tool_permissions_output",
    "get_project_model_permissions",
    "get_project_model_permissions_output",
    "get_project_output",
    "get_project_rate_limit",
    "get_project_rate_limit_output",
    "get_project_role",
    "get_project_role_output",
    "get_project_service_account",
    "get_project_service_account_output",
    "get_project_service_tier_settings",
    "get_project_service_tier_settings_output",
    "get_project_spend_alert",
    "get_project_spend_alert_output",
    "get_project_spend_limit",
    "get_project_spend_limit_output",
    "get_project_user",
    "get_project_user_output",
    "get_role",
    "get_role_output",
    "list_group_users",
    "list_group_users_output",
    "list_groups",
    "list_groups_output",
    "list_organization_spend_alerts",
    "list_organization_spend_alerts_output",
    "list_organization_users",
    "list_organization_users_output",
    "list_project_api_keys",
    "list_project_api_keys_output",
    "list_project_groups",
    "list_project_groups_output",
    "list_project_rate_limits",
    "list_project_rate_limits_output",
    "list_project_roles",
    "list_project_roles_output",
    "list_project_service_accounts",
    "list_project_service_accounts_output",
    "list_project_spend_alerts",
    "list_project_spend_alerts_output",
    "list_project_users",
    "list_project_users_output",
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
    """Whether an identity provider manages the group (SCIM). Then OpenAI refuses changes by the API."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetGroupUserResult:
    """A user of a group, as OpenAI shows it."""

    group_id: str
    """The group (`group_…`)."""
    user_id: str
    """The user (`user-…`)."""
    name: str | None
    """The user's name."""
    email: str | None
    """The user's email address."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetOrganizationDataRetentionResult:
    """A data retention of the organization, as OpenAI shows it."""

    retention_type: str | None
    """The kind of retention; `None` where OpenAI shows none."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetOrganizationSpendAlertResult:
    """A spend alert of the organization, as OpenAI shows it."""

    alert_id: str
    """The alert's id (`alert_…`)."""
    threshold_amount: int | None
    """The amount in cents: 10000 is $100; `None` where OpenAI shows none."""
    recipients: list[str] | None
    """The email addresses that get the alert; `None` where OpenAI shows none."""
    subject_prefix: str | None
    """What the subjects of the emails begin with; `None` where OpenAI shows none."""
    currency: str
    """The currency of the amount: `USD`."""
    interval: str
    """The period of the costs: `month`."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetOrganizationSpendLimitResult:
    """A spend limit of the organization, as OpenAI shows it."""

    threshold_amount: int | None
    """The limit in cents: 10000 is $100; `None` where OpenAI shows none."""
    currency: str | None
    """The currency of the limit: `USD`."""
    interval: str | None
    """The period of the limit: `month`."""
    enforcement_status: str | None
    """`enforcing` while OpenAI refuses requests of the organization, else `inactive`."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetOrganizationUserResult:
    """A user of the organization, as OpenAI shows it."""

    user_id: str
    """The user (`user-…`)."""
    email: str
    """The user's address, in lower case, however the program spells it."""
    role: str | None
    """The role in the organization; `None` where OpenAI shows none."""
    technical_level: str | None
    """How technical the user is; `None` where OpenAI shows none."""
    developer_persona: str | None
    """What kind of developer the user is; `None` where OpenAI shows none."""
    name: str | None
    """The user's name."""
    added_at: int
    """When the user was added to the organization, in seconds since 1970 (UTC)."""
    is_scim_managed: bool | None
    """Whether an identity provider manages the user (SCIM)."""

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
class GetProjectDataRetentionResult:
    """A data retention of a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    retention_type: str | None
    """The kind of retention; `organization_default` is what the organization has; `None` where OpenAI shows none."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectGroupResult:
    """A group of a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    group_id: str
    """The group (`group_…`)."""
    group_name: str
    """The name of the group."""
    group_type: str
    """`group` or `tenant_group`."""
    created_at: int
    """When the group was added to the project, in seconds since 1970 (UTC)."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectHostedToolPermissionsResult:
    """A hosted tool permissions of a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    file_search: bool | None
    """Whether the project may use file search; `None` where OpenAI shows none."""
    web_search: bool | None
    """Whether the project may use web search; `None` where OpenAI shows none."""
    image_generation: bool | None
    """Whether the project may use image generation; `None` where OpenAI shows none."""
    mcp: bool | None
    """Whether the project may use MCP servers; `None` where OpenAI shows none."""
    code_interpreter: bool | None
    """Whether the project may use the code interpreter; `None` where OpenAI shows none."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectModelPermissionsResult:
    """A model permissions of a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    mode: str | None
    """Whether `model_ids` are the models that may be used, or those that may not; `None` where OpenAI shows none."""
    model_ids: list[str] | None
    """The ids of the models; `None` where OpenAI shows none."""

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
    """What the dashboard calls it; `None` where OpenAI shows none."""
    role: str | None
    """`member` or `owner`; `None` where OpenAI shows none."""
    created_at: int
    """When the account was made, in seconds since 1970 (UTC)."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectServiceTierSettingsResult:
    """A service tier settings of a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    default: str | None
    """The tier of requests that name none, or `auto`; `None` where OpenAI shows none."""
    enabled_tiers: str | list[str] | None
    """The tiers that are enabled beside Standard; `None` where OpenAI shows none."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectSpendAlertResult:
    """A spend alert of a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    alert_id: str
    """The alert's id (`alert_…`)."""
    threshold_amount: int | None
    """The amount in cents: 10000 is $100; `None` where OpenAI shows none."""
    recipients: list[str] | None
    """The email addresses that get the alert; `None` where OpenAI shows none."""
    subject_prefix: str | None
    """What the subjects of the emails begin with; `None` where OpenAI shows none."""
    currency: str
    """The currency of the amount: `USD`."""
    interval: str
    """The period of the costs: `month`."""

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
class GetProjectUserResult:
    """A user of a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    user_id: str
    """The user (`user-…`)."""
    email: str
    """The user's address, in lower case, however the program spells it."""
    role: str | None
    """The role in the project: `owner`, `member` or `viewer`; `None` where OpenAI shows none."""
    name: str | None
    """The user's name."""
    added_at: int
    """When the user was added to the project, in seconds since 1970 (UTC)."""

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

def get_group_user(
    *,
    group_id: str,
    user_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetGroupUserResult:
    """One user of a group, by its id.

    Args:
        group_id: The group (`group_…`).
        user_id: The user (`user-…`).
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no such user, or as for `list_group_users`.

    Source: GET /organization/groups/{group_id}/users.
    """

def get_group_user_output(
    *,
    group_id: pulumi.Input[str],
    user_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetGroupUserResult]:
    """`get_group_user` for Outputs: unknown in a preview where an argument is."""

def get_organization_data_retention(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> GetOrganizationDataRetentionResult:
    """The data retention of the organization.

    Args:
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no admin key, or the request failed. It is an `AdminError`, and ends a program without a
            traceback.

    Source: GET /organization/data_retention.
    """

def get_organization_data_retention_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetOrganizationDataRetentionResult]:
    """`get_organization_data_retention` for Outputs: unknown in a preview where an argument is."""

def get_organization_spend_alert(
    *,
    alert_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetOrganizationSpendAlertResult:
    """One spend alert of the organization, by its id.

    Args:
        alert_id: The alert's id (`alert_…`).
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no such spend alert, or as for `list_organization_spend_alerts`.

    Source: GET /organization/spend_alerts/{alert_id}.
    """

def get_organization_spend_alert_output(
    *,
    alert_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetOrganizationSpendAlertResult]:
    """`get_organization_spend_alert` for Outputs: unknown in a preview where an argument is."""

def get_organization_spend_limit(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> GetOrganizationSpendLimitResult:
    """The spend limit of the organization.

    Where there is none, all fields are `None`: that is no error.

    Args:
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no admin key, or the request failed. It is an `AdminError`, and ends a program without a
            traceback.

    Source: GET /organization/spend_limit.
    """

def get_organization_spend_limit_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetOrganizationSpendLimitResult]:
    """`get_organization_spend_limit` for Outputs: unknown in a preview where an argument is."""

def get_organization_user(
    *,
    email: str | None = None,
    user_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetOrganizationUserResult:
    """One user of the organization, by its email or its id.

    Args:
        email: The user's address, in lower case, however the program spells it. It has to match exactly. Set this or
            `user_id`.
        user_id: The user (`user-…`). Set this or `email`.
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no such user (the message names the nearest ones), several have the email (it names all),
            or as for `list_organization_users`.

    Source: GET /organization/users and GET /organization/users/{user_id}.
    """

def get_organization_user_output(
    *,
    email: pulumi.Input[str | None] = None,
    user_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetOrganizationUserResult]:
    """`get_organization_user` for Outputs: unknown in a preview where an argument is."""

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

def get_project_data_retention(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectDataRetentionResult:
    """The data retention of a project.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed. It is an `AdminError`, and ends a program without a traceback.

    Source: GET /organization/projects/{project_id}/data_retention.
    """

def get_project_data_retention_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectDataRetentionResult]:
    """`get_project_data_retention` for Outputs: unknown in a preview where an argument is."""

def get_project_group(
    *,
    project_id: str,
    group_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectGroupResult:
    """One group of a project, by its id.

    Args:
        project_id: The project (`proj_…`).
        group_id: The group (`group_…`).
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no such group, or as for `list_project_groups`.

    Source: GET /organization/projects/{project_id}/groups.
    """

def get_project_group_output(
    *,
    project_id: pulumi.Input[str],
    group_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectGroupResult]:
    """`get_project_group` for Outputs: unknown in a preview where an argument is."""

def get_project_hosted_tool_permissions(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectHostedToolPermissionsResult:
    """The hosted tool permissions of a project.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed. It is an `AdminError`, and ends a program without a traceback.

    Source: GET /organization/projects/{project_id}/hosted_tool_permissions.
    """

def get_project_hosted_tool_permissions_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectHostedToolPermissionsResult]:
    """`get_project_hosted_tool_permissions` for Outputs: unknown in a preview where an argument is."""

def get_project_model_permissions(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectModelPermissionsResult:
    """The model permissions of a project.

    Where there is none, all fields but `project_id` are `None`: that is no error.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed. It is an `AdminError`, and ends a program without a traceback.

    Source: GET /organization/projects/{project_id}/model_permissions.
    """

def get_project_model_permissions_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectModelPermissionsResult]:
    """`get_project_model_permissions` for Outputs: unknown in a preview where an argument is."""

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
        name: The role's name, which no other role of the project has. It has to match exactly. Set this or `role_id`.
        role_id: The role's id (`role_…`). Set this or `name`.
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no such role (the message names the nearest ones), several have the name (it names all),
            or as for `list_project_roles`.

    Source: GET /projects/{project_id}/roles and GET /projects/{project_id}/roles/{role_id}.
    """

def get_project_role_output(
    *,
    project_id: pulumi.Input[str],
    name: pulumi.Input[str | None] = None,
    role_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectRoleResult]:
    """`get_project_role` for Outputs: unknown in a preview where an argument is."""

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

def get_project_service_tier_settings(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectServiceTierSettingsResult:
    """The service tier settings of a project.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed. It is an `AdminError`, and ends a program without a traceback.

    Source: GET /organization/projects/{project_id}/service_tier_settings.
    """

def get_project_service_tier_settings_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectServiceTierSettingsResult]:
    """`get_project_service_tier_settings` for Outputs: unknown in a preview where an argument is."""

def get_project_spend_alert(
    *,
    project_id: str,
    alert_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectSpendAlertResult:
    """One spend alert of a project, by its id.

    Args:
        project_id: The project (`proj_…`).
        alert_id: The alert's id (`alert_…`).
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no such spend alert, or as for `list_project_spend_alerts`.

    Source: GET /organization/projects/{project_id}/spend_alerts/{alert_id}.
    """

def get_project_spend_alert_output(
    *,
    project_id: pulumi.Input[str],
    alert_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectSpendAlertResult]:
    """`get_project_spend_alert` for Outputs: unknown in a preview where an argument is."""

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

def get_project_user(
    *,
    project_id: str,
    email: str | None = None,
    user_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectUserResult:
    """One user of a project, by its email or its id.

    Args:
        project_id: The project (`proj_…`).
        email: The user's address, in lower case, however the program spells it. It has to match exactly. Set this or
            `user_id`.
        user_id: The user (`user-…`). Set this or `email`.
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no such user (the message names the nearest ones), several have the email (it names all),
            or as for `list_project_users`.

    Source: GET /organization/projects/{project_id}/users.
    """

def get_project_user_output(
    *,
    project_id: pulumi.Input[str],
    email: pulumi.Input[str | None] = None,
    user_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectUserResult]:
    """`get_project_user` for Outputs: unknown in a preview where an argument is."""

def get_role(
    *,
    name: str | None = None,
    role_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetRoleResult:
    """One role of the organization, by its name or its id.

    Args:
        name: The role's name, which no other role of the organization has. It has to match exactly. Set this or
            `role_id`.
        role_id: The role's id (`role_…`). Set this or `name`.
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no such role (the message names the nearest ones), several have the name (it names all),
            or as for `list_roles`.

    Source: GET /organization/roles and GET /organization/roles/{role_id}.
    """

def get_role_output(
    *,
    name: pulumi.Input[str | None] = None,
    role_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetRoleResult]:
    """`get_role` for Outputs: unknown in a preview where an argument is."""

def list_group_users(
    *,
    group_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetGroupUserResult]:
    """All users of a group.

    The list is fetched once a run of the program, all pages of it: later calls see what the first one saw.

    Args:
        group_id: The group (`group_…`).
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: The group does not exist, an id is not valid, there is no admin key, or the request failed. It is
            an `AdminError`, and ends a program without a traceback.

    Source: GET /organization/groups/{group_id}/users.
    """

def list_group_users_output(
    *,
    group_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetGroupUserResult]]:
    """`list_group_users` for Outputs: unknown in a preview where an argument is."""

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

def list_organization_spend_alerts(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetOrganizationSpendAlertResult]:
    """All spend alerts of the organization.

    The list is fetched once a run of the program, all pages of it: later calls see what the first one saw.

    Args:
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no admin key, or the request failed. It is an `AdminError`, and ends a program without a
            traceback.

    Source: GET /organization/spend_alerts.
    """

def list_organization_spend_alerts_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetOrganizationSpendAlertResult]]:
    """`list_organization_spend_alerts` for Outputs: unknown in a preview where an argument is."""

def list_organization_users(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetOrganizationUserResult]:
    """All users of the organization.

    The list is fetched once a run of the program, all pages of it: later calls see what the first one saw.

    Args:
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no admin key, or the request failed. It is an `AdminError`, and ends a program without a
            traceback.

    Source: GET /organization/users.
    """

def list_organization_users_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetOrganizationUserResult]]:
    """`list_organization_users` for Outputs: unknown in a preview where an argument is."""

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

def list_project_groups(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectGroupResult]:
    """All groups of a project.

    The list is fetched once a run of the program, all pages of it: later calls see what the first one saw.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed. It is an `AdminError`, and ends a program without a traceback.

    Source: GET /organization/projects/{project_id}/groups.
    """

def list_project_groups_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectGroupResult]]:
    """`list_project_groups` for Outputs: unknown in a preview where an argument is."""

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

def list_project_roles(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectRoleResult]:
    """All roles of a project.

    The list is fetched once a run of the program, all pages of it: later calls see what the first one saw.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed. It is an `AdminError`, and ends a program without a traceback.

    Source: GET /projects/{project_id}/roles.
    """

def list_project_roles_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectRoleResult]]:
    """`list_project_roles` for Outputs: unknown in a preview where an argument is."""

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

def list_project_spend_alerts(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectSpendAlertResult]:
    """All spend alerts of a project.

    The list is fetched once a run of the program, all pages of it: later calls see what the first one saw.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed. It is an `AdminError`, and ends a program without a traceback.

    Source: GET /organization/projects/{project_id}/spend_alerts.
    """

def list_project_spend_alerts_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectSpendAlertResult]]:
    """`list_project_spend_alerts` for Outputs: unknown in a preview where an argument is."""

def list_project_users(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectUserResult]:
    """All users of a project.

    The list is fetched once a run of the program, all pages of it: later calls see what the first one saw.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed. It is an `AdminError`, and ends a program without a traceback.

    Source: GET /organization/projects/{project_id}/users.
    """

def list_project_users_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectUserResult]]:
    """`list_project_users` for Outputs: unknown in a preview where an argument is."""

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

def list_roles(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetRoleResult]:
    """All roles of the organization.

    The list is fetched once a run of the program, all pages of it: later calls see what the first one saw.

    Args:
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no admin key, or the request failed. It is an `AdminError`, and ends a program without a
            traceback.

    Source: GET /organization/roles.
    """

def list_roles_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetRoleResult]]:
    """`list_roles` for Outputs: unknown in a preview where an argument is."""
