"""The stack of one team, named as the team: the limits, service accounts and keys of its project."""

import pulumi

from pulumi_openai_admin import ProjectRateLimits, ProjectServiceAccount, ProjectServiceAccountApiKey

config = pulumi.Config()
organization = pulumi.StackReference(config.require("organizationStack"))
project_id = organization.require_output("project_ids").apply(lambda ids: ids[pulumi.get_stack()])

requests: dict[str, int] = config.require_object("requests")
ProjectRateLimits(
    "limits",
    project_id=project_id,
    limits={model: {"max_requests_per_1_minute": number} for model, number in requests.items()},
    others={"max_requests_per_1_minute": 0},  # other models accept no requests
)

for service in config.require_object("services"):
    account = ProjectServiceAccount(
        service, project_id=project_id, name=service, create_service_account_only=True, role="member"
    )
    key = ProjectServiceAccountApiKey(
        service, project_id=project_id, service_account_id=account.service_account_id, name=service
    )
    pulumi.export(f"{service}_key", key.api_key)  # secret
