"""Programs that type checkers have to refuse, each on the line that says so."""

import pulumi

from pulumi_openai_admin import ProjectRateLimit, ProjectServiceAccount

ProjectRateLimit("a", project_id="proj_a", modle="gpt-4o", max_requests_per_1_minute=1)  # refused
ProjectRateLimit("b", model="gpt-4o", max_requests_per_1_minute=1)  # refused
ProjectRateLimit("c", project_id="proj_a", model="gpt-4o", max_requests_per_1_minute="60")  # refused
ProjectRateLimit("d", project_id="proj_a", model="gpt-4o", baseline={})  # refused
ProjectServiceAccount("e", project_id="proj_a", name="ci", role="boss")  # refused
ProjectServiceAccount("f", project_id="proj_a", name="ci", api_key="sk-")  # refused
ProjectServiceAccount("g", "proj_a", name="ci")  # refused
account = ProjectServiceAccount("h", project_id="proj_a", name="ci")
key: str = account.api_key  # refused
number: pulumi.Output[int] = account.name  # refused
account.key  # noqa: B018 # refused
