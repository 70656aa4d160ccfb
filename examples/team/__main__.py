"""A project for each team, as the company wants it.

`README.md` says how to run it on this machine, and how the policies check it.
"""

import pulumi

from pulumi_openai_admin import Group, TeamProject

DAY = 86_400  # seconds

engineering = Group("engineering", name="Engineering")

shop = TeamProject(
    "shop",
    name="Shop",
    # Models that are not named accept no request.
    limits={"gpt-4o": {"max_requests_per_1_minute": 500}, "gpt-4o-mini": {"max_requests_per_1_minute": 1000}},
    spend_limit=100_000,  # cents: $1,000 a month
    alerts={"80-percent": {"threshold_amount": 80_000, "recipients": ["shop@example.com"]}},
    members={"grace@example.com": "owner", "edsger@example.com": "member"},
    groups={"engineering": engineering.group_id},
    service_accounts={
        "ci": {},  # without a key
        "web": {
            "api_key": {
                "expires_in_seconds": 90 * DAY,
                "scopes": ["api.model.request"],
                "triggers": ["2026-Q4"],  # another value rotates the key
            }
        },
    },
    models=["gpt-4o", "gpt-4o-mini"],
)

research = TeamProject(
    "research",
    name="Research",
    limits={"o1*": {"max_requests_per_1_minute": 30}},
    spend_limit=50_000,
    members=["edsger@example.com"],
)

pulumi.export("projects", {"shop": shop.project_id, "research": research.project_id})
pulumi.export("web_key", shop.api_keys["web"])  # secret
