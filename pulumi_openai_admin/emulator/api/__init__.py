"""What the API has: one module for each kind of object, and the one list of them.

The order is that in which a seed is read: what a kind is below or refers to comes first.
"""

from __future__ import annotations

from pulumi_openai_admin.emulator.api.admin_api_keys import ADMIN_API_KEYS
from pulumi_openai_admin.emulator.api.audit_logs import AUDIT_LOGS
from pulumi_openai_admin.emulator.api.certificates import CERTIFICATES, PROJECT_CERTIFICATES
from pulumi_openai_admin.emulator.api.experimental import (
    EXPERIMENTAL_THING_SETTINGS,
    EXPERIMENTAL_THINGS,
    PROJECT_EXPERIMENTAL_THING_SETTINGS,
    PROJECT_EXPERIMENTAL_THINGS,
)
from pulumi_openai_admin.emulator.api.external_keys import EXTERNAL_KEYS
from pulumi_openai_admin.emulator.api.external_storage import EXTERNAL_STORAGE
from pulumi_openai_admin.emulator.api.groups import GROUP_USERS, GROUPS
from pulumi_openai_admin.emulator.api.invites import INVITES
from pulumi_openai_admin.emulator.api.project_groups import PROJECT_GROUPS
from pulumi_openai_admin.emulator.api.project_settings import (
    HOSTED_TOOL_PERMISSIONS,
    MODEL_PERMISSIONS,
    ORGANIZATION_DATA_RETENTION,
    PROJECT_DATA_RETENTION,
    SERVICE_TIER_SETTINGS,
)
from pulumi_openai_admin.emulator.api.project_users import PROJECT_USERS
from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.api.rate_limits import RATE_LIMITS
from pulumi_openai_admin.emulator.api.role_assignments import (
    GROUP_ROLES,
    PROJECT_GROUP_ROLES,
    PROJECT_USER_ROLES,
    USER_ROLES,
)
from pulumi_openai_admin.emulator.api.roles import PROJECT_ROLES, ROLES
from pulumi_openai_admin.emulator.api.service_accounts import API_KEYS, SERVICE_ACCOUNTS
from pulumi_openai_admin.emulator.api.spend import (
    ORGANIZATION_SPEND_ALERTS,
    ORGANIZATION_SPEND_LIMIT,
    PROJECT_SPEND_ALERTS,
    PROJECT_SPEND_LIMIT,
)
from pulumi_openai_admin.emulator.api.tunnels import TUNNELS
from pulumi_openai_admin.emulator.api.usage import COSTS, USAGE, USAGE_RECORDS
from pulumi_openai_admin.emulator.api.users import USERS
from pulumi_openai_admin.emulator.api.webhook_endpoints import WEBHOOK_ENDPOINTS, WEBHOOK_EVENT_TYPES
from pulumi_openai_admin.emulator.api.workload_identity import FEDERATION_RULES, WORKLOAD_IDENTITY_PROVIDERS
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
