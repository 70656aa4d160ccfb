"""A project with a rate limit for one model, and an API key for CI."""

import pulumi

from pulumi_openai_admin import Project, ProjectRateLimit, ProjectServiceAccount

project = Project("project", name=pulumi.Config().require("projectName"))
limit = ProjectRateLimit("gpt-4o", project_id=project.project_id, model="gpt-4o", max_requests_per_1_minute=60)
ci = ProjectServiceAccount("ci", project_id=project.project_id, name="ci")

pulumi.export("projectId", project.project_id)
pulumi.export("requestsPerMinute", limit.max_requests_per_1_minute)
pulumi.export("apiKey", ci.api_key)  # secret
