"""Shop (proj_02), as a TeamProject: in place of the resources that `adopt` wrote, with their values."""

import organization
from projects import KEEP

from pulumi_openai_admin import TeamProject

team = TeamProject(
    "shop",
    name="Shop",
    limits={"gpt-4o": {"max_requests_per_1_minute": 101}},
    others=None,
    spend_limit_dollars=1_000,
    alerts={"80000": {"threshold_dollars": 800, "recipients": ["finance@example.com"]}},
    members={"edsger@example.com": "member", "grace@example.com": "member"},
    groups={"data": organization.data.group_id},
    service_accounts={"ci": {"role": "member"}},
    opts=KEEP,
)
