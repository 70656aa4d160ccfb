"""Programs that type checkers have to refuse, each on the line that says so."""

import pulumi

from pulumi_openai_admin import (
    AdminApiKey,
    AwsSecretsManager,
    Command,
    GetProjectResult,
    Group,
    Project,
    ProjectRateLimit,
    ProjectServiceAccount,
    TeamProject,
    get_group,
    get_project,
    get_project_output,
    get_project_rate_limit,
    list_project_api_keys,
    list_projects_output,
)

ProjectRateLimit("a", project_id="proj_a", modle="gpt-4o", max_requests_per_1_minute=1)  # refused
ProjectRateLimit("b", model="gpt-4o", max_requests_per_1_minute=1)  # refused
ProjectRateLimit("c", project_id="proj_a", model="gpt-4o", max_requests_per_1_minute="60")  # refused
ProjectRateLimit("d", project_id="proj_a", model="gpt-4o", baseline={})  # refused
ProjectServiceAccount("e", project_id="proj_a", name="ci", role="boss")  # refused
ProjectServiceAccount("f", project_id="proj_a", name="ci", api_key="sk-")  # refused
ProjectServiceAccount("g", "proj_a", name="ci")  # refused
Project("i", name="web", residency="Mars")  # refused
account = ProjectServiceAccount("h", project_id="proj_a", name="ci")
key: str = account.api_key  # refused
number: pulumi.Output[int] = account.name  # refused
account.key  # noqa: B018 # refused
get_project("Demo")  # refused
get_project(project_id=account.project_id)  # refused
get_project(nmae="Demo")  # refused
get_project_rate_limit(model="gpt-4o")  # refused
get_project(name="Demo").name = "other"  # refused
get_project(name="Demo").id  # noqa: B018 # refused
list_project_api_keys(project_id="proj_a")[0].api_key  # noqa: B018 # refused
get_project_output(name=1)  # refused
found: GetProjectResult = get_project_output(name="Demo")  # refused
project_name: str = get_project(name="Demo").name  # refused
list_projects_output(include_archived="yes")  # refused
get_group(group_name="Research")  # refused
get_group(name="Research").threshold_amount  # noqa: B018 # refused
Group.get("research")  # refused
as_project: Project = Group.get("research", "group_1")  # refused
TeamProject("j", limtis={})  # refused
TeamProject("k", service_accounts={"web": {"api_key": {}}})  # refused
TeamProject("l", alerts={"high": {"threshold_dollars": 1}})  # refused
TeamProject("m", spend_limit_dollars="1000")  # refused
TeamProject("n", service_accounts=["web"])  # refused
TeamProject("o").api_key  # noqa: B018 # refused
AdminApiKey("j", name="j", deliver_to={"comand": {"arguments": ["op"]}})  # refused
AdminApiKey("k", name="k", deliver_to={"command": {"arguments": 3}})  # refused
AdminApiKey("l", name="l", deliver_to=Command())  # refused
AdminApiKey("m", name="m", deliver_to=AwsSecretsManager(secret_id="ci"))  # refused
AdminApiKey("n", name="n", deliver_to="ci")  # refused
