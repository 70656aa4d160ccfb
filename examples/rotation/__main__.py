"""An API key that is rotated every 90 days, without an outage.

Nothing runs by itself: schedule `pulumi up`, for example once a day. The first run after 90 days creates a new key and
updates the resources that use it. The old key works for a day more; the first run after that revokes it.

When a key has leaked, run `pulumi config set rotate 2027-01-08` (any other value) and `pulumi up`: the key is replaced,
and the old ones are revoked in the same run.
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
    rotate_every="90d",
    overlap="24h",
    triggers=[config.get("rotate") or "2026-Q4"],
    opts=pulumi.ResourceOptions(deleted_with=account),  # needs no request on destroy
)

pulumi.export("api_key", key.api_key)  # secret
pulumi.export("api_key_id", key.api_key_id)
pulumi.export("retiring_api_keys", key.retiring_api_keys)
