"""What each team gets."""

from pulumi_openai_admin import (
    Project,
    ProjectRateLimits,
    ProjectServiceAccount,
    RateLimit,
    get_project,
    list_project_rate_limits,
)

MODELS = ("gpt-4o", "gpt-4o-mini")
"""The models that teams use. A project has others, some of which OpenAI refuses to change."""


def team(name: str, share: float) -> tuple[ProjectServiceAccount, ProjectRateLimits]:
    """A project with a share of the shared project's limits, and a service account."""
    shared = get_project(name="Shared")
    limits: dict[str, RateLimit] = {
        row.model: {"max_requests_per_1_minute": int(row.max_requests_per_1_minute * share)}
        for row in list_project_rate_limits(project_id=shared.project_id)
        if row.model in MODELS and row.max_requests_per_1_minute is not None
    }
    project = Project(name, name=f"Team {name}")
    account = ProjectServiceAccount(name, project_id=project.project_id, name=f"{name}-ci")
    return account, ProjectRateLimits(
        name, project_id=project.project_id, limits=limits, others={"max_requests_per_1_minute": 0}
    )
