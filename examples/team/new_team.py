"""A new team: a project, a person who is not in the organization yet, a key, and the role of a group."""

import pulumi

from pulumi_openai_admin import Group, TeamProject

DAY = 86_400  # seconds

reviewers = Group("reviewers", name="Reviewers")

billing = TeamProject(
    "billing",
    name="Billing",
    limits={"gpt-4o-mini": {"max_requests_per_1_minute": 100}},
    spend_limit_dollars=200,
    members={"ada@example.com": "owner", "hedy@example.com": "member"},
    invite=True,
    groups={"reviewers": {"group_id": reviewers.group_id, "role": "viewer"}},
    service_accounts={"web": {"api_key": {"expires_in_seconds": 90 * DAY}}},
    protect=False,
)

pulumi.export("project", billing.project_id)
pulumi.export("key", billing.api_keys["web"])  # secret
