"""A rate limit for one model, and an API key for CI."""

import pulumi

from pulumi_openai_admin import ProjectRateLimit, ProjectServiceAccount

config = pulumi.Config()
project_id = config.get("projectId") or "proj_demo"

limit = ProjectRateLimit("gpt-4o", project_id=project_id, model="gpt-4o", max_requests_per_1_minute=60)
ci = ProjectServiceAccount("ci", project_id=project_id, name="ci")

pulumi.export("limits", limit.max_requests_per_1_minute)
pulumi.export("api_key", ci.api_key)  # secret
