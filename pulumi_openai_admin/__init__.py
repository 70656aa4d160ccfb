"""Manage an OpenAI organization as code, from Python, on Pulumi."""

from pulumi_openai_admin.resources.project_rate_limit import ProjectRateLimit
from pulumi_openai_admin.resources.project_rate_limits import ProjectRateLimits, RateLimit
from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount

__all__ = ["ProjectRateLimit", "ProjectRateLimits", "ProjectServiceAccount", "RateLimit"]
