"""A program that type checkers have to accept."""

from typing import Literal

import pulumi

from pulumi_openai_admin import ProjectRateLimit, ProjectServiceAccount

config = pulumi.Config()
project_id: pulumi.Output[str] = config.require_secret("projectId")
role: Literal["member", "owner"] = "owner"

limit = ProjectRateLimit(
    "limit",
    project_id=project_id,
    model="gpt-4o",
    max_requests_per_1_minute=config.get_int("requests"),
    max_tokens_per_1_minute=0,
    opts=pulumi.ResourceOptions(protect=True),
)
account = ProjectServiceAccount("account", project_id=limit.project_id, name="ci", role=role, expires_in_seconds=60)
ProjectServiceAccount("keyless", project_id=project_id, name=account.name, create_service_account_only=True)
ProjectRateLimit("by-id", project_id="proj_a", rate_limit_id=limit.rate_limit_id, max_requests_per_1_day=1)

key: pulumi.Output[str] = account.api_key
requests: pulumi.Output[int | None] = limit.max_requests_per_1_minute
before: pulumi.Output[dict[str, int]] = limit.baseline
model: pulumi.Output[str] = limit.model
