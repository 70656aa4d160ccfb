"""Manage an OpenAI organization as code, from Python, on Pulumi."""

from pulumi_openai_admin.resources.project import Project
from pulumi_openai_admin.resources.project_rate_limit import ProjectRateLimit
from pulumi_openai_admin.resources.project_rate_limits import ProjectRateLimits, RateLimit
from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount
from pulumi_openai_admin.resources.project_service_account_api_key import ProjectServiceAccountApiKey

__all__ = [
    "Project",
    "ProjectRateLimit",
    "ProjectRateLimits",
    "ProjectServiceAccount",
    "ProjectServiceAccountApiKey",
    "RateLimit",
]
