import pulumi
import pulumi_openai_admin_native as openai

project = openai.Project("project", name=pulumi.Config().require("projectName"))
limit = openai.ProjectRateLimit("gpt-4o", project_id=project.project_id, model="gpt-4o", max_requests_per1_minute=60)
ci = openai.ProjectServiceAccount("ci", project_id=project.project_id, name="ci")

pulumi.export("projectId", project.project_id)
pulumi.export("requestsPerMinute", limit.max_requests_per1_minute)
pulumi.export("apiKey", ci.api_key)  # secret
