"""An API key that is rotated once a quarter, without an outage.

Run `pulumi config set rotate 2027-Q1` and `pulumi up`: the new key is created, the resources that use it are updated,
and then the old key is revoked.
"""

import pulumi

from pulumi_openai_admin import ProjectServiceAccount, ProjectServiceAccountApiKey

config = pulumi.Config()
project_id = config.get("projectId") or "proj_demo"

account = ProjectServiceAccount(
    "web", project_id=project_id, name="web", create_service_account_only=True, role="member"
)
key = ProjectServiceAccountApiKey(
    "web",
    project_id=project_id,
    service_account_id=account.service_account_id,
    name="web",
    scopes=["api.model.request"],
    triggers=[config.get("rotate") or "2026-Q4"],
    opts=pulumi.ResourceOptions(deleted_with=account),  # no request of its own on destroy
)

pulumi.export("api_key", key.api_key)  # secret
pulumi.export("api_key_id", key.api_key_id)
