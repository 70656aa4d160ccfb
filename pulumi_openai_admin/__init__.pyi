"""Manage an OpenAI organization as code, from Python, on Pulumi."""

# Written by `make generate`, from the declarations of resources and look-ups.

import dataclasses
from typing import Any, Literal

import pulumi

from pulumi_openai_admin.components.entries import TeamApiKey as TeamApiKey
from pulumi_openai_admin.components.entries import TeamGroup as TeamGroup
from pulumi_openai_admin.components.entries import TeamMember as TeamMember
from pulumi_openai_admin.components.entries import TeamModels as TeamModels
from pulumi_openai_admin.components.entries import TeamServiceAccount as TeamServiceAccount
from pulumi_openai_admin.components.entries import TeamSpendAlert as TeamSpendAlert
from pulumi_openai_admin.components.team_project import TeamProject as TeamProject
from pulumi_openai_admin.program.fields import RoleAssignmentEnd as RoleAssignmentEnd
from pulumi_openai_admin.program.key_delivery import AwsSecretsManager as AwsSecretsManager
from pulumi_openai_admin.program.key_delivery import AzureKeyVault as AzureKeyVault
from pulumi_openai_admin.program.key_delivery import Command as Command
from pulumi_openai_admin.program.key_delivery import DeliverTo as DeliverTo
from pulumi_openai_admin.program.key_delivery import DeliverToAwsSecretsManager as DeliverToAwsSecretsManager
from pulumi_openai_admin.program.key_delivery import DeliverToAzureKeyVault as DeliverToAzureKeyVault
from pulumi_openai_admin.program.key_delivery import DeliverToCommand as DeliverToCommand
from pulumi_openai_admin.program.key_delivery import DeliverToGcpSecretManager as DeliverToGcpSecretManager
from pulumi_openai_admin.program.key_delivery import DeliverToGitHubActionsSecret as DeliverToGitHubActionsSecret
from pulumi_openai_admin.program.key_delivery import DeliverToKubernetesSecret as DeliverToKubernetesSecret
from pulumi_openai_admin.program.key_delivery import DeliverToPulumiEsc as DeliverToPulumiEsc
from pulumi_openai_admin.program.key_delivery import DeliverToVault as DeliverToVault
from pulumi_openai_admin.program.key_delivery import GcpSecretManager as GcpSecretManager
from pulumi_openai_admin.program.key_delivery import GitHubActionsSecret as GitHubActionsSecret
from pulumi_openai_admin.program.key_delivery import KubernetesSecret as KubernetesSecret
from pulumi_openai_admin.program.key_delivery import PulumiEsc as PulumiEsc
from pulumi_openai_admin.program.key_delivery import RetiringApiKey as RetiringApiKey
from pulumi_openai_admin.program.key_delivery import Vault as Vault
from pulumi_openai_admin.program.provider import Provider as Provider
from pulumi_openai_admin.resources.admin_api_key import AdminApiKey as AdminApiKey
from pulumi_openai_admin.resources.api_object import ApiObject as ApiObject
from pulumi_openai_admin.resources.api_setting import ApiSetting as ApiSetting
from pulumi_openai_admin.resources.certificate import Certificate as Certificate
from pulumi_openai_admin.resources.external_key import AwsKey as AwsKey
from pulumi_openai_admin.resources.external_key import AzureKey as AzureKey
from pulumi_openai_admin.resources.external_key import ExternalKey as ExternalKey
from pulumi_openai_admin.resources.external_key import ExternalKeyProvider as ExternalKeyProvider
from pulumi_openai_admin.resources.external_key import GcpKey as GcpKey
from pulumi_openai_admin.resources.external_key import OciKey as OciKey
from pulumi_openai_admin.resources.external_storage import AwsBucket as AwsBucket
from pulumi_openai_admin.resources.external_storage import AzureContainer as AzureContainer
from pulumi_openai_admin.resources.external_storage import ExternalStorage as ExternalStorage
from pulumi_openai_admin.resources.external_storage import ExternalStorageProvider as ExternalStorageProvider
from pulumi_openai_admin.resources.external_storage import GcpBucket as GcpBucket
from pulumi_openai_admin.resources.external_storage import OciBucket as OciBucket
from pulumi_openai_admin.resources.group import Group as Group
from pulumi_openai_admin.resources.group_members import GroupMemberEnd as GroupMemberEnd
from pulumi_openai_admin.resources.group_members import GroupMembers as GroupMembers
from pulumi_openai_admin.resources.group_role import GroupRole as GroupRole
from pulumi_openai_admin.resources.group_roles import GroupRoles as GroupRoles
from pulumi_openai_admin.resources.group_user import GroupUser as GroupUser
from pulumi_openai_admin.resources.invite import Invite as Invite
from pulumi_openai_admin.resources.invite import InviteProject as InviteProject
from pulumi_openai_admin.resources.mcp_tunnel import McpTunnel as McpTunnel
from pulumi_openai_admin.resources.organization_certificate_activation import (
    OrganizationCertificateActivation as OrganizationCertificateActivation,
)
from pulumi_openai_admin.resources.organization_data_retention import (
    OrganizationDataRetention as OrganizationDataRetention,
)
from pulumi_openai_admin.resources.organization_member import OrganizationMember as OrganizationMember
from pulumi_openai_admin.resources.organization_member import ProjectAccess as ProjectAccess
from pulumi_openai_admin.resources.organization_spend_alert import OrganizationSpendAlert as OrganizationSpendAlert
from pulumi_openai_admin.resources.organization_spend_limit import OrganizationSpendLimit as OrganizationSpendLimit
from pulumi_openai_admin.resources.organization_user import OrganizationUser as OrganizationUser
from pulumi_openai_admin.resources.project import Project as Project
from pulumi_openai_admin.resources.project_certificate_activation import (
    ProjectCertificateActivation as ProjectCertificateActivation,
)
from pulumi_openai_admin.resources.project_data_retention import ProjectDataRetention as ProjectDataRetention
from pulumi_openai_admin.resources.project_group import ProjectGroup as ProjectGroup
from pulumi_openai_admin.resources.project_group_role import ProjectGroupRole as ProjectGroupRole
from pulumi_openai_admin.resources.project_group_roles import ProjectGroupRoles as ProjectGroupRoles
from pulumi_openai_admin.resources.project_hosted_tool_permissions import (
    ProjectHostedToolPermissions as ProjectHostedToolPermissions,
)
from pulumi_openai_admin.resources.project_members import ProjectMember as ProjectMember
from pulumi_openai_admin.resources.project_members import ProjectMemberEnd as ProjectMemberEnd
from pulumi_openai_admin.resources.project_members import ProjectMemberId as ProjectMemberId
from pulumi_openai_admin.resources.project_members import ProjectMembers as ProjectMembers
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
from pulumi_openai_admin.resources.project_user_role import ProjectUserRole as ProjectUserRole
from pulumi_openai_admin.resources.project_user_roles import ProjectUserRoles as ProjectUserRoles
from pulumi_openai_admin.resources.role import Role as Role
from pulumi_openai_admin.resources.user_role import UserRole as UserRole
from pulumi_openai_admin.resources.user_roles import UserRoles as UserRoles
from pulumi_openai_admin.resources.webhook_endpoint import WebhookEndpoint as WebhookEndpoint
from pulumi_openai_admin.resources.workload_identity_federation_rule import (
    FederationRulePermissions as FederationRulePermissions,
)
from pulumi_openai_admin.resources.workload_identity_federation_rule import Restricted as Restricted
from pulumi_openai_admin.resources.workload_identity_federation_rule import (
    ServiceAccountDefault as ServiceAccountDefault,
)
from pulumi_openai_admin.resources.workload_identity_federation_rule import (
    WorkloadIdentityFederationRule as WorkloadIdentityFederationRule,
)
from pulumi_openai_admin.resources.workload_identity_provider import AttributeTransformation as AttributeTransformation
from pulumi_openai_admin.resources.workload_identity_provider import Discovery as Discovery
from pulumi_openai_admin.resources.workload_identity_provider import IssuerVerification as IssuerVerification
from pulumi_openai_admin.resources.workload_identity_provider import UploadedJwks as UploadedJwks
from pulumi_openai_admin.resources.workload_identity_provider import (
    WorkloadIdentityProvider as WorkloadIdentityProvider,
)

__all__ = [
    "AdminApiKey",
    "ApiObject",
    "ApiSetting",
    "AttributeTransformation",
    "AwsBucket",
    "AwsKey",
    "AwsSecretsManager",
    "AzureContainer",
    "AzureKey",
    "AzureKeyVault",
    "Certificate",
    "Command",
    "CostsBucket",
    "CostsResult",
    "DeliverTo",
    "DeliverToAwsSecretsManager",
    "DeliverToAzureKeyVault",
    "DeliverToCommand",
    "DeliverToGcpSecretManager",
    "DeliverToGitHubActionsSecret",
    "DeliverToKubernetesSecret",
    "DeliverToPulumiEsc",
    "DeliverToVault",
    "Discovery",
    "ExternalKey",
    "ExternalKeyProvider",
    "ExternalStorage",
    "ExternalStorageProvider",
    "FederationRulePermissions",
    "GcpBucket",
    "GcpKey",
    "GcpSecretManager",
    "GetAdminApiKeyResult",
    "GetAuditLogResult",
    "GetCertificateResult",
    "GetExternalKeyResult",
    "GetExternalStorageResult",
    "GetGroupResult",
    "GetGroupRoleResult",
    "GetGroupUserResult",
    "GetInviteResult",
    "GetMcpTunnelResult",
    "GetOrganizationCertificateActivationResult",
    "GetOrganizationDataRetentionResult",
    "GetOrganizationSpendAlertResult",
    "GetOrganizationSpendLimitResult",
    "GetOrganizationUserResult",
    "GetProjectApiKeyResult",
    "GetProjectCertificateActivationResult",
    "GetProjectDataRetentionResult",
    "GetProjectGroupResult",
    "GetProjectGroupRoleResult",
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
    "GetProjectUserRoleResult",
    "GetRoleResult",
    "GetUserRoleResult",
    "GetWebhookEndpointResult",
    "GetWebhookEventTypesResult",
    "GetWorkloadIdentityFederationRuleResult",
    "GetWorkloadIdentityProviderResult",
    "GitHubActionsSecret",
    "Group",
    "GroupMemberEnd",
    "GroupMembers",
    "GroupRole",
    "GroupRoles",
    "GroupUser",
    "Invite",
    "InviteProject",
    "IssuerVerification",
    "KubernetesSecret",
    "McpTunnel",
    "OciBucket",
    "OciKey",
    "OrganizationCertificateActivation",
    "OrganizationDataRetention",
    "OrganizationMember",
    "OrganizationSpendAlert",
    "OrganizationSpendLimit",
    "OrganizationUser",
    "Project",
    "ProjectAccess",
    "ProjectCertificateActivation",
    "ProjectDataRetention",
    "ProjectGroup",
    "ProjectGroupRole",
    "ProjectGroupRoles",
    "ProjectHostedToolPermissions",
    "ProjectMember",
    "ProjectMemberEnd",
    "ProjectMemberId",
    "ProjectMembers",
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
    "ProjectUserRole",
    "ProjectUserRoles",
    "Provider",
    "PulumiEsc",
    "RateLimit",
    "Restricted",
    "RetiringApiKey",
    "Role",
    "RoleAssignmentEnd",
    "ServiceAccountDefault",
    "TeamApiKey",
    "TeamGroup",
    "TeamMember",
    "TeamModels",
    "TeamProject",
    "TeamServiceAccount",
    "TeamSpendAlert",
    "UploadedJwks",
    "UsageAudioSpeechesBucket",
    "UsageAudioSpeechesResult",
    "UsageAudioTranscriptionsBucket",
    "UsageAudioTranscriptionsResult",
    "UsageCodeInterpreterSessionsBucket",
    "UsageCodeInterpreterSessionsResult",
    "UsageCompletionsBucket",
    "UsageCompletionsResult",
    "UsageDecisionsBucket",
    "UsageDecisionsResult",
    "UsageEmbeddingsBucket",
    "UsageEmbeddingsResult",
    "UsageFileSearchCallsBucket",
    "UsageFileSearchCallsResult",
    "UsageImagesBucket",
    "UsageImagesResult",
    "UsageModerationsBucket",
    "UsageModerationsResult",
    "UsageVectorStoresBucket",
    "UsageVectorStoresResult",
    "UsageWebSearchCallsBucket",
    "UsageWebSearchCallsResult",
    "UserRole",
    "UserRoles",
    "Vault",
    "WebhookEndpoint",
    "WorkloadIdentityFederationRule",
    "WorkloadIdentityProvider",
    "get_admin_api_key",
    "get_admin_api_key_output",
    "get_certificate",
    "get_certificate_output",
    "get_costs",
    "get_costs_output",
    "get_external_key",
    "get_external_key_output",
    "get_external_storage",
    "get_external_storage_output",
    "get_group",
    "get_group_output",
    "get_group_role",
    "get_group_role_output",
    "get_group_user",
    "get_group_user_output",
    "get_invite",
    "get_invite_output",
    "get_mcp_tunnel",
    "get_mcp_tunnel_output",
    "get_organization_certificate_activation",
    "get_organization_certificate_activation_output",
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
    "get_project_certificate_activation",
    "get_project_certificate_activation_output",
    "get_project_data_retention",
    "get_project_data_retention_output",
    "get_project_group",
    "get_project_group_output",
    "get_project_group_role",
    "get_project_group_role_output",
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
    "get_project_user_role",
    "get_project_user_role_output",
    "get_role",
    "get_role_output",
    "get_usage_audio_speeches",
    "get_usage_audio_speeches_output",
    "get_usage_audio_transcriptions",
    "get_usage_audio_transcriptions_output",
    "get_usage_code_interpreter_sessions",
    "get_usage_code_interpreter_sessions_output",
    "get_usage_completions",
    "get_usage_completions_output",
    "get_usage_decisions",
    "get_usage_decisions_output",
    "get_usage_embeddings",
    "get_usage_embeddings_output",
    "get_usage_file_search_calls",
    "get_usage_file_search_calls_output",
    "get_usage_images",
    "get_usage_images_output",
    "get_usage_moderations",
    "get_usage_moderations_output",
    "get_usage_vector_stores",
    "get_usage_vector_stores_output",
    "get_usage_web_search_calls",
    "get_usage_web_search_calls_output",
    "get_user_role",
    "get_user_role_output",
    "get_webhook_endpoint",
    "get_webhook_endpoint_output",
    "get_webhook_event_types",
    "get_webhook_event_types_output",
    "get_workload_identity_federation_rule",
    "get_workload_identity_federation_rule_output",
    "get_workload_identity_provider",
    "get_workload_identity_provider_output",
    "list_admin_api_keys",
    "list_admin_api_keys_output",
    "list_audit_logs",
    "list_audit_logs_output",
    "list_certificates",
    "list_certificates_output",
    "list_external_keys",
    "list_external_keys_output",
    "list_external_storages",
    "list_external_storages_output",
    "list_group_roles",
    "list_group_roles_output",
    "list_group_users",
    "list_group_users_output",
    "list_groups",
    "list_groups_output",
    "list_invites",
    "list_invites_output",
    "list_organization_certificate_activations",
    "list_organization_certificate_activations_output",
    "list_organization_spend_alerts",
    "list_organization_spend_alerts_output",
    "list_organization_users",
    "list_organization_users_output",
    "list_project_api_keys",
    "list_project_api_keys_output",
    "list_project_certificate_activations",
    "list_project_certificate_activations_output",
    "list_project_group_roles",
    "list_project_group_roles_output",
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
    "list_project_user_roles",
    "list_project_user_roles_output",
    "list_project_users",
    "list_project_users_output",
    "list_projects",
    "list_projects_output",
    "list_roles",
    "list_roles_output",
    "list_user_roles",
    "list_user_roles_output",
    "list_webhook_endpoints",
    "list_webhook_endpoints_output",
    "list_workload_identity_federation_rules",
    "list_workload_identity_federation_rules_output",
    "list_workload_identity_providers",
    "list_workload_identity_providers_output",
]

@dataclasses.dataclass(frozen=True, kw_only=True)
class CostsBucket:
    """The costs of the organization in one bucket of time."""

    start_time: int
    """The start of the bucket, in seconds since 1970."""
    end_time: int
    """The end of the bucket, exclusive, in seconds since 1970."""
    results: list[CostsResult]
    """One result for each group. The list is empty if OpenAI has no data."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class CostsResult:
    """The costs of the organization of one group, or of all, in one bucket of time."""

    amount: float | None
    """The amount spent, in units of `currency`."""
    currency: str | None
    """The currency, for example `usd`."""
    quantity: float | None
    """The quantity used; `None` unless results are grouped by `"line_item"`."""
    quantity_unit: str | None
    """The unit of `quantity`, for example `tokens`; `None` if there is none."""
    project_id: str | None
    """The project (`proj_…`); `None` unless results are grouped by it."""
    user_id: str | None
    """The user (`user-…`); `None` unless results are grouped by it."""
    line_item: str | None
    """The billed item, for example `"gpt-4o, input_tokens"`; `None` unless results are grouped by it."""
    api_key_id: str | None
    """The API key (`key_…`); `None` unless results are grouped by it."""
    api_source: str | None
    """`"agents_api"`, or `"unlabeled"` if the source is not known; `None` unless results are grouped by it."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetAdminApiKeyResult:
    """An Admin API key of the organization, as OpenAI shows it."""

    admin_api_key_id: str
    """The key's id (`key_…`)."""
    name: str | None
    """The name in the dashboard; `None` where OpenAI shows none."""
    redacted_value: str
    """The beginning and the end of the key, as OpenAI shows them (`sk-admin-...cdef`)."""
    created_at: int
    """When it was created, in seconds since 1970 (UTC)."""
    expires_at: int | None
    """When it expires, in seconds since 1970 (UTC); `None` if it does not expire."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetAuditLogResult:
    """An event of the audit log of the organization, as OpenAI shows it."""

    audit_log_id: str
    """The event's id (`audit_log-…`)."""
    type: str
    """The type of the event, for example `project.created`."""
    effective_at: int
    """The time of the event, in seconds since 1970 (UTC)."""
    project_id: str | None
    """The project of the event; `None` outside projects."""
    project_name: str | None
    """The name of the project."""
    actor_type: str | None
    """`"session"` or `"api_key"`."""
    actor_user_id: str | None
    """The user who caused the event; `None` if a service account caused it."""
    actor_email: str | None
    """The user's address."""
    actor_service_account_id: str | None
    """The service account that caused the event."""
    actor_api_key_id: str | None
    """The API key that was used; `None` for a session."""
    actor_ip_address: str | None
    """The IP address of the session."""
    details: dict[str, Any]
    """Additional details, which differ for each `type`: the object's id, and the requested change."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetCertificateResult:
    """A certificate of the organization, as OpenAI shows it."""

    certificate_id: str
    """The certificate's id (`cert_…`)."""
    name: str | None
    """The name in the dashboard; `None` where OpenAI shows none."""
    created_at: int
    """When it was uploaded, in seconds since 1970 (UTC)."""
    valid_at: int | None
    """When it becomes valid, in seconds since 1970 (UTC); `None` if OpenAI omits it."""
    expires_at: int | None
    """When it expires, in seconds since 1970 (UTC); `None` if OpenAI omits it."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetExternalKeyResult:
    """An external key of the organization, as OpenAI shows it."""

    external_key_id: str
    """The key's id (`extkey_…`)."""
    name: str
    """The name in the dashboard."""
    provider: dict[str, dict[str, str]]
    """The key in your cloud: exactly one of `aws`, `gcp`, `azure` and `oci`, with its properties."""
    purpose: str | None
    """The purpose for which OpenAI uses the key; `None` where OpenAI shows none."""
    api_project_ids: list[str]
    """The projects whose data it encrypts."""
    created_at: int
    """When it was created, in seconds since 1970 (UTC)."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetExternalStorageResult:
    """An external storage of the organization, as OpenAI shows it."""

    external_storage_id: str
    """The storage's id (`extstore_…`)."""
    project_id: str
    """The project (`proj_…`) whose data it keeps."""
    provider: dict[str, dict[str, str]]
    """The bucket in your cloud: exactly one of `aws`, `azure`, `gcp` and `oci`, with its properties."""
    status: str
    """Whether OpenAI can use it: `pending`, `validated`, `degraded` or `unhealthy`."""
    geography: str
    """Where the bucket is."""
    found: dict[str, str] | None
    """More values that OpenAI shows, such as `"account_id"` and `"external_id"`. `None` if there are none."""
    created_at: int
    """When it was created, in seconds since 1970 (UTC)."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetGroupResult:
    """A group of the organization, as OpenAI shows it."""

    group_id: str
    """The group's id (`group_…`)."""
    name: str
    """The group's name."""
    created_at: int
    """When it was created, in seconds since 1970 (UTC)."""
    is_scim_managed: bool
    """Whether an identity provider manages the group (SCIM). If so, OpenAI rejects changes through the API."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetGroupRoleResult:
    """A role of a group in the organization, as OpenAI shows it."""

    group_id: str
    """The group (`group_…`)."""
    role_id: str
    """The role (`role_…`), or the alias of a predefined one (`role-api-organization-reader`)."""
    role_name: str
    """The role's name."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetGroupUserResult:
    """A user of a group in the organization, as OpenAI shows it."""

    group_id: str
    """The group (`group_…`)."""
    user_id: str
    """The user (`user-…`) or service account (`svc_acct_…`)."""
    name: str
    """The user's name."""
    email: str | None
    """The user's email address. A service account has none."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetInviteResult:
    """An invite of the organization, as OpenAI shows it."""

    invite_id: str
    """The invite's id (`invite-…`)."""
    email: str
    """The address to which OpenAI sends the invite, in lower case."""
    role: str
    """The person's role in the organization."""
    projects: list[dict[str, str]]
    """The projects that the person joins."""
    status: str
    """`pending`, or `accepted`. A provider function also returns `expired`."""
    created_at: int
    """When it was sent, in seconds since 1970 (UTC)."""
    expires_at: int | None
    """When it expires, in seconds since 1970 (UTC)."""
    accepted_at: int | None
    """When it was accepted, in seconds since 1970 (UTC); `None` if it was not accepted."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetMcpTunnelResult:
    """A tunnel of the organization, as OpenAI shows it."""

    tunnel_id: str
    """The tunnel's id (`tunnel_…`)."""
    name: str
    """The tunnel's name."""
    description: str | None
    """The purpose of the tunnel; `None` where OpenAI shows none."""
    creator: str
    """Who created it."""
    tenant_ids: list[str]
    """The ids of its tenants."""
    workspace_ids: list[str]
    """The ids of its workspaces."""
    organization_ids: list[str]
    """The ids of its organizations."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetOrganizationCertificateActivationResult:
    """A certificate activation of the organization, as OpenAI shows it."""

    certificate_id: str
    """The certificate (`cert_…`)."""
    active: bool
    """Whether the certificate is active for the organization."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetOrganizationDataRetentionResult:
    """A data retention of the organization, as OpenAI shows it."""

    retention_type: str
    """The kind of retention."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetOrganizationSpendAlertResult:
    """A spend alert of the organization, as OpenAI shows it."""

    alert_id: str
    """The alert's id (`alert_…`)."""
    threshold_amount: int
    """The amount in cents: 10000 is $100."""
    recipients: list[str]
    """The email addresses that get the alert."""
    subject_prefix: str | None
    """The text at the beginning of the emails' subjects; `None` where OpenAI shows none."""
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
    """`enforcing` while OpenAI rejects requests of the organization, otherwise `inactive`."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetOrganizationUserResult:
    """A user of the organization, as OpenAI shows it."""

    user_id: str
    """The user (`user-…`)."""
    email: str | None
    """The user's email address, in any case; `None` where OpenAI shows none."""
    role: str | None
    """The role in the organization; `None` where OpenAI shows none."""
    technical_level: str | None
    """The user's technical level; `None` where OpenAI shows none."""
    developer_persona: str | None
    """The user's kind of developer work; `None` where OpenAI shows none."""
    name: str | None
    """The user's name."""
    added_at: int
    """When the user was added to the organization, in seconds since 1970 (UTC)."""
    is_scim_managed: bool | None
    """Whether an identity provider manages the user (SCIM)."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectApiKeyResult:
    """An API key of a project, as OpenAI shows it, without the key itself."""

    project_id: str
    """The project (`proj_…`)."""
    api_key_id: str
    """The key's id (`key_…`)."""
    name: str
    """The key's name."""
    redacted_value: str
    """The beginning and the end of the key (`sk-abc...def`)."""
    created_at: int
    """When it was created, in seconds since 1970 (UTC)."""
    expires_at: int | None
    """When it expires, in seconds since 1970 (UTC); `None` if it does not expire."""
    last_used_at: int | None
    """When it was last used, in seconds since 1970 (UTC); `None` if it was never used."""
    owner_type: str | None
    """`"service_account"` or `"user"`."""
    service_account_id: str | None
    """The service account that owns it; `None` if a user owns it."""
    user_id: str | None
    """The user who owns it; `None` if a service account owns it."""
    owner_project_access: str
    """Whether its owner currently has access to the project: `active` or `inactive`."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectCertificateActivationResult:
    """A certificate activation of a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    certificate_id: str
    """The certificate (`cert_…`)."""
    active: bool
    """Whether the certificate is active for the project."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectDataRetentionResult:
    """A data retention of a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    retention_type: str
    """The kind of retention."""

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
    """`"group"` or `"tenant_group"`."""
    created_at: int
    """When the group was added to the project, in seconds since 1970 (UTC)."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectGroupRoleResult:
    """A role of a group in a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    group_id: str
    """The group (`group_…`)."""
    role_id: str
    """The role (`role_…`), or the alias of a predefined one (`role-api-project-member`)."""
    role_name: str
    """The role's name."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectHostedToolPermissionsResult:
    """A hosted tool permissions of a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    file_search: bool
    """Whether the project may use file search."""
    web_search: bool
    """Whether the project may use web search."""
    image_generation: bool
    """Whether the project may use image generation."""
    mcp: bool
    """Whether the project may use MCP servers."""
    code_interpreter: bool
    """Whether the project may use the code interpreter."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectModelPermissionsResult:
    """A model permissions of a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    mode: str | None
    """Whether `model_ids` lists the allowed models or the denied models; `None` where OpenAI shows none."""
    model_ids: list[str] | None
    """The ids of the models; `None` where OpenAI shows none."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectRateLimitResult:
    """The rate limits of one model in one project, as OpenAI shows them."""

    project_id: str
    """The project (`proj_…`)."""
    rate_limit_id: str
    """The rate limit's id in OpenAI's list."""
    model: str
    """The model (`gpt-4o`)."""
    max_requests_per_1_minute: int
    """Maximum requests per minute."""
    max_tokens_per_1_minute: int
    """Maximum tokens per minute."""
    max_images_per_1_minute: int | None
    """Maximum images per minute; `None` where OpenAI shows none."""
    max_audio_megabytes_per_1_minute: int | None
    """Maximum megabytes of audio per minute; `None` where OpenAI shows none."""
    max_requests_per_1_day: int | None
    """Maximum requests per day; `None` where OpenAI shows none."""
    batch_1_day_max_input_tokens: int | None
    """Maximum input tokens in the batch queue per day; `None` where OpenAI shows none."""

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
    """The external key (`extkey_…`) that encrypts the project's data; `None` where OpenAI shows none."""
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
    name: str
    """The role's name."""
    permissions: list[str]
    """The permissions that the role grants (`api.groups.read`), in any order."""
    description: str | None
    """The purpose of the role; `None` where OpenAI shows none."""
    resource_type: str
    """The type of resource that the role is for: `api.project`."""
    is_predefined: bool
    """Whether OpenAI predefines the role."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectServiceAccountResult:
    """A service account of a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    service_account_id: str
    """The account's id (`svc_acct_…`, `user-…`)."""
    name: str
    """The account's name."""
    role: str
    """`member` or `owner`. `none` for an account that OpenAI created without a key, unless it got a role."""
    created_at: int
    """When the account was created, in seconds since 1970 (UTC)."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectServiceTierSettingsResult:
    """A service tier settings of a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    default: str
    """The tier of requests that name no tier, or that name the tier `auto`."""
    enabled_tiers: list[str]
    """The tiers that are enabled in addition to Standard."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectSpendAlertResult:
    """A spend alert of a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    alert_id: str
    """The alert's id (`alert_…`)."""
    threshold_amount: int
    """The amount in cents: 10000 is $100."""
    recipients: list[str]
    """The email addresses that get the alert."""
    subject_prefix: str | None
    """The text at the beginning of the emails' subjects; `None` where OpenAI shows none."""
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
    """`enforcing` while OpenAI rejects requests of the project, otherwise `inactive`."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectUserResult:
    """A user of a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    user_id: str
    """The user (`user-…`)."""
    email: str | None
    """The user's email address, in any case; `None` where OpenAI shows none."""
    role: str
    """The role in the project: `owner`, `member` or `viewer`."""
    name: str | None
    """The user's name."""
    added_at: int
    """When the user was added to the project, in seconds since 1970 (UTC)."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetProjectUserRoleResult:
    """A role of a user in a project, as OpenAI shows it."""

    project_id: str
    """The project (`proj_…`)."""
    user_id: str
    """The user (`user-…`)."""
    role_id: str
    """The role (`role_…`), or the alias of a predefined one (`role-api-project-member`)."""
    role_name: str
    """The role's name."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetRoleResult:
    """A role of the organization, as OpenAI shows it."""

    role_id: str
    """The role's id (`role_…`)."""
    name: str
    """The role's name."""
    permissions: list[str]
    """The permissions that the role grants (`api.groups.read`), in any order."""
    description: str | None
    """The purpose of the role; `None` where OpenAI shows none."""
    resource_type: str
    """The type of resource that the role is for: `api.organization`."""
    is_predefined: bool
    """Whether OpenAI predefines the role."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetUserRoleResult:
    """A role of a user in the organization, as OpenAI shows it."""

    user_id: str
    """The user (`user-…`)."""
    role_id: str
    """The role (`role_…`), or the alias of a predefined one (`role-api-organization-reader`)."""
    role_name: str
    """The role's name."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetWebhookEndpointResult:
    """A webhook endpoint of the project of the API key, as OpenAI shows it."""

    webhook_endpoint_id: str
    """The endpoint's id (`whe_…`)."""
    name: str
    """The endpoint's name."""
    url: str
    """The URL that receives the events, usually an `https://` URL."""
    event_types: list[str]
    """The types of the events that it receives (`batch.completed`), in any order."""
    signing_secret_hint: str | None
    """The end of the signing secret; `None` if OpenAI shows none."""
    created_at: int
    """When it was created, in seconds since 1970 (UTC)."""
    updated_at: int | None
    """When it or its secret was last changed, in seconds since 1970 (UTC); `None` if OpenAI does not show it."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetWebhookEventTypesResult:
    """The types of events that the webhook endpoints of a project can receive."""

    event_types: list[str]
    """The types, in the order of OpenAI's list."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetWorkloadIdentityFederationRuleResult:
    """A federation rule of a workload identity provider in the organization, as OpenAI shows it."""

    workload_identity_provider_id: str
    """The provider whose tokens the rule is for."""
    federation_rule_id: str
    """The rule's id."""
    project_id: str
    """The project (`proj_…`) of the service account."""
    service_account_id: str
    """The service account that matching tokens act as."""
    attribute_matchers: dict[str, Any]
    """The value that each attribute of a token must have."""
    name: str | None
    """The name in the dashboard; `None` where OpenAI shows none."""
    description: str | None
    """A description; `None` where OpenAI shows none."""
    enabled: bool
    """Whether the rule applies."""
    permissions: dict[str, Any]
    """The permissions of the tokens."""
    created_at: int
    """When it was created, in seconds since 1970 (UTC)."""
    updated_at: int
    """When it was last changed, in seconds since 1970 (UTC)."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class GetWorkloadIdentityProviderResult:
    """A workload identity provider of the organization, as OpenAI shows it."""

    workload_identity_provider_id: str
    """The provider's id."""
    name: str
    """The name in the dashboard."""
    issuer: str
    """The issuer of the tokens, as their claim `iss` has it."""
    audience: str
    """The audience of the tokens, as their claim `aud` has it."""
    type: str
    """The protocol: `oidc`."""
    attribute_transformations: list[dict[str, str]]
    """Attributes that are computed from a token's claims."""
    description: str | None
    """A description; `None` where OpenAI shows none."""
    enabled: bool
    """Whether tokens of the issuer are accepted."""
    verification: dict[str, Any]
    """The source of the issuer's public keys: `discovery` or `uploaded_jwks`, with its properties."""
    created_at: int
    """When it was created, in seconds since 1970 (UTC)."""
    updated_at: int
    """When it was last changed, in seconds since 1970 (UTC)."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageAudioSpeechesBucket:
    """The usage of audio speeches in one bucket of time."""

    start_time: int
    """The start of the bucket, in seconds since 1970."""
    end_time: int
    """The end of the bucket, exclusive, in seconds since 1970."""
    results: list[UsageAudioSpeechesResult]
    """One result for each group. The list is empty if OpenAI has no data."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageAudioSpeechesResult:
    """The usage of audio speeches of one group, or of all, in one bucket of time."""

    characters: int
    """The characters that were spoken."""
    num_model_requests: int
    """How many requests were sent to the model."""
    project_id: str | None
    """The project (`proj_…`); `None` unless results are grouped by it."""
    user_id: str | None
    """The user (`user-…`); `None` unless results are grouped by it."""
    api_key_id: str | None
    """The API key (`key_…`); `None` unless results are grouped by it."""
    model: str | None
    """The model; `None` unless results are grouped by it."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageAudioTranscriptionsBucket:
    """The usage of audio transcriptions in one bucket of time."""

    start_time: int
    """The start of the bucket, in seconds since 1970."""
    end_time: int
    """The end of the bucket, exclusive, in seconds since 1970."""
    results: list[UsageAudioTranscriptionsResult]
    """One result for each group. The list is empty if OpenAI has no data."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageAudioTranscriptionsResult:
    """The usage of audio transcriptions of one group, or of all, in one bucket of time."""

    seconds: int
    """The seconds that were transcribed."""
    num_model_requests: int
    """How many requests were sent to the model."""
    project_id: str | None
    """The project (`proj_…`); `None` unless results are grouped by it."""
    user_id: str | None
    """The user (`user-…`); `None` unless results are grouped by it."""
    api_key_id: str | None
    """The API key (`key_…`); `None` unless results are grouped by it."""
    model: str | None
    """The model; `None` unless results are grouped by it."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageCodeInterpreterSessionsBucket:
    """The usage of the code interpreter in one bucket of time."""

    start_time: int
    """The start of the bucket, in seconds since 1970."""
    end_time: int
    """The end of the bucket, exclusive, in seconds since 1970."""
    results: list[UsageCodeInterpreterSessionsResult]
    """One result for each group. The list is empty if OpenAI has no data."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageCodeInterpreterSessionsResult:
    """The usage of the code interpreter of one group, or of all, in one bucket of time."""

    num_sessions: int
    """How many sessions there were."""
    project_id: str | None
    """The project (`proj_…`); `None` unless results are grouped by it."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageCompletionsBucket:
    """The usage of completions in one bucket of time."""

    start_time: int
    """The start of the bucket, in seconds since 1970."""
    end_time: int
    """The end of the bucket, exclusive, in seconds since 1970."""
    results: list[UsageCompletionsResult]
    """One result for each group. The list is empty if OpenAI has no data."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageCompletionsResult:
    """The usage of completions of one group, or of all, in one bucket of time."""

    input_tokens: int
    """The input tokens, including cached tokens."""
    output_tokens: int
    """The output tokens."""
    num_model_requests: int
    """How many requests were sent to the model."""
    input_cached_tokens: int | None
    """The cached input tokens."""
    input_uncached_tokens: int | None
    """The input tokens that were neither cached nor written to the cache."""
    input_cache_write_tokens: int | None
    """The input tokens written to the cache."""
    input_cache_write_30m_tokens: int | None
    """The input tokens written to the cache for 30 minutes."""
    input_cache_write_12h_tokens: int | None
    """The input tokens written to the cache for 12 hours."""
    input_text_tokens: int | None
    """The uncached input tokens of text."""
    input_cached_text_tokens: int | None
    """The cached input tokens of text."""
    output_text_tokens: int | None
    """The output tokens of text."""
    input_audio_tokens: int | None
    """The uncached input tokens of audio."""
    input_cached_audio_tokens: int | None
    """The cached input tokens of audio."""
    output_audio_tokens: int | None
    """The output tokens of audio."""
    input_image_tokens: int | None
    """The uncached input tokens of images."""
    input_cached_image_tokens: int | None
    """The cached input tokens of images."""
    output_image_tokens: int | None
    """The output tokens of images."""
    project_id: str | None
    """The project (`proj_…`); `None` unless results are grouped by it."""
    user_id: str | None
    """The user (`user-…`); `None` unless results are grouped by it."""
    api_key_id: str | None
    """The API key (`key_…`); `None` unless results are grouped by it."""
    model: str | None
    """The model; `None` unless results are grouped by it."""
    batch: bool | None
    """Whether the requests were in batches; `None` unless results are grouped by it."""
    service_tier: str | None
    """The service tier; `None` unless results are grouped by it."""
    api_source: str | None
    """`"agents_api"`, or `"unlabeled"` if the source is not known; `None` unless results are grouped by it."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageDecisionsBucket:
    """The usage of decisions in one bucket of time."""

    start_time: int
    """The start of the bucket, in seconds since 1970."""
    end_time: int
    """The end of the bucket, exclusive, in seconds since 1970."""
    results: list[UsageDecisionsResult]
    """One result for each group. The list is empty if OpenAI has no data."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageDecisionsResult:
    """The usage of decisions of one group, or of all, in one bucket of time."""

    input_tokens: int
    """The input tokens, including cached tokens."""
    output_tokens: int
    """The output tokens."""
    num_model_requests: int
    """How many requests were sent to the model."""
    input_cached_tokens: int | None
    """The cached input tokens."""
    input_uncached_tokens: int | None
    """The input tokens that were neither cached nor written to the cache."""
    input_cache_write_tokens: int | None
    """The input tokens written to the cache."""
    input_cache_write_30m_tokens: int | None
    """The input tokens written to the cache for 30 minutes."""
    input_cache_write_12h_tokens: int | None
    """The input tokens written to the cache for 12 hours."""
    input_text_tokens: int | None
    """The uncached input tokens of text."""
    input_cached_text_tokens: int | None
    """The cached input tokens of text."""
    output_text_tokens: int | None
    """The output tokens of text."""
    input_audio_tokens: int | None
    """The uncached input tokens of audio."""
    input_cached_audio_tokens: int | None
    """The cached input tokens of audio."""
    output_audio_tokens: int | None
    """The output tokens of audio."""
    input_image_tokens: int | None
    """The uncached input tokens of images."""
    input_cached_image_tokens: int | None
    """The cached input tokens of images."""
    output_image_tokens: int | None
    """The output tokens of images."""
    project_id: str | None
    """The project (`proj_…`); `None` unless results are grouped by it."""
    user_id: str | None
    """The user (`user-…`); `None` unless results are grouped by it."""
    api_key_id: str | None
    """The API key (`key_…`); `None` unless results are grouped by it."""
    model: str | None
    """The model; `None` unless results are grouped by it."""
    batch: bool | None
    """Whether the requests were in batches; `None` unless results are grouped by it."""
    service_tier: str | None
    """The service tier; `None` unless results are grouped by it."""
    api_source: str | None
    """`"agents_api"`, or `"unlabeled"` if the source is not known; `None` unless results are grouped by it."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageEmbeddingsBucket:
    """The usage of embeddings in one bucket of time."""

    start_time: int
    """The start of the bucket, in seconds since 1970."""
    end_time: int
    """The end of the bucket, exclusive, in seconds since 1970."""
    results: list[UsageEmbeddingsResult]
    """One result for each group. The list is empty if OpenAI has no data."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageEmbeddingsResult:
    """The usage of embeddings of one group, or of all, in one bucket of time."""

    input_tokens: int
    """The input tokens, including cached tokens."""
    num_model_requests: int
    """How many requests were sent to the model."""
    project_id: str | None
    """The project (`proj_…`); `None` unless results are grouped by it."""
    user_id: str | None
    """The user (`user-…`); `None` unless results are grouped by it."""
    api_key_id: str | None
    """The API key (`key_…`); `None` unless results are grouped by it."""
    model: str | None
    """The model; `None` unless results are grouped by it."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageFileSearchCallsBucket:
    """The usage of file search in one bucket of time."""

    start_time: int
    """The start of the bucket, in seconds since 1970."""
    end_time: int
    """The end of the bucket, exclusive, in seconds since 1970."""
    results: list[UsageFileSearchCallsResult]
    """One result for each group. The list is empty if OpenAI has no data."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageFileSearchCallsResult:
    """The usage of file search of one group, or of all, in one bucket of time."""

    num_requests: int
    """How many searches there were."""
    project_id: str | None
    """The project (`proj_…`); `None` unless results are grouped by it."""
    user_id: str | None
    """The user (`user-…`); `None` unless results are grouped by it."""
    api_key_id: str | None
    """The API key (`key_…`); `None` unless results are grouped by it."""
    vector_store_id: str | None
    """The vector store (`vs_…`); `None` unless results are grouped by it."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageImagesBucket:
    """The usage of images in one bucket of time."""

    start_time: int
    """The start of the bucket, in seconds since 1970."""
    end_time: int
    """The end of the bucket, exclusive, in seconds since 1970."""
    results: list[UsageImagesResult]
    """One result for each group. The list is empty if OpenAI has no data."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageImagesResult:
    """The usage of images of one group, or of all, in one bucket of time."""

    images: int
    """How many images there were."""
    num_model_requests: int
    """How many requests were sent to the model."""
    project_id: str | None
    """The project (`proj_…`); `None` unless results are grouped by it."""
    user_id: str | None
    """The user (`user-…`); `None` unless results are grouped by it."""
    api_key_id: str | None
    """The API key (`key_…`); `None` unless results are grouped by it."""
    model: str | None
    """The model; `None` unless results are grouped by it."""
    size: str | None
    """The size of the images; `None` unless results are grouped by it."""
    source: str | None
    """`image.generation`, `image.edit` or `image.variation`; `None` unless results are grouped by it."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageModerationsBucket:
    """The usage of moderations in one bucket of time."""

    start_time: int
    """The start of the bucket, in seconds since 1970."""
    end_time: int
    """The end of the bucket, exclusive, in seconds since 1970."""
    results: list[UsageModerationsResult]
    """One result for each group. The list is empty if OpenAI has no data."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageModerationsResult:
    """The usage of moderations of one group, or of all, in one bucket of time."""

    input_tokens: int
    """The input tokens, including cached tokens."""
    num_model_requests: int
    """How many requests were sent to the model."""
    project_id: str | None
    """The project (`proj_…`); `None` unless results are grouped by it."""
    user_id: str | None
    """The user (`user-…`); `None` unless results are grouped by it."""
    api_key_id: str | None
    """The API key (`key_…`); `None` unless results are grouped by it."""
    model: str | None
    """The model; `None` unless results are grouped by it."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageVectorStoresBucket:
    """The usage of vector stores in one bucket of time."""

    start_time: int
    """The start of the bucket, in seconds since 1970."""
    end_time: int
    """The end of the bucket, exclusive, in seconds since 1970."""
    results: list[UsageVectorStoresResult]
    """One result for each group. The list is empty if OpenAI has no data."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageVectorStoresResult:
    """The usage of vector stores of one group, or of all, in one bucket of time."""

    usage_bytes: int
    """The bytes that were stored."""
    project_id: str | None
    """The project (`proj_…`); `None` unless results are grouped by it."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageWebSearchCallsBucket:
    """The usage of web search in one bucket of time."""

    start_time: int
    """The start of the bucket, in seconds since 1970."""
    end_time: int
    """The end of the bucket, exclusive, in seconds since 1970."""
    results: list[UsageWebSearchCallsResult]
    """One result for each group. The list is empty if OpenAI has no data."""

@dataclasses.dataclass(frozen=True, kw_only=True)
class UsageWebSearchCallsResult:
    """The usage of web search of one group, or of all, in one bucket of time."""

    num_requests: int
    """How many searches there were."""
    num_model_requests: int
    """How many requests were sent to the model."""
    project_id: str | None
    """The project (`proj_…`); `None` unless results are grouped by it."""
    user_id: str | None
    """The user (`user-…`); `None` unless results are grouped by it."""
    api_key_id: str | None
    """The API key (`key_…`); `None` unless results are grouped by it."""
    model: str | None
    """The model; `None` unless results are grouped by it."""
    context_level: str | None
    """The context level of the searches; `None` unless results are grouped by it."""
    api_source: str | None
    """`"agents_api"`, or `"unlabeled"` if the source is not known; `None` unless results are grouped by it."""

def get_admin_api_key(
    *,
    name: str | None = None,
    admin_api_key_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetAdminApiKeyResult:
    """One Admin API key of the organization, by its name or its id.

    Args:
        name: The name in the dashboard. The match is exact. Set this or `admin_api_key_id`.
        admin_api_key_id: The key's id (`key_…`). Set this or `name`.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such Admin API key (the message gives the nearest names), several have the same name
            (it gives all ids), or the request failed.

    Source: GET /organization/admin_api_keys and GET /organization/admin_api_keys/{admin_api_key_id}.
    """

def get_admin_api_key_output(
    *,
    name: pulumi.Input[str | None] = None,
    admin_api_key_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetAdminApiKeyResult]:
    """`get_admin_api_key` for Outputs. Unknown in a preview if an argument is unknown."""

def get_certificate(
    *,
    name: str | None = None,
    certificate_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetCertificateResult:
    """One certificate of the organization, by its name or its id.

    Args:
        name: The name in the dashboard. The match is exact. Set this or `certificate_id`.
        certificate_id: The certificate's id (`cert_…`). Set this or `name`.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such certificate (the message gives the nearest names), several have the same name (it
            gives all ids), or the request failed.

    Source: GET /organization/certificates and GET /organization/certificates/{certificate_id}.
    """

def get_certificate_output(
    *,
    name: pulumi.Input[str | None] = None,
    certificate_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetCertificateResult]:
    """`get_certificate` for Outputs. Unknown in a preview if an argument is unknown."""

def get_costs(
    *,
    start_time: int,
    end_time: int | None = None,
    bucket_width: Literal["1d"] = "1d",
    group_by: list[Literal["project_id", "user_id", "line_item", "api_key_id", "api_source"]] | None = None,
    project_ids: list[str] | None = None,
    api_key_ids: list[str] | None = None,
    line_items: list[str] | None = None,
    limit: int | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> list[CostsBucket]:
    """The costs of the organization, in buckets of time.

    It reads all pages, up to `limit` buckets. Each call sends requests, because the data changes continuously.

    Args:
        start_time: The start of the range, in seconds since 1970 (UTC).
        end_time: The end of the range, exclusive, in seconds since 1970 (UTC). `None` means now.
        bucket_width: The width of a bucket: `1d`.
        group_by: The properties that group the results, in any combination: `"project_id"`, `"user_id"`, `"line_item"`,
            `"api_key_id"`, `"api_source"`.
        project_ids: Only data of these projects.
        api_key_ids: Only data of these API keys.
        line_items: Only these line items, each as OpenAI shows it.
        limit: The maximum number of buckets, earliest first. `None` reads the entire range.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: An argument is not valid, there is no admin key, or the request failed.

    Source: GET /organization/costs.
    """

def get_costs_output(
    *,
    start_time: pulumi.Input[int],
    end_time: pulumi.Input[int | None] = None,
    bucket_width: pulumi.Input[Literal["1d"]] = "1d",
    group_by: pulumi.Input[
        list[Literal["project_id", "user_id", "line_item", "api_key_id", "api_source"]] | None
    ] = None,
    project_ids: pulumi.Input[list[str] | None] = None,
    api_key_ids: pulumi.Input[list[str] | None] = None,
    line_items: pulumi.Input[list[str] | None] = None,
    limit: pulumi.Input[int | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[CostsBucket]]:
    """`get_costs` for Outputs. Unknown in a preview if an argument is unknown."""

def get_external_key(
    *,
    name: str | None = None,
    external_key_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetExternalKeyResult:
    """One external key of the organization, by its name or its id.

    Args:
        name: The name in the dashboard. The match is exact. Set this or `external_key_id`.
        external_key_id: The key's id (`extkey_…`). Set this or `name`.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such external key (the message gives the nearest names), several have the same name (it
            gives all ids), or the request failed.

    Source: GET /organization/external_keys and GET /organization/external_keys/{external_key_id}.
    """

def get_external_key_output(
    *,
    name: pulumi.Input[str | None] = None,
    external_key_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetExternalKeyResult]:
    """`get_external_key` for Outputs. Unknown in a preview if an argument is unknown."""

def get_external_storage(
    *,
    project_id: str | None = None,
    external_storage_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetExternalStorageResult:
    """One external storage of the organization, by its project or its id.

    Args:
        project_id: The project (`proj_…`) whose data it keeps. The match is exact. Set this or `external_storage_id`.
        external_storage_id: The storage's id (`extstore_…`). Set this or `project_id`.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such external storage (the message gives the nearest names), several have the same
            project (it gives all ids), or the request failed.

    Source: GET /organization/external_storage and GET /organization/external_storage/{external_storage_id}.
    """

def get_external_storage_output(
    *,
    project_id: pulumi.Input[str | None] = None,
    external_storage_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetExternalStorageResult]:
    """`get_external_storage` for Outputs. Unknown in a preview if an argument is unknown."""

def get_group(
    *,
    name: str | None = None,
    group_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetGroupResult:
    """One group of the organization, by its name or its id.

    Args:
        name: The group's name. The match is exact. Set this or `group_id`.
        group_id: The group's id (`group_…`). Set this or `name`.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such group (the message gives the nearest names), several have the same name (it gives
            all ids), or the request failed.

    Source: GET /organization/groups and GET /organization/groups/{group_id}.
    """

def get_group_output(
    *,
    name: pulumi.Input[str | None] = None,
    group_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetGroupResult]:
    """`get_group` for Outputs. Unknown in a preview if an argument is unknown."""

def get_group_role(
    *,
    group_id: str,
    role_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetGroupRoleResult:
    """One role of a group in the organization, by its id.

    Args:
        group_id: The group (`group_…`).
        role_id: The role (`role_…`), or the alias of a predefined one (`role-api-organization-reader`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such role, or the request failed.

    Source: GET /organization/groups/{group_id}/roles.
    """

def get_group_role_output(
    *,
    group_id: pulumi.Input[str],
    role_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetGroupRoleResult]:
    """`get_group_role` for Outputs. Unknown in a preview if an argument is unknown."""

def get_group_user(
    *,
    group_id: str,
    user_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetGroupUserResult:
    """One user of a group in the organization, by its id.

    Args:
        group_id: The group (`group_…`).
        user_id: The user (`user-…`) or service account (`svc_acct_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such user, or the request failed.

    Source: GET /organization/groups/{group_id}/users.
    """

def get_group_user_output(
    *,
    group_id: pulumi.Input[str],
    user_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetGroupUserResult]:
    """`get_group_user` for Outputs. Unknown in a preview if an argument is unknown."""

def get_invite(
    *,
    email: str | None = None,
    invite_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetInviteResult:
    """One invite of the organization, by its email or its id.

    Args:
        email: The address to which OpenAI sends the invite, in lower case. The match is exact. Set this or `invite_id`.
        invite_id: The invite's id (`invite-…`). Set this or `email`.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such invite (the message gives the nearest names), several have the same email (it
            gives all ids), or the request failed.

    Source: GET /organization/invites and GET /organization/invites/{invite_id}.
    """

def get_invite_output(
    *,
    email: pulumi.Input[str | None] = None,
    invite_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetInviteResult]:
    """`get_invite` for Outputs. Unknown in a preview if an argument is unknown."""

def get_mcp_tunnel(
    *,
    tunnel_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetMcpTunnelResult:
    """One tunnel of the organization, by its id.

    Args:
        tunnel_id: The tunnel's id (`tunnel_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such tunnel, or the request failed.

    Source: GET /tunnels/{tunnel_id}.
    """

def get_mcp_tunnel_output(
    *,
    tunnel_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetMcpTunnelResult]:
    """`get_mcp_tunnel` for Outputs. Unknown in a preview if an argument is unknown."""

def get_organization_certificate_activation(
    *,
    certificate_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetOrganizationCertificateActivationResult:
    """One certificate activation of the organization, by its id.

    Args:
        certificate_id: The certificate (`cert_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such certificate activation, or the request failed.

    Source: GET /organization/certificates.
    """

def get_organization_certificate_activation_output(
    *,
    certificate_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetOrganizationCertificateActivationResult]:
    """`get_organization_certificate_activation` for Outputs. Unknown in a preview if an argument is unknown."""

def get_organization_data_retention(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> GetOrganizationDataRetentionResult:
    """The data retention of the organization.

    Args:
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no admin key, or the request failed.

    Source: GET /organization/data_retention.
    """

def get_organization_data_retention_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetOrganizationDataRetentionResult]:
    """`get_organization_data_retention` for Outputs. Unknown in a preview if an argument is unknown."""

def get_organization_spend_alert(
    *,
    alert_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetOrganizationSpendAlertResult:
    """One spend alert of the organization, by its id.

    Args:
        alert_id: The alert's id (`alert_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such spend alert, or the request failed.

    Source: GET /organization/spend_alerts/{alert_id}.
    """

def get_organization_spend_alert_output(
    *,
    alert_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetOrganizationSpendAlertResult]:
    """`get_organization_spend_alert` for Outputs. Unknown in a preview if an argument is unknown."""

def get_organization_spend_limit(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> GetOrganizationSpendLimitResult:
    """The spend limit of the organization.

    If there is none, all fields are `None`.

    Args:
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no admin key, or the request failed.

    Source: GET /organization/spend_limit.
    """

def get_organization_spend_limit_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetOrganizationSpendLimitResult]:
    """`get_organization_spend_limit` for Outputs. Unknown in a preview if an argument is unknown."""

def get_organization_user(
    *,
    email: str | None = None,
    user_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetOrganizationUserResult:
    """One user of the organization, by its email or its id.

    Args:
        email: The user's email address, in any case. The match is exact. Set this or `user_id`.
        user_id: The user (`user-…`). Set this or `email`.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such user (the message gives the nearest names), several have the same email (it gives
            all ids), or the request failed.

    Source: GET /organization/users and GET /organization/users/{user_id}.
    """

def get_organization_user_output(
    *,
    email: pulumi.Input[str | None] = None,
    user_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetOrganizationUserResult]:
    """`get_organization_user` for Outputs. Unknown in a preview if an argument is unknown."""

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
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such project (the message gives the nearest names), several have the same name (it
            gives all ids), it is archived, or the request failed.

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
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such API key, or the request failed.

    Source: GET /organization/projects/{project_id}/api_keys/{api_key_id}.
    """

def get_project_api_key_output(
    *,
    project_id: pulumi.Input[str],
    api_key_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectApiKeyResult]:
    """`get_project_api_key` for Outputs. Unknown in a preview if an argument is unknown."""

def get_project_certificate_activation(
    *,
    project_id: str,
    certificate_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectCertificateActivationResult:
    """One certificate activation of a project, by its id.

    Args:
        project_id: The project (`proj_…`).
        certificate_id: The certificate (`cert_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such certificate activation, or the request failed.

    Source: GET /organization/projects/{project_id}/certificates.
    """

def get_project_certificate_activation_output(
    *,
    project_id: pulumi.Input[str],
    certificate_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectCertificateActivationResult]:
    """`get_project_certificate_activation` for Outputs. Unknown in a preview if an argument is unknown."""

def get_project_data_retention(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectDataRetentionResult:
    """The data retention of a project.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed.

    Source: GET /organization/projects/{project_id}/data_retention.
    """

def get_project_data_retention_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectDataRetentionResult]:
    """`get_project_data_retention` for Outputs. Unknown in a preview if an argument is unknown."""

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
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such group, or the request failed.

    Source: GET /organization/projects/{project_id}/groups.
    """

def get_project_group_output(
    *,
    project_id: pulumi.Input[str],
    group_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectGroupResult]:
    """`get_project_group` for Outputs. Unknown in a preview if an argument is unknown."""

def get_project_group_role(
    *,
    project_id: str,
    group_id: str,
    role_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectGroupRoleResult:
    """One role of a group in a project, by its id.

    Args:
        project_id: The project (`proj_…`).
        group_id: The group (`group_…`).
        role_id: The role (`role_…`), or the alias of a predefined one (`role-api-project-member`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such role, or the request failed.

    Source: GET /projects/{project_id}/groups/{group_id}/roles.
    """

def get_project_group_role_output(
    *,
    project_id: pulumi.Input[str],
    group_id: pulumi.Input[str],
    role_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectGroupRoleResult]:
    """`get_project_group_role` for Outputs. Unknown in a preview if an argument is unknown."""

def get_project_hosted_tool_permissions(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectHostedToolPermissionsResult:
    """The hosted tool permissions of a project.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed.

    Source: GET /organization/projects/{project_id}/hosted_tool_permissions.
    """

def get_project_hosted_tool_permissions_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectHostedToolPermissionsResult]:
    """`get_project_hosted_tool_permissions` for Outputs. Unknown in a preview if an argument is unknown."""

def get_project_model_permissions(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectModelPermissionsResult:
    """The model permissions of a project.

    If there is none, all fields except `project_id` are `None`.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed.

    Source: GET /organization/projects/{project_id}/model_permissions.
    """

def get_project_model_permissions_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectModelPermissionsResult]:
    """`get_project_model_permissions` for Outputs. Unknown in a preview if an argument is unknown."""

def get_project_output(
    *,
    name: pulumi.Input[str | None] = None,
    project_id: pulumi.Input[str | None] = None,
    include_archived: pulumi.Input[bool] = False,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectResult]:
    """`get_project` for Outputs. Unknown in a preview if an argument is unknown."""

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
        model: The model (`gpt-4o`). The match is exact. Set this or `rate_limit_id`.
        rate_limit_id: The rate limit's id in OpenAI's list. Set this or `model`.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such rate limit (the message gives the nearest names), several have the same model (it
            gives all ids), or the request failed.

    Source: GET /organization/projects/{project_id}/rate_limits.
    """

def get_project_rate_limit_output(
    *,
    project_id: pulumi.Input[str],
    model: pulumi.Input[str | None] = None,
    rate_limit_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectRateLimitResult]:
    """`get_project_rate_limit` for Outputs. Unknown in a preview if an argument is unknown."""

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
        name: The role's name. The match is exact. Set this or `role_id`.
        role_id: The role's id (`role_…`). Set this or `name`.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such role (the message gives the nearest names), several have the same name (it gives
            all ids), or the request failed.

    Source: GET /projects/{project_id}/roles and GET /projects/{project_id}/roles/{role_id}.
    """

def get_project_role_output(
    *,
    project_id: pulumi.Input[str],
    name: pulumi.Input[str | None] = None,
    role_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectRoleResult]:
    """`get_project_role` for Outputs. Unknown in a preview if an argument is unknown."""

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
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such service account (the message gives the nearest names), several have the same name
            (it gives all ids), or the request failed.

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
    """`get_project_service_account` for Outputs. Unknown in a preview if an argument is unknown."""

def get_project_service_tier_settings(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectServiceTierSettingsResult:
    """The service tier settings of a project.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed.

    Source: GET /organization/projects/{project_id}/service_tier_settings.
    """

def get_project_service_tier_settings_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectServiceTierSettingsResult]:
    """`get_project_service_tier_settings` for Outputs. Unknown in a preview if an argument is unknown."""

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
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such spend alert, or the request failed.

    Source: GET /organization/projects/{project_id}/spend_alerts/{alert_id}.
    """

def get_project_spend_alert_output(
    *,
    project_id: pulumi.Input[str],
    alert_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectSpendAlertResult]:
    """`get_project_spend_alert` for Outputs. Unknown in a preview if an argument is unknown."""

def get_project_spend_limit(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectSpendLimitResult:
    """The spend limit of a project.

    If there is none, all fields except `project_id` are `None`.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed.

    Source: GET /organization/projects/{project_id}/spend_limit.
    """

def get_project_spend_limit_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectSpendLimitResult]:
    """`get_project_spend_limit` for Outputs. Unknown in a preview if an argument is unknown."""

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
        email: The user's email address, in any case. The match is exact. Set this or `user_id`.
        user_id: The user (`user-…`). Set this or `email`.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such user (the message gives the nearest names), several have the same email (it gives
            all ids), or the request failed.

    Source: GET /organization/projects/{project_id}/users.
    """

def get_project_user_output(
    *,
    project_id: pulumi.Input[str],
    email: pulumi.Input[str | None] = None,
    user_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectUserResult]:
    """`get_project_user` for Outputs. Unknown in a preview if an argument is unknown."""

def get_project_user_role(
    *,
    project_id: str,
    user_id: str,
    role_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectUserRoleResult:
    """One role of a user in a project, by its id.

    Args:
        project_id: The project (`proj_…`).
        user_id: The user (`user-…`).
        role_id: The role (`role_…`), or the alias of a predefined one (`role-api-project-member`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such role, or the request failed.

    Source: GET /projects/{project_id}/users/{user_id}/roles.
    """

def get_project_user_role_output(
    *,
    project_id: pulumi.Input[str],
    user_id: pulumi.Input[str],
    role_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectUserRoleResult]:
    """`get_project_user_role` for Outputs. Unknown in a preview if an argument is unknown."""

def get_role(
    *,
    name: str | None = None,
    role_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetRoleResult:
    """One role of the organization, by its name or its id.

    Args:
        name: The role's name. The match is exact. Set this or `role_id`.
        role_id: The role's id (`role_…`). Set this or `name`.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such role (the message gives the nearest names), several have the same name (it gives
            all ids), or the request failed.

    Source: GET /organization/roles and GET /organization/roles/{role_id}.
    """

def get_role_output(
    *,
    name: pulumi.Input[str | None] = None,
    role_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetRoleResult]:
    """`get_role` for Outputs. Unknown in a preview if an argument is unknown."""

def get_usage_audio_speeches(
    *,
    start_time: int,
    end_time: int | None = None,
    bucket_width: Literal["1m", "1h", "1d"] = "1d",
    group_by: list[Literal["project_id", "user_id", "api_key_id", "model"]] | None = None,
    project_ids: list[str] | None = None,
    user_ids: list[str] | None = None,
    api_key_ids: list[str] | None = None,
    models: list[str] | None = None,
    limit: int | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> list[UsageAudioSpeechesBucket]:
    """The usage of audio speeches, in buckets of time.

    It reads all pages, up to `limit` buckets. Each call sends requests, because the data changes continuously.

    Args:
        start_time: The start of the range, in seconds since 1970 (UTC).
        end_time: The end of the range, exclusive, in seconds since 1970 (UTC). `None` means now.
        bucket_width: The width of a bucket: `1d`, `1h`, `1m`.
        group_by: The properties that group the results, in any combination: `"project_id"`, `"user_id"`,
            `"api_key_id"`, `"model"`.
        project_ids: Only data of these projects.
        user_ids: Only data of these users.
        api_key_ids: Only data of these API keys.
        models: Only data of these models.
        limit: The maximum number of buckets, earliest first. `None` reads the entire range.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: An argument is not valid, there is no admin key, or the request failed.

    Source: GET /organization/usage/audio_speeches.
    """

def get_usage_audio_speeches_output(
    *,
    start_time: pulumi.Input[int],
    end_time: pulumi.Input[int | None] = None,
    bucket_width: pulumi.Input[Literal["1m", "1h", "1d"]] = "1d",
    group_by: pulumi.Input[list[Literal["project_id", "user_id", "api_key_id", "model"]] | None] = None,
    project_ids: pulumi.Input[list[str] | None] = None,
    user_ids: pulumi.Input[list[str] | None] = None,
    api_key_ids: pulumi.Input[list[str] | None] = None,
    models: pulumi.Input[list[str] | None] = None,
    limit: pulumi.Input[int | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[UsageAudioSpeechesBucket]]:
    """`get_usage_audio_speeches` for Outputs. Unknown in a preview if an argument is unknown."""

def get_usage_audio_transcriptions(
    *,
    start_time: int,
    end_time: int | None = None,
    bucket_width: Literal["1m", "1h", "1d"] = "1d",
    group_by: list[Literal["project_id", "user_id", "api_key_id", "model"]] | None = None,
    project_ids: list[str] | None = None,
    user_ids: list[str] | None = None,
    api_key_ids: list[str] | None = None,
    models: list[str] | None = None,
    limit: int | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> list[UsageAudioTranscriptionsBucket]:
    """The usage of audio transcriptions, in buckets of time.

    It reads all pages, up to `limit` buckets. Each call sends requests, because the data changes continuously.

    Args:
        start_time: The start of the range, in seconds since 1970 (UTC).
        end_time: The end of the range, exclusive, in seconds since 1970 (UTC). `None` means now.
        bucket_width: The width of a bucket: `1d`, `1h`, `1m`.
        group_by: The properties that group the results, in any combination: `"project_id"`, `"user_id"`,
            `"api_key_id"`, `"model"`.
        project_ids: Only data of these projects.
        user_ids: Only data of these users.
        api_key_ids: Only data of these API keys.
        models: Only data of these models.
        limit: The maximum number of buckets, earliest first. `None` reads the entire range.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: An argument is not valid, there is no admin key, or the request failed.

    Source: GET /organization/usage/audio_transcriptions.
    """

def get_usage_audio_transcriptions_output(
    *,
    start_time: pulumi.Input[int],
    end_time: pulumi.Input[int | None] = None,
    bucket_width: pulumi.Input[Literal["1m", "1h", "1d"]] = "1d",
    group_by: pulumi.Input[list[Literal["project_id", "user_id", "api_key_id", "model"]] | None] = None,
    project_ids: pulumi.Input[list[str] | None] = None,
    user_ids: pulumi.Input[list[str] | None] = None,
    api_key_ids: pulumi.Input[list[str] | None] = None,
    models: pulumi.Input[list[str] | None] = None,
    limit: pulumi.Input[int | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[UsageAudioTranscriptionsBucket]]:
    """`get_usage_audio_transcriptions` for Outputs. Unknown in a preview if an argument is unknown."""

def get_usage_code_interpreter_sessions(
    *,
    start_time: int,
    end_time: int | None = None,
    bucket_width: Literal["1m", "1h", "1d"] = "1d",
    group_by: list[Literal["project_id"]] | None = None,
    project_ids: list[str] | None = None,
    limit: int | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> list[UsageCodeInterpreterSessionsBucket]:
    """The usage of the code interpreter, in buckets of time.

    It reads all pages, up to `limit` buckets. Each call sends requests, because the data changes continuously.

    Args:
        start_time: The start of the range, in seconds since 1970 (UTC).
        end_time: The end of the range, exclusive, in seconds since 1970 (UTC). `None` means now.
        bucket_width: The width of a bucket: `1d`, `1h`, `1m`.
        group_by: The properties that group the results, in any combination: `"project_id"`.
        project_ids: Only data of these projects.
        limit: The maximum number of buckets, earliest first. `None` reads the entire range.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: An argument is not valid, there is no admin key, or the request failed.

    Source: GET /organization/usage/code_interpreter_sessions.
    """

def get_usage_code_interpreter_sessions_output(
    *,
    start_time: pulumi.Input[int],
    end_time: pulumi.Input[int | None] = None,
    bucket_width: pulumi.Input[Literal["1m", "1h", "1d"]] = "1d",
    group_by: pulumi.Input[list[Literal["project_id"]] | None] = None,
    project_ids: pulumi.Input[list[str] | None] = None,
    limit: pulumi.Input[int | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[UsageCodeInterpreterSessionsBucket]]:
    """`get_usage_code_interpreter_sessions` for Outputs. Unknown in a preview if an argument is unknown."""

def get_usage_completions(
    *,
    start_time: int,
    end_time: int | None = None,
    bucket_width: Literal["1m", "1h", "1d"] = "1d",
    group_by: list[Literal["project_id", "user_id", "api_key_id", "model", "batch", "service_tier", "api_source"]]
    | None = None,
    project_ids: list[str] | None = None,
    user_ids: list[str] | None = None,
    api_key_ids: list[str] | None = None,
    models: list[str] | None = None,
    batch: bool | None = None,
    limit: int | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> list[UsageCompletionsBucket]:
    """The usage of completions, in buckets of time.

    It reads all pages, up to `limit` buckets. Each call sends requests, because the data changes continuously.

    Args:
        start_time: The start of the range, in seconds since 1970 (UTC).
        end_time: The end of the range, exclusive, in seconds since 1970 (UTC). `None` means now.
        bucket_width: The width of a bucket: `1d`, `1h`, `1m`.
        group_by: The properties that group the results, in any combination: `"project_id"`, `"user_id"`,
            `"api_key_id"`, `"model"`, `"batch"`, `"service_tier"`, `"api_source"`.
        project_ids: Only data of these projects.
        user_ids: Only data of these users.
        api_key_ids: Only data of these API keys.
        models: Only data of these models.
        batch: `True` selects only batches, `False` everything except batches.
        limit: The maximum number of buckets, earliest first. `None` reads the entire range.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: An argument is not valid, there is no admin key, or the request failed.

    Source: GET /organization/usage/completions.
    """

def get_usage_completions_output(
    *,
    start_time: pulumi.Input[int],
    end_time: pulumi.Input[int | None] = None,
    bucket_width: pulumi.Input[Literal["1m", "1h", "1d"]] = "1d",
    group_by: pulumi.Input[
        list[Literal["project_id", "user_id", "api_key_id", "model", "batch", "service_tier", "api_source"]] | None
    ] = None,
    project_ids: pulumi.Input[list[str] | None] = None,
    user_ids: pulumi.Input[list[str] | None] = None,
    api_key_ids: pulumi.Input[list[str] | None] = None,
    models: pulumi.Input[list[str] | None] = None,
    batch: pulumi.Input[bool | None] = None,
    limit: pulumi.Input[int | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[UsageCompletionsBucket]]:
    """`get_usage_completions` for Outputs. Unknown in a preview if an argument is unknown."""

def get_usage_decisions(
    *,
    start_time: int,
    end_time: int | None = None,
    bucket_width: Literal["1m", "1h", "1d"] = "1d",
    group_by: list[Literal["project_id", "user_id", "api_key_id", "model", "batch", "service_tier", "api_source"]]
    | None = None,
    project_ids: list[str] | None = None,
    user_ids: list[str] | None = None,
    api_key_ids: list[str] | None = None,
    models: list[str] | None = None,
    batch: bool | None = None,
    limit: int | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> list[UsageDecisionsBucket]:
    """The usage of decisions, in buckets of time.

    It reads all pages, up to `limit` buckets. Each call sends requests, because the data changes continuously.

    Args:
        start_time: The start of the range, in seconds since 1970 (UTC).
        end_time: The end of the range, exclusive, in seconds since 1970 (UTC). `None` means now.
        bucket_width: The width of a bucket: `1d`, `1h`, `1m`.
        group_by: The properties that group the results, in any combination: `"project_id"`, `"user_id"`,
            `"api_key_id"`, `"model"`, `"batch"`, `"service_tier"`, `"api_source"`.
        project_ids: Only data of these projects.
        user_ids: Only data of these users.
        api_key_ids: Only data of these API keys.
        models: Only data of these models.
        batch: `True` selects only batches, `False` everything except batches.
        limit: The maximum number of buckets, earliest first. `None` reads the entire range.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: An argument is not valid, there is no admin key, or the request failed.

    Source: GET /organization/usage/decisions.
    """

def get_usage_decisions_output(
    *,
    start_time: pulumi.Input[int],
    end_time: pulumi.Input[int | None] = None,
    bucket_width: pulumi.Input[Literal["1m", "1h", "1d"]] = "1d",
    group_by: pulumi.Input[
        list[Literal["project_id", "user_id", "api_key_id", "model", "batch", "service_tier", "api_source"]] | None
    ] = None,
    project_ids: pulumi.Input[list[str] | None] = None,
    user_ids: pulumi.Input[list[str] | None] = None,
    api_key_ids: pulumi.Input[list[str] | None] = None,
    models: pulumi.Input[list[str] | None] = None,
    batch: pulumi.Input[bool | None] = None,
    limit: pulumi.Input[int | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[UsageDecisionsBucket]]:
    """`get_usage_decisions` for Outputs. Unknown in a preview if an argument is unknown."""

def get_usage_embeddings(
    *,
    start_time: int,
    end_time: int | None = None,
    bucket_width: Literal["1m", "1h", "1d"] = "1d",
    group_by: list[Literal["project_id", "user_id", "api_key_id", "model"]] | None = None,
    project_ids: list[str] | None = None,
    user_ids: list[str] | None = None,
    api_key_ids: list[str] | None = None,
    models: list[str] | None = None,
    limit: int | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> list[UsageEmbeddingsBucket]:
    """The usage of embeddings, in buckets of time.

    It reads all pages, up to `limit` buckets. Each call sends requests, because the data changes continuously.

    Args:
        start_time: The start of the range, in seconds since 1970 (UTC).
        end_time: The end of the range, exclusive, in seconds since 1970 (UTC). `None` means now.
        bucket_width: The width of a bucket: `1d`, `1h`, `1m`.
        group_by: The properties that group the results, in any combination: `"project_id"`, `"user_id"`,
            `"api_key_id"`, `"model"`.
        project_ids: Only data of these projects.
        user_ids: Only data of these users.
        api_key_ids: Only data of these API keys.
        models: Only data of these models.
        limit: The maximum number of buckets, earliest first. `None` reads the entire range.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: An argument is not valid, there is no admin key, or the request failed.

    Source: GET /organization/usage/embeddings.
    """

def get_usage_embeddings_output(
    *,
    start_time: pulumi.Input[int],
    end_time: pulumi.Input[int | None] = None,
    bucket_width: pulumi.Input[Literal["1m", "1h", "1d"]] = "1d",
    group_by: pulumi.Input[list[Literal["project_id", "user_id", "api_key_id", "model"]] | None] = None,
    project_ids: pulumi.Input[list[str] | None] = None,
    user_ids: pulumi.Input[list[str] | None] = None,
    api_key_ids: pulumi.Input[list[str] | None] = None,
    models: pulumi.Input[list[str] | None] = None,
    limit: pulumi.Input[int | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[UsageEmbeddingsBucket]]:
    """`get_usage_embeddings` for Outputs. Unknown in a preview if an argument is unknown."""

def get_usage_file_search_calls(
    *,
    start_time: int,
    end_time: int | None = None,
    bucket_width: Literal["1m", "1h", "1d"] = "1d",
    group_by: list[Literal["project_id", "user_id", "api_key_id", "vector_store_id"]] | None = None,
    project_ids: list[str] | None = None,
    user_ids: list[str] | None = None,
    api_key_ids: list[str] | None = None,
    vector_store_ids: list[str] | None = None,
    limit: int | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> list[UsageFileSearchCallsBucket]:
    """The usage of file search, in buckets of time.

    It reads all pages, up to `limit` buckets. Each call sends requests, because the data changes continuously.

    Args:
        start_time: The start of the range, in seconds since 1970 (UTC).
        end_time: The end of the range, exclusive, in seconds since 1970 (UTC). `None` means now.
        bucket_width: The width of a bucket: `1d`, `1h`, `1m`.
        group_by: The properties that group the results, in any combination: `"project_id"`, `"user_id"`,
            `"api_key_id"`, `"vector_store_id"`.
        project_ids: Only data of these projects.
        user_ids: Only data of these users.
        api_key_ids: Only data of these API keys.
        vector_store_ids: Only data of these vector stores.
        limit: The maximum number of buckets, earliest first. `None` reads the entire range.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: An argument is not valid, there is no admin key, or the request failed.

    Source: GET /organization/usage/file_search_calls.
    """

def get_usage_file_search_calls_output(
    *,
    start_time: pulumi.Input[int],
    end_time: pulumi.Input[int | None] = None,
    bucket_width: pulumi.Input[Literal["1m", "1h", "1d"]] = "1d",
    group_by: pulumi.Input[list[Literal["project_id", "user_id", "api_key_id", "vector_store_id"]] | None] = None,
    project_ids: pulumi.Input[list[str] | None] = None,
    user_ids: pulumi.Input[list[str] | None] = None,
    api_key_ids: pulumi.Input[list[str] | None] = None,
    vector_store_ids: pulumi.Input[list[str] | None] = None,
    limit: pulumi.Input[int | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[UsageFileSearchCallsBucket]]:
    """`get_usage_file_search_calls` for Outputs. Unknown in a preview if an argument is unknown."""

def get_usage_images(
    *,
    start_time: int,
    end_time: int | None = None,
    bucket_width: Literal["1m", "1h", "1d"] = "1d",
    group_by: list[Literal["project_id", "user_id", "api_key_id", "model", "size", "source"]] | None = None,
    project_ids: list[str] | None = None,
    user_ids: list[str] | None = None,
    api_key_ids: list[str] | None = None,
    models: list[str] | None = None,
    sizes: list[str] | None = None,
    sources: list[Literal["image.generation", "image.edit", "image.variation"]] | None = None,
    limit: int | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> list[UsageImagesBucket]:
    """The usage of images, in buckets of time.

    It reads all pages, up to `limit` buckets. Each call sends requests, because the data changes continuously.

    Args:
        start_time: The start of the range, in seconds since 1970 (UTC).
        end_time: The end of the range, exclusive, in seconds since 1970 (UTC). `None` means now.
        bucket_width: The width of a bucket: `1d`, `1h`, `1m`.
        group_by: The properties that group the results, in any combination: `"project_id"`, `"user_id"`,
            `"api_key_id"`, `"model"`, `"size"`, `"source"`.
        project_ids: Only data of these projects.
        user_ids: Only data of these users.
        api_key_ids: Only data of these API keys.
        models: Only data of these models.
        sizes: Only images of these sizes, for example `1024x1024`.
        sources: Only images of these sources: `image.generation`, `image.edit`, `image.variation`.
        limit: The maximum number of buckets, earliest first. `None` reads the entire range.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: An argument is not valid, there is no admin key, or the request failed.

    Source: GET /organization/usage/images.
    """

def get_usage_images_output(
    *,
    start_time: pulumi.Input[int],
    end_time: pulumi.Input[int | None] = None,
    bucket_width: pulumi.Input[Literal["1m", "1h", "1d"]] = "1d",
    group_by: pulumi.Input[
        list[Literal["project_id", "user_id", "api_key_id", "model", "size", "source"]] | None
    ] = None,
    project_ids: pulumi.Input[list[str] | None] = None,
    user_ids: pulumi.Input[list[str] | None] = None,
    api_key_ids: pulumi.Input[list[str] | None] = None,
    models: pulumi.Input[list[str] | None] = None,
    sizes: pulumi.Input[list[str] | None] = None,
    sources: pulumi.Input[list[Literal["image.generation", "image.edit", "image.variation"]] | None] = None,
    limit: pulumi.Input[int | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[UsageImagesBucket]]:
    """`get_usage_images` for Outputs. Unknown in a preview if an argument is unknown."""

def get_usage_moderations(
    *,
    start_time: int,
    end_time: int | None = None,
    bucket_width: Literal["1m", "1h", "1d"] = "1d",
    group_by: list[Literal["project_id", "user_id", "api_key_id", "model"]] | None = None,
    project_ids: list[str] | None = None,
    user_ids: list[str] | None = None,
    api_key_ids: list[str] | None = None,
    models: list[str] | None = None,
    limit: int | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> list[UsageModerationsBucket]:
    """The usage of moderations, in buckets of time.

    It reads all pages, up to `limit` buckets. Each call sends requests, because the data changes continuously.

    Args:
        start_time: The start of the range, in seconds since 1970 (UTC).
        end_time: The end of the range, exclusive, in seconds since 1970 (UTC). `None` means now.
        bucket_width: The width of a bucket: `1d`, `1h`, `1m`.
        group_by: The properties that group the results, in any combination: `"project_id"`, `"user_id"`,
            `"api_key_id"`, `"model"`.
        project_ids: Only data of these projects.
        user_ids: Only data of these users.
        api_key_ids: Only data of these API keys.
        models: Only data of these models.
        limit: The maximum number of buckets, earliest first. `None` reads the entire range.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: An argument is not valid, there is no admin key, or the request failed.

    Source: GET /organization/usage/moderations.
    """

def get_usage_moderations_output(
    *,
    start_time: pulumi.Input[int],
    end_time: pulumi.Input[int | None] = None,
    bucket_width: pulumi.Input[Literal["1m", "1h", "1d"]] = "1d",
    group_by: pulumi.Input[list[Literal["project_id", "user_id", "api_key_id", "model"]] | None] = None,
    project_ids: pulumi.Input[list[str] | None] = None,
    user_ids: pulumi.Input[list[str] | None] = None,
    api_key_ids: pulumi.Input[list[str] | None] = None,
    models: pulumi.Input[list[str] | None] = None,
    limit: pulumi.Input[int | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[UsageModerationsBucket]]:
    """`get_usage_moderations` for Outputs. Unknown in a preview if an argument is unknown."""

def get_usage_vector_stores(
    *,
    start_time: int,
    end_time: int | None = None,
    bucket_width: Literal["1m", "1h", "1d"] = "1d",
    group_by: list[Literal["project_id"]] | None = None,
    project_ids: list[str] | None = None,
    limit: int | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> list[UsageVectorStoresBucket]:
    """The usage of vector stores, in buckets of time.

    It reads all pages, up to `limit` buckets. Each call sends requests, because the data changes continuously.

    Args:
        start_time: The start of the range, in seconds since 1970 (UTC).
        end_time: The end of the range, exclusive, in seconds since 1970 (UTC). `None` means now.
        bucket_width: The width of a bucket: `1d`, `1h`, `1m`.
        group_by: The properties that group the results, in any combination: `"project_id"`.
        project_ids: Only data of these projects.
        limit: The maximum number of buckets, earliest first. `None` reads the entire range.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: An argument is not valid, there is no admin key, or the request failed.

    Source: GET /organization/usage/vector_stores.
    """

def get_usage_vector_stores_output(
    *,
    start_time: pulumi.Input[int],
    end_time: pulumi.Input[int | None] = None,
    bucket_width: pulumi.Input[Literal["1m", "1h", "1d"]] = "1d",
    group_by: pulumi.Input[list[Literal["project_id"]] | None] = None,
    project_ids: pulumi.Input[list[str] | None] = None,
    limit: pulumi.Input[int | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[UsageVectorStoresBucket]]:
    """`get_usage_vector_stores` for Outputs. Unknown in a preview if an argument is unknown."""

def get_usage_web_search_calls(
    *,
    start_time: int,
    end_time: int | None = None,
    bucket_width: Literal["1m", "1h", "1d"] = "1d",
    group_by: list[Literal["project_id", "user_id", "api_key_id", "model", "context_level", "api_source"]]
    | None = None,
    project_ids: list[str] | None = None,
    user_ids: list[str] | None = None,
    api_key_ids: list[str] | None = None,
    models: list[str] | None = None,
    context_levels: list[Literal["low", "medium", "high"]] | None = None,
    limit: int | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> list[UsageWebSearchCallsBucket]:
    """The usage of web search, in buckets of time.

    It reads all pages, up to `limit` buckets. Each call sends requests, because the data changes continuously.

    Args:
        start_time: The start of the range, in seconds since 1970 (UTC).
        end_time: The end of the range, exclusive, in seconds since 1970 (UTC). `None` means now.
        bucket_width: The width of a bucket: `1d`, `1h`, `1m`.
        group_by: The properties that group the results, in any combination: `"project_id"`, `"user_id"`,
            `"api_key_id"`, `"model"`, `"context_level"`, `"api_source"`.
        project_ids: Only data of these projects.
        user_ids: Only data of these users.
        api_key_ids: Only data of these API keys.
        models: Only data of these models.
        context_levels: Only searches of these context levels: `low`, `medium`, `high`.
        limit: The maximum number of buckets, earliest first. `None` reads the entire range.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: An argument is not valid, there is no admin key, or the request failed.

    Source: GET /organization/usage/web_search_calls.
    """

def get_usage_web_search_calls_output(
    *,
    start_time: pulumi.Input[int],
    end_time: pulumi.Input[int | None] = None,
    bucket_width: pulumi.Input[Literal["1m", "1h", "1d"]] = "1d",
    group_by: pulumi.Input[
        list[Literal["project_id", "user_id", "api_key_id", "model", "context_level", "api_source"]] | None
    ] = None,
    project_ids: pulumi.Input[list[str] | None] = None,
    user_ids: pulumi.Input[list[str] | None] = None,
    api_key_ids: pulumi.Input[list[str] | None] = None,
    models: pulumi.Input[list[str] | None] = None,
    context_levels: pulumi.Input[list[Literal["low", "medium", "high"]] | None] = None,
    limit: pulumi.Input[int | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[UsageWebSearchCallsBucket]]:
    """`get_usage_web_search_calls` for Outputs. Unknown in a preview if an argument is unknown."""

def get_user_role(
    *,
    user_id: str,
    role_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetUserRoleResult:
    """One role of a user in the organization, by its id.

    Args:
        user_id: The user (`user-…`).
        role_id: The role (`role_…`), or the alias of a predefined one (`role-api-organization-reader`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such role, or the request failed.

    Source: GET /organization/users/{user_id}/roles.
    """

def get_user_role_output(
    *,
    user_id: pulumi.Input[str],
    role_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetUserRoleResult]:
    """`get_user_role` for Outputs. Unknown in a preview if an argument is unknown."""

def get_webhook_endpoint(
    *,
    api_key: str,
    name: str | None = None,
    url: str | None = None,
    webhook_endpoint_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetWebhookEndpointResult:
    """One webhook endpoint of the project of the API key, by its name, its URL or its id.

    Args:
        api_key: An API key of the project, with which the request is sent. Secret.
        name: The endpoint's name. The match is exact. Set this or `url` or `webhook_endpoint_id`.
        url: The URL that receives the events, usually an `https://` URL. The match is exact. Set this or `name` or
            `webhook_endpoint_id`.
        webhook_endpoint_id: The endpoint's id (`whe_…`). Set this or `name` or `url`.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such webhook endpoint (the message gives the nearest names), several have the same name
            or URL (it gives all ids), or the request failed.

    Source: GET /webhook_endpoints and GET /webhook_endpoints/{webhook_endpoint_id}.
    """

def get_webhook_endpoint_output(
    *,
    api_key: pulumi.Input[str],
    name: pulumi.Input[str | None] = None,
    url: pulumi.Input[str | None] = None,
    webhook_endpoint_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetWebhookEndpointResult]:
    """`get_webhook_endpoint` for Outputs. Unknown in a preview if an argument is unknown."""

def get_webhook_event_types(
    *,
    api_key: str,
    opts: pulumi.InvokeOptions | None = None,
) -> GetWebhookEventTypesResult:
    """The types of events that the webhook endpoints of the project of an API key can receive.

    Args:
        api_key: An API key of the project, with which the request is sent. Secret.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: The key can't be one of a project, there is no admin key, or the request failed.

    Source: GET /webhook_event_types.
    """

def get_webhook_event_types_output(
    *,
    api_key: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetWebhookEventTypesResult]:
    """`get_webhook_event_types` for Outputs. Unknown in a preview if an argument is unknown."""

def get_workload_identity_federation_rule(
    *,
    workload_identity_provider_id: str,
    name: str | None = None,
    federation_rule_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetWorkloadIdentityFederationRuleResult:
    """One federation rule of a workload identity provider in the organization, by its name or its id.

    Args:
        workload_identity_provider_id: The provider whose tokens the rule is for.
        name: The name in the dashboard. The match is exact. Set this or `federation_rule_id`.
        federation_rule_id: The rule's id. Set this or `name`.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such federation rule (the message gives the nearest names), several have the same name
            (it gives all ids), or the request failed.

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
    """`get_workload_identity_federation_rule` for Outputs. Unknown in a preview if an argument is unknown."""

def get_workload_identity_provider(
    *,
    name: str | None = None,
    issuer: str | None = None,
    workload_identity_provider_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetWorkloadIdentityProviderResult:
    """One workload identity provider of the organization, by its name, its issuer or its id.

    Args:
        name: The name in the dashboard. The match is exact. Set this or `issuer` or `workload_identity_provider_id`.
        issuer: The issuer of the tokens, as their claim `iss` has it. The match is exact. Set this or `name` or
            `workload_identity_provider_id`.
        workload_identity_provider_id: The provider's id. Set this or `name` or `issuer`.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no such workload identity provider (the message gives the nearest names), several have the
            same name or issuer (it gives all ids), or the request failed.

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
    """`get_workload_identity_provider` for Outputs. Unknown in a preview if an argument is unknown."""

def list_admin_api_keys(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetAdminApiKeyResult]:
    """All Admin API keys of the organization.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no admin key, or the request failed.

    Source: GET /organization/admin_api_keys.
    """

def list_admin_api_keys_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetAdminApiKeyResult]]:
    """`list_admin_api_keys` for Outputs. Unknown in a preview if an argument is unknown."""

def list_audit_logs(
    *,
    effective_at_gt: int | None = None,
    effective_at_gte: int | None = None,
    effective_at_lt: int | None = None,
    effective_at_lte: int | None = None,
    event_types: list[str] | None = None,
    project_ids: list[str] | None = None,
    actor_ids: list[str] | None = None,
    actor_emails: list[str] | None = None,
    resource_ids: list[str] | None = None,
    tenant_only: bool = False,
    limit: int = 100,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetAuditLogResult]:
    """Events of the audit log, newest first.

    It reads pages until it has `limit` events. Each call sends requests, because the data changes continuously.

    OpenAI records events only after an owner of the organization has turned on the audit log.

    Args:
        effective_at_gt: Only events after this time, in seconds since 1970 (UTC).
        effective_at_gte: Only events at or after this time, in seconds since 1970 (UTC).
        effective_at_lt: Only events before this time, in seconds since 1970 (UTC).
        effective_at_lte: Only events at or before this time, in seconds since 1970 (UTC).
        event_types: Only events of these types: `project.created`, for example.
        project_ids: Only events in these projects.
        actor_ids: Only events caused by these users, service accounts or API keys.
        actor_emails: Only events caused by the users with these email addresses.
        resource_ids: Only events about these objects.
        tenant_only: Only events of the tenant, such as `"role.bound_to_resource"`.
        limit: The maximum number of events, newest first.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: An argument is not valid, there is no admin key, or the request failed.

    Source: GET /organization/audit_logs.
    """

def list_audit_logs_output(
    *,
    effective_at_gt: pulumi.Input[int | None] = None,
    effective_at_gte: pulumi.Input[int | None] = None,
    effective_at_lt: pulumi.Input[int | None] = None,
    effective_at_lte: pulumi.Input[int | None] = None,
    event_types: pulumi.Input[list[str] | None] = None,
    project_ids: pulumi.Input[list[str] | None] = None,
    actor_ids: pulumi.Input[list[str] | None] = None,
    actor_emails: pulumi.Input[list[str] | None] = None,
    resource_ids: pulumi.Input[list[str] | None] = None,
    tenant_only: pulumi.Input[bool] = False,
    limit: pulumi.Input[int] = 100,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetAuditLogResult]]:
    """`list_audit_logs` for Outputs. Unknown in a preview if an argument is unknown."""

def list_certificates(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetCertificateResult]:
    """All certificates of the organization.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no admin key, or the request failed.

    Source: GET /organization/certificates.
    """

def list_certificates_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetCertificateResult]]:
    """`list_certificates` for Outputs. Unknown in a preview if an argument is unknown."""

def list_external_keys(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetExternalKeyResult]:
    """All external keys of the organization.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no admin key, or the request failed.

    Source: GET /organization/external_keys.
    """

def list_external_keys_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetExternalKeyResult]]:
    """`list_external_keys` for Outputs. Unknown in a preview if an argument is unknown."""

def list_external_storages(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetExternalStorageResult]:
    """All external storages of the organization.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no admin key, or the request failed.

    Source: GET /organization/external_storage.
    """

def list_external_storages_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetExternalStorageResult]]:
    """`list_external_storages` for Outputs. Unknown in a preview if an argument is unknown."""

def list_group_roles(
    *,
    group_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetGroupRoleResult]:
    """All roles of a group in the organization.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        group_id: The group (`group_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: The group does not exist, an id is not valid, there is no admin key, or the request failed.

    Source: GET /organization/groups/{group_id}/roles.
    """

def list_group_roles_output(
    *,
    group_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetGroupRoleResult]]:
    """`list_group_roles` for Outputs. Unknown in a preview if an argument is unknown."""

def list_group_users(
    *,
    group_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetGroupUserResult]:
    """All users of a group in the organization.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        group_id: The group (`group_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: The group does not exist, an id is not valid, there is no admin key, or the request failed.

    Source: GET /organization/groups/{group_id}/users.
    """

def list_group_users_output(
    *,
    group_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetGroupUserResult]]:
    """`list_group_users` for Outputs. Unknown in a preview if an argument is unknown."""

def list_groups(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetGroupResult]:
    """All groups of the organization.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no admin key, or the request failed.

    Source: GET /organization/groups.
    """

def list_groups_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetGroupResult]]:
    """`list_groups` for Outputs. Unknown in a preview if an argument is unknown."""

def list_invites(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetInviteResult]:
    """All invites of the organization.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no admin key, or the request failed.

    Source: GET /organization/invites.
    """

def list_invites_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetInviteResult]]:
    """`list_invites` for Outputs. Unknown in a preview if an argument is unknown."""

def list_organization_certificate_activations(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetOrganizationCertificateActivationResult]:
    """All certificate activations of the organization.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no admin key, or the request failed.

    Source: GET /organization/certificates.
    """

def list_organization_certificate_activations_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetOrganizationCertificateActivationResult]]:
    """`list_organization_certificate_activations` for Outputs. Unknown in a preview if an argument is unknown."""

def list_organization_spend_alerts(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetOrganizationSpendAlertResult]:
    """All spend alerts of the organization.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no admin key, or the request failed.

    Source: GET /organization/spend_alerts.
    """

def list_organization_spend_alerts_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetOrganizationSpendAlertResult]]:
    """`list_organization_spend_alerts` for Outputs. Unknown in a preview if an argument is unknown."""

def list_organization_users(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetOrganizationUserResult]:
    """All users of the organization.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no admin key, or the request failed.

    Source: GET /organization/users.
    """

def list_organization_users_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetOrganizationUserResult]]:
    """`list_organization_users` for Outputs. Unknown in a preview if an argument is unknown."""

def list_project_api_keys(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectApiKeyResult]:
    """All API keys of a project, of users and of service accounts, with and without access to the project.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed.

    Source: GET /organization/projects/{project_id}/api_keys.
    """

def list_project_api_keys_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectApiKeyResult]]:
    """`list_project_api_keys` for Outputs. Unknown in a preview if an argument is unknown."""

def list_project_certificate_activations(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectCertificateActivationResult]:
    """All certificate activations of a project.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed.

    Source: GET /organization/projects/{project_id}/certificates.
    """

def list_project_certificate_activations_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectCertificateActivationResult]]:
    """`list_project_certificate_activations` for Outputs. Unknown in a preview if an argument is unknown."""

def list_project_group_roles(
    *,
    project_id: str,
    group_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectGroupRoleResult]:
    """All roles of a group in a project.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        project_id: The project (`proj_…`).
        group_id: The group (`group_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: The group does not exist, an id is not valid, there is no admin key, or the request failed.

    Source: GET /projects/{project_id}/groups/{group_id}/roles.
    """

def list_project_group_roles_output(
    *,
    project_id: pulumi.Input[str],
    group_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectGroupRoleResult]]:
    """`list_project_group_roles` for Outputs. Unknown in a preview if an argument is unknown."""

def list_project_groups(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectGroupResult]:
    """All groups of a project.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed.

    Source: GET /organization/projects/{project_id}/groups.
    """

def list_project_groups_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectGroupResult]]:
    """`list_project_groups` for Outputs. Unknown in a preview if an argument is unknown."""

def list_project_rate_limits(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectRateLimitResult]:
    """All rate limits of a project, one object for each model (about 170).

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed.

    Source: GET /organization/projects/{project_id}/rate_limits.
    """

def list_project_rate_limits_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectRateLimitResult]]:
    """`list_project_rate_limits` for Outputs. Unknown in a preview if an argument is unknown."""

def list_project_roles(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectRoleResult]:
    """All roles of a project.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed.

    Source: GET /projects/{project_id}/roles.
    """

def list_project_roles_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectRoleResult]]:
    """`list_project_roles` for Outputs. Unknown in a preview if an argument is unknown."""

def list_project_service_accounts(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectServiceAccountResult]:
    """All service accounts of a project.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed.

    Source: GET /organization/projects/{project_id}/service_accounts.
    """

def list_project_service_accounts_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectServiceAccountResult]]:
    """`list_project_service_accounts` for Outputs. Unknown in a preview if an argument is unknown."""

def list_project_spend_alerts(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectSpendAlertResult]:
    """All spend alerts of a project.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed.

    Source: GET /organization/projects/{project_id}/spend_alerts.
    """

def list_project_spend_alerts_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectSpendAlertResult]]:
    """`list_project_spend_alerts` for Outputs. Unknown in a preview if an argument is unknown."""

def list_project_user_roles(
    *,
    project_id: str,
    user_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectUserRoleResult]:
    """All roles of a user in a project.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        project_id: The project (`proj_…`).
        user_id: The user (`user-…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: The user does not exist, an id is not valid, there is no admin key, or the request failed.

    Source: GET /projects/{project_id}/users/{user_id}/roles.
    """

def list_project_user_roles_output(
    *,
    project_id: pulumi.Input[str],
    user_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectUserRoleResult]]:
    """`list_project_user_roles` for Outputs. Unknown in a preview if an argument is unknown."""

def list_project_users(
    *,
    project_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectUserResult]:
    """All users of a project.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: The project does not exist or is archived, an id is not valid, there is no admin key, or the
            request failed.

    Source: GET /organization/projects/{project_id}/users.
    """

def list_project_users_output(
    *,
    project_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectUserResult]]:
    """`list_project_users` for Outputs. Unknown in a preview if an argument is unknown."""

def list_projects(
    *,
    include_archived: bool = False,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetProjectResult]:
    """All projects of the organization.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        include_archived: Whether to include archived projects.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no admin key, or the request failed.

    Source: GET /organization/projects.
    """

def list_projects_output(
    *,
    include_archived: pulumi.Input[bool] = False,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetProjectResult]]:
    """`list_projects` for Outputs. Unknown in a preview if an argument is unknown."""

def list_roles(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetRoleResult]:
    """All roles of the organization.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no admin key, or the request failed.

    Source: GET /organization/roles.
    """

def list_roles_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetRoleResult]]:
    """`list_roles` for Outputs. Unknown in a preview if an argument is unknown."""

def list_user_roles(
    *,
    user_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetUserRoleResult]:
    """All roles of a user in the organization.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        user_id: The user (`user-…`).
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: The user does not exist, an id is not valid, there is no admin key, or the request failed.

    Source: GET /organization/users/{user_id}/roles.
    """

def list_user_roles_output(
    *,
    user_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetUserRoleResult]]:
    """`list_user_roles` for Outputs. Unknown in a preview if an argument is unknown."""

def list_webhook_endpoints(
    *,
    api_key: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetWebhookEndpointResult]:
    """All webhook endpoints of the project of the API key.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        api_key: An API key of the project, with which the request is sent. Secret.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no admin key, or the request failed.

    Source: GET /webhook_endpoints.
    """

def list_webhook_endpoints_output(
    *,
    api_key: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetWebhookEndpointResult]]:
    """`list_webhook_endpoints` for Outputs. Unknown in a preview if an argument is unknown."""

def list_workload_identity_federation_rules(
    *,
    workload_identity_provider_id: str,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetWorkloadIdentityFederationRuleResult]:
    """All federation rules of a workload identity provider in the organization.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        workload_identity_provider_id: The provider whose tokens the rule is for.
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: The workload identity provider does not exist, an id is not valid, there is no admin key, or the
            request failed.

    Source: GET /organization/workload_identity_providers/{workload_identity_provider_id}/federation_rules.
    """

def list_workload_identity_federation_rules_output(
    *,
    workload_identity_provider_id: pulumi.Input[str],
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetWorkloadIdentityFederationRuleResult]]:
    """`list_workload_identity_federation_rules` for Outputs. Unknown in a preview if an argument is unknown."""

def list_workload_identity_providers(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> list[GetWorkloadIdentityProviderResult]:
    """All workload identity providers of the organization.

    Results are cached for one run. Later calls reuse the first list and send no request.

    Args:
        opts: Pulumi's options. `provider` or `parent` selects an organization if the program uses several.

    Raises:
        LookUpError: There is no admin key, or the request failed.

    Source: GET /organization/workload_identity_providers.
    """

def list_workload_identity_providers_output(
    *,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[list[GetWorkloadIdentityProviderResult]]:
    """`list_workload_identity_providers` for Outputs. Unknown in a preview if an argument is unknown."""
