"""Manage an OpenAI organization as code, from Python, on Pulumi."""

from importlib import import_module
from typing import TYPE_CHECKING

from pulumi_openai_admin.resources import ALL as _RESOURCES

if TYPE_CHECKING:
    from pulumi_openai_admin.data_sources.project import (
        GetProjectResult,
        get_project,
        get_project_output,
        list_projects,
        list_projects_output,
    )
    from pulumi_openai_admin.data_sources.project_api_key import (
        GetProjectApiKeyResult,
        list_project_api_keys,
        list_project_api_keys_output,
    )
    from pulumi_openai_admin.data_sources.project_rate_limit import (
        GetProjectRateLimitResult,
        get_project_rate_limit,
        get_project_rate_limit_output,
        list_project_rate_limits,
        list_project_rate_limits_output,
    )
    from pulumi_openai_admin.data_sources.project_service_account import (
        GetProjectServiceAccountResult,
        get_project_service_account,
        get_project_service_account_output,
        list_project_service_accounts,
        list_project_service_accounts_output,
    )
    from pulumi_openai_admin.dynamic.explicit_provider import Provider
    from pulumi_openai_admin.resources.group import Group
    from pulumi_openai_admin.resources.project import Project
    from pulumi_openai_admin.resources.project_rate_limit import ProjectRateLimit
    from pulumi_openai_admin.resources.project_rate_limits import ProjectRateLimits, RateLimit
    from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount
    from pulumi_openai_admin.resources.project_service_account_api_key import ProjectServiceAccountApiKey
    from pulumi_openai_admin.resources.project_spend_limit import ProjectSpendLimit

__all__ = [
    "GetProjectApiKeyResult",
    "GetProjectRateLimitResult",
    "GetProjectResult",
    "GetProjectServiceAccountResult",
    "Group",
    "Project",
    "ProjectRateLimit",
    "ProjectRateLimits",
    "ProjectServiceAccount",
    "ProjectServiceAccountApiKey",
    "ProjectSpendLimit",
    "Provider",
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

# Each name is loaded when it is first used: a program pays for what it declares. A test holds this, the imports that
# type checkers read and `__all__` together.
_HOMES = {
    "data_sources.project": (
        "GetProjectResult",
        "get_project",
        "get_project_output",
        "list_projects",
        "list_projects_output",
    ),
    "data_sources.project_api_key": ("GetProjectApiKeyResult", "list_project_api_keys", "list_project_api_keys_output"),
    "data_sources.project_rate_limit": (
        "GetProjectRateLimitResult",
        "get_project_rate_limit",
        "get_project_rate_limit_output",
        "list_project_rate_limits",
        "list_project_rate_limits_output",
    ),
    "data_sources.project_service_account": (
        "GetProjectServiceAccountResult",
        "get_project_service_account",
        "get_project_service_account_output",
        "list_project_service_accounts",
        "list_project_service_accounts_output",
    ),
    "dynamic.explicit_provider": ("Provider",),
    **{f"resources.{module}": (name,) for name, module in _RESOURCES.items()},
    "resources.project_rate_limits": ("ProjectRateLimits", "RateLimit"),
}

_FOR_STATES = {"dynamic.admin_provider": ("AdminProvider",)}
"""Not for programs: every state refers to the provider by its name here, wherever the class is."""


def __getattr__(name: str) -> object:
    for home, names in {**_HOMES, **_FOR_STATES}.items():
        if name in names:
            module = import_module(f"{__name__}.{home}")
            globals().update({one: getattr(module, one) for one in names})
            return globals()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
