"""The resources, one module each."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.resources.base import AdminResource

ALL = {
    "AdminApiKey": "admin_api_key",
    "ApiObject": "api_object",
    "ApiSetting": "api_setting",
    "Certificate": "certificate",
    "ExternalKey": "external_key",
    "ExternalStorage": "external_storage",
    "Group": "group",
    "GroupMembers": "group_members",
    "GroupRole": "group_role",
    "GroupRoles": "group_roles",
    "GroupUser": "group_user",
    "Invite": "invite",
    "McpTunnel": "mcp_tunnel",
    "OrganizationCertificateActivation": "organization_certificate_activation",
    "OrganizationDataRetention": "organization_data_retention",
    "OrganizationMember": "organization_member",
    "OrganizationSpendAlert": "organization_spend_alert",
    "OrganizationSpendLimit": "organization_spend_limit",
    "OrganizationUser": "organization_user",
    "Project": "project",
    "ProjectCertificateActivation": "project_certificate_activation",
    "ProjectDataRetention": "project_data_retention",
    "ProjectGroup": "project_group",
    "ProjectGroupRole": "project_group_role",
    "ProjectGroupRoles": "project_group_roles",
    "ProjectHostedToolPermissions": "project_hosted_tool_permissions",
    "ProjectMembers": "project_members",
    "ProjectModelPermissions": "project_model_permissions",
    "ProjectRateLimit": "project_rate_limit",
    "ProjectRateLimits": "project_rate_limits",
    "ProjectRole": "project_role",
    "ProjectServiceAccount": "project_service_account",
    "ProjectServiceAccountApiKey": "project_service_account_api_key",
    "ProjectServiceTierSettings": "project_service_tier_settings",
    "ProjectSpendAlert": "project_spend_alert",
    "ProjectSpendLimit": "project_spend_limit",
    "ProjectUser": "project_user",
    "ProjectUserRole": "project_user_role",
    "ProjectUserRoles": "project_user_roles",
    "Role": "role",
    "UserRole": "user_role",
    "UserRoles": "user_roles",
    "WebhookEndpoint": "webhook_endpoint",
    "WorkloadIdentityFederationRule": "workload_identity_federation_rule",
    "WorkloadIdentityProvider": "workload_identity_provider",
}
"""The registry: each class, and its module. A test names what is missing for a resource that is in it."""


def class_of(name: str) -> type[AdminResource]:
    """The class of a resource of the registry."""
    found: type[AdminResource] = getattr(import_module(f"{__name__}.{ALL[name]}"), name)
    return found


def managing(path: str) -> list[str]:
    """The resources that manage what is at a path, or at a path inside which it is an object."""
    return sorted({name for name, template in _templates() if template.fullmatch(path)})


@cache
def _templates() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """By resource, each path of its handler, and of the objects there. Loads every declaration."""
    handlers = {name: class_of(name).handler for name in ALL}
    return tuple((name, _pattern(path)) for name, handler in handlers.items() for path in paths_of(handler))


def paths_of(handler: Any) -> Iterator[str]:
    """The path templates of a handler, and of the handlers in it."""
    for value in vars(handler).values():
        if isinstance(value, str) and value.startswith("/"):
            yield value
        elif hasattr(value, "path"):
            yield from paths_of(value)


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"{\w+}", "[^/]+", template) + "(/[^/]+)?")
