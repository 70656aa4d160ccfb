"""A project for each team, as the company wants it.

`README.md` says how to run it on your machine, and how the policies check it.
"""

import pulumi

from pulumi_openai_admin import Group, TeamProject

DAY = 86_400  # seconds

engineering = Group("engineering", name="Engineering")

shop = TeamProject(
    "shop",
    name="Shop",
    # The project may use these models. All others accept no request.
    limits={"gpt-4o": {"max_requests_per_1_minute": 500}, "gpt-4o-mini": {"max_requests_per_1_minute": 1000}},
    spend_limit_dollars=1_000,  # a month
    alerts={"80-percent": {"threshold_share": "80%", "recipients": ["shop@example.com"]}},
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
    protect=False,  # so that `pulumi destroy` archives the project of the example
)

research = TeamProject(
    "research",
    name="Research",
    limits={"o1*": {"max_requests_per_1_minute": 30}},
    spend_limit_dollars=500,
    members=["edsger@example.com"],
    protect=False,
)

pulumi.export("projects", {"shop": shop.project_id, "research": research.project_id})
pulumi.export("web_key", shop.api_keys["web"])  # secret
