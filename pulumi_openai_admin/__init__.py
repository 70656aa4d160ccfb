"""Manage an OpenAI organization as code, from Python, on Pulumi."""

from pulumi_openai_admin.functions.project import (
    GetProjectResult,
    get_project,
    get_project_output,
    list_projects,
    list_projects_output,
)
from pulumi_openai_admin.functions.project_api_key import (
    GetProjectApiKeyResult,
    list_project_api_keys,
    list_project_api_keys_output,
)
from pulumi_openai_admin.functions.project_rate_limit import (
    GetProjectRateLimitResult,
    get_project_rate_limit,
    get_project_rate_limit_output,
    list_project_rate_limits,
    list_project_rate_limits_output,
)
from pulumi_openai_admin.functions.project_service_account import (
    GetProjectServiceAccountResult,
    get_project_service_account,
    get_project_service_account_output,
    list_project_service_accounts,
    list_project_service_accounts_output,
)
from pulumi_openai_admin.resources.project import Project
from pulumi_openai_admin.resources.project_rate_limit import ProjectRateLimit
from pulumi_openai_admin.resources.project_rate_limits import ProjectRateLimits, RateLimit
from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount
from pulumi_openai_admin.resources.project_service_account_api_key import ProjectServiceAccountApiKey

__all__ = [
    "GetProjectApiKeyResult",
    "GetProjectRateLimitResult",
    "GetProjectResult",
    "GetProjectServiceAccountResult",
    "Project",
    "ProjectRateLimit",
    "ProjectRateLimits",
    "ProjectServiceAccount",
    "ProjectServiceAccountApiKey",
    "RateLimit",
    "get_project",
    "get_project_output",
    "get_project_rate_limit",
    "get_project_rate_limit_output",
    "get_project_service_account",
    "get_project_service_account_output",
    "list_project_api_keys",
    "list_project_api_keys_output",
    "list_project_rate_limits",
    "list_project_rate_limits_output",
    "list_project_service_accounts",
    "list_project_service_accounts_output",
    "list_projects",
    "list_projects_output",
]
