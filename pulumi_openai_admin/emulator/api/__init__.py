"""What the API has: one module for each kind of object, and the one list of them.

The order is that in which a seed is read: what a kind is below or refers to comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin.emulator.api.admin_api_keys import ADMIN_API_KEYS
from pulumi_openai_admin.emulator.api.api_keys import API_KEYS
from pulumi_openai_admin.emulator.api.audit_logs import AUDIT_LOGS
from pulumi_openai_admin.emulator.api.certificates import CERTIFICATES
from pulumi_openai_admin.emulator.api.costs import COSTS
from pulumi_openai_admin.emulator.api.data_retention import ORGANIZATION_DATA_RETENTION, PROJECT_DATA_RETENTION
from pulumi_openai_admin.emulator.api.experimental import (
    EXPERIMENTAL_THING_SETTINGS,
    EXPERIMENTAL_THINGS,
    PROJECT_EXPERIMENTAL_THING_SETTINGS,
    PROJECT_EXPERIMENTAL_THINGS,
)
from pulumi_openai_admin.emulator.api.external_keys import EXTERNAL_KEYS
from pulumi_openai_admin.emulator.api.external_storage import EXTERNAL_STORAGE
from pulumi_openai_admin.emulator.api.federation_rules import FEDERATION_RULES
from pulumi_openai_admin.emulator.api.group_roles import GROUP_ROLES
from pulumi_openai_admin.emulator.api.group_users import GROUP_USERS
from pulumi_openai_admin.emulator.api.groups import GROUPS
from pulumi_openai_admin.emulator.api.hosted_tool_permissions import HOSTED_TOOL_PERMISSIONS
from pulumi_openai_admin.emulator.api.invites import INVITES
from pulumi_openai_admin.emulator.api.model_permissions import MODEL_PERMISSIONS
from pulumi_openai_admin.emulator.api.project_certificates import PROJECT_CERTIFICATES
from pulumi_openai_admin.emulator.api.project_group_roles import PROJECT_GROUP_ROLES
from pulumi_openai_admin.emulator.api.project_groups import PROJECT_GROUPS
from pulumi_openai_admin.emulator.api.project_roles import PROJECT_ROLES
from pulumi_openai_admin.emulator.api.project_user_roles import PROJECT_USER_ROLES
from pulumi_openai_admin.emulator.api.project_users import PROJECT_USERS
from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.api.rate_limits import RATE_LIMITS
from pulumi_openai_admin.emulator.api.roles import ROLES
from pulumi_openai_admin.emulator.api.service_accounts import SERVICE_ACCOUNTS
from pulumi_openai_admin.emulator.api.service_tier_settings import SERVICE_TIER_SETTINGS
from pulumi_openai_admin.emulator.api.spend_alerts import ORGANIZATION_SPEND_ALERTS, PROJECT_SPEND_ALERTS
from pulumi_openai_admin.emulator.api.spend_limits import ORGANIZATION_SPEND_LIMIT, PROJECT_SPEND_LIMIT
from pulumi_openai_admin.emulator.api.tunnels import TUNNELS
from pulumi_openai_admin.emulator.api.usage import USAGE
from pulumi_openai_admin.emulator.api.usage_records import USAGE_RECORDS
from pulumi_openai_admin.emulator.api.user_roles import USER_ROLES
from pulumi_openai_admin.emulator.api.users import USERS
from pulumi_openai_admin.emulator.api.webhook_endpoints import WEBHOOK_ENDPOINTS, WEBHOOK_EVENT_TYPES
from pulumi_openai_admin.emulator.api.workload_identity_providers import WORKLOAD_IDENTITY_PROVIDERS

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.kind import Kind

KINDS: tuple[Kind, ...] = (
    USERS,
    ADMIN_API_KEYS,
    PROJECTS,
    RATE_LIMITS,
    SERVICE_ACCOUNTS,
    API_KEYS,
    ORGANIZATION_DATA_RETENTION,
    PROJECT_DATA_RETENTION,
    MODEL_PERMISSIONS,
    HOSTED_TOOL_PERMISSIONS,
    SERVICE_TIER_SETTINGS,
    ORGANIZATION_SPEND_ALERTS,
    PROJECT_SPEND_ALERTS,
    ORGANIZATION_SPEND_LIMIT,
    PROJECT_SPEND_LIMIT,
    USAGE_RECORDS,
    USAGE,
    COSTS,
    PROJECT_USERS,
    GROUPS,
    GROUP_USERS,
    ROLES,
    PROJECT_ROLES,
    GROUP_ROLES,
    USER_ROLES,
    PROJECT_GROUPS,
    PROJECT_GROUP_ROLES,
    PROJECT_USER_ROLES,
    INVITES,
    CERTIFICATES,
    PROJECT_CERTIFICATES,
    EXTERNAL_KEYS,
    EXTERNAL_STORAGE,
    WORKLOAD_IDENTITY_PROVIDERS,
    FEDERATION_RULES,
    EXPERIMENTAL_THINGS,
    PROJECT_EXPERIMENTAL_THINGS,
    EXPERIMENTAL_THING_SETTINGS,
    PROJECT_EXPERIMENTAL_THING_SETTINGS,
    TUNNELS,
    WEBHOOK_ENDPOINTS,
    WEBHOOK_EVENT_TYPES,
    AUDIT_LOGS,
)
