"""What CI applies: the limits of one project."""

from pulumi_openai_admin import ProjectRateLimit, ProjectSpendLimit

ProjectRateLimit("gpt-4o", project_id="proj_demo", model="gpt-4o", max_requests_per_1_minute=500)
ProjectSpendLimit("budget", project_id="proj_demo", threshold_amount=100_000)  # cents
