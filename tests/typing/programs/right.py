"""A program that type checkers have to accept."""

from typing import Literal

import pulumi

from pulumi_openai_admin import (
    AdminApiKey,
    AwsSecretsManager,
    Command,
    DeliverTo,
    GetGroupResult,
    GetProjectApiKeyResult,
    GetProjectResult,
    GetProjectServiceAccountResult,
    Group,
    Project,
    ProjectRateLimit,
    ProjectServiceAccount,
    ProjectServiceAccountApiKey,
    Provider,
    TeamProject,
    TeamServiceAccount,
    get_group,
    get_project,
    get_project_output,
    get_project_rate_limit,
    get_project_rate_limit_output,
    get_project_service_account_output,
    get_project_spend_limit,
    list_groups_output,
    list_project_api_keys_output,
    list_project_rate_limits,
    list_project_service_accounts,
    list_projects,
)

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
Project("eu", name="web", residency="EU_STORAGE_PROCESSING")
account = ProjectServiceAccount("account", project_id=limit.project_id, name="ci", role=role, expires_in_seconds=60)
ProjectServiceAccount("keyless", project_id=project_id, name=account.name, create_service_account_only=True)
ProjectRateLimit("by-id", project_id="proj_a", rate_limit_id=limit.rate_limit_id, max_requests_per_1_day=1)

key: pulumi.Output[str] = account.api_key
requests: pulumi.Output[int | None] = limit.max_requests_per_1_minute
before: pulumi.Output[dict[str, int]] = limit.baseline
model: pulumi.Output[str] = limit.model

project: GetProjectResult = get_project(name="Demo", include_archived=True)
by_id: pulumi.Output[GetProjectResult] = get_project_output(project_id=limit.project_id)
ceiling: int | None = get_project_rate_limit(project_id=project.project_id, model="gpt-4o").max_requests_per_1_minute
names: list[str | None] = [each_project.name for each_project in list_projects() if each_project.created_at > 0]
models: set[str] = {project_rate_limit.model for project_rate_limit in list_project_rate_limits(project_id="proj_a")}
accounts: list[GetProjectServiceAccountResult] = list_project_service_accounts(project_id="proj_a")
keys: pulumi.Output[list[GetProjectApiKeyResult]] = list_project_api_keys_output(project_id=project_id)
owners: pulumi.Output[list[str | None]] = keys.apply(lambda all_keys: [each_key.owner_type for each_key in all_keys])
ProjectRateLimit(
    "as-another",
    project_id=by_id.project_id,
    model=get_project_rate_limit_output(project_id=project_id, rate_limit_id=limit.rate_limit_id).model,
    max_requests_per_1_minute=ceiling,
)
get_project_service_account_output(project_id=by_id.apply(lambda found: found.project_id), name=account.name)

other = Provider(
    "other", admin_api_key=config.require_secret("other"), max_wait_seconds=30, parallel=config.get_int("n")
)
in_other = pulumi.InvokeOptions(provider=other)
ProjectServiceAccount("there", project_id="proj_a", name="ci", opts=pulumi.ResourceOptions(provider=other))
found: GetProjectResult = get_project(name="Demo", opts=in_other)
found_later: pulumi.Output[GetProjectResult] = get_project_output(name="Demo", opts=in_other)

group: GetGroupResult = get_group(name="Research")
is_managed: bool = group.is_scim_managed
groups: pulumi.Output[list[GetGroupResult]] = list_groups_output()
cents: int | None = get_project_spend_limit(project_id="proj_a").threshold_amount
read: Group = Group.get("research", group.group_id)
read_project: Project = Project.get("web", by_id.project_id, pulumi.ResourceOptions(provider=other))
in_read = ProjectServiceAccount("in-read", project_id=read_project.project_id, name="ci")

web: TeamServiceAccount = {"api_key": {"expires_in_seconds": None, "scopes": [limit.model]}}
team = TeamProject(
    "team",
    name=account.name,
    residency="EU_STORAGE_PROCESSING",
    limits={"gpt-4o": {"max_requests_per_1_minute": config.require_int("limit")}},
    others=None,
    spend_limit_dollars=limit.max_tokens_per_1_minute.apply(lambda tokens: tokens or 1),
    alerts={"high": {"threshold_dollars": 800.5, "recipients": ["team@example.com", account.name]}},
    members={"ada@example.com": "owner", "bob@example.com": account.name},
    groups={"engineering": limit.model, "leads": {"group_id": "group_1", "role": "viewer"}},
    service_accounts={"ci": {}, "web": web},
    models=["gpt-4o"],
    protect=False,
    former_names={"project": "web"},
    opts=pulumi.ResourceOptions(protect=True),
)
TeamProject("small", members=["ada@example.com", account.name], models={"mode": "deny_list", "model_ids": ["o1"]})
keys_of_team: pulumi.Output[dict[str, str]] = team.api_keys
not_limited: pulumi.Output[dict[str, dict[str, int]]] = team.not_limited
web_account: pulumi.Output[str] = team.service_account_ids["web"]
TeamProject("beside", project_id=team.project_id)
made_name: pulumi.Output[str] = AdminApiKey("made").name
plainly: DeliverTo = {"vault": {"path": "ci", "mount": "secret", "field": "key", "address": config.require("vault")}}
AdminApiKey("plainly", name="plainly", deliver_to=plainly)
AdminApiKey(
    "in-aws", name="in-aws", deliver_to=AwsSecretsManager(secret_id=group.group_id, region=project_id, json_key="k")
)
AdminApiKey("by-command", name="by-command", deliver_to=Command(["op", project_id], timeout_seconds=5))
delivered = ProjectServiceAccountApiKey(
    "delivered",
    project_id="proj_a",
    service_account_id=account.service_account_id,
    deliver_to={"command": {"arguments": ["op"], "check_arguments": ["op", "whoami"]}},
)
empty: pulumi.Output[str] = delivered.api_key
version: pulumi.Output[str | None] = delivered.delivered_version
