"""A workflow of GitHub Actions may call OpenAI without an API key: its own token says who it is."""

import pulumi

from pulumi_openai_admin import ProjectServiceAccount, WorkloadIdentityFederationRule, WorkloadIdentityProvider

config = pulumi.Config()
project_id = config.require("projectId")

github = WorkloadIdentityProvider(
    "github",
    name="GitHub Actions",
    type="oidc",
    issuer="https://token.actions.githubusercontent.com",
    audience="https://api.openai.com/v1",
    verification={"discovery": {}},
)
account = ProjectServiceAccount(
    "shop", project_id=project_id, name="shop", create_service_account_only=True, role="member"
)
WorkloadIdentityFederationRule(
    "shop",
    workload_identity_provider_id=github.workload_identity_provider_id,
    project_id=project_id,
    service_account_id=account.service_account_id,
    name="shop",
    attribute_matchers={"repository": config.require("repository"), "ref": "refs/heads/main"},
    permissions={"restricted": {"scopes": ["api.responses.write"]}},
)

pulumi.export("identity_provider_id", github.workload_identity_provider_id)
pulumi.export("service_account_id", account.service_account_id)
